"""`nlu screen` and `nlu learn-screen`: the emergency screen alone, without Rasa, and how good it is."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bootstrap.commands.output import AsJson, emit, emit_json, table, texts
from bootstrap.reading import SettingsError
from knowledge.screening import screen, warm

app = typer.Typer()


@app.command("screen")
def screen_command(
    text: Annotated[str, typer.Argument(help="What somebody says; - reads one text per line.")] = "",
    evaluate: Annotated[
        Path | None, typer.Option(exists=True, help="Measure on a TSV with text, tier and kind instead.")
    ] = None,
    noise: Annotated[float, typer.Option(min=0, max=1, help="Share of characters misheard when measuring.")] = 0.0,
    seeds: Annotated[int, typer.Option(min=1, help="How many times each sentence is misheard.")] = 1,
    rows: Annotated[bool, typer.Option("--rows", help="Also show what was missed or alarmed for nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what the emergency screen hears: certain, possible or nothing, and which kind."""
    if evaluate is not None:
        _evaluate(evaluate, noise, seeds, rows, as_json)
        return
    if not text:
        raise typer.BadParameter("give a text, - or --evaluate FILE")
    warm()
    for line in texts(text):
        if as_json or text == "-":
            emit_json(shown(line))
        else:
            typer.echo(" ".join(str(value) for value in list(shown(line).values())[1:] if value) or "nothing")


def shown(text: str) -> dict[str, Any]:
    """What the screen hears in a text; `phrase` names what it rests on."""
    hit = screen(text)
    return {
        "text": text,
        "tier": hit.tier,
        "kind": hit.kind,
        "wants_person": hit.wants_person,
        "phrase": hit.phrase_id,
    }


def _evaluate(path: Path, noise: float, seeds: int, rows: bool, as_json: bool) -> None:
    from nlu.screen_evaluation import figures, read_rows, screened

    results = screened(read_rows(path), noise, range(seeds) if noise else (0,))
    found = {"file": str(path), "noise": noise, "seeds": seeds if noise else 1, **figures(results)}
    if rows:
        found["rows"] = [
            {"text": one.text, "tier": one.row.tier, "heard": one.hit.tier, "phrase": one.hit.phrase_id}
            for one in results
            if one.wrong
        ]
    emit(
        found, as_json, lambda: table([{"figure": name, "value": value} for name, value in found.items()], _FIGURE, "")
    )


_FIGURE = ("figure", "value")


@app.command("learn-screen")
def learn_screen(
    files: Annotated[list[Path], typer.Argument(help="TSV files with text and tier.", exists=True)],
    as_json: AsJson = False,
) -> None:
    """For developers: learn anew what the screen finds suspicious, from sentences nobody will be measured by."""
    from nlu.screen_training import BadFile, learn, sentences

    try:
        count = learn([sentence for path in files for sentence in sentences(path)])
    except BadFile as error:
        raise SettingsError(str(error)) from None
    emit({"weights": count}, as_json, lambda: f"{count} weights; measure with: warmline nlu screen --evaluate FILE")
