"""When a caller begins to speak and when the turn is over. Pure: time is the frames fed."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

from voice.legs import FRAME_SECONDS
from voice.voice_activity import VoiceActivity

STARTED_FRAMES, STARTED_WINDOW = 13, 25
"""So many voiced frames within so many (260 ms within half a second): clicks, coughs and keys have fewer."""
VOICED_FRAMES, VOICED_WINDOW = 3, 5
"""So many of the last few frames keep a silence from running: one stray frame does not."""
WORDS_LAG_SECONDS = 0.5
"""The recogniser's words come up to so long after the voice."""
HURRIED_SECONDS = 3.0
"""Danger is answered after so long, even if words go on coming: from a television, or from the caller."""
NO_WORDS_SECONDS = 4.0
"""A voice of which nothing at all is understood, for so long, is a television or an empty turn."""


@dataclass(frozen=True)
class SpeechStarted:
    """Somebody speaks: no click, cough or key. Comes about 0.3 s after the first sound, once a turn."""


@dataclass(frozen=True)
class EndOfTurn:
    """The turn is over.

    silence: nobody speaks any more; stable_text: there is a voice still, but no new words come of it (television);
    too_long: it was cut at the longest turn, or danger has to be answered.
    """

    reason: Literal["silence", "stable_text", "too_long"]


TurnEvent = SpeechStarted | EndOfTurn


class TurnTaker:
    """Turn taking of one call. Feed it every frame heard, in order."""

    def __init__(
        self, end_of_turn_seconds: float = 1.2, max_turn_seconds: float = 20.0, hurry_seconds: float = 0.5
    ) -> None:
        self.hurry = False
        """The words so far are danger or 人工: `hurry_seconds` of silence are enough. `reset` clears it."""
        self._end_seconds, self._longest, self._hurry_seconds = end_of_turn_seconds, max_turn_seconds, hurry_seconds
        self._activity = VoiceActivity()
        self._length: int | None = None
        self.reset()

    @property
    def speaking(self) -> bool:
        """Between SpeechStarted and EndOfTurn."""
        return self._turn_seconds is not None

    @property
    def quiet_seconds(self) -> float:
        """Since the last speech, or since `reset` when there was none. Noise does not count as speech."""
        return self._quiet

    def reset(self) -> None:
        """Wait for a new turn, in silence so far. What was learned about noise is kept. EndOfTurn does this itself."""
        self.hurry = False
        self._voiced: deque[bool] = deque(maxlen=STARTED_WINDOW)
        self._quiet = 0.0
        self._turn_seconds: float | None = None
        self._hurried = 0.0
        self._voice_without_words = 0.0
        self._text = ""
        self._length = None  # whatever text there is at the next frame is of the turn before

    def feed(self, frame: bytes, partial: str = "") -> list[TurnEvent]:
        """20 ms of sound and the recogniser's text of this turn so far; what follows from them.

        `partial` has to begin anew with each turn.
        """
        voiced = self._activity.hears(frame)
        self._voiced.append(voiced)
        grown = self._follow(partial, voiced)
        self._quiet += FRAME_SECONDS
        if self._turn_seconds is None:
            return self._started() if grown or sum(self._voiced) >= STARTED_FRAMES else []
        self._turn_seconds += FRAME_SECONDS
        self._hurried = self._hurried + FRAME_SECONDS if self.hurry else 0.0
        # New words soon after a voice are of that voice; later ones tell of speech too quiet to be heard as such.
        if self._voiced_now() or (grown and self._quiet > WORDS_LAG_SECONDS):
            self._quiet = 0.0
        return self._ended()

    def _follow(self, partial: str, voiced: bool) -> bool:
        """Keep count of the words; whether there are more of them than ever in this turn."""
        text = partial.replace(" ", "")
        self._voice_without_words = 0.0 if text != self._text else self._voice_without_words + voiced * FRAME_SECONDS
        grown = self._length is not None and len(text) > self._length
        self._length = max(len(text), self._length or 0) if self.speaking else len(text)
        self._text = text
        return grown

    def _voiced_now(self) -> bool:
        return sum(list(self._voiced)[-VOICED_WINDOW:]) >= VOICED_FRAMES

    def _started(self) -> list[TurnEvent]:
        self._turn_seconds = self._quiet = self._voice_without_words = 0.0
        return [SpeechStarted()]

    def _ended(self) -> list[TurnEvent]:
        reason = self._reason()
        if reason is None:
            return []
        if reason == "stable_text":
            self._activity.take_for_noise()
        self.reset()
        return [EndOfTurn(reason)]

    def _reason(self) -> Literal["silence", "stable_text", "too_long"] | None:
        limit = self._hurry_seconds if self.hurry else self._end_seconds
        if self._quiet >= limit:
            return "silence"
        if self._voice_without_words >= (limit + WORDS_LAG_SECONDS if self._text else NO_WORDS_SECONDS):
            return "stable_text"
        too_long = (self._turn_seconds or 0.0) >= self._longest or self._hurried >= HURRIED_SECONDS
        return "too_long" if too_long else None
