"""`when`: what a text says about time. Needs no service."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Annotated, Any

import typer

from bootstrap.commands.output import AsJson, emit, emit_json, texts
from bootstrap.reading import read_settings
from bootstrap.time_evaluation import evaluate, read_examples
from knowledge.vocabulary import time_conventions, time_question
from language.times import read_time

app = typer.Typer()

Now = Annotated[str | None, typer.Option("--now", help="The present, ISO 8601; without it, the real one.")]
EvaluateFile = Annotated[
    Path | None,
    typer.Option("--evaluate", help="A TSV with text, now, kind, start, end and rule.", exists=True, dir_okay=False),
]


@app.command()
def when(
    text: Annotated[
        str,
        typer.Argument(help='What somebody says; - reads lines from standard input, each a text or {"text", "now"}.'),
    ] = "",
    now: Now = None,
    file: EvaluateFile = None,
    as_json: AsJson = False,
) -> None:
    """Read the time that a text speaks of, or measure how well a file of expressions is read."""
    if file:
        result = evaluate(read_examples(file), time_conventions())
        emit(result, as_json, result.shown)
        return
    if not text:
        raise typer.BadParameter("give a text, - or --evaluate FILE")
    zone = read_settings().zone
    present = _moment(now, zone) if now else datetime.now(zone)
    for said, moment in _asked(texts(text), present):
        _print(reading_of(said, moment), as_json or text == "-")


def reading_of(text: str, now: datetime) -> dict[str, Any]:
    """What `when` prints: kind, start and end (ISO 8601 with offset), rule, question, and the time words."""
    reading = read_time(text, now, time_conventions())
    return {
        "text": text,
        "kind": reading.kind,
        "start": reading.start,
        "end": reading.end,
        "rule": reading.rule,
        "question": time_question(reading, now),
        "words": reading.words,
    }


def _asked(lines: Iterable[str], now: datetime) -> Iterator[tuple[str, datetime]]:
    """Text and present of each line; a line of JSON may bring its own."""
    for line in lines:
        try:
            given = json.loads(line) if line.lstrip().startswith("{") else {}
        except ValueError:
            given = {}
        if "text" in given:
            yield str(given["text"]), _moment(given["now"], now.tzinfo) if given.get("now") else now
        elif line.strip():
            yield line, now


def _moment(words: str, zone: tzinfo | None) -> datetime:
    """In the hotline's zone, which is also meant where no offset is given."""
    try:
        moment = datetime.fromisoformat(words)
    except (TypeError, ValueError):
        raise typer.BadParameter(f"{words!r} is no moment; write 2026-11-18T10:00:00+08:00") from None
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def _print(reading: dict[str, Any], as_json: bool) -> None:
    if as_json:
        emit_json(reading)
        return
    shown = (reading["kind"], reading["start"], reading["end"], reading["rule"], reading["question"])
    typer.echo("  ".join(str(one) for one in shown if one))
