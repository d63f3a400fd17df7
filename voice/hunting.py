"""Operators are rung one after the other for what is no danger: the longest idle first, round by round."""

import asyncio
import logging
from functools import partial

from hotline.escalation import Escalation
from hotline.people import Operator
from hotline.waiting_line import Wanted
from knowledge.ringing import ringing
from voice.line import Line
from voice.office import Office, OfficeUnavailable
from voice.operators import OperatorPhones

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


class Hunt:
    """Lives on the audio loop. Who was rung is remembered here alone: after a crash it begins with the first again."""

    def __init__(self, phones: OperatorPhones, line: Line, office: Office) -> None:
        self._phones, self._line, self._office = phones, line, office
        self._ringing: dict[str, asyncio.Task[None]] = {}
        self._rung_at: dict[tuple[str, str], float] = {}

    async def run(self) -> None:
        """As long as the line runs."""
        while True:
            try:
                await self.look()
            except OfficeUnavailable:
                log.debug("hunting: the database does not answer")
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Ring the next operator for everybody for whom none is being rung. Raises OfficeUnavailable."""
        waiting = [one for one in await self._office.wanted() if self._is_hunted(one)]
        self._forget({one.escalation.escalation_id for one in waiting})
        idle = [one for one in waiting if one.escalation.escalation_id not in self._ringing]
        if not idle:
            return
        operators = await self._office.ready_phones()
        for one in idle:
            operator = self._next(one.escalation, operators)
            if operator is not None:
                self._ring(operator, one.escalation)

    def _is_hunted(self, one: Wanted) -> bool:
        call = self._line.by_session(one.escalation.session_id)
        if call is not None:
            return not call.bridged
        return not one.on_the_line_only

    def _next(self, raised: Escalation, operators: list[Operator]) -> Operator | None:
        now, plan = asyncio.get_running_loop().time(), ringing().operators
        waits = self._line.by_session(raised.session_id) is not None
        pause = plan.again_seconds if waits else plan.rest_seconds

        def may_ring(operator: Operator) -> bool:
            rung_at = self._rung_at.get((raised.escalation_id, operator.operator_id))
            rested = rung_at is None or now - rung_at >= pause
            return rested and self._phones.is_free(operator.operator_id)

        return next(filter(may_ring, operators), None)

    def _ring(self, operator: Operator, raised: Escalation) -> None:
        ref = raised.escalation_id
        self._rung_at[ref, operator.operator_id] = asyncio.get_running_loop().time()
        work = self._phones.ring_alone(operator, raised, ringing().operators.ring_seconds)
        self._ringing[ref] = task = asyncio.create_task(work)
        task.add_done_callback(partial(self._rung, ref))

    def _rung(self, escalation_id: str, task: asyncio.Task[None]) -> None:
        del self._ringing[escalation_id]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("escalation %s: hunting failed: %s", escalation_id, type(error).__name__)

    def _forget(self, waiting: set[str]) -> None:
        for key in [key for key in self._rung_at if key[0] not in waiting and key[0] not in self._ringing]:
            del self._rung_at[key]
