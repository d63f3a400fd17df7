"""What the simulated caller makes of what it hears: Vosk with the small test model, in this process."""

import asyncio
import json
import re
from functools import cache
from typing import Any

from bootstrap.own_stack import TEST_MODEL
from knowledge.wording import say
from voice.legs import SAMPLE_RATE

FILLERS = ("one_moment", "one_moment_more")
"""Keys of `knowledge/wording.yaml`."""
PAD = bytes(SAMPLE_RATE)
"""Half a second of silence around, which ends the last word."""


async def words_of(pcm: bytes) -> str:
    """The Chinese characters recognised in it, "" for none; off the loop."""
    return await asyncio.to_thread(_recognised, pcm) if pcm else ""


def is_filler(words: str) -> bool:
    """Whether that is only what the line says while it is still busy."""
    return words in _fillers()


def begins_with_filler(words: str) -> bool:
    """Whether the line first says that it is busy, and goes on at once."""
    return words.startswith(tuple(_fillers()))


@cache
def _fillers() -> frozenset[str]:
    return frozenset(re.sub(r"\W", "", say(key)) for key in FILLERS)


def _recognised(pcm: bytes) -> str:
    from vosk import KaldiRecognizer

    recogniser, found = KaldiRecognizer(_model(), SAMPLE_RATE), []
    sound = PAD + pcm + PAD
    for begin in range(0, len(sound), SAMPLE_RATE):
        if recogniser.AcceptWaveform(sound[begin : begin + SAMPLE_RATE]):
            found.append(json.loads(recogniser.Result())["text"])
    found.append(json.loads(recogniser.FinalResult())["text"])
    return "".join("".join(found).split())


@cache
def _model() -> Any:
    from vosk import Model, SetLogLevel

    SetLogLevel(-1)
    return Model(str(TEST_MODEL))
