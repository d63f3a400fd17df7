"""A linear model over several kinds of terms. Imports nothing of Rasa; learning needs scikit-learn, asking only NumPy.

Rare terms count more (tf-idf); each kind is a vector of length `weight`. The support vector machine's margins become
probabilities by one temperature, chosen on the development set.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlu.components.terms import characters, ngrams, pairs, sounds

Named = Callable[[str], Sequence[str]]


def kinds_of_terms(named: Named) -> dict[str, Callable[[str], Sequence[str]]]:
    """Return what can be counted of a text, by name. `named` gives what the text names, by the entity table."""
    return {
        "characters": lambda text: ngrams(characters(text), 1, 2),
        "character_runs": lambda text: ngrams(characters(text), 1, 3),
        "character_pairs": lambda text: pairs(characters(text)),
        "sounds": lambda text: ngrams(sounds(text), 1, 2),
        "sound_runs": lambda text: ngrams(sounds(text), 1, 3),
        "sound_pairs": lambda text: pairs(sounds(text)),
        "named": named,
    }


def numbers(terms: Iterable[str]) -> list[int]:
    """Return a number of 32 bits for each term: in memory a fifth of the term itself.

    A few terms in a hundred thousand share one with another, and are then one term.
    """
    return [zlib.crc32(term.encode()) for term in terms]


@dataclass
class Kind:
    """One kind of terms: the numbers of the terms known, ascending, and the rarity of each; the vector's length."""

    weight: float
    known: np.ndarray
    rarity: np.ndarray

    def vector(self, terms: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Return the columns and values of a text's terms."""
        counted = Counter(numbers(terms))
        said = np.fromiter(counted, dtype=np.uint32, count=len(counted))
        columns = np.minimum(np.searchsorted(self.known, said), len(self.known) - 1)
        found = self.known[columns] == said
        if not found.any():
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        times = np.fromiter(counted.values(), dtype=np.float64, count=len(counted))
        values = (1 + np.log(times[found])) * self.rarity[columns[found]]
        return columns[found], values * (self.weight / np.linalg.norm(values))


class LinearModel:
    """Intents of texts, with probabilities. Made by `learn` or `load`."""

    def __init__(self, kinds: Mapping[str, Kind], labels: Sequence[str], weights: np.ndarray, bias: np.ndarray) -> None:
        self._kinds = dict(kinds)
        self.labels = list(labels)
        self._weights = weights  # one row a column of all kinds one after another, one column a label
        self._bias = bias

    def probabilities(self, text: str, named: Named, temperature: float) -> np.ndarray:
        """Return the probability of each label. A low `temperature` is sure of itself."""
        margins = self._margins(text, named) / temperature
        raised = np.exp(margins - margins.max())
        return raised / raised.sum()

    def _margins(self, text: str, named: Named) -> np.ndarray:
        margins, first = self._bias.astype(np.float64), 0
        terms = kinds_of_terms(named)
        for name, kind in self._kinds.items():
            columns, values = kind.vector(terms[name](text))
            margins = margins + values @ self._weights[first + columns]
            first += len(kind.known)
        return margins

    def save(self, folder: Path) -> None:
        told = {"labels": self.labels, "kinds": {name: kind.weight for name, kind in self._kinds.items()}}
        (folder / "terms.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        known = {f"known_{name}": kind.known for name, kind in self._kinds.items()}
        rarities = {f"rarity_{name}": kind.rarity for name, kind in self._kinds.items()}
        np.savez_compressed(folder / "weights.npz", weights=self._weights, bias=self._bias, **known, **rarities)

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        told = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz") as arrays:
            kinds = {
                name: Kind(weight, arrays[f"known_{name}"], arrays[f"rarity_{name}"])
                for name, weight in told["kinds"].items()
            }
            return cls(kinds, told["labels"], arrays["weights"], arrays["bias"])


def learn(
    texts: Sequence[str],
    labels: Sequence[str],
    counted: Mapping[str, float],
    named: Named,
    *,
    margin: float,
    rarest: int,
) -> LinearModel:
    """Return the model of `texts` and their `labels`.

    `counted`: weight by kind of term. `margin` is the C of the support vector machine: higher fits closer. Terms of
    fewer than `rarest` texts are left out: it halves the model for nothing lost.
    """
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    kinds, blocks = {}, []
    for name, weight in counted.items():
        terms = kinds_of_terms(named)[name]
        vectoriser = TfidfVectorizer(
            analyzer=lambda text, terms=terms: numbers(terms(text)), min_df=rarest, sublinear_tf=True
        )
        blocks.append(vectoriser.fit_transform(texts) * weight)
        known = np.array(sorted(vectoriser.vocabulary_), dtype=np.uint32)  # in the order of the columns
        kinds[name] = Kind(weight, known, vectoriser.idf_.astype(np.float32))
    machine = LinearSVC(C=margin, random_state=0).fit(hstack(blocks).tocsr(), labels)
    weights = np.ascontiguousarray(machine.coef_.T, dtype=np.float16)
    return LinearModel(kinds, machine.classes_.tolist(), weights, machine.intercept_.astype(np.float32))
