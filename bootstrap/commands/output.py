"""What commands print: data on standard output (with `--json` JSON alone), the rest on standard error."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

AsJson = Annotated[
    bool, typer.Option("--json", help="Print JSON only, one document (one per line for streams).")
]


def say(line: str) -> None:
    """Progress and remarks: standard error, so that standard output holds data only."""
    typer.echo(line, err=True)


def emit_json(data: Any) -> None:
    """One JSON document on a line of its own, flushed."""
    sys.stdout.write(json.dumps(plain(data), ensure_ascii=False) + "\n")
    sys.stdout.flush()


def emit(data: Any, as_json: bool, shown: Callable[[], Table | str]) -> None:
    """Print `data` as JSON, or what `shown` makes of it for people."""
    if as_json:
        emit_json(data)
    else:
        Console(soft_wrap=True).print(shown())


def table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], empty: str) -> Table | str:
    """A table of these columns, or the words `empty` when there is no row."""
    rows = list(rows)
    if not rows:
        return empty
    made = Table(*columns)
    for row in rows:
        made.add_row(*("" if row.get(name) is None else str(plain(row.get(name))) for name in columns))
    return made


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
