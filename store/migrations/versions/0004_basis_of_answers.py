"""What an answer from the documents rests on.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("turns", sa.Column("basis", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Drop it, with what it holds."""
    op.drop_column("turns", "basis")
