"""What the demonstration must leave in the database and in the chats."""

from datetime import timedelta

from bootstrap.demo.left import Left
from bootstrap.demo.people import (
    ELDER_CHAT,
    FIRST_CONTACT,
    HE_CHAT,
    LIN_CHAT,
    NEIGHBOUR_CHAT,
    SUPERVISOR,
    ZHOU_CHAT,
)
from knowledge.safety import common

RUNG_SECONDS, RUNG_SLACK_SECONDS = 60.0, 5.0
MARK = "编号"


def checks(left: Left, scale: float) -> list[tuple[str, bool]]:
    """Every expectation, and whether it is met."""
    return [
        *_booking(left),
        *_fall(left),
        *_rungs(left, scale),
        *_claim(left),
        *_callback(left),
        *_case(left),
        *_documents(left),
    ]


def _booking(left: Left) -> list[tuple[str, bool]]:
    orders = left.stored["visit_orders"]
    start = (left.now + timedelta(days=1)).replace(hour=15, minute=0, second=0, microsecond=0)
    order = orders[0] if len(orders) == 1 else None
    return [
        ("one visit order", order is not None),
        ("a bath for 赵秀英, booked", order is not None and (order.service, order.name, order.status) == BOOKED),
        ("tomorrow at three", order is not None and order.starts_at == start),
        ("at the address of the profile", order is not None and "示例" in (order.address or "")),
    ]


BOOKED = ("bathing", "赵秀英", "booked")


def _fall(left: Left) -> list[tuple[str, bool]]:
    raised = left.fall()
    first = next(iter(left.server.texts(ELDER_CHAT)), "")
    alerts = [text for chat in (LIN_CHAT, ZHOU_CHAT) for text in left.server.texts(chat)[:1]]
    spoken = [word for word in ("摔", "厨房", "熊", "13800") if any(word in alert for alert in alerts)]
    return [
        (
            "one escalation: a fall, urgency now",
            raised is not None and (raised.kind, raised.urgency) == ("fall", "now"),
        ),
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
        (
            "小林 has claimed it",
            raised is not None and (raised.status, left.name(raised.claimed_by)) == ("claimed", "小林"),
        ),
        ("the caller is told that a person has taken over", common()["claimed"] in left.server.texts(ELDER_CHAT)),
        ("nobody was told after the claim", not left.notices("180s")),
    ]


def _callback(left: Left) -> list[tuple[str, bool]]:
    wanted = left.stored["callbacks"]
    callback = wanted[0] if len(wanted) == 1 else None
    return [
        ("one callback, open", callback is not None and callback.status == "open"),
        ("to the number given", callback is not None and callback.number == "13800000999"),
        ("with a promised time to come", callback is not None and callback.promised_at > left.now),
    ]


def _case(left: Left) -> list[tuple[str, bool]]:
    opened = left.stored["cases"]
    case = opened[0] if len(opened) == 1 else None
    return [
        ("one case, a complaint", case is not None and case.type == "complain"),
        (
            "with the caller's words and the elder",
            case is not None and "迟到" in case.words and left.name(case.elder_id) == "丛培德",
        ),
        ("with a promised date", case is not None and case.promised_on >= left.now.date()),
    ]


def _documents(left: Left) -> list[tuple[str, bool]]:
    rested_on = [str(turn.basis) for turn in left.stored["turns"] if turn.basis]
    judged = left.stored["eligibilities"]
    return [
        ("the canteen answered for from 津市's document", any("jinshi/canteen" in basis for basis in rested_on)),
        ("one verdict kept, with the rule's version", [one.rule for one in judged] == ["jinshi/home_beds"]),
        ("likely, never promised", [one.verdict for one in judged] == ["likely"]),
    ]
