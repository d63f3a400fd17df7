"""What callers were told of their eligibility.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "eligibilities",
        sa.Column("eligibility_id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("turn_id", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("rule_version", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("elder_id", sa.String(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("eligibility_id", name=op.f("pk_eligibilities")),
        sa.UniqueConstraint("session_id", "turn_id", name=op.f("uq_eligibilities_session_id_turn_id")),
    )
    op.create_index(op.f("ix_eligibilities_elder_id"), "eligibilities", ["elder_id"])
    op.create_index(op.f("ix_eligibilities_judged_at"), "eligibilities", ["judged_at"])


def downgrade() -> None:
    """Drop it, with every row."""
    op.drop_table("eligibilities")
