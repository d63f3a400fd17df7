"""What the simulated caller says, as sound: espeak-ng in this process, which is a tool and no part of the service."""

import asyncio
import re
from dataclasses import dataclass, field

from language.phones import say_digits
from voice.tts.engine import SynthesisFailed, synthesise

VOICE, RATE, PITCH = "cmn-latn-pinyin+f3", 150, 50


_DIGITS = re.compile(r"\d{4,}")
"""Telephone numbers and their last four: nobody says those as a quantity."""


class CannotSpeak(Exception):
    """espeak-ng makes no sound: it is not installed whole (`make setup`), or knows no such voice."""


@dataclass
class Speaker:
    """One caller's voice. What was said once is kept."""

    voice: str = VOICE
    rate: int = RATE
    pitch: int = PITCH
    _made: dict[str, bytes] = field(default_factory=dict)

    async def sound(self, text: str) -> bytes:
        """8000 Hz s16 mono, made off the loop. Raises CannotSpeak."""
        if text not in self._made:
            self._made[text] = await asyncio.to_thread(self._make, text)
        return self._made[text]

    def _make(self, text: str) -> bytes:
        try:
            return synthesise(
                _DIGITS.sub(lambda found: say_digits(found[0], one="幺"), text), self.rate, self.voice, self.pitch
            )
        except (SynthesisFailed, ImportError, OSError) as error:
            raise CannotSpeak(f"no speech for the caller ({type(error).__name__}); `make setup`") from error
