"""What is heard of one call: frames to the recogniser and to turn taking; whether the recogniser is there at all."""

from knowledge.screening import ScreenHit, screen
from language.text import normalise
from voice.legs import FRAME_BYTES, FRAME_SECONDS
from voice.speech import Heard, Listening
from voice.turn_taking import TurnEvent, TurnTaker

SILENT_FRAME = bytes(FRAME_BYTES)
STEADY_SECONDS = 0.3
LOOK_SECONDS = 0.5
"""Words so far are looked at once they have not changed for STEADY_SECONDS, and at least this often while they go on
changing (a television talks for ever): a full look at each change would cost too much.
"""


def screened(words: str) -> ScreenHit:
    """Danger, or the wish for a person, in a recogniser's words: under a millisecond."""
    return screen(normalise(words))


class Hearing:
    """Frames in, turns out. `now` is the loop's time, for frames that stay away."""

    def __init__(self, listening: Listening, taker: TurnTaker, now: float) -> None:
        self._listening, self._taker = listening, taker
        self._fed_at = self._worked_at = self._spoke_at = now
        self._words, self._steady, self._looked_at, self._since_look = "", 0.0, "", 0.0

    @property
    def speaking(self) -> bool:
        """The caller is in the middle of saying something: neither noise nor a pause."""
        return self._taker.speaking and self._taker.quiet_seconds < STEADY_SECONDS

    @property
    def in_turn(self) -> bool:
        """The caller has begun and has not come to an end."""
        return self._taker.speaking

    @property
    def spoke_at(self) -> float:
        """The loop's time of the last sign of the caller's voice."""
        return self._spoke_at

    def frame(self, pcm: bytes, now: float) -> list[TurnEvent]:
        """One frame heard."""
        self._fed_at = now
        self._listening.feed(pcm)
        partial = self._listening.partial
        self._look_at(partial)
        events = self._taker.feed(pcm, partial)
        if self._taker.speaking:
            self._spoke_at = now - self._taker.quiet_seconds
        return events

    def missing(self, now: float) -> list[TurnEvent]:
        """Silence for frames that did not come: a mute phone sends none."""
        events: list[TurnEvent] = []
        while now - self._fed_at > 10 * FRAME_SECONDS:
            events += self.frame(SILENT_FRAME, self._fed_at + FRAME_SECONDS)
        return events

    def away_seconds(self, now: float) -> float:
        """How long the recogniser has been away; 0 while it works."""
        if self._listening.working:
            self._worked_at = now
        return now - self._worked_at

    @property
    def partial(self) -> str:
        """The words so far of the turn that goes on."""
        return self._listening.partial

    async def finish(self, limit_seconds: float) -> Heard:
        """What was said in the turn that is over."""
        return await self._listening.finish(limit_seconds)

    def forget(self) -> None:
        """Begin anew: what has been going on was not said to us."""
        self._taker.reset()

    async def close(self) -> None:
        await self._listening.close()

    def _look_at(self, partial: str) -> None:
        """Certain danger or 人工 in the words so far: a short pause is enough then."""
        self._steady = self._steady + FRAME_SECONDS if partial == self._words else 0.0
        self._since_look += FRAME_SECONDS
        self._words = partial
        due = self._steady >= STEADY_SECONDS or self._since_look >= LOOK_SECONDS
        if not partial or partial == self._looked_at or not due:
            return
        self._looked_at, self._since_look = partial, 0.0
        hit = screened(partial)
        self._taker.hurry = hit.tier == "certain" or hit.wants_person
