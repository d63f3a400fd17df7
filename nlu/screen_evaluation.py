"""Measure the emergency screen on labelled sentences, clean and as a recogniser would mishear them."""

import csv
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.screening import ScreenHit, screen, warm
from language.noise import noisy

EMERGENCY, HARD = "emergency", "hard"


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence with what the screen should say: `tier` certain, possible or none; `sort` groups the harmless ones."""

    text: str
    tier: str
    kind: str
    sort: str


@dataclass(frozen=True, slots=True)
class Screened:
    """A sentence as it was heard, what the screen made of it, and the processor time in seconds."""

    row: Row
    text: str
    hit: ScreenHit
    seconds: float

    @property
    def wrong(self) -> bool:
        """Missed, or alarmed for nothing."""
        return self.hit.tier is None if self.row.tier != "none" else self.hit.tier == "certain"


def read_rows(path: Path) -> list[Row]:
    """The sentences of a TSV file with the columns text, tier, kind and perhaps sort. KeyError where one is missing."""
    with path.open(encoding="utf-8", newline="") as lines:
        found = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Row(one["text"], one["tier"], one["kind"], _sort(one)) for one in found]


def _sort(one: dict[str, str]) -> str:
    return one.get("sort") or (HARD if one["tier"] == "none" else EMERGENCY)


def screened(rows: Iterable[Row], noise: float = 0.0, seeds: Sequence[int] = (0,)) -> list[Screened]:
    """Screen every sentence; with `noise` (0 to 1) once for each seed, with that share of its characters wrong."""
    warm()
    runs = [(row, noisy(row.text, noise, seed) if noise else row.text) for seed in seeds for row in rows]
    return [_timed(row, text) for row, text in runs]


def _timed(row: Row, text: str) -> Screened:
    start = time.thread_time()
    hit = screen(text)
    return Screened(row, text, hit, time.thread_time() - start)


def figures(results: Sequence[Screened]) -> dict[str, Any]:
    """Shares of everything that counts, 0 to 1, and processor milliseconds a text."""
    emergencies = [one for one in results if one.row.tier != "none"]
    clear = [one for one in emergencies if one.row.tier == "certain"]
    return {
        "emergencies": len(emergencies),
        "emergency_recall": _share(one.hit.tier is not None for one in emergencies),
        "emergency_recall_certain": _share(one.hit.tier == "certain" for one in emergencies),
        "clear_emergency_recall_certain": _share(one.hit.tier == "certain" for one in clear),
        "kind_right": _share(one.hit.kind == one.row.kind for one in emergencies if one.hit.tier),
        "harmless": {
            sort: _harmless(results, sort) for sort in sorted({one.row.sort for one in results} - {EMERGENCY})
        },
        "recall_by_kind": {kind: _recall(emergencies, kind) for kind in sorted({one.row.kind for one in emergencies})},
        **_times(results),
    }


def _share(hits: Iterable[bool]) -> float | None:
    found = list(hits)
    return round(sum(found) / len(found), 4) if found else None


def _harmless(results: Sequence[Screened], sort: str) -> dict[str, Any]:
    found = [one for one in results if one.row.tier == "none" and one.row.sort == sort]
    return {
        "sentences": len(found),
        "false_alarm_rate": _share(one.hit.tier == "certain" for one in found),
        "question_rate": _share(one.hit.tier == "possible" for one in found),
    }


def _recall(emergencies: Sequence[Screened], kind: str) -> float | None:
    return _share(one.hit.tier is not None for one in emergencies if one.row.kind == kind)


def _times(results: Sequence[Screened]) -> dict[str, float]:
    taken = sorted(one.seconds * 1000 for one in results) or [0.0]
    return {"p50_ms": round(taken[len(taken) // 2], 3), "p99_ms": round(taken[int(len(taken) * 0.99)], 3)}
