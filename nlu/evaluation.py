"""How well what callers say is understood: figures over a labelled file, on the path that is shipped."""

from __future__ import annotations

import csv
import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

FALLBACK = "nlu_fallback"
EMERGENCY, ABUSE, OPERATOR = "report_emergency", "report_abuse", "request_operator"
ENTITIES = ("service", "benefit")
_FOR_95_PERCENT = 1.96


class BadFile(ValueError):
    """The labelled file can't be read; the message says where and why."""


@dataclass(frozen=True)
class Labelled:
    """A sentence and what it wants. `entities`: keys by entity; None in a file without that column."""

    text: str
    intent: str
    entities: Mapping[str, frozenset[str]] | None = None


@dataclass(frozen=True)
class Understood:
    """What came out for one sentence. `intent`: of the model, `nlu_fallback` where it was not sure; `ranking`: without
    that; `tier`: of the emergency screen.
    """

    intent: str
    ranking: tuple[str, ...]
    entities: Mapping[str, frozenset[str]]
    tier: str | None
    wants_person: bool
    milliseconds: float

    @property
    def decided(self) -> str:
        """What the line acts on: the screen and the wish for a person go before the model."""
        if self.tier == "certain":
            return EMERGENCY
        return OPERATOR if self.wants_person else self.intent

    @property
    def two(self) -> tuple[str, ...]:
        """What is acted on, or offered in a question."""
        first = () if self.decided == FALLBACK else (self.decided,)
        return (*first, *(name for name in self.ranking if name not in first))[:2]


