"""Who has picked up a call that we placed: a person, or a mailbox? A person presses a key or says something."""

import asyncio
from dataclasses import dataclass
from typing import Literal

from knowledge.ringing import is_mailbox
from voice.hearing import Hearing, screened
from voice.legs import CallLeg, HungUp, Key, LegEvent
from voice.mouth import Mouth, MouthEvents, Piece
from voice.speech import Ears, Voice
from voice.turn_taking import EndOfTurn, TurnTaker

TIMES = 2
"""How often we ask; a recogniser that is away leaves the keys."""
PAUSE_SECONDS = 5.0
LONG_SPEECH_SECONDS = 6.0
"""Nobody greets that long without a pause: such words are a greeting on tape, unless they tell of danger."""
HEARING_SECONDS, TICK_SECONDS = 1.0, 0.1


@dataclass(frozen=True)
class Answer:
    """`words` and `keys` are what a person said or pressed; `gone`: hung up without either."""

    who: Literal["person", "machine", "gone"]
    words: str = ""
    keys: str = ""


MACHINE, GONE = Answer("machine"), Answer("gone")


async def who_answers(leg: CallLeg, voice: Voice, ears: Ears, question: str, end_of_turn_seconds: float) -> Answer:
    """Say the recording `question` until a person answers it; the leg stays as it is."""
    mouth = Mouth(leg, voice, MouthEvents(begins=lambda _piece: None, failed=lambda _piece: None))
    taker = TurnTaker(end_of_turn_seconds, LONG_SPEECH_SECONDS)
    pickup = _Pickup(leg, Hearing(ears.listen(), taker, asyncio.get_running_loop().time()))
    try:
        for _ in range(TIMES):
            mouth.say([Piece(key=question)])
            answer = await pickup.answer(mouth)
            if answer is not None:
                return answer
        return MACHINE
    finally:
        mouth.close()
        await pickup.hearing.close()


class _Pickup:
    """What comes from the other side. Once it has spoken on and on, only keys and danger count."""

    def __init__(self, leg: CallLeg, hearing: Hearing) -> None:
        self._leg, self.hearing = leg, hearing
        self._on_tape = False

    async def answer(self, mouth: Mouth) -> Answer | None:
        """From now on until a while after our last word; None for nothing sensible."""
        said = asyncio.create_task(_said(mouth))
        try:
            while not said.done() or self.hearing.in_turn:
                answer = await self._look(await _next(self._leg))
                if answer is not None:
                    return answer
            return None
        finally:
            said.cancel()

    async def _look(self, event: LegEvent | None) -> Answer | None:
        if isinstance(event, HungUp):
            return GONE
        if isinstance(event, Key):
            return Answer("person", keys=event.digit)
        now = asyncio.get_running_loop().time()
        turns = self.hearing.missing(now) if event is None else self.hearing.frame(event.pcm, now)
        for turn in turns:
            if isinstance(turn, EndOfTurn):
                self._on_tape = self._on_tape or turn.reason == "too_long"
                return self._judged((await self.hearing.finish(HEARING_SECONDS)).text.strip())
        return None

    def _judged(self, words: str) -> Answer | None:
        if is_mailbox(words):
            return MACHINE
        if not words or (self._on_tape and screened(words).tier is None):
            return None
        return Answer("person", words=words)


async def _next(leg: CallLeg) -> LegEvent | None:
    """The next event; None when there is none for a moment (a mute phone)."""
    try:
        async with asyncio.timeout(TICK_SECONDS):
            return await leg.events.get()
    except TimeoutError:
        return None


async def _said(mouth: Mouth) -> None:
    await mouth.done()
    await asyncio.sleep(PAUSE_SECONDS)
