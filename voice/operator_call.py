"""One answered call with an operator: speak, wait for a key, put the caller through."""

import asyncio
import logging
from collections.abc import Collection

from voice.legs import CallLeg, HungUp, Key
from voice.mouth import Mouth, MouthEvents, Piece
from voice.speech import Voice

log = logging.getLogger(__name__)

TIMES = 3
"""How often a question is said before the operator counts as not there (a mailbox picks up too)."""
PAUSE_SECONDS = 4.0
YES, NO = "1", "2"
EVERY_SENTENCE = Piece(interruptible=False)
"""One that can't be made is left out; what to press is shipped as a recording."""


class OperatorGone(Exception):
    """The operator has hung up."""


class Overtaken(Exception):
    """What the operator was being asked has been settled elsewhere."""


class OperatorCall:
    """Speaks to an operator's leg and puts callers through to it. `over` set: stop asking."""

    def __init__(self, leg: CallLeg, operator_id: str, voice: Voice, over: asyncio.Event) -> None:
        self.leg, self.operator_id = leg, operator_id
        self._voice, self._over = voice, over
        self._mouth = Mouth(leg, voice, MouthEvents(begins=lambda _piece: None, failed=lambda _piece: None))

    async def ask(self, text: str, keys: Collection[str] = (YES, NO)) -> str | None:
        """Say it until one of the keys is pressed; None after a few times. Raises OperatorGone or Overtaken."""
        self._forget_early_keys()
        for _ in range(TIMES):
            self._mouth.speak(text, EVERY_SENTENCE)
            key = await self._key_within(keys)
            if key is not None:
                self._mouth.stop(everything=True)
                return key
        return None

    async def tell(self, text: str) -> None:
        """Say it to the end, or until the operator hangs up."""
        self._mouth.speak(text, EVERY_SENTENCE)
        await self._mouth.done()

    def close(self) -> None:
        self._mouth.close()
        self.leg.hang_up()

    def quiet(self) -> None:
        """Nothing more of ours is heard: two people are going to talk."""
        self._mouth.stop(everything=True)

    def _forget_early_keys(self) -> None:
        kept = []
        while not self.leg.events.empty():
            event = self.leg.events.get_nowait()
            if isinstance(event, HungUp):
                kept.append(event)
        for event in kept:
            self.leg.events.put_nowait(event)

    async def _key_within(self, keys: Collection[str]) -> str | None:
        """A key, from now until a while after the last word."""
        work = {
            "key": asyncio.create_task(next_key(self.leg, keys)),
            "over": asyncio.create_task(self._over.wait()),
            "said": asyncio.create_task(self._said()),
        }
        try:
            await asyncio.wait(work.values(), return_when=asyncio.FIRST_COMPLETED)
            if work["key"].done():
                return str(work["key"].result())
            if work["over"].done():
                self._mouth.stop(everything=True)
                raise Overtaken
            return None
        finally:
            for task in work.values():
                task.cancel()
            await asyncio.gather(*work.values(), return_exceptions=True)

    async def _said(self) -> None:
        await self._mouth.done()
        await asyncio.sleep(PAUSE_SECONDS)


async def next_key(leg: CallLeg, keys: Collection[str]) -> str:
    """The next of these keys that is pressed. Raises OperatorGone."""
    while True:
        event = await leg.events.get()
        if isinstance(event, Key) and event.digit in keys:
            return event.digit
        if isinstance(event, HungUp):
            raise OperatorGone


async def until_hung_up(leg: CallLeg) -> None:
    """Wait for the end of a leg."""
    while not isinstance(await leg.events.get(), HungUp):
        pass
