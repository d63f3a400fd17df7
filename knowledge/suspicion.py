"""How likely danger is, and which: phrases, what stands around them, signs and sounds weighed together.

Linear models, learnt from `tests/data/screen_dev.tsv` alone by `warmline nlu learn-screen` and kept as numbers in
`suspicion.json` and `kinds.json`. Each weight belongs to something that can be read: a character pair, two or three
syllables, a kind of sign, a phrase beside a word of the past.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations
from pathlib import Path

from knowledge.clauses import Heard, heard
from knowledge.evidence import Evidence, evidence
from knowledge.signs import Sign, signs_in

DANGER, KINDS_OF_IT = (Path(__file__).parent / name for name in ("suspicion.json", "kinds.json"))
"""One weight for each thing; for each thing one weight a kind."""
LONGEST_PIECE = 40
"""Characters weighed at once where a phrase of danger is said: a longer text is weighed piece by piece."""
SHARED = 20
"""Characters that two pieces share."""
SCALE = 100
"""Weights are kept as whole hundredths."""
LENGTHS = (4, 8, 14, 22, 40)
MOST_COUNTED = 5


def features(text: str) -> set[str]:
    """Everything that is weighed about a short text, each thing once."""
    said = heard(text)
    return _features(said, signs_in(said.text, said.sounds), evidence(said))


def likeliest_kind(said: Heard, signs: Sequence[Sign], found: Evidence) -> str:
    """Which danger it would be, if it is one."""
    bias, weights = _kinds()
    points = dict(bias)
    for name in _features(said, signs, found):
        for kind, weight in weights.get(name, {}).items():
            points[kind] += weight
    return max(points, key=lambda kind: points[kind])


def suspicion(said: Heard, signs: Sequence[Sign], found: Evidence) -> float:
    """Log odds of danger, below zero where it is unlikely.

    Of a long text with a phrase of danger that of its most suspicious piece, so that calm words never outweigh a cry;
    without one that of all of it, for one odd turn of a long talk is seldom a cry.
    """
    weights, bias = _weights()
    whole = bias + sum(weights.get(name, 0) for name in _of_whole(found, signs))
    pieces = _pieces(said, signs) if found.best else ((said.text, said.sounds, signs),)
    return (whole + max(sum(weights.get(name, 0) for name in _of_piece(*piece)) for piece in pieces)) / SCALE


def _features(said: Heard, signs: Sequence[Sign], found: Evidence) -> set[str]:
    return {*_of_piece(said.text, said.sounds, signs), *_of_whole(found, signs)}


def _pieces(said: Heard, signs: Sequence[Sign]) -> Iterator[tuple[str, Sequence[str], Sequence[Sign]]]:
    text, sounds = said.text, said.sounds
    if len(text) <= LONGEST_PIECE:
        yield text, sounds, signs
        return
    for a in range(0, len(text) - SHARED, LONGEST_PIECE - SHARED):
        b = a + LONGEST_PIECE
        yield text[a:b], sounds[a:b], [sign for sign in signs if a <= sign.start and sign.end <= b]


def _of_piece(text: str, sounds: Sequence[str], signs: Sequence[Sign]) -> set[str]:
    return {*_ngrams(text, sounds), *_signs(signs), *(f"#longer {limit}" for limit in LENGTHS if len(text) > limit)}


def _ngrams(text: str, sounds: Sequence[str]) -> Iterator[str]:
    chars, heard_as = f"^{text}$", ["^", *sounds, "$"]
    for place, sound in enumerate(heard_as):
        yield chars[place]
        yield chars[place : place + 2]
        yield f" {sound}"
        yield " ".join(("", *heard_as[place : place + 2]))
        yield " ".join(("", *heard_as[place : place + 3]))


def _signs(signs: Sequence[Sign]) -> Iterator[str]:
    for sign in signs:
        yield f"#sign {sign.kind}"
        if sign.right:
            yield f"#right {sign.kind}"
    yield from _steps("#covered", {place for sign in signs for place in range(sign.start, sign.end)})
    yield from _steps("#covered right", {place for s in signs if s.right for place in range(s.start, s.end)})


def _steps(name: str, places: set[int]) -> Iterator[str]:
    return (f"{name} {step}" for step in range(1, min((len(places) + 1) // 2, MOST_COUNTED) + 1))


def _of_whole(found: Evidence, signs: Sequence[Sign]) -> Iterator[str]:
    """What the phrases say, alone and beside each sort of words around them."""
    words, best = found.words, found.best
    hint: str = words
    if words == "nothing" and any(sign.right for sign in signs):
        hint = "sign"
    around = (*found.around, "person") if found.of_person else found.around
    yield f"@{hint}"
    if best is not None:
        yield f"@{hint} {best.phrase.kind}"
    for name in around:
        yield f"@{name}"
        yield f"@{name} {hint}"
        for kind in {sign.kind for sign in signs if sign.right}:
            yield f"@{name} {kind}"
    for one, other in combinations(around, 2):
        yield f"@{one} {other}"


@cache
def _weights() -> tuple[dict[str, int], int]:
    learnt = json.loads(DANGER.read_text(encoding="utf-8"))
    return learnt["weights"], learnt["bias"]


@cache
def _kinds() -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    learnt = json.loads(KINDS_OF_IT.read_text(encoding="utf-8"))
    return learnt["bias"], learnt["weights"]
