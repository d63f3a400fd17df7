"""What a call asks of the hotline, from the audio loop: everything here runs on the main loop, or beside it."""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from hotline import conversation, ending, leaving, line_trouble, outbox, waiting_line
from hotline.callbacks import Callback
from hotline.escalation import may_push
from hotline.ports import Services
from hotline.sessions import Reply, Utterance
from hotline.turns import urgent_escalation
from knowledge.screening import ScreenHit

log = logging.getLogger(__name__)

T = TypeVar("T")


class DeskUnavailable(Exception):
    """The main loop does not answer in time, or what it was asked for failed."""


@dataclass(frozen=True)
class CallState:
    """The open session of a call as the database has it now.

    `urgent`: danger that nobody has closed. `held_by`: the operator who holds the session. `waiting_for_person`: a
    person was asked for and nobody has claimed it; `ahead`: so many callers on the line come before. `quiet`: nothing
    may be said unasked that names the matter.
    """

    session_id: str
    urgent: bool = False
    held_by: str | None = None
    waiting_for_person: bool = False
    ahead: int = 0
    quiet: bool = False


class Desk:
    """Asked on the audio loop; the hotline lives on `main`. Nothing here blocks the asking loop."""

    def __init__(self, services: Services, main: asyncio.AbstractEventLoop, limit_seconds: float = 2.5) -> None:
        self.services, self._main, self._limit = services, main, limit_seconds

    async def open(self, utterance: Utterance) -> Reply:
        """The session of a call that was answered. Raises DeskUnavailable."""
        return await self._asked(conversation.open_contact(utterance, self.services))

    async def turn(self, utterance: Utterance) -> Reply:
        """As long as it takes: `take_turn` has fallbacks of its own, and what it began is never broken off."""
        return await self._asked(conversation.take_turn(utterance, self.services))

    async def end(self, utterance: Utterance, *, hung_up: bool) -> None:
        """Close the contact; what can't be closed now is found by the recovery of orphaned calls."""
        await self._within(ending.end_contact(utterance, self.services, hung_up=hung_up))

    async def promise_trouble(self, utterance: Utterance) -> str:
        """Promise, once, to ring back because the line failed; gives the wording key of what is true now, "" for
        nothing to say (ringing may endanger this caller: a person decides).

        With the main loop gone it is kept in the spool, which another process replays. Never raises.
        """
        try:
            callback: Callback = await self._within(line_trouble.promise_callback(utterance, self.services))
        except DeskUnavailable:
            callback = await asyncio.to_thread(line_trouble.spool_callback, utterance, self.services)
        return "" if callback.hold else "will_be_rung" if callback.number else "number_unknown"

    async def raise_beside(self, utterance: Utterance, hit: ScreenHit) -> None:
        """Danger, or 人工, while the main loop does not answer: into the spool, for the sweep of another process."""
        await asyncio.to_thread(line_trouble.spool_call_for_help, utterance, hit, self.services)

    async def told(self, utterance: Utterance, session_id: str) -> list[str]:
        """What is to be said in this session outside a turn; it counts as said, so it is waited for as long as it
        takes. Raises DeskUnavailable.
        """
        work = outbox.take(utterance.channel, utterance.address, self.services, session_id=session_id)
        return await self._asked(work)

    async def state(self, utterance: Utterance) -> CallState | None:
        """The session as it is now, None when there is no open one. Raises DeskUnavailable."""
        return await self._within(self._state(utterance))

    async def operator_left(self, session_id: str, operator_id: str) -> bool:
        """The operator's phone hung up: True when there is danger and everybody is told again. Raises
        DeskUnavailable; it is tried again behind.
        """
        return await self._within(leaving.operator_left(session_id, operator_id, self.services))

    async def answers(self) -> bool:
        """Whether the main loop is alive."""
        try:
            await self._within(asyncio.sleep(0))
        except DeskUnavailable:
            return False
        return True

    async def _state(self, utterance: Utterance) -> CallState | None:
        async with self.services.unit_of_work() as uow:
            session = await uow.sessions.open_for(utterance.channel, utterance.address, utterance.contact)
            if session is None:
                return None
            urgent = await urgent_escalation(session.session_id, uow)
            ahead = await waiting_line.ahead_of(session.session_id, uow)
        return CallState(
            session.session_id,
            urgent=urgent is not None,
            held_by=session.operator_id,
            waiting_for_person=ahead is not None,
            ahead=ahead or 0,
            quiet=urgent is not None and not may_push(urgent),
        )

    async def _within(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return await asyncio.wait_for(self._asked(work), self._limit)
        except TimeoutError as late:
            raise DeskUnavailable from late

    async def _asked(self, work: Coroutine[Any, Any, T]) -> T:
        """The result from the main loop; giving up waiting does not stop the work."""
        try:
            future = asyncio.run_coroutine_threadsafe(work, self._main)
        except RuntimeError as gone:
            work.close()
            raise DeskUnavailable from gone
        answer = asyncio.wrap_future(future)
        answer.add_done_callback(lambda done: done.cancelled() or done.exception())  # even if nobody waits any more
        try:
            return await asyncio.shield(answer)
        except asyncio.CancelledError:
            if future.cancelled():  # there, not here: the main loop is going down
                raise DeskUnavailable from None
            raise
        except Exception as error:
            log.error("the desk failed: %s", type(error).__name__)
            raise DeskUnavailable from error
