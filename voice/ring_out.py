"""Promised callbacks ring out: the elder is rung; once a person has answered, one of ours or the assistant speaks."""

import asyncio
import logging
from functools import partial

from hotline.callbacks import Callback, CallbackBy
from hotline.ring_out import ANSWERED, TOLD, Outgoing
from knowledge.ringing import ringing
from voice.call import Opening
from voice.hearing import screened
from voice.legs import CallLeg, DialFailed, Endpoint
from voice.line import Line
from voice.office import Office, OfficeUnavailable
from voice.operators import OperatorPhones
from voice.placing import placed
from voice.who_answers import Answer

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
RENEW_SECONDS = 15.0
"""A quarter of `hotline.ring_out.LEASE_SECONDS`."""

MACHINE, HUNG_UP, STOPPED = "machine", "hung_up", "stopped"
"""Outcomes: a mailbox answered; hung up without a word; pointless before anybody answered."""


class RingOut:
    """Lives on the audio loop. Several lines may run it: a callback belongs to whoever the database gives it to."""

    def __init__(self, endpoint: Endpoint, line: Line, office: Office, phones: OperatorPhones) -> None:
        self._endpoint, self._line, self._office, self._phones = endpoint, line, office, phones
        self._ringing: dict[str, asyncio.Task[None]] = {}
        self._for_person: dict[str, Outgoing] = {}

    async def run(self) -> None:
        """As long as the line runs."""
        while True:
            try:
                await self.look()
            except OfficeUnavailable:
                log.debug("ring-out: the database does not answer")
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Ring what is due: for a person only while somebody is free to be put through. Raises OfficeUnavailable."""
        due = await self._office.due_callbacks()
        free = await self._free() if due else 0
        for callback in due:
            for_person = callback.by == CallbackBy.PERSON
            if callback.callback_id in self._ringing or (for_person and free <= 0):
                continue
            outgoing = await self._office.take_callback(callback)
            if outgoing is not None:
                self._begin(callback, outgoing)
                free -= for_person

    async def _free(self) -> int:
        """Operators who are free, without those whom somebody will need who is being rung now."""
        coming = [one for one in self._for_person.values() if not self._has_person(one)]
        return self._phones.expected(await self._office.ready_phones()) - len(coming)

    def _has_person(self, outgoing: Outgoing) -> bool:
        call = self._line.by_session(outgoing.session.session_id)
        return call is not None and call.bridged

    def _begin(self, callback: Callback, outgoing: Outgoing) -> None:
        self._ringing[callback.callback_id] = task = asyncio.create_task(self._ring(outgoing))
        if outgoing.for_person:
            self._for_person[callback.callback_id] = outgoing
        task.add_done_callback(partial(self._rung, callback.callback_id))

    async def _ring(self, outgoing: Outgoing) -> None:
        keeping = asyncio.create_task(self._keep(outgoing.callback.callback_id))
        try:
            outcome = await self._called(outgoing)
        finally:
            keeping.cancel()
        log.info("callback %s, try %d: %s", outgoing.callback.callback_id, outgoing.attempt.number, outcome)
        await self._office.callback_tried(outgoing, outcome)

    async def _called(self, outgoing: Outgoing) -> str:
        """One call, to its end; what became of it."""
        unwanted = self._until_unwanted(outgoing.callback.callback_id)
        try:
            leg = await placed(self._endpoint, outgoing.number, unwanted, ringing().callbacks.ring_seconds)
        except DialFailed as failed:
            return failed.reason
        if leg is None:
            return STOPPED
        try:
            answer = await self._line.who_answers(leg, "callback_is_there")
            if answer.who == "person":
                return await self._talk(leg, outgoing, answer)
            return MACHINE if answer.who == "machine" else HUNG_UP
        finally:
            leg.hang_up()

    async def _talk(self, leg: CallLeg, outgoing: Outgoing, answer: Answer) -> str:
        matters = screened(answer.words).tier is not None or screened(answer.words).wants_person
        said, keys = (answer.words if matters else ""), ("0" if answer.keys == "0" else "")
        if outgoing.contact_id is not None:
            await self._line.tell(leg, outgoing.number, Opening("callback_contact", said, keys))
            return TOLD
        await self._office.callback_answered(outgoing)
        key = "callback_person" if outgoing.for_person else "callback_assistant"
        keys = "" if outgoing.for_person else keys  # a person is being called already
        await self._line.go_on(leg, outgoing.session, Opening(key, said, keys, waits=outgoing.for_person))
        return ANSWERED

    async def _until_unwanted(self, callback_id: str) -> None:
        """Returns once a person has taken it over or it was kept in another way."""
        wanted = True
        while wanted:
            await asyncio.sleep(LOOK_SECONDS)
            wanted = await self._renewed(callback_id)

    async def _keep(self, callback_id: str) -> None:
        """Nobody else rings it while this call goes on."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            await self._renewed(callback_id)

    async def _renewed(self, callback_id: str) -> bool:
        try:
            return await self._office.renew_callback(callback_id)
        except OfficeUnavailable:
            return True  # nobody is told not to be rung because the database is away

    def _rung(self, callback_id: str, task: asyncio.Task[None]) -> None:
        del self._ringing[callback_id]
        self._for_person.pop(callback_id, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("callback %s: ringing failed: %s", callback_id, type(error).__name__)
