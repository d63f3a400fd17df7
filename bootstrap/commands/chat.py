"""`chat`: the same conversation in the terminal."""

import asyncio
import sys
from typing import Annotated

import typer

from bootstrap.commands.common import check_database
from bootstrap.commands.output import AsJson, emit_json
from bootstrap.environment import prepare
from bootstrap.reading import read_settings
from bootstrap.settings import Settings
from hotline.sessions import Channel

app = typer.Typer()


@app.command()
def chat(
    address: Annotated[
        str,
        typer.Option("--as", help="Who writes: the address of a linked chat, or any name for a stranger."),
    ] = "terminal",
    as_json: AsJson = False,
) -> None:
    """Talk to the hotline here; it needs the service running (`warmline up`). Input may be piped."""
    settings = read_settings()
    prepare(settings)
    check_database(settings)
    asyncio.run(_chat(settings, address, as_json))


async def _chat(settings: Settings, address: str, as_json: bool) -> None:
    from bootstrap.services import open_services, people_notifier
    from bot.notifier import ByChannel, ListNotifier
    from bot.terminal import chat as talk
    from bot.terminal import console_writer, stdin_reader

    outbox: asyncio.Queue[str] = asyncio.Queue()
    terminal = ListNotifier(lambda _session, text: outbox.put_nowait(text))
    async with people_notifier(settings) as people:
        notifier = ByChannel(people, {Channel.TERMINAL: terminal, Channel.TELEGRAM: people})
        async with open_services(settings, notifier=notifier) as services:
            write = _json_writer if as_json else console_writer()
            prompt = not as_json and sys.stdin.isatty()
            await talk(services, stdin_reader(prompt), write, outbox, address=address)


def _json_writer(text: str) -> None:
    emit_json({"text": text})
