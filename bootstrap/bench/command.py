"""`warmline bench turns [--sessions 1,8,32] [--turns N] [--pause-seconds S] [--json]`."""

import asyncio
from typing import Annotated

import typer

from bootstrap.commands.output import AsJson, emit_json
from bootstrap.reading import SettingsError

bench = typer.Typer(help="Measurements, on a stack of their own.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(bench, name="bench")


@bench.callback()
def _group() -> None:
    """Measurements, on a stack of their own."""


@bench.command()
def turns(
    sessions: Annotated[str, typer.Option(help="How many callers at a time, one run for each.")] = "1,8,32",
    turns: Annotated[int, typer.Option(help="Turns of each caller.", min=1)] = 20,
    pause_seconds: Annotated[
        float, typer.Option(help="What a caller waits before the next line; 0 is the heaviest load there is.", min=0)
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Measure turns through real Rasa, real actions and a real database: by stage, by load, by length."""
    from bootstrap.bench.run import measure  # here, because it takes a second and --help should not
    from bootstrap.bench.show import show

    result = asyncio.run(measure(_counts(sessions), turns, pause_seconds))
    if as_json:
        emit_json(result)
    else:
        show(result)


def _counts(text: str) -> list[int]:
    parts = [part.strip() for part in text.split(",")]
    if not parts or not all(part.isdecimal() and int(part) > 0 for part in parts):
        raise SettingsError(f"--sessions {text!r}: whole numbers above 0 are needed, such as 1,8,32")
    return [int(part) for part in parts]
