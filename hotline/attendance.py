"""在场: whether whoever has taken an escalation over in the console still is there; what he has left is given back.

Only claims made in the console are judged: a browser that is open tells so, a Telegram chat does not. Signs of life are
an open page, words said by another way, and a phone that is joined with the caller's.
"""

import logging
from collections import Counter
from datetime import datetime, timedelta

from hotline.assignment import next_ones
from hotline.errors import StoreUnavailable
from hotline.escalation import Escalation, deliver, new_notice
from hotline.notes import NoteKind, new_note
from hotline.ports import Services

log = logging.getLogger(__name__)

LOOKS = 15
"""So many looks in a row, one a second, have to find nobody: an outage of ours or a clock that jumps is no absence."""


async def attend(operator_id: str, services: Services) -> None:
    """A sign of life. Never raises: what is not recorded is recorded by the next one."""
    await _attend(operator_id, services.clock.now(), services)


async def works_elsewhere(operator_id: str, services: Services) -> None:
    """He goes on by his chat or by command: whether a page of his is open tells nothing any more. Never raises."""
    await _attend(operator_id, None, services)


async def _attend(operator_id: str, at: datetime | None, services: Services) -> None:
    try:
        async with services.reading() as uow:
            judged = any(_is_judged(e) and e.claimed_by == operator_id for e in await uow.escalations.open())
        if not judged:
            return
        async with services.unit_of_work() as uow:
            await uow.escalations.attend(operator_id, at)
            await uow.commit()
    except StoreUnavailable:
        log.warning("operator %s: a sign of life was not recorded", operator_id)


def _is_judged(raised: Escalation) -> bool:
    return raised.status == "claimed" and raised.attended_at is not None


class Attendance:
    """Lives in the jobs and looks once a second."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._looks: Counter[str] = Counter()

    async def look(self) -> list[str]:
        """Give back what nobody has attended to for too long; the ids of what was."""
        async with self._services.reading() as uow:
            left = [e for e in await uow.escalations.open() if self._is_left(e)]
        self._looks = Counter({e.escalation_id: self._looks[e.escalation_id] + 1 for e in left})
        due = [e for e in left if self._looks[e.escalation_id] >= LOOKS]
        return [e.escalation_id for e in due if await give_back(e, self._services)]

    def _is_left(self, raised: Escalation) -> bool:
        if not _is_judged(raised) or raised.attended_at is None:
            return False
        ladder = self._services.timing.ladder(raised.urgency)
        limit = timedelta(seconds=ladder.abandoned_after_seconds * ladder.scale)
        return self._services.clock.now() - raised.attended_at > limit


async def give_back(left: Escalation, services: Services) -> bool:
    """Open again for anybody, with the ladder, and the caller is the assistant's meanwhile; ready operators are told at
    once. False when there was a sign of life in the last moment.
    """
    holder = str(left.claimed_by)
    async with services.unit_of_work() as uow:
        if not await uow.escalations.give_back(left.escalation_id, holder, left.attended_at):
            return False
        raised = await uow.escalations.require(left.escalation_id)
        session = await uow.sessions.get(raised.session_id)
        if session is not None and session.operator_id == holder:
            session.operator_id = None
        note = new_note(raised, holder, NoteKind.LEFT, "", services)
        uow.notes.add(note)
        rung, told = f"left:{note.note_id}", next_ones(await uow.operators.all(), {holder})
        for operator in told:
            uow.notices.add(new_notice(raised, rung, "operator", operator.operator_id, services.clock.now()))
        await uow.commit()
    services.live.background(deliver(raised, rung, told, services))
    return True
