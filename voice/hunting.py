"""Operators are rung one after the other for what is no danger: the longest idle first, round by round."""

import asyncio
import logging
from functools import partial

from hotline.escalation import PERSON_WANTED, Escalation
from hotline.people import Operator
from hotline.sessions import Channel
from hotline.waiting_line import Wanted
from knowledge.ringing import ringing
from voice.line import Line
from voice.office import Office, OfficeUnavailable
from voice.operators import OperatorPhones

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


class Hunt:
    """Lives on the audio loop. As many phones ring as there are callers waiting, and whoever picks up is offered the
    one who waits longest. Who was rung is remembered here alone: after a crash it begins with the first again.
    """

    def __init__(self, phones: OperatorPhones, line: Line, office: Office, *, rings_numbers: bool = True) -> None:
        """`rings_numbers`: whoever takes over a caller who has hung up can be put through, because there is a trunk."""
        self._phones, self._line, self._office = phones, line, office
        self._rings_numbers = rings_numbers
        self._waiting: dict[str, Escalation] = {}
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
        """Ring as many operators as are wanted, and stop what is wanted no more. Raises OfficeUnavailable."""
        waiting = [one.escalation for one in await self._office.wanted() if self._is_hunted(one)]
        self._follow({raised.escalation_id: raised for raised in waiting})
        if len(waiting) <= len(self._ringing):
            return
        operators = await self._office.ready_phones()
        for raised in waiting[len(self._ringing) :]:
            operator = self._next(raised, operators)
            if operator is not None:
                self._ring(operator)

    def _is_hunted(self, one: Wanted) -> bool:
        call = self._line.by_session(one.escalation.session_id)
        if call is not None:
            return not call.bridged
        in_vain = one.escalation.kind in PERSON_WANTED and one.escalation.channel == Channel.PHONE
        return not one.on_the_line_only and (self._rings_numbers or not in_vain)

    def _follow(self, waiting: dict[str, Escalation]) -> None:
        """What rings offers what waits now: who has hung up no more, who has come after the others."""
        for gone in self._waiting.keys() - waiting.keys():
            self._phones.drop(gone)
        self._waiting = waiting
        for operator_id in self._ringing:
            self._phones.offer(operator_id, list(waiting.values()))
        for key in [key for key in self._rung_at if key[0] not in waiting]:
            del self._rung_at[key]

    def _next(self, raised: Escalation, operators: list[Operator]) -> Operator | None:
        now, plan = asyncio.get_running_loop().time(), ringing().operators
        waits = self._line.by_session(raised.session_id) is not None
        pause = plan.again_seconds if waits else plan.rest_seconds

        def rung_at(operator: Operator) -> float:
            return self._rung_at.get((raised.escalation_id, operator.operator_id), -pause)

        free = [o for o in operators if self._phones.is_free(o.operator_id) and now - rung_at(o) >= pause]
        return min(free, key=rung_at, default=None)  # of those not rung yet the first, who has been idle longest

    def _ring(self, operator: Operator) -> None:
        for ref in self._waiting:
            self._rung_at[ref, operator.operator_id] = asyncio.get_running_loop().time()
        ring = self._phones.ring_alone(operator, list(self._waiting.values()), ringing().operators.ring_seconds)
        self._ringing[operator.operator_id] = task = asyncio.create_task(ring)
        task.add_done_callback(partial(self._rung, operator.operator_id))

    def _rung(self, operator_id: str, task: asyncio.Task[None]) -> None:
        del self._ringing[operator_id]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("operator %s: hunting failed: %s", operator_id, type(error).__name__)
