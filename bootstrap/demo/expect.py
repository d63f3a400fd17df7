"""What the demonstration must leave in the database and in the chats, and what it did leave."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bootstrap.demo.people import (
    ELDER_CHAT,
    FIRST_CONTACT,
    HE_CHAT,
    LIN_CHAT,
    NEIGHBOUR_CHAT,
    SUPERVISOR,
    ZHOU_CHAT,
)
from bot.testserver import BotApiServer
from hotline.escalation import Escalation, Notice
from knowledge.safety import common

RUNG_SECONDS, RUNG_SLACK_SECONDS = 60.0, 5.0
MARK = "编号"


@dataclass
class Left:
    """Everything stored, by table, and the test server with its chats."""

    stored: dict[str, list[Any]]
    server: BotApiServer
    now: datetime

    def fall(self) -> Escalation | None:
        """The one escalation there should be."""
        found = self.stored["escalations"]
        return found[0] if len(found) == 1 else None

    def notices(self, rung: str) -> list[Notice]:
        """Who was told at a rung."""
        return [notice for notice in self.stored["notices"] if notice.rung == rung]

    def name(self, item_id: str | None) -> str | None:
        """The name of an operator, a contact or an elder."""
        kinds = (("operators", "operator_id"), ("family_contacts", "contact_id"), ("elders", "elder_id"))
        names = {getattr(one, key): one.name for kind, key in kinds for one in self.stored[kind]}
        return names.get(item_id or "", item_id)

    def records(self) -> dict[str, list[dict[str, Any]]]:
        """The four tables as they are shown: ids left out, names put in."""
        return {name: [self._row(name, one) for one in self.stored[name]] for name in COLUMNS}

    def _row(self, name: str, one: Any) -> dict[str, Any]:
        values = {column: getattr(one, column) for column in COLUMNS[name]}
        return {k: self.name(v) if k in ("elder_id", "claimed_by") else self._local(v) for k, v in values.items()}

    def _local(self, value: Any) -> Any:
        return value.astimezone(self.now.tzinfo) if isinstance(value, datetime) else value

    def ladder(self) -> list[dict[str, Any]]:
        """Each notice of the escalation, as a row."""
        raised = self.fall()
        told = sorted(self.stored["notices"], key=lambda notice: notice.started_at)
        rows = [self._notice_row(notice, raised.raised_at) for notice in told if raised]
        if raised and raised.claimed_at:
            after = (raised.claimed_at - raised.raised_at).total_seconds()
            claim = {"rung": "claimed", "who": self.name(raised.claimed_by), "state": raised.status}
            rows.append({**claim, "when": self._local(raised.claimed_at), "after": f"{after:.1f} s"})
        return rows

    def _notice_row(self, notice: Notice, raised_at: datetime) -> dict[str, Any]:
        after = (notice.started_at - raised_at).total_seconds()
        told = {"rung": notice.rung, "who": self.name(notice.recipient_id), "state": notice.state}
        return {**told, "when": self._local(notice.started_at), "after": f"{after:.1f} s"}


COLUMNS = {
    "visit_orders": ("order_id", "service", "starts_at", "ends_at", "name", "place", "address", "phone", "contact", "status"),
    "escalations": ("escalation_id", "kind", "urgency", "raised_at", "elder_id", "place", "number", "status", "claimed_by"),
    "callbacks": ("callback_id", "reason", "urgency", "number", "promised_at", "words", "status"),
    "cases": ("case_id", "type", "words", "elder_id", "wants_callback", "promised_on", "status"),
}  # fmt: skip


def checks(left: Left, scale: float) -> list[tuple[str, bool]]:
    """Every expectation, and whether it is met."""
    return [*_booking(left), *_fall(left), *_rungs(left, scale), *_claim(left), *_callback(left), *_case(left)]


def _booking(left: Left) -> list[tuple[str, bool]]:
    orders = left.stored["visit_orders"]
    start = (left.now + timedelta(days=1)).replace(hour=15, minute=0, second=0, microsecond=0)
    order = orders[0] if len(orders) == 1 else None
    return [
        ("one visit order", order is not None),
        ("a bath for 赵秀英, booked", bool(order) and (order.service, order.name, order.status) == BOOKED),
        ("tomorrow at three", bool(order) and order.starts_at == start),
        ("at the address of the profile", bool(order) and "示例" in (order.address or "")),
    ]


BOOKED = ("bathing", "赵秀英", "booked")


def _fall(left: Left) -> list[tuple[str, bool]]:
    raised = left.fall()
    first = next(iter(left.server.texts(ELDER_CHAT)), "")
    alerts = [text for chat in (LIN_CHAT, ZHOU_CHAT) for text in left.server.texts(chat)[:1]]
    spoken = [word for word in ("摔", "厨房", "熊", "13800") if any(word in alert for alert in alerts)]
    return [
        ("one escalation: a fall, urgency now", bool(raised) and (raised.kind, raised.urgency) == ("fall", "now")),
        ("the caller hears at once that people are being called", common()["calling_now"] in first),
        ("alerts carry no words, names or numbers", len(alerts) == 2 and not spoken),
    ]


def _rungs(left: Left, scale: float) -> list[tuple[str, bool]]:
    raised, due = left.fall(), RUNG_SECONDS * scale
    ready, second = left.notices("0s"), left.notices("60s")
    late = [(n.started_at - raised.raised_at).total_seconds() for n in second] if raised else []
    told = {(notice.recipient_id, notice.state) for notice in second}
    once = [len([t for t in left.server.texts(chat) if MARK in t]) == 1 for chat in (HE_CHAT, NEIGHBOUR_CHAT)]
    return [
        ("both ready operators told at once", sorted(n.state for n in ready) == ["sent", "sent"]),
        ("supervisor and first contact told at the 60 s rung", told == {(SUPERVISOR, "sent"), (FIRST_CONTACT, "sent")}),
        ("each of them once, in the chat", all(once)),
        (
            f"at its time, {due:g} s after the fall",
            bool(late) and all(due <= seconds <= due + RUNG_SLACK_SECONDS for seconds in late),
        ),
    ]


def _claim(left: Left) -> list[tuple[str, bool]]:
    raised = left.fall()
    return [
        ("小林 has claimed it", bool(raised) and (raised.status, left.name(raised.claimed_by)) == ("claimed", "小林")),
        ("the caller is told that a person has taken over", common()["claimed"] in left.server.texts(ELDER_CHAT)),
        ("nobody was told after the claim", not left.notices("180s")),
    ]


def _callback(left: Left) -> list[tuple[str, bool]]:
    wanted = left.stored["callbacks"]
    callback = wanted[0] if len(wanted) == 1 else None
    return [
        ("one callback, open", callback is not None and callback.status == "open"),
        ("to the number given", bool(callback) and callback.number == "13800000999"),
        ("with a promised time to come", bool(callback) and callback.promised_at > left.now),
    ]


def _case(left: Left) -> list[tuple[str, bool]]:
    opened = left.stored["cases"]
    case = opened[0] if len(opened) == 1 else None
    return [
        ("one case, a complaint", bool(case) and case.type == "complain"),
        ("with the caller's words and the elder", bool(case) and "迟到" in case.words and left.name(case.elder_id) == "丛培德"),
        ("with a promised date", bool(case) and case.promised_on >= left.now.date()),
    ]


