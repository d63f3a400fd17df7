"""Ringing back callers who were cut off in danger, by the schedule, until somebody answers or a person took over."""

import asyncio
import logging
from functools import partial

from hotline.callbacks import Callback
from hotline.sessions import CallSession
from voice.call import Opening
from voice.legs import DialFailed, Endpoint
from voice.line import Line
from voice.office import Office, OfficeUnavailable
from voice.placing import placed

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


class RingBack:
    """Lives on the audio loop. Several lines may run it: a try belongs to whoever the database gives it to."""

    def __init__(self, endpoint: Endpoint, line: Line, office: Office) -> None:
        self._endpoint, self._line, self._office = endpoint, line, office
        self._ringing: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """As long as the line runs."""
        while True:
            try:
                await self.look()
            except OfficeUnavailable:
                log.debug("ring-back: the database does not answer")
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Ring whatever is due now and not being rung. Raises OfficeUnavailable."""
        for callback in await self._office.due():
            if callback.callback_id in self._ringing:
                continue
            session = await self._office.take_try(callback)
            if session is not None:
                task = asyncio.create_task(self._ring(callback, session))
                self._ringing[callback.callback_id] = task
                task.add_done_callback(partial(self._rung, callback.callback_id))

    async def _ring(self, callback: Callback, session: CallSession) -> None:
        try:
            leg = await placed(self._endpoint, str(callback.number), self._until_unwanted(callback.callback_id))
        except DialFailed as failed:
            log.info("callback %s, try %d: %s", callback.callback_id, callback.tries + 1, failed.reason)
            return
        if leg is not None:
            await self._office.answered(callback.callback_id)
            await self._line.go_on(leg, session, Opening("ring_back_opening"))

    async def _until_unwanted(self, callback_id: str) -> None:
        """Returns once a person has taken over or rung back himself."""
        wanted = True
        while wanted:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                wanted = await self._office.still_wanted(callback_id)
            except OfficeUnavailable:
                continue  # nobody is told not to be rung because the database is away

    def _rung(self, callback_id: str, task: asyncio.Task[None]) -> None:
        del self._ringing[callback_id]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("callback %s: ringing failed: %s", callback_id, type(error).__name__)