def read_labelled(path: Path) -> list[Labelled]:
    """Read a UTF-8 TSV with a header; columns other than text, intent and entities are ignored. Raises BadFile."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(f"{path}: {error}") from None
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    if missing := {"text", "intent"} - set(rows.fieldnames or ()):
        raise BadFile(f"{path}: the header lacks {', '.join(sorted(missing))}")
    return [_labelled(row, f"{path}:{number}") for number, row in enumerate(rows, 2) if (row["text"] or "").strip()]


def _labelled(row: Mapping[str, str | None], place: str) -> Labelled:
    if not (intent := _unquoted(row["intent"]).strip()):
        raise BadFile(f"{place}: no intent")
    if "entities" not in row:
        return Labelled(_unquoted(row["text"]), intent)
    try:
        named = json.loads(_unquoted(row["entities"]) or "{}")
        return Labelled(_unquoted(row["text"]), intent, {name: _keys(value) for name, value in named.items()})
    except (ValueError, AttributeError):
        raise BadFile(f"{place}: entities is no JSON object") from None


def _unquoted(cell: str | None) -> str:
    """The cell without the quotes that some programs put around every cell with a quote in it."""
    cell = (cell or "").strip()
    quoted = len(cell) > 1 and cell.startswith('"') and cell.endswith('"')
    return cell[1:-1].replace('""', '"') if quoted else cell


def _keys(value: Any) -> frozenset[str]:
    return frozenset(map(str, value if isinstance(value, list) else [value]))


def understood(parsed: Mapping[str, Any], milliseconds: float) -> Understood:
    """Take what `warmline nlu parse` prints for a line, and how long it took."""
    entities: dict[str, set[str]] = {}
    for one in parsed["entities"]:
        entities.setdefault(one["entity"], set()).add(str(one["value"]))
    return Understood(
        intent=parsed["intent"] or FALLBACK,
        ranking=tuple(one["intent"] for one in parsed["ranking"] if one["intent"] != FALLBACK),
        entities={name: frozenset(keys) for name, keys in entities.items()},
        tier=parsed["screen"]["tier"],
        wants_person=parsed["screen"]["wants_person"],
        milliseconds=milliseconds,
    )


@dataclass
class Figures:
    """Everything that is counted over pairs of what was said and what came out."""

    pairs: list[tuple[Labelled, Understood]] = field(default_factory=list)

    def add(self, said: Labelled, heard: Understood) -> None:
        self.pairs.append((said, heard))

    def confusion(self) -> Counter[tuple[str, str]]:
        """How often an intent (first) was taken for another, or itself (second)."""
        return Counter((said.intent, heard.decided) for said, heard in self.pairs)

    def all(self) -> dict[str, Any]:
        """Return the figures by their JSON names; None where the file has no row to count."""
        return {
            "sentences": len(self.pairs),
            "accuracy": self._share(lambda said, heard: heard.decided == said.intent),
            "macro_f1": fmean(one["f1"] for one in self.per_intent().values()) if self.pairs else None,
            "top2": self._share(lambda said, heard: said.intent in heard.two),
            **{f"{name}_f1": self._entity_f1(name) for name in ENTITIES},
            **self._danger(),
            "fallback_rate": self._share(lambda _, heard: heard.decided == FALLBACK),
            "wrong_not_caught_rate": self._share(lambda said, heard: heard.decided not in (said.intent, FALLBACK)),
            "p50_ms": self._milliseconds(0.5),
            "p95_ms": self._milliseconds(0.95),
            "per_intent": self.per_intent(),
        }

    def per_intent(self) -> dict[str, dict[str, float]]:
        """Return sentences, precision, recall and F1 of every intent that the file has."""
        wrong = self.confusion()
        said = Counter(labelled.intent for labelled, _ in self.pairs)
        taken = Counter(heard.decided for _, heard in self.pairs)
        return {name: _scores(wrong[name, name], said[name], taken[name]) for name in sorted(said)}

    def _danger(self) -> dict[str, float | None]:
        """Reports of abuse may raise an alarm or a question: they are left out of the two rates."""
        real = [heard for said, heard in self.pairs if said.intent == EMERGENCY]
        other = [heard for said, heard in self.pairs if said.intent not in (EMERGENCY, ABUSE)]
        return {
            "emergency_recall": _mean(one.tier is not None or one.intent == EMERGENCY for one in real),
            "emergency_recall_certain": _mean(one.tier == "certain" for one in real),
            "emergency_false_alarm_rate": _mean(one.tier == "certain" for one in other),
            "emergency_question_rate": _mean(one.tier == "possible" for one in other),
        }

    def _entity_f1(self, name: str) -> float | None:
        right = named = found = 0
        for said, heard in self.pairs:
            if said.entities is not None:
                wanted, got = said.entities.get(name, frozenset()), heard.entities.get(name, frozenset())
                right, named, found = right + len(wanted & got), named + len(wanted), found + len(got)
        return _scores(right, named, found)["f1"] if named else None

    def _share(self, of: Callable[[Labelled, Understood], bool]) -> float | None:
        return _mean(of(said, heard) for said, heard in self.pairs)

    def _milliseconds(self, share: float) -> float | None:
        took = sorted(heard.milliseconds for _, heard in self.pairs)
        return took[min(len(took) - 1, int(share * len(took)))] if took else None


def _scores(right: int, wanted: int, found: int) -> dict[str, float]:
    f1 = 2 * right / (wanted + found) if wanted + found else 0.0
    return {
        "sentences": wanted,
        "precision": right / found if found else 0.0,
        "recall": right / wanted if wanted else 0.0,
        "f1": f1,
    }


def _mean(values: Iterable[bool]) -> float | None:
    values = list(values)
    return fmean(values) if values else None


def interval(share: float, count: int) -> tuple[float, float]:
    """Return the 95 % interval (Wilson) of a share of `count` sentences."""
    z = _FOR_95_PERCENT
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return middle - half, middle + half


def averaged(runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the mean of several runs' figures, key by key, and `runs` with each one's accuracy."""
    return {**_averaged(runs), "runs": [run["accuracy"] for run in runs]}


def _averaged(runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {key: _together([run[key] for run in runs]) for key in runs[0]}


def _together(values: Sequence[Any]) -> Any:
    if isinstance(values[0], Mapping):
        return _averaged(values)
    return None if None in values else fmean(values)
