"""How likely it is that somebody is in danger, where no phrase is sure: signs, frames and sounds weighed together.

A linear model, learnt from `tests/data/screen_dev.tsv` alone by `warmline nlu learn-screen` and kept as numbers in
`suspicion.json`. It decides one thing: whether the short question is asked. What acts at once never depends on it.
Each weight belongs to something that can be read: a character pair, two or three syllables, a kind of sign.
"""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from knowledge.clauses import Heard, heard
from knowledge.phrasebook import KINDS
from knowledge.signs import Sign, signs_in

WEIGHTS = Path(__file__).parent / "suspicion.json"
LONGEST_PIECE = 40
"""Characters weighed at once: a longer text is weighed piece by piece, so that calm words never outweigh a cry."""
SHARED = 20
"""Characters that two pieces share."""
SCALE = 100
"""Weights are kept as whole hundredths."""
LENGTHS = (4, 8, 14, 22)
MOST_COUNTED = 5
SHORTEST_FRAME_BY_SOUND = 3


@dataclass
class _Seen:
    """What the tree found in a piece: groups by sort, and how many characters they cover."""

    strong: dict[str, bool] = field(default_factory=dict)
    weak: set[str] = field(default_factory=set)
    frames: set[str] = field(default_factory=set)
    covered: set[int] = field(default_factory=set)
    covered_right: set[int] = field(default_factory=set)
    framed: set[int] = field(default_factory=set)

    def add(self, sign: Sign) -> None:
        """Take note of one sign. Weak ones and short frames count only when written just so."""
        if sign.sort == "strong":
            self._add_strong(sign)
        elif sign.sort == "weak":
            if sign.right:
                self.weak.add(sign.group)
        elif sign.right or sign.end - sign.start >= SHORTEST_FRAME_BY_SOUND:
            self.frames.add(sign.group)
            if sign.right and sign.group == "harmless":
                self.framed.update(range(sign.start, sign.end))

    def _add_strong(self, sign: Sign) -> None:
        self.strong[sign.group] = self.strong.get(sign.group, False) or sign.right
        self.covered.update(range(sign.start, sign.end))
        if sign.right:
            self.covered_right.update(range(sign.start, sign.end))


def features(text: str) -> set[str]:
    """Everything that is weighed about a short text, each thing once."""
    said = heard(text)
    return _features(said.letters, said.letter_sounds, _seen(signs_in(said.text, said.sounds)))


def _features(text: str, sounds: Sequence[str], seen: _Seen) -> set[str]:
    return {*_ngrams(text, sounds), *_groups(seen, len(text))}


def _seen(signs: Iterable[Sign]) -> _Seen:
    seen = _Seen()
    for sign in signs:
        seen.add(sign)
    return seen


def _ngrams(text: str, sounds: Sequence[str]) -> Iterator[str]:
    chars, heard = f"^{text}$", ["^", *sounds, "$"]
    for place, sound in enumerate(heard):
        yield chars[place]
        yield chars[place : place + 2]
        yield f" {sound}"
        if place + 1 < len(heard):
            yield f" {sound} {heard[place + 1]}"
        if place + 2 < len(heard):
            yield f" {sound} {heard[place + 1]} {heard[place + 2]}"


def _groups(seen: _Seen, length: int) -> Iterator[str]:
    best = "strong" if seen.strong else "weak" if seen.weak else "none"
    yield f"#{best}"
    for group, right in seen.strong.items():
        yield f"#strong {group}"
        if right:
            yield f"#right {group}"
    yield from (f"#weak {group}" for group in seen.weak)
    for group in seen.frames:
        yield f"#frame {group}"
        yield f"#{best} {group}"
    if not seen.frames - {"urgent"}:
        yield f"#{best} bare"
    yield from _steps("#covered", (len(seen.covered) + 1) // 2, MOST_COUNTED)
    yield from _steps("#covered right", (len(seen.covered_right) + 1) // 2, MOST_COUNTED)
    yield from _steps("#framed", (len(seen.framed) + 1) // 2, MOST_COUNTED)
    yield from _steps("#share", 4 * len(seen.covered) // max(1, length), 4)
    yield from _steps("#framed share", 4 * len(seen.framed) // max(1, length), 4)
    yield from _steps("#kinds", len(seen.strong) - 1, 2)
    yield from (f"#longer {limit}" for limit in LENGTHS if length > limit)


def _steps(name: str, count: int, most: int) -> Iterator[str]:
    return (f"{name} {step}" for step in range(1, min(count, most) + 1))


@cache
def _weights() -> tuple[dict[str, int], int]:
    learnt = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return learnt["weights"], learnt["bias"]


@dataclass(frozen=True, slots=True)
class Suspicion:
    """`weight`: log odds of danger, below zero where it is unlikely; `kind`: what the signs say, else other."""

    weight: float
    kind: str


def suspicion(said: Heard, signs: list[Sign]) -> Suspicion:
    """Weigh what was said and the signs in it: the most suspicious piece."""
    text, sounds = said.letters, said.letter_sounds
    if len(text) <= LONGEST_PIECE:
        return _weighed(text, sounds, signs)
    starts = range(0, len(text) - SHARED, LONGEST_PIECE - SHARED)
    pieces = ((start, start + LONGEST_PIECE) for start in starts)
    found = (_weighed(text[a:b], sounds[a:b], [s for s in signs if a <= s.start and s.end <= b]) for a, b in pieces)
    return max(found, key=lambda suspicion: suspicion.weight)


def _weighed(text: str, sounds: Sequence[str], signs: Iterable[Sign]) -> Suspicion:
    weights, bias = _weights()
    seen = _seen(signs)
    total = sum(weights.get(name, 0) for name in _features(text, sounds, seen))
    return Suspicion((bias + total) / SCALE if text else -math.inf, _kind(seen))


def _kind(seen: _Seen) -> str:
    """The kind with the most signs; of several the most urgent one."""
    points = {kind: 2 + right for kind, right in seen.strong.items()}
    for kind in seen.weak:
        points[kind] = points.get(kind, 0) + 1
    return max(KINDS, key=lambda kind: (points.get(kind, 0), -KINDS.index(kind))) if points else "other"
