"""The tables. `store/mapping.py` ties them to the dataclasses of `hotline`.

Foreign keys are few on purpose: what an emergency writes (turns, checks, escalations, notices, callbacks) has
to be taken even when the session's own row could not be written. Those there are look only at commit, so
that the order of inserts does not matter.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from store.columns import Moment, Phone

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id(name: str) -> Column[str]:
    return Column(name, String, primary_key=True)


def _need(name: str, kind: Any = String) -> Column[Any]:
    return Column(name, kind, nullable=False)


def _may(name: str, kind: Any = String) -> Column[Any]:
    return Column(name, kind, nullable=True)


def _of(name: str, target: str, *, nullable: bool = False, key: bool = False) -> Column[str]:
    foreign = ForeignKey(target, deferrable=True, initially="DEFERRED")
    return Column(name, String, foreign, nullable=nullable, primary_key=key)


sessions = Table(
    "sessions",
    metadata,
    _id("session_id"),
    _need("channel"),
    _need("address"),
    _need("contact"),
    _need("started_at", Moment),
    _need("last_turn_at", Moment),
    _may("ended_at", Moment),
    _may("pinned_now", Moment),
    _may("place"),
    _need("recognised", Boolean),
    _may("elder_id"),
    _may("contact_id"),
    _may("identified_elder_id"),
    _need("identify_failures", Integer),
    _may("operator_id"),
    _need("turns", Integer),
    _need("misunderstandings", Integer),
    _need("misunderstood_at", Integer),
    _need("silences", Integer),
    _need("pace", Float),
    _need("gain", Float),
    _may("safe_to_ring", Boolean),
    _may("safe_times", Text),
    _may("outcome"),
    Index(None, "channel", "address", "contact", "ended_at"),
    Index(None, "operator_id", "ended_at"),
    Index(None, "elder_id"),
    Index(None, "identified_elder_id"),
    Index(None, "last_turn_at"),
    Index(None, "started_at"),
)

turns = Table(
    "turns",
    metadata,
    _id("turn_id"),
    _need("session_id"),
    _need("number", Integer),
    _need("utterance_id"),
    _need("said", Text),
    _need("received_at", Moment),
    _need("reply", Text),
    _may("response"),
    _need("choices", JSON),
    _may("asks"),
    _need("then"),
    _may("intent"),
    _may("confidence", Float),
    _may("tier"),
    _may("kind"),
    _need("path"),
    _need("milliseconds", JSON),
    _may("basis", JSON),
    UniqueConstraint("session_id", "number"),
    Index(None, "utterance_id"),
    Index(None, "received_at"),
    Index(None, "path", "received_at"),
)

elders = Table(
    "elders",
    metadata,
    _id("elder_id"),
    _need("name"),
    _may("phone", Phone),
    _may("place"),
    _may("address", Text),
    _may("birth_year", Integer),
    _may("key_holder", Text),
    _may("conditions", Text),
    _may("devices", Text),
    _may("care_group", Text),
    Index(None, "phone"),
)

family_contacts = Table(
    "family_contacts",
    metadata,
    _id("contact_id"),
    _of("elder_id", "elders.elder_id"),
    _need("name"),
    _need("relation"),
    _may("phone", Phone),
    _may("telegram_chat_id"),
    _need("is_emergency_contact", Boolean),
    _need("rank", Integer),
    Index(None, "elder_id"),
    Index(None, "phone"),
    Index(None, "telegram_chat_id"),
)

operators = Table(
    "operators",
    metadata,
    _id("operator_id"),
    _need("name"),
    _need("role"),
    _need("status"),
    _may("telegram_chat_id"),
    _may("sip_address"),
    _may("last_busy_at", Moment),
    Index(None, "telegram_chat_id"),
)

chat_links = Table(
    "chat_links",
    metadata,
    _id("link_id"),
    _need("channel"),
    _need("address"),
    _of("elder_id", "elders.elder_id"),
    _of("contact_id", "family_contacts.contact_id", nullable=True),
    _need("linked_at", Moment),
    Index(None, "channel", "address"),
    Index(None, "elder_id"),
)

link_codes = Table(
    "link_codes",
    metadata,
    _id("code_id"),
    _of("elder_id", "elders.elder_id"),
    _of("contact_id", "family_contacts.contact_id", nullable=True),
    _need("salt"),
    _need("digest"),
    _need("given_by"),
    _need("given_at", Moment),
    _need("expires_at", Moment),
    _may("used_at", Moment),
    _may("used_by"),
    Index(None, "elder_id"),
    Index(None, "expires_at"),
)

link_tries = Table(
    "link_tries",
    metadata,
    _id("try_id"),
    _need("channel"),
    _need("address"),
    _need("at", Moment),
    Index(None, "at"),
)

visit_orders = Table(
    "visit_orders",
    metadata,
    _id("order_id"),
    _need("session_id"),
    _need("turn_id"),
    _need("service"),
    _need("starts_at", Moment),
    _need("ends_at", Moment),
    _need("elder_key"),
    _need("name"),
    _may("phone"),
    _may("address", Text),
    _may("place"),
    _may("elder_id"),
    _may("contact"),
    _may("note", Text),
    _need("status"),
    _may("case_id"),
    UniqueConstraint("session_id", "turn_id"),
    Index(None, "elder_key", "starts_at"),
    Index(None, "starts_at"),
    Index(None, "elder_id", "ends_at"),
)

order_events = Table(
    "order_events",
    metadata,
    _id("event_id"),
    _of("order_id", "visit_orders.order_id"),
    _need("at", Moment),
    _need("what"),
    _need("by"),
    _need("detail", Text),
    Index(None, "order_id", "at"),
)

callbacks = Table(
    "callbacks",
    metadata,
    _id("callback_id"),
    _need("session_id"),
    _need("turn_id"),
    _need("reason"),
    _need("urgency"),
    _may("number"),
    _need("promised_at", Moment),
    _need("created_at", Moment),
    _may("elder_id"),
    _may("words", Text),
    _may("when_words", Text),
    _need("hold", Boolean),
    _need("status"),
    _may("closed_at", Moment),
    _need("tries", Integer),
    _may("tried_at", Moment),
    _need("by"),
    _may("due_at", Moment),
    _may("outcome"),
    _may("rung_until", Moment),
    _may("handed_at", Moment),
    UniqueConstraint("session_id", "turn_id"),
    Index(None, "status", "promised_at"),
    Index(None, "elder_id"),
    Index(None, "created_at"),
)

callback_tries = Table(
    "callback_tries",
    metadata,
    _id("try_id"),
    _need("callback_id"),
    _need("number", Integer),
    _need("began_at", Moment),
    _may("contact_id"),
    _may("ended_at", Moment),
    _may("outcome"),
    UniqueConstraint("callback_id", "number"),
)

cases = Table(
    "cases",
    metadata,
    _id("case_id"),
    _need("session_id"),
    _need("turn_id"),
    _need("type"),
    _need("words", Text),
    _need("opened_at", Moment),
    _need("promised_on", Date),
    _may("elder_id"),
    _may("number"),
    _may("place"),
    _need("wants_callback", Boolean),
    _may("order_id"),
    _need("status"),
    _may("outcome"),
    UniqueConstraint("session_id", "turn_id"),
    Index(None, "elder_id", "opened_at"),
    Index(None, "opened_at"),
)

profile_changes = Table(
    "profile_changes",
    metadata,
    _id("change_id"),
    _need("session_id"),
    _may("elder_id"),
    _need("field"),
    _need("value", Text),
    _need("asked_at", Moment),
    _need("status"),
    Index(None, "session_id"),
    Index(None, "elder_id"),
)

eligibilities = Table(
    "eligibilities",
    metadata,
    _id("eligibility_id"),
    _need("session_id"),
    _need("turn_id"),
    _need("place"),
    _need("rule"),
    _need("rule_version"),
    _need("on_day", Date),
    _need("verdict"),
    _need("judged_at", Moment),
    _may("elder_id"),
    _need("facts", JSON),
    _need("missing", JSON),
    _need("sections", JSON),
    UniqueConstraint("session_id", "turn_id"),
    Index(None, "elder_id"),
    Index(None, "judged_at"),
)

danger_checks = Table(
    "danger_checks",
    metadata,
    _id("check_id"),
    _need("session_id"),
    _need("turn_id"),
    _need("turn_number", Integer),
    _need("kind"),
    _need("words", Text),
    _need("asked_at", Moment),
    _need("due_at", Moment),
    _may("answered_at", Moment),
    _may("outcome"),
    Index(None, "session_id", "outcome"),
    Index(None, "outcome", "due_at"),
)

escalations = Table(
    "escalations",
    metadata,
    _id("escalation_id"),
    _need("session_id"),
    _need("turn_id"),
    _need("raised_at_turn", Integer),
    _need("kind"),
    _need("urgency"),
    _need("raised_at", Moment),
    _may("place"),
    _may("number"),
    _need("channel"),
    _may("elder_id"),
    _need("trigger", Text),
    _need("tell_family", Boolean),
    _need("status"),
    _may("claimed_by"),
    _may("claimed_at", Moment),
    _may("closed_at", Moment),
    _may("outcome"),
    _need("investigate", Boolean),
    _may("safe_to_ring", Boolean),
    _need("company_turns", Integer),
    _need("asked", JSON),
    _need("known", JSON),
    _need("caller_says_ok", Boolean),
    _need("draft", JSON),
    _may("ladder_started_at", Moment),
    _may("reached_by"),
    _may("reached_at", Moment),
    _may("attended_at", Moment),
    _may("left_by"),
    UniqueConstraint("session_id", "turn_id", "kind"),
    Index(None, "status", "raised_at"),
    Index(None, "raised_at"),
    Index(None, "elder_id"),
)

notices = Table(
    "notices",
    metadata,
    _id("notice_id"),
    _need("escalation_id"),
    _need("rung"),
    _need("recipient_kind"),
    _need("recipient_id"),
    _need("state"),
    _need("started_at", Moment),
    _need("attempts", Integer),
    _may("finished_at", Moment),
    UniqueConstraint("escalation_id", "rung", "recipient_id"),
)

outbox = Table(
    "outbox",
    metadata,
    _id("message_id"),
    _need("session_id"),
    _need("channel"),
    _need("address"),
    _need("text", Text),
    _need("created_at", Moment),
    _may("delivered_at", Moment),
    Index(None, "delivered_at", "created_at"),
    Index(None, "session_id"),
)

directory = Table(
    "directory",
    metadata,
    _id("site_id"),
    _need("place"),
    _need("name"),
    _need("kind"),
    _need("source"),
    _need("checked_on", Date),
    _may("area"),
    _may("address", Text),
    _may("phone"),
    _may("hours", Text),
    _may("services", Text),
    _may("latitude", Float),
    _may("longitude", Float),
    Index(None, "place", "kind"),
    Index(None, "latitude", "longitude"),
)

notes = Table(
    "notes",
    metadata,
    _id("note_id"),
    _need("session_id"),
    _may("escalation_id"),
    _need("operator_id"),
    _need("at", Moment),
    _need("kind"),
    _need("words", Text),
    Index(None, "session_id", "at"),
    Index(None, "at"),
)

credentials = Table(
    "credentials",
    metadata,
    _of("operator_id", "operators.operator_id", key=True),
    _need("password_hash"),
    _need("changed_at", Moment),
    _need("failures", Integer),
    _may("locked_until", Moment),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    _id("sign_in_id"),
    _of("operator_id", "operators.operator_id"),
    _need("csrf"),
    _need("began_at", Moment),
    _need("seen_at", Moment),
    Index(None, "operator_id"),
    Index(None, "began_at"),
)

audit_log = Table(
    "audit_log",
    metadata,
    _id("entry_id"),
    _need("at", Moment),
    _need("operator_id"),
    _need("what"),
    _need("subject"),
    Index(None, "at"),
    Index(None, "subject", "at"),
)

places = Table("places", metadata, _id("place"), _need("label"))

services = Table(
    "services",
    metadata,
    _id("service"),
    _need("label"),
    _need("visit_minutes", Integer),
    _need("at_home", Boolean),
)
