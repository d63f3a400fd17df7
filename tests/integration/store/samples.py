"""Records of made-up people, with every field filled unless a test says otherwise."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from hotline.audit import AuditEntry
from hotline.booking import OrderEvent, VisitOrder
from hotline.callbacks import Callback, CallbackTry
from hotline.cases import Case, ProfileChange
from hotline.credentials import Credential, SignIn
from hotline.danger import DangerCheck
from hotline.directory import Site
from hotline.eligibility import Eligibility
from hotline.escalation import Escalation, Notice
from hotline.linking import LinkCode, LinkTry
from hotline.notes import Note
from hotline.outbox import Message
from hotline.people import ChatLink, Elder, FamilyContact, Operator
from hotline.sessions import CallSession, Turn

T = TypeVar("T")
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 4, 12, 0, 0, 123456, tzinfo=SHANGHAI)


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


VALUES: dict[type[Any], dict[str, Any]] = {
    CallSession: {"session_id": "ses_1", "channel": "phone", "address": "13800000901", "contact": "call-7"},
    Turn: {
        "turn_id": "trn_1",
        "session_id": "ses_1",
        "number": 1,
        "said": "想洗个澡",
        "reply": "好的，什么时候？",
    },
    Elder: {"elder_id": "eld_1", "name": "贺兰芝", "phone": "13800000901", "birth_year": 1943},
    FamilyContact: {"contact_id": "con_1", "elder_id": "eld_1", "phone": "13800000902", "rank": 1},
    Operator: {"operator_id": "opr_1", "name": "小许", "role": "operator", "status": "ready"},
    ChatLink: {
        "link_id": "lnk_1",
        "channel": "telegram",
        "address": "chat-5",
        "elder_id": "eld_1",
        "contact_id": "con_1",
    },
    VisitOrder: {
        "order_id": "ord_1",
        "elder_id": "eld_1",
        "starts_at": at(24),
        "ends_at": at(25),
        "status": "booked",
    },
    OrderEvent: {"event_id": "evt_1", "order_id": "ord_1", "what": "booked"},
    Callback: {"callback_id": "cbk_1", "elder_id": "eld_1", "status": "open", "urgency": "today"},
    CallbackTry: {"try_id": "try_1", "callback_id": "cbk_1", "contact_id": "con_1"},
    LinkCode: {"code_id": "lnc_1", "elder_id": "eld_1", "contact_id": "con_1"},
    LinkTry: {"try_id": "ltr_1", "channel": "telegram", "address": "chat-5"},
    Case: {"case_id": "case_1", "elder_id": "eld_1", "status": "open", "promised_on": date(2026, 3, 7)},
    ProfileChange: {"change_id": "chg_1", "elder_id": "eld_1"},
    Eligibility: {"eligibility_id": "elg_1", "elder_id": "eld_1", "on_day": date(2026, 3, 4), "verdict": "likely"},
    DangerCheck: {"check_id": "chk_1"},
    Escalation: {
        "escalation_id": "esc_1",
        "elder_id": "eld_1",
        "kind": "fall",
        "urgency": "now",
        "status": "open",
    },
    Notice: {"notice_id": "ntc_1", "escalation_id": "esc_1", "rung": "0s", "recipient_id": "opr_1"},
    Message: {"message_id": "msg_1", "session_id": "ses_1"},
    Site: {"site_id": "site_1", "place": "津市", "kind": "canteen", "checked_on": date(2026, 3, 1)},
    Note: {"note_id": "nte_1", "session_id": "ses_1"},
    Credential: {"operator_id": "opr_1"},
    SignIn: {"sign_in_id": "sgn_1", "operator_id": "opr_1"},
    AuditEntry: {"entry_id": "aud_1", "subject": "esc_1"},
}
_BY_TYPE = {
    "str": "字",
    "datetime": NOON,
    "int": 3,
    "float": 1.25,
    "bool": True,
    "list": [{"a": "甲"}],
    "dict": {"b": ["乙"]},
}


def sample(kind: type[T], /, **values: Any) -> T:
    """A record of that kind with every field filled."""
    known = {**VALUES[kind], **values}
    names = {f.name: _base(f.type) for f in fields(kind)}  # type: ignore[arg-type]  # every kind is a dataclass
    return kind(**{name: known.get(name, _BY_TYPE.get(of)) for name, of in names.items()})


def _base(annotation: Any) -> str:
    written = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
    return written.split(" | ")[0].split("[")[0].split(".")[-1]


def everything(**values: Any) -> list[Any]:
    """One record of every kind."""
    return [sample(kind, **values) for kind in VALUES]
