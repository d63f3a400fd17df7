"""The web console: operators' notes, passwords, sign-ins, the audit log; more of an elder.

Revision ID: 0010
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = ("notes", "credentials", "sign_ins", "audit_log")


INDEXED = (("visit_orders", "starts_at"), ("escalations", "raised_at"), ("sessions", "started_at"))
"""For the report and the orders of a day."""


def upgrade() -> None:
    """Make them."""
    op.add_column("elders", sa.Column("devices", sa.Text(), nullable=True))
    op.add_column("elders", sa.Column("care_group", sa.Text(), nullable=True))
    for table, column in INDEXED:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_table(
        "notes",
        sa.Column("note_id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("escalation_id", sa.String(), nullable=True),
        sa.Column("operator_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_session_id_at"), "notes", ["session_id", "at"])
    op.create_index(op.f("ix_notes_at"), "notes", ["at"])
    op.create_table(
        "credentials",
        sa.Column("operator_id", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        _of_an_operator("credentials"),
        sa.PrimaryKeyConstraint("operator_id", name=op.f("pk_credentials")),
    )
    op.create_table(
        "sign_ins",
        sa.Column("sign_in_id", sa.String(), nullable=False),
        sa.Column("operator_id", sa.String(), nullable=False),
        sa.Column("csrf", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        _of_an_operator("sign_ins"),
        sa.PrimaryKeyConstraint("sign_in_id", name=op.f("pk_sign_ins")),
    )
    op.create_index(op.f("ix_sign_ins_operator_id"), "sign_ins", ["operator_id"])
    op.create_index(op.f("ix_sign_ins_began_at"), "sign_ins", ["began_at"])
    op.create_table(
        "audit_log",
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operator_id", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit_log")),
    )
    op.create_index(op.f("ix_audit_log_at"), "audit_log", ["at"])
    op.create_index(op.f("ix_audit_log_subject_at"), "audit_log", ["subject", "at"])


def _of_an_operator(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["operator_id"],
        ["operators.operator_id"],
        name=op.f(f"fk_{table}_operator_id"),
        deferrable=True,
        initially="DEFERRED",
    )


def downgrade() -> None:
    """Drop them."""
    for table in reversed(TABLES):
        op.drop_table(table)
    for table, column in reversed(INDEXED):
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
    op.drop_column("elders", "care_group")
    op.drop_column("elders", "devices")
