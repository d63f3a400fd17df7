"""The glossary has every word of the hotline, and no word that is not there any more."""

import enum
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

import hotline

ROOT = Path(__file__).parents[2]
ROWS, LATER = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").split("## Words kept for later")
CODE = re.compile(r"`([^`]+)`")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def classes() -> dict[str, type]:
    """Every public class that a module of hotline defines."""
    found = {}
    for info in pkgutil.iter_modules(hotline.__path__):
        module = importlib.import_module(f"hotline.{info.name}")
        for name, value in vars(module).items():
            if isinstance(value, type) and value.__module__ == module.__name__ and not name.startswith("_"):
                found[name] = value
    return found


def outcomes() -> dict[str, dict[str, str]]:
    loaded = yaml.safe_load((ROOT / "knowledge" / "outcomes.yaml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def rows() -> Iterator[tuple[list[str], list[str]]]:
    """The terms of each row, and all of its cells."""
    for line in ROWS.splitlines():
        if line.startswith("| `"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            yield CODE.findall(cells[0]), cells


def terms() -> list[str]:
    return [term for found, _ in rows() for term in found]


def test_every_class_and_outcome_code_has_a_row_and_only_these() -> None:
    wanted = {*classes(), *outcomes()}
    assert wanted - {*terms()} == set()
    assert {*terms()} - wanted == set()
    assert len(terms()) == len({*terms()})


def test_every_row_has_chinese_a_meaning_and_four_cells() -> None:
    for found, cells in rows():
        assert len(cells) == 4, found
        assert CHINESE.search(cells[1]), found
        assert cells[2], found


def test_the_values_of_an_enum_stand_in_its_row() -> None:
    by_term = {term: set(CODE.findall(" ".join(cells[1:]))) for found, cells in rows() for term in found}
    enums = {name: kind for name, kind in classes().items() if issubclass(kind, enum.Enum)}
    assert enums
    for name, kind in enums.items():
        assert {str(member.value) for member in kind} <= by_term[name], name


def test_the_chinese_of_an_outcome_code_is_the_one_that_is_shown() -> None:
    chinese = {found[0]: cells[1] for found, cells in rows()}
    for code, outcome in outcomes().items():
        assert chinese[code] == outcome["label"], code


def test_words_kept_for_later_are_not_in_the_code_yet() -> None:
    later = set(CODE.findall(LATER))
    assert later
    assert not later & {*classes(), *terms()}
