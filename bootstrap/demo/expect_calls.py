"""What the telephone calls of the demonstration must leave, and what must have been heard."""

from datetime import timedelta

from bootstrap.demo.calls import FALLEN_NUMBER, KEYS_NUMBER, OPERATOR, STRANGER_NUMBER, Heard
from bootstrap.demo.left import Left


def checks(left: Left, heard: Heard) -> list[tuple[str, bool]]:
    """Every expectation, and whether it is met. `left` holds the calls alone."""
    return [*((line, False) for line in heard.broken), *_booking(left), *_fall(left, heard), *_callbacks(left)]


def _booking(left: Left) -> list[tuple[str, bool]]:
    orders = left.stored["visit_orders"]
    start = (left.now + timedelta(days=2)).replace(hour=15, minute=0, second=0, microsecond=0)
    booked = [(o.service, o.name, o.status, o.starts_at) for o in orders]
    return [("by telephone: one bath for 丛培德, the day after tomorrow at three",
             booked == [("bathing", "丛培德", "booked", start)])]  # fmt: skip


def _fall(left: Left, heard: Heard) -> list[tuple[str, bool]]:
    raised = left.fall()
    claimed = raised is not None and (raised.status, left.name(raised.claimed_by)) == ("claimed", OPERATOR)
    return [
        ("by telephone: one fall, urgency now, with the number",
         raised is not None and (raised.urgency, raised.number) == ("now", FALLEN_NUMBER)),
        ("the softphone was rung and heard the alert", "求助" in heard.alert),
        (f"{OPERATOR} has claimed it with a key", claimed),
        ("the caller heard the operator", "打电话" in heard.by_caller),
        ("the operator heard the caller", "谢谢" in heard.by_operator),
    ]  # fmt: skip


def _callbacks(left: Left) -> list[tuple[str, bool]]:
    wanted = {one.number: one for one in left.stored["callbacks"]}
    requests = [e for e in left.stored["escalations"] if e.kind == "operator_request" and e.number == KEYS_NUMBER]
    asked = wanted.get(STRANGER_NUMBER)
    return [
        ("by telephone: a callback to the number that rang", asked is not None and asked.reason == "requested"),
        ("keys alone reached the operators", len(requests) == 1),
        ("and after hanging up a callback was promised", KEYS_NUMBER in wanted),
    ]
