"""`up`, `run`, `settings`: the service itself."""

import asyncio
import os
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.table import Table

from bootstrap.commands.output import AsJson, emit, say
from bootstrap.environment import prepare
from bootstrap.reading import read_settings, shown_settings
from bootstrap.report import parts, warnings
from bootstrap.settings import Settings
from hotline.quiet import quiet_process

app = typer.Typer()


class Runnable(StrEnum):
    """What `warmline run` runs: a whole process, or one role of the app alone."""

    APP = "app"
    RASA = "rasa"
    LINE = "line"
    TTS = "tts"
    STT = "stt"
    CONSOLE = "console"
    ACTIONS = "actions"
    BOT = "bot"
    JOBS = "jobs"


@app.command()
def up(
    roles: Annotated[
        str | None,
        typer.Option(help="What to run here, a list out of rasa,actions,bot,jobs,tts,stt,voice,console. Default: all."),
    ] = None,
) -> None:
    """Run the service: says what is on and off, then keeps every process running until Ctrl-C or SIGTERM."""
    settings = _settings(roles)
    prepare(settings)
    quiet_process()
    settings = _with_speech_model(settings)
    announce(settings)
    asyncio.run(supervise(settings))


def _with_speech_model(settings: Settings) -> Settings:
    from bootstrap.speech import with_speech_model

    return with_speech_model(settings, say)


def _settings(roles: str | None) -> Settings:
    chosen: dict[str, Any] = {"roles": roles} if roles is not None else {}
    return read_settings(**chosen)


def announce(settings: Settings) -> None:
    """Say what is on, what is off and why."""
    for part in parts(settings):
        line = f"{'on ' if part.on else 'off'}  {part.name:<9} {part.detail}"
        say(typer.style(line, fg="red", bold=True) if part.alarm else line)
    for warning in warnings(settings):
        say(f"note: {warning}")


async def supervise(settings: Settings) -> None:
    """Keep the processes of these settings running until a signal."""
    from bootstrap.stack import children, prepared_rasa
    from bootstrap.supervisor import Supervisor

    python, model = prepared_rasa(settings, say) if "rasa" in settings.roles else (None, None)
    await Supervisor(children(settings, model, python), say).run_until_signal()


@app.command()
def run(
    what: Annotated[
        Runnable,
        typer.Argument(help="app: actions, bot and jobs together; line: the phone line."),
    ],
) -> None:
    """Run one process or one role in the foreground, without supervision."""
    settings = read_settings()
    prepare(settings)
    quiet_process()
    if what is Runnable.RASA:
        _become_rasa(settings)
    if what in (Runnable.LINE, Runnable.TTS, Runnable.STT, Runnable.CONSOLE):
        asyncio.run(_own_process(what, settings))
        return
    from bootstrap.app import run_app

    roles = settings.roles if what is Runnable.APP else (what.value,)
    asyncio.run(run_app(settings, roles))


async def _own_process(what: Runnable, settings: Settings) -> None:
    """Imported late: each of these processes loads libraries that the others must not depend on."""
    if what is Runnable.LINE:
        from bootstrap.line import run_line

        await run_line(settings)
    elif what is Runnable.CONSOLE:
        from bootstrap.console import run_console

        await run_console(settings)
    else:
        from bootstrap.speech import run_stt, run_tts

        await (run_tts if what is Runnable.TTS else run_stt)(settings)


def _become_rasa(settings: Settings) -> None:
    from bootstrap.stack import prepared_rasa, rasa_command

    python, model = prepared_rasa(settings, say)
    command, env = rasa_command(settings, model, python)
    os.execvpe(command[0], command, env)  # signals and the exit status are Rasa's own


@app.command("settings")
def show_settings(as_json: AsJson = False) -> None:
    """Show the settings in force: environment before file before default. Secrets are not shown."""
    values = shown_settings(read_settings())
    emit(values, as_json, lambda: _settings_table(values))


def _settings_table(values: dict[str, Any]) -> Table:
    made = Table("setting", "value")
    for key, value in values.items():
        made.add_row(key, "" if value is None else ",".join(value) if isinstance(value, list) else str(value))
    return made
