"""Learn the weights of `knowledge.suspicion` from labelled sentences: logistic regression by AdaGrad, seeded.

Each sentence is learnt as written and as a recogniser would mishear it.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.suspicion import SCALE, WEIGHTS, features
from language.noise import noisy

SEED = 7
ERROR_RATES = (0.1, 0.15, 0.15, 0.2, 0.25)
"""Shares of wrong characters of the copies of each sentence."""
EPOCHS = 6
RATE = 0.1
DECAY = 0.01
FEWEST = 3
"""Times that a thing must occur to be weighed at all."""
LEAST = 4
"""Hundredths below which a weight is left out."""

Sentence = tuple[str, bool]


def sentences(path: Path) -> list[Sentence]:
    """Texts of a screen file, and whether each is an emergency. Raises KeyError where a column is missing."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["text"], row["tier"] != "none") for row in rows]


def learn(learnt_from: Iterable[Sentence], write_to: Path = WEIGHTS) -> int:
    """Learn, write the weights, return how many there are."""
    weights, bias = weigh(learnt_from)
    kept = {name: round(weight * SCALE) for name, weight in sorted(weights.items())}
    kept = {name: weight for name, weight in kept.items() if abs(weight) >= LEAST}
    learnt = {"bias": round(bias * SCALE), "weights": kept}
    write_to.write_text(json.dumps(learnt, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    return len(kept)


def weigh(learnt_from: Iterable[Sentence]) -> tuple[dict[str, float], float]:
    """The weight of every feature, and the bias."""
    heard = list(_heard(learnt_from))
    names = _numbered(wanted for wanted, _ in heard)
    rows = [np.array([names[name] for name in wanted if name in names], dtype=np.int32) for wanted, _ in heard]
    weights, bias = _fit(rows, np.array([danger for _, danger in heard], dtype=float), len(names))
    return dict(zip(names, weights.tolist(), strict=True)), bias


def _heard(learnt_from: Iterable[Sentence]) -> Iterator[tuple[set[str], bool]]:
    for text, danger in learnt_from:
        for number, error_rate in enumerate((0.0, *ERROR_RATES)):
            if said := noisy(text, error_rate, SEED + number).replace(" ", ""):
                yield features(said), danger


def _numbered(found: Iterable[set[str]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for wanted in found:
        for name in wanted:
            counts[name] = counts.get(name, 0) + 1
    often = sorted(name for name, count in counts.items() if count >= FEWEST)
    return {name: number for number, name in enumerate(often)}


def _fit(rows: list[NDArray[np.int32]], wanted: NDArray[np.float64], size: int) -> tuple[NDArray[np.float64], float]:
    weights, squares, bias = np.zeros(size), np.ones(size), -1.0
    chance = np.random.default_rng(SEED)
    for _ in range(EPOCHS):
        for number in chance.permutation(len(rows)):
            row = rows[number]
            error = 1 / (1 + np.exp(-weights[row].sum() - bias)) - wanted[number]
            squares[row] += error * error
            weights[row] -= RATE * (error + DECAY * weights[row]) / np.sqrt(squares[row])
            bias -= DECAY * error
    return weights, float(bias)
