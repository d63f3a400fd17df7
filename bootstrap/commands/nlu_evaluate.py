"""`nlu evaluate`: how well a labelled file is understood, on the path that is shipped; starts Rasa where none runs."""

import asyncio
import json
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from bootstrap.commands.output import AsJson, emit, say
from bootstrap.commands.understanding import understanding, understood
from bootstrap.reading import SettingsError, read_settings

if TYPE_CHECKING:
    from nlu.client import RasaDialogue
    from nlu.evaluation import Figures, Labelled

app = typer.Typer()

FIRST_SEED = 1000
"""Away from the seeds that the training copies are made with."""

IN_ROWS_OF_THEIR_OWN = ("per_intent", "runs")


@app.command("evaluate")
def evaluate(
    file: Annotated[Path, typer.Argument(help="UTF-8 TSV with a header: text, intent and, if known, entities (JSON).")],
    noise: Annotated[float, typer.Option(min=0, max=0.9, help="Share of characters a recogniser gets wrong.")] = 0.0,
    seeds: Annotated[int, typer.Option(min=1, help="So many times, with other errors each time.")] = 1,
    picture: Annotated[Path | None, typer.Option(help="Where the confusion picture goes (PNG).")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure intents, entities, emergencies, doubt and speed on a labelled file."""
    from nlu.evaluation import averaged, interval

    rows = labelled(file)
    runs = asyncio.run(_runs(rows, noise, seeds if noise else 1))
    figures = averaged([run.all() for run in runs])
    figures["accuracy_interval"] = interval(figures["accuracy"], len(rows))
    figures |= {"file": str(file), "noise": noise, "seeds": len(runs)}
    figures["confusion_picture"] = _draw(runs, picture or _picture(file, noise))
    emit(figures, as_json, lambda: _shown(figures))


def labelled(file: Path) -> list["Labelled"]:
    """The rows of a labelled file. Raises SettingsError where it can't be read or has none."""
    from nlu.evaluation import BadFile, read_labelled

    try:
        rows = read_labelled(file)
    except BadFile as error:
        raise SettingsError(str(error)) from None
    if not rows:
        raise SettingsError(f"{file} has no sentences")
    return rows


async def _runs(rows: Sequence["Labelled"], noise: float, seeds: int) -> list["Figures"]:
    async with understanding() as client:
        await client.parse("您好")  # the first answer of a fresh server is slow
        return [await _run(client, rows, noise, FIRST_SEED + number) for number in range(seeds)]


async def _run(client: "RasaDialogue", rows: Sequence["Labelled"], noise: float, seed: int) -> "Figures":
    from nlu.evaluation import Figures
    from nlu.evaluation import understood as heard_as

    figures = Figures()
    for row in rows:
        text = _noisy(row.text, noise, seed)
        started = time.perf_counter()
        parsed = understood(text, await client.parse(text))
        figures.add(row, heard_as(parsed, (time.perf_counter() - started) * 1000))
    say(f"{len(rows)} sentences, {figures.all()['accuracy']:.3f} right")
    return figures


def _noisy(text: str, noise: float, seed: int) -> str:
    from knowledge.vocabulary import mishearings
    from language.noise import noisy

    return (noisy(text, noise, seed, mishearings()) or text) if noise else text


def _picture(file: Path, noise: float) -> Path:
    from nlu.training import BUILD

    return BUILD / f"confusion-{file.stem}{f'-noise-{noise:g}' if noise else ''}.png"


def _draw(runs: Sequence["Figures"], picture: Path) -> str | None:
    """Matplotlib lives in Rasa's environment; without it there is no picture, and the figures stand."""
    from nlu.environment import NLU, rasa_python

    counts = sum((run.confusion() for run in runs), Counter[tuple[str, str]]())
    intents = sorted({name for pair in counts for name in pair})
    table = [[counts[said, heard] / len(runs) for heard in intents] for said in intents]
    picture.parent.mkdir(parents=True, exist_ok=True)
    python = rasa_python(say, read_settings().rasa_python)
    command = [str(python), str(NLU / "confusion.py"), str(picture)]
    given = json.dumps({"intents": intents, "counts": table})
    done = subprocess.run(command, input=given, text=True, capture_output=True, check=False)
    if done.returncode:
        say("the confusion picture could not be drawn")
        return None
    return str(picture)


def _shown(figures: dict[str, Any]) -> Table:
    shown = Table("figure", "value")
    for name, value in figures.items():
        if name not in IN_ROWS_OF_THEIR_OWN:
            shown.add_row(name, _cell(value))
    for intent, one in figures["per_intent"].items():
        shown.add_row(intent, "  ".join(f"{name} {_cell(value)}" for name, value in one.items()))
    return shown


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    return "–".join(map(_cell, value)) if isinstance(value, tuple | list) else str(value)
