"""`warmline scenario FILE... [--channel phone|chat|call] [--json]`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bootstrap.commands.output import AsJson, say
from bootstrap.reading import SettingsError
from bootstrap.scenario.script import Scenario, read_scenario, unknown_keys

SCALE = 0.1
"""Waits of the scripts (a minute without an answer) take a tenth of their time."""
CALL_SCALE = 0.4
"""With calls: a spoken question and its answer take longer than a tenth of a minute."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("scenario")(scenario)


def scenario(
    files: Annotated[list[Path], typer.Argument(help="YAML files, or folders of them.", metavar="FILE...")],
    channel: Annotated[
        str | None, typer.Option(help="chat, phone (as text) or call (real calls); otherwise what each file says.")
    ] = None,
    json: AsJson = False,
    strict: Annotated[bool, typer.Option("--strict", help="Refuse keys that are not known.")] = False,
    at_a_time: Annotated[int, typer.Option(help="Calls side by side, with --channel call.", min=1, max=20)] = 3,
    time_scale: Annotated[
        float | None, typer.Option(help="Factor on every wait; 0.1, with calls 0.4.", min=0.01, max=1)
    ] = None,
) -> None:
    """Play scripted conversations against a stack of their own; exit 1 when one is not as expected."""
    if channel not in (None, "chat", "phone", "call"):
        raise SettingsError(f"--channel {channel}: chat, phone or call")
    from bootstrap.scenario.batch import play_all  # here, because it takes a second and --help should not

    scripts = [read_scenario(path) for path in _paths(files)]
    _name_unknown(scripts, strict)
    scale = time_scale or (CALL_SCALE if channel == "call" else SCALE)
    failed = asyncio.run(play_all(scripts, channel, json, scale, at_a_time))
    raise typer.Exit(1 if failed else 0)


def _paths(files: list[Path]) -> list[Path]:
    found = [path for file in files for path in (sorted(file.rglob("*.yaml")) if file.is_dir() else [file])]
    if not found:
        raise SettingsError(f"{', '.join(map(str, files))}: no scenario (*.yaml) there")
    return found


def _name_unknown(scripts: list[Scenario], strict: bool) -> None:
    for script in scripts:
        unknown = unknown_keys(script)
        if unknown and strict:
            raise SettingsError(f"{script.name}: unknown key {', '.join(unknown)}")
        for key in unknown:
            say(f"{script.name}: unknown key {key}, passed over")
