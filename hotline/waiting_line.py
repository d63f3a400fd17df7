"""排队: whom operators are rung for one by one, who of them is rung first, and how many callers come before one."""

from dataclasses import dataclass
from datetime import UTC, datetime

from hotline.escalation import PERSON_WANTED, Escalation, Urgency
from hotline.people import Operator, OperatorStatus
from hotline.ports import Services, UnitOfWork
from hotline.sessions import Channel

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Wanted:
    """需要人的事: no danger, and nobody has claimed it. `on_the_line_only`: operators are rung for it only while the
    caller waits on the line; when he has hung up, his callback is rung instead.
    """

    escalation: Escalation
    on_the_line_only: bool


async def wanted(services: Services) -> list[Wanted]:
    """All of them, who waits longest first."""
    async with services.unit_of_work() as uow:
        waiting = [e for e in await uow.escalations.open() if e.status == "open" and e.urgency != Urgency.NOW]
        return [Wanted(e, await _on_the_line_only(e, uow)) for e in sorted(waiting, key=lambda e: e.raised_at)]


async def _on_the_line_only(raised: Escalation, uow: UnitOfWork) -> bool:
    if raised.kind not in PERSON_WANTED:
        return False
    callback = await uow.callbacks.for_turn(raised.session_id, raised.turn_id)
    handed = callback is not None and callback.status == "open" and callback.handed_at is not None
    return not handed and raised.channel == Channel.PHONE


async def ready_phones(services: Services) -> list[Operator]:
    """Ready operators with a phone: who has nobody, the longest idle first; then who has somebody in writing."""
    async with services.unit_of_work() as uow:
        ready = [o for o in await uow.operators.all() if o.status == OperatorStatus.READY and o.sip_address]
        holding = {o.operator_id for o in ready if await uow.sessions.held_by(o.operator_id) is not None}
    return sorted(ready, key=lambda o: (o.operator_id in holding, o.last_busy_at or NEVER, o.operator_id))


async def ahead_of(session_id: str, uow: UnitOfWork) -> int | None:
    """How many callers on the line wait for a person and come before this one; None when this one does not wait."""
    waiting = [e for e in await uow.escalations.open() if e.status == "open"]
    mine = next((e for e in waiting if e.session_id == session_id and e.kind in PERSON_WANTED), None)
    if mine is None:
        return None
    on_the_line = {s.session_id for s in await uow.sessions.open_on(Channel.PHONE)} - {session_id}
    before = [e for e in waiting if e.session_id in on_the_line and _comes_before(e, mine)]
    return len({e.session_id for e in before})


def _comes_before(other: Escalation, mine: Escalation) -> bool:
    urgent = other.urgency == Urgency.NOW
    return urgent or (other.kind in PERSON_WANTED and other.raised_at < mine.raised_at)
