"""What commands print: data on standard output (with `--json` JSON alone), the rest on standard error."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Annotated, Any

import typer
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON only, one document (one per line for streams).")]

UNFOLDED = 1000
"""Characters: wider than any table of ours."""


def say(line: str) -> None:
    """Progress and remarks: standard error, so that standard output holds data only."""
    typer.echo(line, err=True)


def emit_json(data: Any) -> None:
    """One JSON document on a line of its own, flushed."""
    sys.stdout.write(json.dumps(plain(data), ensure_ascii=False) + "\n")
    sys.stdout.flush()


def emit(data: Any, as_json: bool, shown: Callable[[], RenderableType]) -> None:
    """Print `data` as JSON, or what `shown` makes of it for people."""
    if as_json:
        emit_json(data)
    else:
        _console().print(shown())


def _console() -> Console:
    """Into a pipe or a file nothing is folded; words that look like markup stay words."""
    console = Console(soft_wrap=True, markup=False)
    return console if console.is_terminal else Console(soft_wrap=True, markup=False, width=UNFOLDED)


def table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], empty: str) -> Table | str:
    """A table of these columns, or the words `empty` when there is no row. Cells are never read as markup."""
    rows = list(rows)
    if not rows:
        return empty
    made = Table()
    for number, name in enumerate(columns):
        made.add_column(name, no_wrap=number == 0)  # the id has to be copied in one piece
    for row in rows:
        made.add_row(*(Text(cell(row.get(name))) for name in columns))
    return made


def cell(value: Any) -> str:
    """A value as people read it: moments to the minute, lists and facts in one line, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {cell(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(cell(one) for one in value)
    return str(value)


def plain(value: Any) -> Any:
    """Plain JSON values: dataclasses become objects, moments ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime | date) else value


def texts(text: str) -> Iterable[str]:
    """The text itself, or for ``-`` each line of standard input as it comes."""
    return (line.rstrip("\n") for line in sys.stdin) if text == "-" else [text]
