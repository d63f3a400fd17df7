"""Claims made in the console are given back when nobody attends to them.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Claims of before are not judged."""
    op.add_column("escalations", sa.Column("attended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("escalations", sa.Column("left_by", sa.String(), nullable=True))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("escalations", "left_by")
    op.drop_column("escalations", "attended_at")
