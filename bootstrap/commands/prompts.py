"""`prompts`: the phone line's fixed sentences, and human recordings in place of the synthetic voice."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from bootstrap.commands.output import AsJson, emit, say, table
from bootstrap.reading import read_settings
from bootstrap.settings import Settings

app = typer.Typer(help="What the phone line always says in the same words, and who says it.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(help="Folder of prompts.csv and the WAV files.", file_okay=False)]


@app.command("list")
def list_prompts(as_json: AsJson = False) -> None:
    """Show every fixed sentence and whose voice says it."""
    rows = _rows(read_settings())
    emit(rows, as_json, lambda: table(rows, ("id", "voice", "text"), "none"))


def _rows(settings: Settings) -> list[dict[str, Any]]:
    from bootstrap.prompts import all_prompts
    from voice.tts.cache import sentence_key

    human = _human(settings)
    return [
        {"id": one.prompt_id, "text": one.text, "essential": one.essential,
         "voice": "human" if sentence_key(one.text) in human else "synthetic"}
        for one in all_prompts()
    ]  # fmt: skip


def _human(settings: Settings) -> dict[str, Path]:
    from bootstrap.prompts import recordings_dir

    return {path.stem: path for path in recordings_dir(settings).glob("*.wav")}


@app.command("export")
def export_prompts(folder: Folder, as_json: AsJson = False) -> None:
    """Write prompts.csv to record from, the human recordings there are, and the synthetic ones to listen to."""
    from bootstrap.prompts import all_prompts
    from voice.audio import wav_bytes
    from voice.tts.human import write_list

    prompts, settings = all_prompts(), read_settings()
    write_list(folder, prompts, _human(settings))
    (folder / "synthetic").mkdir(exist_ok=True)
    with _speaker() as speaker:
        sounds = speaker.map(_say, [one.text for one in prompts], [settings.speech_rate] * len(prompts))
        for prompt, pcm in zip(prompts, sounds, strict=True):
            (folder / "synthetic" / f"{prompt.prompt_id}.wav").write_bytes(wav_bytes(pcm))
    todo = "record each as the file that prompts.csv names, then: warmline prompts import"
    emit({"sentences": len(prompts)}, as_json, lambda: f"{len(prompts)} sentences; {todo}")


@app.command("import")
def import_prompts(folder: Folder, as_json: AsJson = False) -> None:
    """Take recordings into use: WAV, 16 bit, from 8000 Hz. A bad one is named and refused; the old one stays.

    Files that are not there are left out. The line says them after its next start.
    """
    from bootstrap.prompts import all_prompts, recordings_dir
    from voice.tts.human import BadRecording, read_list

    try:
        done = list(read_list(folder, all_prompts(), recordings_dir(read_settings())))
    except BadRecording as error:
        say(f"warmline: {error}")
        raise typer.Exit(1) from None
    bad = [row for row in done if row.problem]
    result = {"imported": len(done) - len(bad), "refused": bad}
    emit(result, as_json, lambda: f"{result['imported']} recordings in use after the next start of the line")
    for row in bad:
        say(f"prompts.csv line {row.line}, {row.prompt_id}: {row.problem}")
    if bad:
        raise typer.Exit(1)


@app.command()
def record(
    check: Annotated[
        bool, typer.Option("--check", help="Only say what is out of date; status 1 if anything is.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """For developers: make the shipped recordings of essential sentences anew where the wording has changed."""
    from bootstrap.prompts import all_prompts
    from voice.tts import recordings

    if check:
        outdated = recordings.outdated(all_prompts())
        emit({"outdated": outdated}, as_json, lambda: "\n".join(outdated) or "all recordings say the present words")
        raise typer.Exit(1 if outdated else 0)
    with _speaker() as speaker:
        made = recordings.record(all_prompts(), lambda text: speaker.submit(_say, text).result())
    emit({"made": made}, as_json, lambda: f"{len(made)} recordings made")


@contextmanager
def _speaker() -> Iterator[ProcessPoolExecutor]:
    """A process of its own for espeak-ng, which is GPL-3.0."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


def _say(text: str, rate: int = 150) -> bytes:
    from voice.tts.engine import synthesise

    return synthesise(text, rate)
