"""`warmline bench turns`, `calls`, `parse`, `answers` and `console`; `--json` of each prints one JSON object."""

import asyncio
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from bootstrap.commands.nlu_evaluate import labelled
from bootstrap.commands.output import AsJson, emit, emit_json, plain, say, table
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

    result = asyncio.run(measure(_counts(sessions, "--sessions"), turns, pause_seconds))
    if as_json:
        emit_json(result)
    else:
        show(result)


@bench.command()
def calls(
    concurrency: Annotated[int, typer.Option(help="Callers at a time.", min=1, max=40)] = 5,
    seconds: Annotated[float, typer.Option(help="How long they go on ringing.", min=1)] = 60,
    as_json: AsJson = False,
) -> None:
    """Measure real calls with spoken callers: answer times, dropped calls, load of the service's processes.

    The table goes to standard error with --json; the last line of standard output is then one JSON object.
    """
    from bootstrap.bench.calls import CallersFailed, measure_calls, report
    from bootstrap.bench.show import show_calls

    try:
        result = asyncio.run(measure_calls(concurrency, seconds))
    except CallersFailed as error:
        say(f"warmline: {error}")
        raise typer.Exit(1) from None
    show_calls(result, report(result), beside=as_json)
    if as_json:
        emit_json(report(result))


@bench.command()
def parse(
    file: Annotated[Path, typer.Argument(help="A labelled file, as for nlu evaluate; its texts are parsed.")],
    clients: Annotated[str, typer.Option(help="How many ask at a time, one run for each.")] = "1,8",
    as_json: AsJson = False,
) -> None:
    """Measure how fast Rasa takes sentences apart through HTTP; no screen, no conversation."""
    from bootstrap.bench.parsing import measure_parsing  # here, because it takes a second and --help should not
    from bootstrap.bench.show import show_parsing

    texts = [row.text for row in labelled(file)]
    result = asyncio.run(measure_parsing(texts, _counts(clients, "--clients")))
    if as_json:
        emit_json(result)
    else:
        show_parsing(result)


@bench.command()
def answers(
    cards: Annotated[int, typer.Option(help="How many cards, copies of those there are.", min=1)] = 2000,
    rebuilds: Annotated[int, typer.Option(help="How often the index is made anew.", min=1)] = 5,
    as_json: AsJson = False,
) -> None:
    """Measure policy answers in process: the index made anew, one question answered."""
    from bootstrap.bench.answers import measure_answers

    measured = plain(measure_answers(cards, rebuilds, datetime.now().astimezone().date()))
    emit(measured, as_json, lambda: table([measured], list(measured), ""))


@bench.command()
def console(
    operators: Annotated[int, typer.Option(help="Open boards at a time.", min=1, max=200)] = 50,
    events: Annotated[float, typer.Option(help="Callers who speak, a second.", min=0.1, max=50)] = 5,
    seconds: Annotated[float, typer.Option(help="How long.", min=1)] = 30,
    as_json: AsJson = False,
) -> None:
    """Measure the console: from a caller's words to the screens of many operators."""
    from bootstrap.bench.console import measure_console  # here, because it takes a second and --help should not
    from bootstrap.bench.show import show_console

    with TemporaryDirectory(prefix="warmline-") as folder:
        result = asyncio.run(measure_console(operators, events, seconds, Path(folder)))
    if as_json:
        emit_json(result)
    else:
        show_console(result)


def _counts(text: str, option: str) -> list[int]:
    parts = [part.strip() for part in text.split(",")]
    if not parts or not all(part.isdecimal() and int(part) > 0 for part in parts):
        raise SettingsError(f"{option} {text!r}: whole numbers above 0 are needed, such as 1,8,32")
    return [int(part) for part in parts]
