"""The console process: the operators' web pages, with services of its own."""

import asyncio

from bootstrap.environment import prepare
from bootstrap.reading import SettingsError
from bootstrap.services import open_services
from bootstrap.serving import serve
from bootstrap.settings import Settings, is_loopback
from bootstrap.stopping import until_stopped
from console.app import make_console
from console.entrance import Door
from console.passwords import Argon2Passwords
from store import upgrade

STREAMS_END_SECONDS = 1
"""Browsers hold their event streams open for ever; after this they are cut, and come back to the next process."""


async def run_console(settings: Settings) -> None:
    """Serve the console until SIGTERM or SIGINT. Raises SettingsError when its port can't be had."""
    check(settings)
    prepare(settings)
    await asyncio.to_thread(upgrade, str(settings.database_url))
    async with open_services(settings) as services:
        app = make_console(Door(services, Argon2Passwords(), settings.console_plain_http))
        where = settings.console_host, settings.console_port, "console_port"
        await until_stopped([serve(app, *where, end_seconds=STREAMS_END_SECONDS)])


def check(settings: Settings) -> None:
    """Raises SettingsError for cookies without Secure anywhere but on loopback."""
    if settings.console_plain_http and not is_loopback(settings.console_host):
        raise SettingsError(
            f"console_plain_http with console_host {settings.console_host}: passwords would cross a network in the "
            "clear; listen on 127.0.0.1 behind a server that speaks https, and leave console_plain_http off"
        )
