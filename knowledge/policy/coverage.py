"""The inventory's rows against cards, rules and the list of what is left out."""

from collections import defaultdict
from dataclasses import dataclass

from knowledge.policy.benefits import Benefit
from knowledge.policy.cards import Card
from knowledge.policy.files import Problem
from knowledge.policy.inventory import Inventory, LeftOut, Row
from knowledge.policy.loading import Library

INVENTORY, LEFT_OUT = "policies/inventory.yaml", "policies/not-for-callers.yaml"


@dataclass(frozen=True)
class RowCoverage:
    """One row: `covered_by` are files, `left_out` the reason why no caller needs it."""

    place: str
    row_id: str
    row: Row
    covered_by: tuple[str, ...]
    left_out: str | None

    @property
    def open(self) -> bool:
        """True while nothing answers for it."""
        return not self.covered_by and self.left_out is None


@dataclass(frozen=True)
class Coverage:
    """All rows in order, and references that lead nowhere."""

    rows: tuple[RowCoverage, ...]
    problems: list[Problem]


def coverage(library: Library) -> Coverage:
    """Raises BadFile if the inventory or the list of what is left out cannot be used."""
    inventory: Inventory = library.one(INVENTORY)
    left_out: LeftOut = library.one(LEFT_OUT)
    covered = _covered(library)
    rows = [
        RowCoverage(place, row_id, row, tuple(covered.pop(row_id, ())), left_out.rows.get(row_id))
        for place, listed in inventory.places.items()
        for row_id, row in listed.items()
    ]
    return Coverage(tuple(rows), [*_dead(library, covered, left_out, rows), *_wrongly_left_out(library, rows)])


def _covered(library: Library) -> dict[str, list[str]]:
    covered: dict[str, list[str]] = defaultdict(list)
    for shape in (Card, Benefit):
        for name, value in library.of(shape).items():
            for row_id in value.covers:
                covered[row_id].append(name)
    return covered


def _dead(library: Library, unknown: dict[str, list[str]], left_out: LeftOut, rows: list[RowCoverage]) -> list[Problem]:
    found = [
        Problem(f"knowledge/{name}", library.line(name, "covers"), f"the inventory has no row {row_id}")
        for row_id, names in unknown.items()
        for name in names
    ]
    known = {row.row_id for row in rows}
    found += [_left_out(library, row_id, "is no row") for row_id in left_out.rows if row_id not in known]
    place_of = {folder: document.place for folder, document in library.documents().items()}
    return found + [
        Problem(f"knowledge/{name}", library.line(name, "covers"), f"{row.row_id} is a row of {row.place}")
        for row in rows
        for name in row.covered_by
        if place_of.get(name.split("/")[1]) != row.place
    ]


def _left_out(library: Library, row_id: str, reason: str) -> Problem:
    return Problem(f"knowledge/{LEFT_OUT}", library.line(LEFT_OUT, "rows", row_id), f"{row_id} {reason}")


def _wrongly_left_out(library: Library, rows: list[RowCoverage]) -> list[Problem]:
    left = [row for row in rows if row.left_out is not None]
    found = [_left_out(library, row.row_id, "is covered as well") for row in left if row.covered_by]
    return found + [
        _left_out(library, row.row_id, f"is {row.row.priority}: callers need an answer")
        for row in left
        if row.row.priority in ("core", "useful")
    ]
