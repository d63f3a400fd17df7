"""The demonstration from start to end on a stack of its own: scenes, tables, what was not as expected."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime

from bootstrap.commands.output import say
from bootstrap.demo import at_the_desk, calls, expect, expect_calls, people, scenes, show
from bootstrap.demo.left import Left
from bootstrap.demo.talk import NoReply, OnTelegram
from bootstrap.demo.telephone import Telephones
from bootstrap.own_stack import WITH_PHONE, line_address, own_stack
from bootstrap.ring.phone import open_phone
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
    say("Bringing up Rasa, the app, the phone line and the console on free ports with a temporary database.")
    async with BotApiServer() as server:
        telegram = {"telegram_token": TOKEN, "telegram_base_url": server.base_url}
        desk = {"roles": (*WITH_PHONE, "console"), "console_plain_http": True}
        async with own_stack(
            say, phone=True, time_scale=SCALE, danger_answer_seconds=60 / SCALE, **telegram, **desk
        ) as settings:
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
        by_chat = await _left(settings, server)
        show.records(by_chat.records(), by_chat.ladder(), "what the chats left")
        checks = [*((line, False) for line in broken), *expect.checks(by_chat, settings.time_scale)]
        async with open_phone(calls=8) as (endpoint, softphone):
            phones = Telephones(endpoint, softphone, line_address(settings), services)
            heard = await calls.play(phones)
            with_calls = await _left(settings, server)
            by_phone = with_calls.since(by_chat)
            show.records(by_phone.records(), by_phone.ladder(), "what the calls left")
            seen = await at_the_desk.play(phones, f"http://{settings.console_host}:{settings.console_port}")
    await notifier.close()
    at_desk = (await _left(settings, server)).since(with_calls)
    checks += [*expect_calls.checks(by_phone, heard), *at_the_desk.checks(at_desk, seen, server)]
    return _judged(checks)


async def _played(scene: Scene, chats: OnTelegram, services: Services) -> list[str]:
    """Play one scene; a line when it broke off."""
    try:
        await scene(chats, services)
    except NoReply as error:
        return [f"{scene.__name__}: {error}"]
    finally:
        sys.stdout.flush()
    return []


async def _left(settings: Settings, server: BotApiServer) -> Left:
    database = open_database(settings)
    try:
        return Left(await snapshot(database), server, datetime.now(settings.zone))
    finally:
        await database.close()


def _judged(checks: list[tuple[str, bool]]) -> list[str]:
    """Show all of it; gives what was not as expected."""
    show.verdict(checks)
    return [name for name, is_so in checks if not is_so]
