"""Questions with the answers that a sensible officer accepts, against the answers given."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any, get_args

from knowledge.policy.answers import Answers
from knowledge.policy.files import BadFile, Problem
from knowledge.policy.loading import Library
from knowledge.policy.result import Answer, Outcome
from knowledge.yaml_files import strict_yaml

OUTCOMES = frozenset(get_args(Outcome))


@dataclass(frozen=True)
class Row:
    """One question: `expected` is an outcome, or rows of the inventory of which any one is right."""

    line: int
    place: str | None
    text: str
    expected: tuple[str, ...]

    @property
    def wants_card(self) -> bool:
        """True where rows of the inventory are expected."""
        return not set(self.expected) <= OUTCOMES


@dataclass(frozen=True)
class Judged:
    """One question answered. `rank` is the place of the right card in the answer, None if it is not there."""

    row: Row
    answer: Answer
    rank: int | None

    @property
    def right(self) -> bool:
        """The right card first, or the outcome expected."""
        return self.rank == 0 if self.row.wants_card else self.answer.outcome in self.row.expected

    @property
    def offered(self) -> bool:
        """Right, or the right card among those offered."""
        return self.rank is not None if self.row.wants_card else self.right

    @property
    def invented(self) -> bool:
        """The document does not say it, and an answer was given."""
        return "not_in_documents" in self.row.expected and self.answer.outcome == "answered"


def read_rows(path: Path) -> list[Row]:
    """Rows of a TSV file with the header place, text, expected, or of a YAML list. Raises BadFile."""
    text = path.read_text(encoding="utf-8")
    if path.suffix in (".yaml", ".yml"):
        listed: list[dict[str, Any]] = strict_yaml(text) or []
    else:
        listed = list(csv.DictReader(StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))
    return [_row(path, line, one) for line, one in enumerate(listed, start=2)]


def _row(path: Path, line: int, one: dict[str, Any]) -> Row:
    expected = one.get("expected") or ""
    parts = expected.split(",") if isinstance(expected, str) else expected
    if not one.get("text") or not parts or not all(parts):
        raise BadFile([Problem(path.name, line, "a row has place (may be empty), text and expected")])
    return Row(line, one.get("place") or None, str(one["text"]), tuple(str(part).strip() for part in parts))


def evaluate(rows: Iterable[Row], answers: Answers, library: Library, today: date) -> list[Judged]:
    """Answer every question; a card counts for the rows of its rule as well."""
    covers = _covers(library)
    return [_judge(row, answers.answer(row.text, row.place, today), covers) for row in rows]


def _covers(library: Library) -> dict[str, frozenset[str]]:
    benefits = library.benefits()
    return {
        card_id: frozenset((*card.covers, *(rule.covers if (rule := _rule(card_id, card, benefits)) else ())))
        for card_id, card in library.cards().items()
    }


def _rule(card_id: str, card: Any, benefits: dict[str, Any]) -> Any:
    return benefits.get(f"{card_id.partition('/')[0]}/{card.benefit}") if card.benefit else None


def _judge(row: Row, answer: Answer, covers: dict[str, frozenset[str]]) -> Judged:
    ranks = [rank for rank, card in enumerate(answer.cards) if covers[card] & set(row.expected)]
    return Judged(row, answer, ranks[0] if ranks else None)


def figures(judged: list[Judged]) -> dict[str, Any]:
    """Counts and shares: of questions with a card, of those that no document answers, of those that need a place."""
    cards = [one for one in judged if one.row.wants_card]
    unanswered = [one for one in judged if "not_in_documents" in one.row.expected]
    asks = [one for one in judged if "ask_place" in one.row.expected]
    elsewhere = [one for one in judged if "place_not_covered" in one.row.expected]
    return {
        "questions": len(judged),
        "with_card": len(cards),
        "right_first": sum(one.right for one in cards),
        "right_or_offered": sum(one.offered for one in cards),
        "choices": sum(one.answer.outcome == "choose" for one in cards),
        "right_not_given": sum(one.right and one.answer.outcome == "not_in_documents" for one in cards),
        "not_in_documents": len(unanswered),
        "said_so": sum(one.right for one in unanswered),
        "invented": sum(one.invented for one in unanswered),
        "ask_place": len(asks),
        "asked": sum(one.right for one in asks),
        "place_not_covered": len(elsewhere),
        "said_not_covered": sum(one.right for one in elsewhere),
    }
