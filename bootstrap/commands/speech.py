"""`speech`: the model by which callers are understood."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bootstrap.commands.output import AsJson, emit, say
from bootstrap.reading import read_settings

app = typer.Typer(help="The speech model, by which callers are understood.", no_args_is_help=True)


@app.command()
def fetch(
    file: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="The zip file, where it was fetched by hand.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch the official Mandarin model (42 MB) into data_dir, unless it is there; `up` does the same by itself.

    A fetch that was cut is gone on with. The file is checked before it is used.
    """
    from voice.stt.fetch import fetch_model, model_from_file

    data_dir = read_settings().data_dir
    model = fetch_model(data_dir, say) if file is None else model_from_file(file, data_dir, say)
    emit({"model": str(model)}, as_json, lambda: str(model))


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show which model is in force, and let Vosk try it. Exit status 1 when there is none or it can't be loaded."""
    from voice.stt.model import SpeechModel, SpeechModelFailed, model_in_force, try_out

    settings = read_settings()
    problem: str | None = None
    model = SpeechModel(None, "none")
    try:
        model = model_in_force(settings.speech_model, settings.data_dir)
        if model.path is None:
            problem = "no speech model: `warmline speech fetch`, or set speech_model; the line works by keys and people"
        else:
            try_out(model.path)
    except SpeechModelFailed as error:
        problem = str(error)
    shown = {"name": model.name, "path": model.path and str(model.path), "is_test_model": model.is_test_model}
    emit({**shown, "problem": problem}, as_json, lambda: _shown(shown, problem))
    if problem:
        raise typer.Exit(1)


def _shown(model: dict[str, Any], problem: str | None) -> str:
    if problem:
        return problem
    warning = "\nthis is the test model: it understands espeak-ng only, NO HUMAN" if model["is_test_model"] else ""
    return f"{model['name']} in {model['path']}, Vosk can load it{warning}"
