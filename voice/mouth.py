"""What the caller hears of us: sentence after sentence, one made ahead; stopped, resumed, never silently failing."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from voice.audio import louder
from voice.legs import SAMPLE_RATE, CallLeg
from voice.speakable import sentences
from voice.speech import SpeechUnavailable, Voice

log = logging.getLogger(__name__)

AGAIN_SECONDS = 1.5
"""A recording that was broken off goes on this much before the place."""


HOPELESS_SECONDS = 0.5
"""Speech has just failed: so long for a next sentence, which may be at hand ready-made."""


@dataclass(frozen=True)
class Piece:
    """One sentence to be said, or the recording `key`, from `from_second` on."""

    text: str = ""
    key: str = ""
    interruptible: bool = True
    urgent: bool = False
    pace: float = 1.0
    gain: float = 1.0
    from_second: float = 0.0


def pieces(text: str, shape: Piece | None = None) -> list[Piece]:
    """The sentences of a text, all to be said as `shape` says."""
    return [replace(shape or Piece(), text=sentence, key="") for sentence in sentences(text)]


@dataclass
class MouthEvents:
    """Told by the mouth, on the audio loop: a sentence begins; speech could not be made (`urgent`: of danger)."""

    begins: Callable[[Piece], None]
    failed: Callable[[Piece], None]


class Mouth:
    """Speaks to one leg. `speak` adds to what is being said, `stop` breaks off what may be broken off."""

    def __init__(self, leg: CallLeg, voice: Voice, events: MouthEvents, limit_seconds: float = 4.0) -> None:
        self._leg, self._voice, self._events = leg, voice, events
        self._limit = self._patience = limit_seconds
        self._waiting: deque[Piece] = deque()
        self._current: Piece | None = None
        self._made: tuple[Piece, asyncio.Task[bytes]] | None = None
        self._work: asyncio.Task[None] | None = None
        self._making_since: float | None = None
        self.sounded_until = self.words_until = asyncio.get_running_loop().time()
        """The loop's time at which our last sound, our last words, ended or will end."""

    @property
    def quiet(self) -> bool:
        """Nothing is being said, and nothing is left to say."""
        return self._current is None and not self._waiting and self._leg.queued_seconds <= 0

    @property
    def sounding(self) -> bool:
        """Something of ours can be heard now."""
        return self._leg.queued_seconds > 0

    @property
    def making_since(self) -> float | None:
        """Since when a sentence is being made while nothing can be heard."""
        return None if self.sounding else self._making_since

    @property
    def must_finish(self) -> bool:
        """Something is being said, or waits, that the caller may not speak over."""
        return any(not piece.interruptible for piece in self._left())

    def speak(self, text: str, shape: Piece | None = None) -> None:
        """Say a text after what is being said."""
        self.say(pieces(text, shape))

    def say(self, said: list[Piece]) -> None:
        """Say these after what is being said."""
        self._waiting.extend(said)
        self._go()

    def again(self, rest: list[Piece]) -> None:
        """Say what was broken off, before anything else that waits."""
        self._waiting.extendleft(reversed(rest))
        self._go()

    def fill(self, piece: Piece) -> None:
        """A few recorded words at once, while the caller waits; not said again when they are spoken over."""
        self._events.begins(piece)
        self.sound(self._shaped(self._voice.recorded(piece.key), piece))

    def sound(self, pcm: bytes) -> None:
        """Any words, at once, behind what is queued."""
        self._leg.play(pcm)
        self.sounded_until = self.words_until = asyncio.get_running_loop().time() + self._leg.queued_seconds

    def tone(self, pcm: bytes) -> None:
        """A sound that is no words, at once."""
        words_until = self.words_until
        self.sound(pcm)
        self.words_until = words_until

    def stop(self, *, everything: bool = False) -> list[Piece]:
        """Break off; the caller hears nothing more within a frame. Gives what has not been said to its end.

        What must not be spoken over goes on, unless `everything`.
        """
        if self._current is not None and not self._current.interruptible and not everything:
            return []
        left = self._left()
        rest = [p for p in left if p.interruptible or everything]
        kept = [p for p in left if not p.interruptible and not everything]
        self._break_off()
        self._waiting.extend(kept)
        self._go()
        return rest

    async def done(self) -> None:
        """Wait until all has been said, or the leg is over."""
        while self._work is not None and not self._work.done():
            await asyncio.wait({self._work})
        await self._leg.drained()

    def close(self) -> None:
        """Nothing more will be said."""
        self._break_off()

    # --- inside ------------------------------------------------------------------------------------------

    def _left(self) -> list[Piece]:
        """What is being said, from here on, and what waits."""
        return [*([self._from_here(self._current)] if self._current else []), *self._waiting]

    def _go(self) -> None:
        if self._waiting and (self._work is None or self._work.done()):
            self._work = asyncio.create_task(self._say_all())
        elif self._current is not None and self._making_since is None:
            self._make_ahead()

    def _break_off(self) -> None:
        if self._work is not None:
            self._work.cancel()
        if self._made is not None:
            self._made[1].cancel()
        self._work = self._made = self._current = None
        self._waiting.clear()
        self._making_since = None
        if self.sounding:
            self._leg.flush()
            self.sounded_until = self.words_until = asyncio.get_running_loop().time()

    def _from_here(self, piece: Piece) -> Piece:
        if not piece.key:
            return piece
        length = len(self._voice.recorded(piece.key)) / (2 * SAMPLE_RATE)
        return replace(piece, from_second=max(0.0, length - self._leg.queued_seconds - AGAIN_SECONDS))

    async def _say_all(self) -> None:
        try:
            while self._waiting and self._leg.alive:
                piece = self._waiting.popleft()
                self._current = piece
                await self._say(piece)
        finally:
            if self._work is asyncio.current_task():
                self._current = self._making_since = None

    async def _say(self, piece: Piece) -> None:
        self._making_since = asyncio.get_running_loop().time()
        try:
            pcm = await self._pcm(piece)
        except SpeechUnavailable:
            self._patience = HOPELESS_SECONDS
            self._failed(piece)
            return
        self._making_since = None
        self._events.begins(piece)
        self.sound(pcm)
        self._make_ahead()
        await self._leg.drained()

    async def _pcm(self, piece: Piece) -> bytes:
        """The sound of a piece, from what was made ahead or made now."""
        if piece.key:
            recorded = self._voice.recorded(piece.key)
            return self._shaped(recorded[int(piece.from_second * SAMPLE_RATE) * 2 :], piece)
        made, self._made = self._made, None
        task = made[1] if made is not None and made[0] is piece else self._make(piece)
        try:
            pcm = await asyncio.wait_for(task, self._patience)
        except TimeoutError as late:
            raise SpeechUnavailable from late
        self._patience = self._limit
        return self._shaped(pcm, piece)

    def _shaped(self, pcm: bytes, piece: Piece) -> bytes:
        return louder(pcm, piece.gain) if piece.gain != 1.0 else pcm

    def _make(self, piece: Piece) -> asyncio.Task[bytes]:
        task = asyncio.create_task(self._speech(piece))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())  # even if nobody asks for it
        return task

    async def _speech(self, piece: Piece) -> bytes:
        try:
            return await self._voice.speak(piece.text, piece.pace)
        except SpeechUnavailable:
            raise
        except Exception as error:  # whatever it is, the caller must hear something
            log.error("speech failed: %s", type(error).__name__)
            raise SpeechUnavailable from error

    def _make_ahead(self) -> None:
        if self._waiting and self._made is None and not self._waiting[0].key:
            self._made = (self._waiting[0], self._make(self._waiting[0]))

    def _failed(self, piece: Piece) -> None:
        """The rest of an ordinary reply would fail as well; of a safety reply every sentence is tried."""
        if piece.interruptible:
            while self._waiting and self._waiting[0].interruptible and not self._waiting[0].key:
                self._waiting.popleft()
        if not any(p.text and not p.interruptible for p in self._waiting):
            self._events.failed(piece)
