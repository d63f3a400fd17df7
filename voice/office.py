"""What the operators' phones and the ring-back ask of the hotline, from the audio loop; done on the main loop."""

import asyncio
import contextlib
import logging
from collections.abc import Collection, Coroutine
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from hotline import attendance, ending, escalation, ladder, ring_back, ring_out, waiting_line
from hotline.callbacks import Callback
from hotline.errors import AlreadyClaimed, HotlineError
from hotline.escalation import Escalation, Urgency, may_push
from hotline.people import Operator
from hotline.ports import Services
from hotline.ring_out import Outgoing
from hotline.sessions import CallSession, Channel
from hotline.waiting_line import Wanted

log = logging.getLogger(__name__)

T = TypeVar("T")

Claimed = Literal["won", "taken", "closed", "trouble"]
LIMIT_SECONDS = 4.0
"""The database has given up long before; only a main loop that hangs takes longer."""


class OfficeUnavailable(Exception):
    """The main loop or the database does not answer now; try again."""


@dataclass(frozen=True)
class Taken:
    """An escalation that an operator with a phone has taken over, in a telephone call that may still go on."""

    operator: Operator
    escalation: Escalation


class Office:
    """Asked on the audio loop; `services` live on `main`."""

    def __init__(self, services: Services, main: asyncio.AbstractEventLoop) -> None:
        self._services, self._main = services, main

    async def claim(self, escalation_id: str, operator_id: str) -> Claimed:
        """Exclusive with every other way of claiming. Never raises."""
        try:
            claimed = await self._asked(escalation.claim(escalation_id, operator_id, self._services))
        except AlreadyClaimed as first:
            return "taken" if first.operator_id else "closed"
        except (HotlineError, OfficeUnavailable):  # also not found: it is in the spool still
            return "trouble"
        return "closed" if claimed.status == "closed" else "won"

    async def latest(self, ids: Collection[str]) -> dict[str, Escalation]:
        """These escalations as they are now. Raises OfficeUnavailable."""
        return await self._asked_or_unavailable(self._latest(ids))

    async def taken(self) -> list[Taken]:
        """What operators with phones have taken over and not closed. Raises OfficeUnavailable."""
        return await self._asked_or_unavailable(self._taken())

    async def not_answered(self, escalation_id: str, operator_id: str) -> None:
        """The operator's phone rang in vain. Never raises: the next rung of the ladder tells others anyway."""
        try:
            await self._asked(ladder.not_answered(escalation_id, operator_id, self._services))
        except (HotlineError, OfficeUnavailable):
            log.warning("escalation %s: an unanswered ring was not recorded", escalation_id)

    async def number_to_ring(self, raised: Escalation) -> str | None:
        """The caller's number; None when there is none, or ringing may endanger."""
        return raised.number if may_push(raised) and raised.channel == Channel.PHONE else None

    async def reached(self, session_id: str) -> None:
        """An operator has the caller on the line: what was promised to ring back is kept. Never raises."""
        try:
            await self._asked(ring_out.kept(session_id, self._services))
        except (HotlineError, OfficeUnavailable):
            log.warning("session %s: its callback was not closed", session_id)

    async def cut_off(self, raised: Escalation) -> None:
        """The caller is gone from an operator's line: a callback is open until somebody has rung. Never raises."""
        try:
            await self._asked(self._promise(raised))
        except (HotlineError, OfficeUnavailable):
            log.warning("escalation %s: no callback was opened", raised.escalation_id)

    async def attends(self, operator_id: str) -> None:
        """The operator's phone is joined with a caller's. Never raises: the next one follows."""
        with contextlib.suppress(HotlineError, OfficeUnavailable):
            await self._asked(attendance.attend(operator_id, self._services))

    async def due(self) -> list[Callback]:
        """Callbacks to ring now. Raises OfficeUnavailable."""
        return await self._asked_or_unavailable(ring_back.due(self._services))

    async def take_try(self, callback: Callback) -> CallSession | None:
        """Count a try; the session to go on with, None when another line was first. Raises OfficeUnavailable."""
        return await self._asked_or_unavailable(ring_back.take_try(callback, self._services))

    async def still_wanted(self, callback_id: str) -> bool:
        """Whether to go on ringing. Raises OfficeUnavailable."""
        return await self._asked_or_unavailable(ring_back.still_wanted(callback_id, self._services))

    async def answered(self, callback_id: str) -> None:
        """The caller picked up: his session is open again. Never raises: he must not wait for a database."""
        try:
            await self._asked(ring_back.answered(callback_id, self._services))
        except (HotlineError, OfficeUnavailable):
            log.warning("callback %s: the answer was not recorded", callback_id)

    # --- promised callbacks, and operators one after the other ---------------------------------------------

    async def due_callbacks(self) -> list[Callback]:
        """Promised callbacks to ring now. Raises OfficeUnavailable."""
        return await self._asked_or_unavailable(ring_out.due(self._services))

    async def take_callback(self, callback: Callback) -> Outgoing | None:
        """The call to place; None when another line was first. Raises OfficeUnavailable."""
        return await self._asked_or_unavailable(ring_out.take(callback, self._services))

    async def renew_callback(self, callback_id: str) -> bool:
        """It is still being rung or talked about; whether it is still wanted. Raises OfficeUnavailable."""
        return await self._asked_or_unavailable(ring_out.renew(callback_id, self._services))

    async def callback_answered(self, outgoing: Outgoing) -> None:
        """A person has answered. Never raises: he must not wait for a database."""
        try:
            await self._asked(ring_out.answered(outgoing, self._services))
        except (HotlineError, OfficeUnavailable):
            log.warning("callback %s: the answer was not recorded", outgoing.callback.callback_id)

    async def callback_tried(self, outgoing: Outgoing, outcome: str) -> None:
        """What became of the call. Never raises: what is not recorded is tried again."""
        try:
            await self._asked(ring_out.tried(outgoing, outcome, self._services))
        except (HotlineError, OfficeUnavailable):
            log.warning("callback %s: a try was not recorded", outgoing.callback.callback_id)

    async def wanted(self) -> list[Wanted]:
        """What operators are rung for one after the other. Raises OfficeUnavailable."""
        return await self._asked_or_unavailable(waiting_line.wanted(self._services))

    async def ready_phones(self) -> list[Operator]:
        """Ready operators with phones, the longest idle first. Raises OfficeUnavailable."""
        return await self._asked_or_unavailable(waiting_line.ready_phones(self._services))

    # --- on the main loop ----------------------------------------------------------------------------------

    async def _latest(self, ids: Collection[str]) -> dict[str, Escalation]:
        async with self._services.unit_of_work() as uow:
            found = [await uow.escalations.get(one) for one in ids]
        return {one.escalation_id: one for one in found if one is not None}

    async def _taken(self) -> list[Taken]:
        async with self._services.unit_of_work() as uow:
            phones = {o.operator_id: o for o in await uow.operators.all() if o.sip_address}
            claimed = [e for e in await uow.escalations.open() if e.claimed_by in phones and e.channel == Channel.PHONE]
        return [Taken(phones[str(e.claimed_by)], e) for e in claimed]

    async def _promise(self, raised: Escalation) -> None:
        async with self._services.unit_of_work() as uow:
            session = await uow.sessions.require(raised.session_id)
            if raised.urgency == Urgency.NOW:
                await ending.promise_ring_back(raised, session, uow, self._services)
            await uow.commit()

    async def _asked_or_unavailable(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return await self._asked(work)
        except HotlineError as error:
            raise OfficeUnavailable from error

    async def _asked(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            future = asyncio.run_coroutine_threadsafe(work, self._main)
        except RuntimeError as gone:
            work.close()
            raise OfficeUnavailable from gone
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(future)), LIMIT_SECONDS)
        except TimeoutError as late:
            raise OfficeUnavailable from late
