"""A city's list of sites in CSV: read row by row; a bad row is told with its line, the good ones are kept apart."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import ValidationError

from hotline.directory import Site
from hotline.errors import HotlineError
from knowledge.sites import columns
from language.text import normalise
from store.directory_rows import SiteRow, as_site

NEEDED = tuple(name for name, about in SiteRow.model_fields.items() if about.is_required())


class DirectoryFileError(HotlineError):
    """This list can't be read at all; nothing of it was taken."""


@dataclass(frozen=True)
class BadRow:
    """Why a row was refused; `line` is where it begins in the file, the heading being line 1."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(frozen=True)
class Defaults:
    """What holds where a row says nothing, and the day on which the list is read."""

    today: date
    place: str | None = None
    datum: str = "wgs84"


@dataclass
class SiteList:
    """The good rows, and what was wrong with the others."""

    sites: list[Site] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    not_read: list[str] = field(default_factory=list)
    """Headings of columns that we do not keep."""


def read_sites(data: bytes, defaults: Defaults) -> SiteList:
    """Every row of a CSV file in UTF-8 (with or without BOM) or GB18030. Raises DirectoryFileError."""
    rows = _rows(decoded(data))
    heading = next(rows, None)
    if heading is None:
        raise DirectoryFileError("line 1: the heading is missing; `warmline places template` prints one")
    fields = _fields(heading[1])
    first: dict[str, int] = {}
    found = SiteList(not_read=[cell for cell, name in zip(heading[1], fields, strict=True) if not name])
    for line, cells in rows:
        try:
            site = as_site(_row(fields, cells), defaults.place, defaults.datum, defaults.today)
            if first.setdefault(site.site_id, line) != line:
                raise ValueError(f"{site.name} stands in line {first[site.site_id]} already")
            found.sites.append(site)
        except ValidationError as error:
            found.bad += [BadRow(line, _said(one)) for one in error.errors()]
        except ValueError as error:
            found.bad.append(BadRow(line, str(error)))
    return found


def decoded(data: bytes) -> str:
    """The text. What is no UTF-8 is taken for GB18030, as Chinese Excel writes it. Raises DirectoryFileError."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DirectoryFileError("this is neither UTF-8 nor GB18030; save it as CSV (UTF-8)")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold anything, with the line in which each begins: a cell may go over several lines."""
    reader, line = csv.reader(io.StringIO(text, newline=""), strict=True), 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise DirectoryFileError(f"line {line}: this is no CSV: {error}") from None


def _fields(heading: list[str]) -> list[str]:
    """The field of each column, empty for one that we do not keep. Raises DirectoryFileError for columns that are
    missing or there twice.
    """
    known = {_bare(word): name for name, words in columns().items() for word in (name, *words)}
    fields = [known.get(_bare(cell), "") for cell in heading]
    if missing := [name for name in NEEDED if name not in fields]:
        raise DirectoryFileError(f"line 1: columns are missing: {', '.join(missing)}; known: {_headings()}")
    if twice := {name for name in fields if name and fields.count(name) > 1}:
        raise DirectoryFileError(f"line 1: columns stand twice: {', '.join(sorted(twice))}")
    return fields


def _bare(heading: str) -> str:
    return normalise(heading).lower().replace(" ", "").replace("*", "")


def _headings() -> str:
    return ", ".join(f"{name} ({'/'.join(words)})" for name, words in columns().items())


def _row(fields: list[str], cells: list[str]) -> SiteRow:
    if len(cells) > len(fields) and any(cells[len(fields) :]):
        raise ValueError(f"{len(cells)} cells, but the heading has {len(fields)}; put cells with commas in quotes")
    return SiteRow.model_validate({name: cell for name, cell in zip(fields, cells, strict=False) if name and cell})


def _said(error: Any) -> str:
    name = ".".join(map(str, error["loc"]))
    if error["type"] == "missing":
        return f"{name} is missing"
    reason = error["msg"].removeprefix("Value error, ")
    return f"{name}: {error['input']!r}: {reason}" if name else reason
