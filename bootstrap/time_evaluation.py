"""How well times are read: a file of expressions with what each should come to."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from language.times import TimeConventions, TimeReading, read_time

Verdict = Literal["right", "asked", "missed", "silently_wrong"]


@dataclass(frozen=True)
class TimeExample:
    """A text, the moment it is said, and what it should be read as; an empty `start` or `end` is not compared."""

    text: str
    now: datetime
    kind: str
    start: datetime | None = None
    end: datetime | None = None
    rule: str | None = None


@dataclass(frozen=True)
class TimeScore:
    """`asked`: a question where a sure answer was possible. `missed`: no time heard where there is one.
    `silently_wrong`: a sure answer that is not the right one; `mistakes` names all that are not right.
    """

    expressions: int
    right: int
    asked: int
    missed: int
    silently_wrong: int
    right_or_asked: float
    mistakes: list[dict[str, str]]

    def shown(self) -> str:
        """The figures for people."""
        lines = [f"{one['verdict']}: {one['text']} ({one['now']}): {one['read_as']}" for one in self.mistakes]
        counts = f"right {self.right}, asked {self.asked}, missed {self.missed}, silently wrong {self.silently_wrong}"
        lines.append(f"{self.expressions} expressions: {counts}; right or asked {self.right_or_asked:.1%}")
        return "\n".join(lines)


def read_examples(path: Path) -> list[TimeExample]:
    """Read a TSV with a header: text, now, kind, start, end, rule; other columns are ignored."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [_example(row) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]


def _example(row: dict[str, str]) -> TimeExample:
    start, end = (datetime.fromisoformat(row[name]) if row.get(name) else None for name in ("start", "end"))
    now = datetime.fromisoformat(row["now"])
    return TimeExample(row["text"], now, row["kind"], start, end, row.get("rule") or None)


def evaluate(examples: Iterable[TimeExample], conventions: TimeConventions) -> TimeScore:
    """Read each expression and count."""
    tally: Counter[str] = Counter()
    mistakes = []
    for example in examples:
        reading = read_time(example.text, example.now, conventions)
        verdict = judge(example, reading)
        tally[verdict] += 1
        if verdict != "right":
            mistakes.append(_mistake(example, reading, verdict))
    total = tally.total()
    share = (tally["right"] + tally["asked"]) / total if total else 0.0
    return TimeScore(
        total, tally["right"], tally["asked"], tally["missed"], tally["silently_wrong"], round(share, 4), mistakes
    )


def judge(example: TimeExample, reading: TimeReading) -> Verdict:
    """Compare one reading with what was expected. Asking is never wrong, only less good."""
    if reading.kind == example.kind and _same_times(example, reading):
        return "right"
    if reading.kind == "ambiguous":
        return "asked"
    return "missed" if reading.kind == "not_a_time" else "silently_wrong"


def _same_times(example: TimeExample, reading: TimeReading) -> bool:
    if example.kind in ("ambiguous", "not_a_time"):
        return True
    pairs = ((example.start, reading.start), (example.end, reading.end))
    return all(wanted in (None, found) for wanted, found in pairs) and example.rule == reading.rule


def _mistake(example: TimeExample, reading: TimeReading, verdict: Verdict) -> dict[str, str]:
    found = (reading.kind, reading.start, reading.end, reading.rule, reading.question)
    read_as = " ".join(str(one) for one in found if one)
    return {"verdict": verdict, "text": example.text, "now": example.now.isoformat(), "read_as": read_as}
