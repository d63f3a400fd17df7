"""`warmline ring [STEP]... [--to sip:...]`: one simulated call, and what came back."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from bootstrap.commands.output import AsJson, emit_json, say
from bootstrap.ring.steps import Step, read_script, read_steps

FAILED = 1
NUMBER = "13800009999"


@dataclass(frozen=True)
class Wanted:
    """One call as it was asked for."""

    steps: list[Step]
    to: str | None
    number: str
    voice: str
    record: Path | None
    quiet: bool


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("ring")(ring)


def ring(
    steps: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="STEP",
            help="In order: words to say (or say:WORDS), over:WORDS (speaks over the line), press:KEYS, "
            "silence:SECONDS, hang-up.",
        ),
    ] = None,
    to: Annotated[str | None, typer.Option(help="Whom to ring, sip:...; without it a stack of its own.")] = None,
    number: Annotated[str, typer.Option("--from", help="The number that the caller rings from.")] = NUMBER,
    script: Annotated[Path | None, typer.Option(help="Steps from a file, one a line, before the others.")] = None,
    voice: Annotated[str | None, typer.Option(help="espeak-ng's name of the caller's voice.")] = None,
    record: Annotated[Path | None, typer.Option(help="Write the call as WAV: caller left, line right.")] = None,
    as_json: AsJson = False,
) -> None:
    """Ring as a caller with a synthetic voice; show what was heard and how long it took.

    What is heard is recognised by the small test model, which understands the synthetic voice only.
    Exit 1 when nobody answers or the caller can't speak.
    """
    from bootstrap.ring.phone import NoCall
    from bootstrap.ring.speaking import VOICE, CannotSpeak  # here, because it takes a second and --help should not

    wanted = [*(read_script(script) if script else []), *read_steps(steps or [])]
    try:
        result = asyncio.run(_ring(Wanted(wanted, to, number, voice or VOICE, record, as_json)))
    except (NoCall, CannotSpeak) as error:
        say(f"warmline: {error}")
        raise typer.Exit(FAILED) from None
    if as_json:
        emit_json(result)


async def _ring(wanted: Wanted) -> dict[str, Any]:
    from bootstrap.own_stack import line_address, own_stack
    from bootstrap.ring.caller import Caller
    from bootstrap.ring.phone import open_phone, ring_up
    from bootstrap.ring.play import play
    from bootstrap.ring.record import call_record, write_recording
    from bootstrap.ring.show import show_end, show_exchange
    from bootstrap.ring.speaking import Speaker

    async with AsyncExitStack() as ending:
        to = wanted.to
        if to is None:
            to = line_address(await ending.enter_async_context(own_stack(say, phone=True)))
        endpoint, _ = await ending.enter_async_context(open_phone(wanted.number))
        leg = await ring_up(endpoint, to, wanted.number)
        caller = Caller(leg)
        try:
            speaker = Speaker(wanted.voice)
            await play(caller, wanted.steps, speaker, (lambda _: None) if wanted.quiet else show_exchange)
        finally:
            await caller.close()
        if wanted.record:
            write_recording(wanted.record, caller)
        result = call_record(caller)
        if not wanted.quiet:
            show_end(result)
        return {"to": to, "from": wanted.number, **result}
