"""Learn the weights of `knowledge.suspicion` from labelled sentences: logistic regression by AdaGrad, seeded.

Each sentence is learnt as written and as a recogniser would mishear it. One regression tells danger, and one for each
kind, learnt from the emergencies alone, tells which it is.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.phrasebook import KINDS
from knowledge.suspicion import DANGER, KINDS_OF_IT, SCALE, features
from language.noise import noisy
from nlu.evaluation import BadFile

SEED = 7
ERROR_RATES = (0.1, 0.15, 0.15, 0.2, 0.25)
"""Shares of wrong characters of the copies of each sentence."""
EPOCHS = 8
RATE = 0.1
DECAY = 0.01
FEWEST = 3
"""Times that a thing must occur to be weighed at all."""
HARMLESS_TO_DANGEROUS = 2.0
"""As if the file held so many harmless sentences for each dangerous one: the thresholds of `knowledge.screening` are
for this mix, however many harmless ones are added.
"""
LEAST, LEAST_OF_KIND = 4, 12
"""Hundredths below which a weight is left out."""

Sentence = tuple[str, str | None]
"""A text and the kind of emergency, None for none."""
Learnt = tuple[dict[str, list[int]], list[int]]
"""Hundredths: the weights of each thing, one a column, and the biases."""


def sentences(path: Path) -> list[Sentence]:
    """What a screen file holds. Raises BadFile where a column is missing."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        if missing := {"text", "tier", "kind"} - set(rows.fieldnames or ()):
            raise BadFile(f"{path}: the header lacks {', '.join(sorted(missing))}")
        return [(row["text"], row["kind"] if row["tier"] != "none" else None) for row in rows]


def learn(learnt_from: Iterable[Sentence], danger: Path = DANGER, kinds: Path = KINDS_OF_IT) -> int:
    """Learn, write the weights, return how many things are weighed for danger.

    Raises BadFile, and writes nothing, where there are no dangerous sentences or none but these.
    """
    heard = list(_heard(learnt_from))
    dangerous = sum(kind is not None for _, kind in heard)
    if not 0 < dangerous < len(heard):
        raise BadFile("both are needed: sentences with a tier, and harmless ones with tier none")
    share = (len(heard) - dangerous) / (HARMLESS_TO_DANGEROUS * dangerous)
    weights, bias = weigh([wanted for wanted, _ in heard], [[kind is not None] for _, kind in heard], share)
    of_danger = {name: columns[0] for name, columns in weights.items() if abs(columns[0]) >= LEAST}
    _write(danger, of_danger, bias[0])
    emergencies = [(wanted, kind) for wanted, kind in heard if kind]
    weights, biases = weigh([w for w, _ in emergencies], [[kind == one for one in KINDS] for _, kind in emergencies])
    _write(kinds, {name: kept for name, columns in weights.items() if (kept := _by_kind(columns))}, _named(biases))
    return len(of_danger)


def _named(columns: Sequence[int]) -> dict[str, int]:
    return dict(zip(KINDS, columns, strict=True))


def _by_kind(columns: Sequence[int]) -> dict[str, int]:
    return {kind: weight for kind, weight in _named(columns).items() if abs(weight) >= LEAST_OF_KIND}


def _write(path: Path, weights: object, bias: object) -> None:
    text = json.dumps({"bias": bias, "weights": weights}, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8")


def weigh(things: Sequence[set[str]], wanted: Sequence[Sequence[bool]], counts: float = 1.0) -> Learnt:
    """The weights by which `things` tell each column of `wanted`; what is wanted `counts` so many times."""
    names = _numbered(things)
    rows = [np.array(sorted(names[name] for name in seen if name in names), dtype=np.int32) for seen in things]
    weights, biases = _fit(rows, np.array(wanted, dtype=float), len(names), counts)
    columns = np.rint(weights * SCALE).astype(int).tolist()
    return dict(zip(names, columns, strict=True)), np.rint(biases * SCALE).astype(int).tolist()


def _heard(learnt_from: Iterable[Sentence]) -> Iterator[tuple[set[str], str | None]]:
    for text, kind in learnt_from:
        yield features(text), kind
        for number, error_rate in enumerate(ERROR_RATES):
            if said := noisy(text, error_rate, SEED + number).replace(" ", ""):
                yield features(said), kind


def _numbered(things: Iterable[set[str]]) -> dict[str, int]:
    counts = Counter(name for seen in things for name in seen)
    often = sorted(name for name, count in counts.items() if count >= FEWEST)
    return {name: number for number, name in enumerate(often)}


def _fit(
    rows: Sequence[NDArray[np.int32]], wanted: NDArray[np.float64], size: int, counts: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    columns = wanted.shape[1]
    weights, squares, biases = np.zeros((size, columns)), np.ones((size, columns)), np.full(columns, -1.0)
    chance = np.random.default_rng(SEED)
    for _ in range(EPOCHS):
        for number in chance.permutation(len(rows)):
            row = rows[number]
            error = 1 / (1 + np.exp(-weights[row].sum(axis=0) - biases)) - wanted[number]
            error *= np.where(wanted[number], counts, 1.0)
            squares[row] += error * error
            weights[row] -= RATE * (error + DECAY * weights[row]) / np.sqrt(squares[row])
            biases -= DECAY * error
    return weights, biases
