"""What the line needs of speech: a voice that speaks a sentence, ears that follow one call. The only two ports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class SpeechUnavailable(Exception):
    """Synthesis or recognition does not answer in time or not at all."""


class Voice(Protocol):
    """Turns text into sound."""

    async def speak(self, text: str, pace: float = 1.0) -> bytes:
        """The sound of one sentence, 8000 Hz s16 mono; `pace` below 1 is slower.

        From memory, from the disk, or made now; a human recording wins. Raises SpeechUnavailable.
        """

    def recorded(self, key: str) -> bytes:
        """The shipped recording of an essential sentence (`knowledge/wording.yaml` by key); never fails for want
        of a server, the network or the disk: it is read at start."""


@dataclass(frozen=True)
class Heard:
    """What was recognised since the last time: words as the recogniser gives them, spaces included."""

    text: str = ""
    complete: bool = True
    """False when the recogniser was lost in between, so that words may be missing."""


class Listening(Protocol):
    """Recognition of one call, from answer to hang-up. Feeding never waits."""

    def feed(self, pcm: bytes) -> None:
        """Sound in order, any length. Dropped while the recogniser is away."""

    @property
    def partial(self) -> str:
        """What it makes of the words so far since the last `finish`: finals joined, then the present guess."""

    @property
    def working(self) -> bool:
        """False while the recogniser is away."""

    async def finish(self, limit_seconds: float = 1.0) -> Heard:
        """End of a turn: everything since the last one. Never raises; what is missing shows in `complete`."""

    async def close(self) -> None: ...


class Ears(Protocol):
    """Speech recognition."""

    def listen(self) -> Listening:
        """Follow a new call; connects in the background."""
