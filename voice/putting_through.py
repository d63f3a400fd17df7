"""An operator has taken over: his phone and the caller's are joined, by the call that goes on or by a new one."""

import asyncio
import contextlib

from hotline.escalation import Escalation
from hotline.sessions import Channel
from voice.legs import CallLeg, DialFailed, Endpoint
from voice.line import Line
from voice.office import Office
from voice.operator_call import YES, OperatorCall, OperatorGone, next_key, until_hung_up
from voice.placing import placed
from voice.wording import say


class PuttingThrough:
    """For one operator's call."""

    def __init__(self, endpoint: Endpoint, line: Line, office: Office, call: OperatorCall) -> None:
        self._endpoint, self._line, self._office, self._operator = endpoint, line, office, call

    def caller_waits(self, raised: Escalation) -> bool:
        """Whether the caller is on the line, with no operator yet."""
        call = self._line.by_session(raised.session_id)
        return call is not None and not call.bridged

    async def put_through(self, raised: Escalation) -> None:
        """Let operator and caller talk, until one of them hangs up; where nobody can be rung, say why."""
        call = self._line.by_session(raised.session_id)
        if call is not None and call.bridged:
            await self._operator.tell(say("with_another"))
        elif call is not None:
            await self._operator.tell(say("connecting"))
            await self._office.reached(raised.session_id)
            await call.hand_to(self._operator.leg, self._operator.operator_id)
            if self._operator.leg.alive:
                await self._office.cut_off(raised)
                await self._ring_caller(raised, say("caller_hung_up"))
        elif raised.channel != Channel.PHONE:
            await self._operator.tell(say("in_writing"))
        elif await self._number(raised):
            await self._operator.tell(say("ringing_caller"))
            await self._ring_caller(raised, None)

    async def _number(self, raised: Escalation) -> str | None:
        """The number to ring; when there is none, the operator hears why."""
        number = await self._office.number_to_ring(raised)
        if number is None:
            await self._operator.tell(say("do_not_ring" if raised.number else "no_number"))
        return number

    async def _ring_caller(self, raised: Escalation, question: str | None) -> None:
        """Ring as often as the operator wants to. Raises OperatorGone."""
        number = await self._number(raised)
        while number is not None:
            if question is not None and await self._operator.ask(question) != YES:
                return await self._operator.tell(say("finished"))
            question = await self._rung(raised, number)
            if question is None:
                return None
        return None

    async def _rung(self, raised: Escalation, number: str) -> str | None:
        """Ring once and let them talk; what to ask the operator when that failed."""
        try:
            leg = await placed(self._endpoint, number, self._operator_hangs_up())
        except DialFailed as failed:
            return say("not_answered" if failed.reason in ("no_answer", "busy", "declined") else "call_failed")
        if leg is None:
            raise OperatorGone
        await self._office.reached(raised.session_id)
        await self._talk(leg)
        return None

    async def _operator_hangs_up(self) -> None:
        with contextlib.suppress(OperatorGone):
            await next_key(self._operator.leg, ())

    async def _talk(self, leg: CallLeg) -> None:
        """Until one of the two hangs up; then the other's call is over too."""
        self._operator.quiet()
        self._operator.leg.bridge(leg)
        ends = [asyncio.create_task(until_hung_up(one)) for one in (leg, self._operator.leg)]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
            leg.hang_up()
