"""`chat`: the same conversation in the terminal."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Annotated

import typer

from bootstrap.commands.common import check_database
from bootstrap.commands.output import AsJson, emit_json
from bootstrap.environment import prepare
from bootstrap.reading import read_settings
from bootstrap.settings import Settings
from hotline.errors import StoreUnavailable
from hotline.outbox import take
from hotline.ports import Services
from hotline.sessions import Channel

app = typer.Typer()

FETCH_SECONDS = 0.5


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
            async with fetching(address, services, outbox):
                await talk(services, stdin_reader(prompt), write, outbox, address=address)
            while not outbox.empty():
                write(outbox.get_nowait())


@asynccontextmanager
async def fetching(
    address: str, services: Services, outbox: "asyncio.Queue[str]", every_seconds: float = FETCH_SECONDS
) -> AsyncIterator[None]:
    """Meanwhile, put into `outbox` what other processes say to this caller: a claim, an operator's words."""
    over = asyncio.Event()
    work = asyncio.create_task(_fetch(address, services, outbox, over, every_seconds))
    try:
        yield
    finally:
        over.set()  # not cancelled: what was fetched counts as delivered, so it has to be shown
        await work


async def _fetch(
    address: str, services: Services, outbox: "asyncio.Queue[str]", over: asyncio.Event, every_seconds: float
) -> None:
    while not over.is_set():
        try:
            for text in await take(Channel.TERMINAL, address, services):
                outbox.put_nowait(text)
        except StoreUnavailable:
            pass  # locked for a moment: it waits where it is
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), every_seconds)


def _json_writer(text: str) -> None:
    emit_json({"text": text})
