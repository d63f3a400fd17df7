"""Utterances that the line doubted, on their way into the training data: to a table, labelled by a person, and back.

Only a row in which a person has put an intent and a yes is learnt, and never one with a telephone number or a name.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from hotline.sessions import Turn
from language.names import read_name
from language.text import spoken

COLUMNS = ("turn_id", "text", "guess", "confidence", "intent", "yes")
YES = frozenset({"yes", "y", "是", "对", "学"})
REVIEWED = "reviewed.yml"
_HEADER = "# Sentences of callers that a person labelled and released, written by `warmline nlu review import`.\n"
_LONG_NUMBER = re.compile(r"[0-9零〇一二两三四五六七八九幺]{5,}")


@dataclass(frozen=True)
class Verdict:
    """What became of a labelled row: `reason` is None for one that is taken."""

    turn_id: str
    text: str
    intent: str
    reason: str | None


def doubted(turns: Iterable[Turn], below: float) -> list[Turn]:
    """Return the turns that Rasa answered without being sure, the least sure first."""
    unsure = [turn for turn in turns if turn.path == "dialogue" and turn.said and _is_doubted(turn, below)]
    return sorted(unsure, key=lambda turn: turn.confidence or 0.0)


def _is_doubted(turn: Turn, below: float) -> bool:
    return turn.intent == "nlu_fallback" or (turn.confidence or 0.0) < below


def write_table(turns: Sequence[Turn], path: Path) -> None:
    """Write a TSV to label, readable by its owner only: it holds callers' words."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t")
        table.writerow(COLUMNS)
        for turn in turns:
            table.writerow((turn.turn_id, _one_line(turn.said), turn.intent, turn.confidence, "", ""))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def read_table(path: Path, intents: frozenset[str]) -> list[Verdict]:
    """Judge the rows of a labelled table. Raises ValueError for a file without our columns."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        if missing := set(COLUMNS) - set(rows.fieldnames or ()):
            raise ValueError(f"{path} lacks the columns {', '.join(sorted(missing))}")
        return [_verdict(row, intents) for row in rows]


def _verdict(row: Mapping[str, str | None], intents: frozenset[str]) -> Verdict:
    text, intent = (row["text"] or "").strip(), (row["intent"] or "").strip()
    return Verdict(row["turn_id"] or "", text, intent, _reason(text, intent, row["yes"] or "", intents))


def _reason(text: str, intent: str, yes: str, intents: frozenset[str]) -> str | None:
    if not intent or yes.strip().lower() not in YES:
        return "no label with a yes"
    if intent not in intents:
        return f"no intent {intent}"
    if not spoken(text):
        return "no words"
    if _LONG_NUMBER.search(spoken(text)):
        return "holds a number: replace it"
    return "holds a name: replace it" if read_name(text) else None


def learn(taken: Iterable[Verdict], folder: Path) -> int:
    """Add the rows to the file of reviewed sentences in `folder`; return how many are new there."""
    path = folder / REVIEWED
    known = _known(path)
    before = sum(map(len, known.values()))
    for verdict in taken:
        sentences = known.setdefault(verdict.intent, [])
        if verdict.text not in sentences:
            sentences.append(verdict.text)
    nlu = [{"intent": intent, "examples": "".join(f"- {one}\n" for one in known[intent])} for intent in sorted(known)]
    if nlu:
        text = yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True, sort_keys=False, width=10_000)
        path.write_text(_HEADER + text, encoding="utf-8")
    return sum(map(len, known.values())) - before


def _known(path: Path) -> dict[str, list[str]]:
    if not path.is_file():
        return {}
    groups = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    return {group["intent"]: [line.removeprefix("- ") for line in group["examples"].splitlines()] for group in groups}
