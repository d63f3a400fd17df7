"""A file of people (the format of `seed.yaml`): read row by row, each mistake with its line."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import ValidationError

from hotline.errors import HotlineError
from store.people_rows import IDS, SECTIONS

NOTES = ("demo",)
"""Keys that say something about the file and nothing about people."""


class PeopleFileError(HotlineError):
    """This file of people can't be loaded; nothing of it was. `lines` says what is wrong, a line for each mistake."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


@dataclass(frozen=True)
class Entry:
    """One row: its section, the line it begins in, and the fields that are written, as they are kept."""

    section: str
    line: int
    fields: dict[str, Any]

    @property
    def item_id(self) -> str:
        return str(self.fields[IDS[self.section]])

    def says(self, what: str) -> str:
        return f"line {self.line}, {self.section} {self.item_id}: {what}"


def read_people(text: str) -> list[Entry]:
    """Every row, elders first. Raises PeopleFileError with all that is wrong in the file itself."""
    entries: list[Entry] = []
    wrong: list[str] = []
    for section, node in _sections(text, wrong):
        for row in node.value:
            found = _entry(section, row)
            if isinstance(found, Entry):
                entries.append(found)
            else:
                wrong.extend(found)
    wrong.extend(_twice(entries))
    if wrong:
        raise PeopleFileError(wrong)
    order = list(SECTIONS)
    return sorted(entries, key=lambda entry: order.index(entry.section))


def _sections(text: str, wrong: list[str]) -> Iterator[tuple[str, Any]]:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise PeopleFileError([f"line {mark.line + 1 if mark else 1}: this is not YAML"]) from None
    if not isinstance(root, yaml.MappingNode):
        raise PeopleFileError([f"line 1: sections are needed: {', '.join(SECTIONS)}"])
    for key, node in root.value:
        if key.value in SECTIONS and isinstance(node, yaml.SequenceNode):
            yield key.value, node
        elif key.value in SECTIONS:
            wrong.append(f"line {key.start_mark.line + 1}: {key.value} has to be a list of rows")
        elif key.value not in NOTES:
            wrong.append(f"line {key.start_mark.line + 1}: no section {key.value!r}; one of {', '.join(SECTIONS)}")


def _entry(section: str, node: Any) -> Entry | list[str]:
    line = node.start_mark.line + 1
    try:
        values = yaml.SafeLoader("").construct_object(node, deep=True)
    except yaml.YAMLError:
        return [f"line {line}, {section}: this row can't be read"]
    if not isinstance(values, dict):
        return [f"line {line}, {section}: a row of fields is needed"]
    try:
        fields = SECTIONS[section].model_validate(values).model_dump(exclude_unset=True)
    except ValidationError as error:
        name = values.get(IDS[section], "?")
        return [f"line {line}, {section} {name}: {_said(section, one)}" for one in error.errors()]
    return Entry(section, line, fields)


def _said(section: str, error: Any) -> str:
    field = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"no field {field!r}; one of {', '.join(SECTIONS[section].model_fields)}"
    if error["type"] == "missing":
        return f"{field} is missing"
    return f"{field}: {error['msg'].removeprefix('Value error, ')}, not {error['input']!r}"


def _twice(entries: list[Entry]) -> Iterator[str]:
    seen: dict[tuple[str, str], int] = {}
    for entry in entries:
        first = seen.setdefault((entry.section, entry.item_id), entry.line)
        if first != entry.line:
            yield entry.says(f"that id stands in line {first} already")
