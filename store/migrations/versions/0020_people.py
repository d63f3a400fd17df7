"""Callbacks that ring out, who was busy last, families linked by a code, a relative who has reached the elder.

Revision ID: 0020
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ADDED = {
    "callbacks": (
        ("due_at", MOMENT),
        ("outcome", sa.String()),
        ("rung_until", MOMENT),
        ("handed_at", MOMENT),
    ),
    "operators": (("last_busy_at", MOMENT),),
    "escalations": (("reached_by", sa.String()), ("reached_at", MOMENT)),
}
"""Columns that may be empty, by table."""


def upgrade() -> None:
    """Add them; what was promised before was promised to be rung by a person."""
    with op.batch_alter_table("callbacks") as callbacks:
        callbacks.add_column(sa.Column("by", sa.String(), nullable=False, server_default="person"))
    with op.batch_alter_table("callbacks") as callbacks:
        callbacks.alter_column("by", server_default=None, existing_type=sa.String(), existing_nullable=False)
    for table, columns in ADDED.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
    _callback_tries()
    _links()


def _callback_tries() -> None:
    op.create_table(
        "callback_tries",
        sa.Column("try_id", sa.String(), nullable=False),
        sa.Column("callback_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("contact_id", sa.String(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("try_id", name=op.f("pk_callback_tries")),
        sa.UniqueConstraint("callback_id", "number", name=op.f("uq_callback_tries_callback_id_number")),
    )


def _links() -> None:
    op.create_table(
        "link_codes",
        sa.Column("code_id", sa.String(), nullable=False),
        sa.Column("elder_id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=True),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("used_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("code_id", name=op.f("pk_link_codes")),
        _of_the_family("elder_id", "elders"),
        _of_the_family("contact_id", "family_contacts"),
    )
    op.create_index(op.f("ix_link_codes_elder_id"), "link_codes", ["elder_id"])
    op.create_index(op.f("ix_link_codes_expires_at"), "link_codes", ["expires_at"])
    op.create_table(
        "link_tries",
        sa.Column("try_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("try_id", name=op.f("pk_link_tries")),
    )
    op.create_index(op.f("ix_link_tries_at"), "link_tries", ["at"])


def _of_the_family(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_link_codes_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.{column}"], name=name, deferrable=True, initially="DEFERRED")


def downgrade() -> None:
    """Take them away with what they hold."""
    for table in ("link_tries", "link_codes", "callback_tries"):
        op.drop_table(table)
    for table, columns in reversed(ADDED.items()):
        with op.batch_alter_table(table) as altered:
            for name, _ in columns:
                altered.drop_column(name)
    with op.batch_alter_table("callbacks") as callbacks:
        callbacks.drop_column("by")
