"""The first shape of every table.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "callbacks",
    "cases",
    "danger_checks",
    "elders",
    "escalations",
    "notices",
    "operators",
    "outbox",
    "places",
    "profile_changes",
    "services",
    "sessions",
    "turns",
    "visit_orders",
    "family_contacts",
    "order_events",
    "chat_links",
)
"""In the order they are made: a table after those it refers to."""


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "callbacks",
        sa.Column("callback_id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("turn_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("elder_id", sa.String(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("when_words", sa.Text(), nullable=True),
        sa.Column("hold", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("callback_id", name=op.f("pk_callbacks")),
        sa.UniqueConstraint("session_id", "turn_id", name=op.f("uq_callbacks_session_id_turn_id")),
    )
    op.create_index(op.f("ix_callbacks_created_at"), "callbacks", ["created_at"])
    op.create_index(op.f("ix_callbacks_elder_id"), "callbacks", ["elder_id"])
    op.create_index(op.f("ix_callbacks_status_promised_at"), "callbacks", ["status", "promised_at"])
    op.create_table(
        "cases",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("turn_id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("elder_id", sa.String(), nullable=True),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("wants_callback", sa.Boolean(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_cases")),
        sa.UniqueConstraint("session_id", "turn_id", name=op.f("uq_cases_session_id_turn_id")),
    )
    op.create_index(op.f("ix_cases_elder_id_opened_at"), "cases", ["elder_id", "opened_at"])
    op.create_index(op.f("ix_cases_opened_at"), "cases", ["opened_at"])
    op.create_table(
        "danger_checks",
        sa.Column("check_id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("turn_id", sa.String(), nullable=False),
        sa.Column("turn_number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("check_id", name=op.f("pk_danger_checks")),
    )
    op.create_index(op.f("ix_danger_checks_outcome_due_at"), "danger_checks", ["outcome", "due_at"])
    op.create_index(op.f("ix_danger_checks_session_id_outcome"), "danger_checks", ["session_id", "outcome"])
    op.create_table(
        "elders",
        sa.Column("elder_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("key_holder", sa.Text(), nullable=True),
        sa.Column("conditions", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("elder_id", name=op.f("pk_elders")),
    )
    op.create_index(op.f("ix_elders_phone"), "elders", ["phone"])
    op.create_table(
        "escalations",
        sa.Column("escalation_id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("turn_id", sa.String(), nullable=False),
        sa.Column("raised_at_turn", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("elder_id", sa.String(), nullable=True),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("tell_family", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("investigate", sa.Boolean(), nullable=False),
        sa.Column("safe_to_ring", sa.Boolean(), nullable=True),
        sa.Column("company_turns", sa.Integer(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("known", sa.JSON(), nullable=False),
        sa.Column("caller_says_ok", sa.Boolean(), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("ladder_started_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("escalation_id", name=op.f("pk_escalations")),
        sa.UniqueConstraint("session_id", "turn_id", "kind", name=op.f("uq_escalations_session_id_turn_id_kind")),
    )
    op.create_index(op.f("ix_escalations_elder_id"), "escalations", ["elder_id"])
    op.create_index(op.f("ix_escalations_status_raised_at"), "escalations", ["status", "raised_at"])
    op.create_table(
        "notices",
        sa.Column("notice_id", sa.String(), nullable=False),
        sa.Column("escalation_id", sa.String(), nullable=False),
        sa.Column("rung", sa.String(), nullable=False),
        sa.Column("recipient_kind", sa.String(), nullable=False),
        sa.Column("recipient_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "escalation_id", "rung", "recipient_id", name=op.f("uq_notices_escalation_id_rung_recipient_id")
        ),
    )
    op.create_table(
        "operators",
        sa.Column("operator_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("telegram_chat_id", sa.String(), nullable=True),
        sa.Column("sip_address", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("operator_id", name=op.f("pk_operators")),
    )
    op.create_index(op.f("ix_operators_telegram_chat_id"), "operators", ["telegram_chat_id"])
    op.create_table(
        "outbox",
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_outbox")),
    )
    op.create_index(op.f("ix_outbox_delivered_at_created_at"), "outbox", ["delivered_at", "created_at"])
    op.create_index(op.f("ix_outbox_session_id"), "outbox", ["session_id"])
    op.create_table(
        "places",
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_places")),
    )
    op.create_table(
        "profile_changes",
        sa.Column("change_id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("elder_id", sa.String(), nullable=True),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_profile_changes")),
    )
    op.create_index(op.f("ix_profile_changes_elder_id"), "profile_changes", ["elder_id"])
    op.create_index(op.f("ix_profile_changes_session_id"), "profile_changes", ["session_id"])
    op.create_table(
        "services",
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("visit_minutes", sa.Integer(), nullable=False),
        sa.Column("at_home", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("service", name=op.f("pk_services")),
    )
    op.create_table(
        "sessions",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_turn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pinned_now", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("recognised", sa.Boolean(), nullable=False),
        sa.Column("elder_id", sa.String(), nullable=True),
        sa.Column("contact_id", sa.String(), nullable=True),
        sa.Column("identified_elder_id", sa.String(), nullable=True),
        sa.Column("identify_failures", sa.Integer(), nullable=False),
        sa.Column("operator_id", sa.String(), nullable=True),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("misunderstandings", sa.Integer(), nullable=False),
        sa.Column("misunderstood_at", sa.Integer(), nullable=False),
        sa.Column("silences", sa.Integer(), nullable=False),
        sa.Column("pace", sa.Float(), nullable=False),
        sa.Column("gain", sa.Float(), nullable=False),
        sa.Column("safe_to_ring", sa.Boolean(), nullable=True),
        sa.Column("safe_times", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_sessions")),
    )
    op.create_index(
        op.f("ix_sessions_channel_address_contact_ended_at"),
        "sessions",
        ["channel", "address", "contact", "ended_at"],
    )
    op.create_index(op.f("ix_sessions_elder_id"), "sessions", ["elder_id"])
    op.create_index(op.f("ix_sessions_identified_elder_id"), "sessions", ["identified_elder_id"])
    op.create_index(op.f("ix_sessions_last_turn_at"), "sessions", ["last_turn_at"])
    op.create_index(op.f("ix_sessions_operator_id_ended_at"), "sessions", ["operator_id", "ended_at"])
    op.create_table(
        "turns",
        sa.Column("turn_id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("utterance_id", sa.String(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("response", sa.String(), nullable=True),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("asks", sa.String(), nullable=True),
        sa.Column("then", sa.String(), nullable=False),
        sa.Column("intent", sa.String(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("tier", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("milliseconds", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("turn_id", name=op.f("pk_turns")),
        sa.UniqueConstraint("session_id", "number", name=op.f("uq_turns_session_id_number")),
    )
    op.create_index(op.f("ix_turns_path_received_at"), "turns", ["path", "received_at"])
    op.create_index(op.f("ix_turns_received_at"), "turns", ["received_at"])
    op.create_index(op.f("ix_turns_utterance_id"), "turns", ["utterance_id"])
    op.create_table(
        "visit_orders",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("turn_id", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("elder_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("elder_id", sa.String(), nullable=True),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_visit_orders")),
        sa.UniqueConstraint("session_id", "turn_id", name=op.f("uq_visit_orders_session_id_turn_id")),
    )
    op.create_index(op.f("ix_visit_orders_elder_id_ends_at"), "visit_orders", ["elder_id", "ends_at"])
    op.create_index(op.f("ix_visit_orders_elder_key_starts_at"), "visit_orders", ["elder_key", "starts_at"])
    op.create_table(
        "family_contacts",
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("elder_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("telegram_chat_id", sa.String(), nullable=True),
        sa.Column("is_emergency_contact", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["elder_id"],
            ["elders.elder_id"],
            name=op.f("fk_family_contacts_elder_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_family_contacts")),
    )
    op.create_index(op.f("ix_family_contacts_elder_id"), "family_contacts", ["elder_id"])
    op.create_index(op.f("ix_family_contacts_phone"), "family_contacts", ["phone"])
    op.create_index(op.f("ix_family_contacts_telegram_chat_id"), "family_contacts", ["telegram_chat_id"])
    op.create_table(
        "order_events",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["visit_orders.order_id"],
            name=op.f("fk_order_events_order_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_order_events")),
    )
    op.create_index(op.f("ix_order_events_order_id_at"), "order_events", ["order_id", "at"])
    op.create_table(
        "chat_links",
        sa.Column("link_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("elder_id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=True),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["family_contacts.contact_id"],
            name=op.f("fk_chat_links_contact_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["elder_id"],
            ["elders.elder_id"],
            name=op.f("fk_chat_links_elder_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("link_id", name=op.f("pk_chat_links")),
    )
    op.create_index(op.f("ix_chat_links_channel_address"), "chat_links", ["channel", "address"])
    op.create_index(op.f("ix_chat_links_elder_id"), "chat_links", ["elder_id"])


def downgrade() -> None:
    """Drop them, with every row."""
    for table in reversed(TABLES):
        op.drop_table(table)
