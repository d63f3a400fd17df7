"""The demonstration from start to end on a stack of its own: scenes, tables, what was not as expected."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime

from bootstrap.commands.output import say
from bootstrap.demo import expect, people, scenes, show
from bootstrap.demo.left import Left
from bootstrap.demo.talk import NoReply, OnTelegram
from bootstrap.own_stack import own_stack
from bootstrap.services import open_database, open_services
from bootstrap.settings import Settings
from bot.notifier import ByChannel, ListNotifier, TelegramNotifier, sending_bot
from bot.testserver import TOKEN, BotApiServer
from hotline.ports import Services
from hotline.sessions import Channel
from store.whole import snapshot

SCALE = 0.1
"""Waits take a tenth of their length: the 60 s rung comes after 6 s."""

Scene = Callable[[OnTelegram, Services], Awaitable[None]]


async def play() -> list[str]:
    """Play all scenes and show what they left; gives what was not as expected."""
    say("Bringing up Rasa, the actions, the bot and the jobs on free ports with a temporary database.")
    async with BotApiServer() as server:
        telegram = {"telegram_token": TOKEN, "telegram_base_url": server.base_url}
        async with own_stack(say, time_scale=SCALE, **telegram) as settings:
            return await _on(settings, server)


async def _on(settings: Settings, server: BotApiServer) -> list[str]:
    await people.put_in(settings)
    notifier = TelegramNotifier(sending_bot(TOKEN, server.base_url))
    spoken = ByChannel(notifier, {Channel.TELEGRAM: notifier, Channel.TERMINAL: ListNotifier()})
    async with open_services(settings, notifier=spoken) as services:
        chats = OnTelegram(server, services)
        watching = asyncio.create_task(chats.watch())
        try:
            broken = [line for scene in scenes.ALL for line in await _played(scene, chats, services)]
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
    await notifier.close()
    return await _shown(settings, server, broken)


async def _played(scene: Scene, chats: OnTelegram, services: Services) -> list[str]:
    """Play one scene; a line when it broke off."""
    try:
        await scene(chats, services)
    except NoReply as error:
        return [f"{scene.__name__}: {error}"]
    finally:
        sys.stdout.flush()
    return []


async def _shown(settings: Settings, server: BotApiServer, broken: list[str]) -> list[str]:
    database = open_database(settings)
    try:
        left = Left(await snapshot(database), server, datetime.now(settings.zone))
    finally:
        await database.close()
    show.records(left.records(), left.ladder())
    checks = [*((line, False) for line in broken), *expect.checks(left, settings.time_scale)]
    show.verdict(checks)
    return [name for name, is_so in checks if not is_so]
