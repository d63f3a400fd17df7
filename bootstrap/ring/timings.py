"""Timings out of recorded sound: when somebody speaks, how long an answer takes, how long nothing is heard. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from voice.legs import SAMPLE_RATE

LOUD = 180
"""Root mean square (of 32768) of 10 ms above which there is sound: line noise is below 20, speech in the thousands."""
PIECE_SECONDS = 0.01
PAUSE_SECONDS = 0.35
"""A shorter silence is a pause within what is being said."""
SENTENCE_PAUSE_SECONDS = 0.7
SHORTEST_SECONDS = 0.03


@dataclass(frozen=True)
class Span:
    """Sound from `begin` to `end`, seconds since the call was answered."""

    begin: float
    end: float


def is_loud(pcm: bytes) -> bool:
    """Whether there is sound in this frame."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32)
    return bool(len(samples)) and float(np.sqrt(np.mean(samples**2))) > LOUD


def spans(pcm: bytes, offset: float = 0.0, pause: float = PAUSE_SECONDS) -> list[Span]:
    """Where there is sound; `offset` is when `pcm` begins."""
    size = int(SAMPLE_RATE * PIECE_SECONDS)
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32)
    pieces = samples[: len(samples) // size * size].reshape(-1, size)
    loud = np.flatnonzero(np.sqrt(np.mean(pieces**2, axis=1)) > LOUD) if len(pieces) else np.array([], dtype=np.intp)
    found: list[Span] = []
    for number in loud.tolist():
        begin, end = offset + number * PIECE_SECONDS, offset + (number + 1) * PIECE_SECONDS
        if found and begin - found[-1].end < pause:
            found[-1] = Span(found[-1].begin, end)
        else:
            found.append(Span(begin, end))
    return [one for one in found if one.end - one.begin >= SHORTEST_SECONDS]


def last_sound(pcm: bytes) -> float:
    """Seconds up to the end of the last sound: where speech ends, without the silence behind it."""
    found = spans(pcm)
    return found[-1].end if found else 0.0


def first_after(heard: Sequence[Span], moment: float) -> Span | None:
    """The first sound that begins at or after `moment`; what was going on then does not count."""
    return next((one for one in heard if one.begin >= moment), None)


def longest_gap(begin: float, heard: Iterable[Span]) -> float:
    """The longest time in which nothing was heard from `begin` to the last of these spans, seconds."""
    longest, quiet_since = 0.0, begin
    for one in heard:
        longest, quiet_since = max(longest, one.begin - quiet_since), max(quiet_since, one.end)
    return longest


def sentences(heard: Sequence[Span], pause: float = SENTENCE_PAUSE_SECONDS) -> list[tuple[float, float]]:
    """Begin and end of what is said in one go."""
    found: list[tuple[float, float]] = []
    for one in heard:
        if found and one.begin - found[-1][1] < pause:
            found[-1] = (found[-1][0], one.end)
        else:
            found.append((one.begin, one.end))
    return found


def milliseconds(seconds: float | None) -> int | None:
    """Whole milliseconds, None for none."""
    return None if seconds is None else round(seconds * 1000)
