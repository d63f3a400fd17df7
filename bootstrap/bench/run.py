"""Runs the measurements: callers at a time, one long chat, emergencies with Rasa up and away."""

import asyncio
import os
from dataclasses import replace
from itertools import count, cycle, islice
from time import perf_counter
from typing import Any

from bootstrap.bench.figures import Measured, by_stage, growth, machine, summary
from bootstrap.commands.output import say
from bootstrap.environment import rasa_token
from bootstrap.own_stack import own_stack
from bootstrap.services import open_database, open_services
from bootstrap.settings import Settings
from bot.notifier import ListNotifier
from hotline.conversation import take_turn
from hotline.ports import Services
from hotline.sessions import Channel, Utterance
from nlu.client import RasaDialogue
from store.seed import seed_demo

CONVERSATION = (
    "您好", "我想给我爸约个助餐", "丛培德", "13800000301", "后天上午", "十一点", "对", "你是真人吗", "谢谢",
    "老人做饭不方便，有什么补贴", "我要投诉护理员来晚了", "不用回电", "再说一遍", "帮我查一下约的服务", "算了",
    "请给我回个电话", "想问养老院的事", "13800000301", "说慢一点", "好的谢谢",
)  # fmt: skip
"""One caller's lines, said over again as often as it takes; a mix of booking, question, complaint, callback."""

EMERGENCY = "我摔倒了，起不来"
EMERGENCIES = 40
LONG_CHAT_TURNS = 60
WARM_UP_TURNS = 5
NOBODY_THERE = "http://127.0.0.1:9"
"""The discard port, where nothing listens: what a stopped Rasa looks like."""

_callers = count(1)


async def measure(sessions: list[int], turns: int, pause_seconds: float) -> dict[str, Any]:
    """Everything, as plain figures; milliseconds unless a name says otherwise."""
    load_before = round(os.getloadavg()[0], 2)
    async with own_stack(say) as settings:
        await _seeded(settings)
        async with open_services(settings, notifier=ListNotifier()) as services:
            await _caller(WARM_UP_TURNS, services)
            return {
                "machine": machine(load_before),
                "turns_each": turns,
                "pause_seconds": pause_seconds,
                "sessions": [await _at_a_time(number, turns, pause_seconds, services) for number in sessions],
                "long_chat": await _long_chat(services),
                "emergency": await _emergencies(settings, services),
            }


async def _seeded(settings: Settings) -> None:
    database = open_database(settings)
    try:
        await seed_demo(database)
    finally:
        await database.close()


async def _at_a_time(number: int, turns: int, pause_seconds: float, services: Services) -> dict[str, Any]:
    say(f"{number} at a time, {turns} turns each")
    began = perf_counter()
    talks = await asyncio.gather(*(_caller(turns, services, pause_seconds, one / number) for one in range(number)))
    seconds = perf_counter() - began
    measured = [one for talk in talks for one in talk]
    return {
        "sessions": number,
        "turns": len(measured),
        "turns_per_second": round(len(measured) / seconds, 1),
        "fallback_replies": sum(one.path == "fallback" for one in measured),
        "stages": by_stage(measured),
    }


async def _caller(turns: int, services: Services, pause_seconds: float = 0.0, begins: float = 0.0) -> list[Measured]:
    """One new caller's conversation, who waits so long before each line; `begins`, 0 to 1, spreads the callers."""
    address, measured = f"bench-{next(_callers)}", []
    await asyncio.sleep(begins * pause_seconds)
    for line in islice(cycle(CONVERSATION), turns):
        measured.append(await _turn(address, line, services))
        await asyncio.sleep(pause_seconds)
    return measured


async def _turn(address: str, text: str, services: Services) -> Measured:
    utterance = Utterance(Channel.TERMINAL, address, text=text)
    began = perf_counter()
    reply = await take_turn(utterance, services)
    return Measured.of(reply, (perf_counter() - began) * 1000)


async def _long_chat(services: Services) -> list[dict[str, Any]]:
    say(f"one chat of {LONG_CHAT_TURNS} turns")
    return growth(await _caller(LONG_CHAT_TURNS, services))


async def _emergencies(settings: Settings, services: Services) -> dict[str, Any]:
    say(f"{EMERGENCIES} emergencies with Rasa up, and as many with Rasa away")
    up = [await _emergency(services) for _ in range(EMERGENCIES)]
    nobody = RasaDialogue(NOBODY_THERE, rasa_token(settings))
    try:
        without = replace(services, dialogue=nobody)
        away = [await _emergency(without) for _ in range(EMERGENCIES)]
        await services.live.settle()
    finally:
        await nobody.close()
    return {"count": EMERGENCIES, "rasa_up": summary(up), "rasa_away": summary(away)}


async def _emergency(services: Services) -> float:
    """Milliseconds from the words to the first answer of a new caller; the alert is on its way by then."""
    return (await _turn(f"bench-{next(_callers)}", EMERGENCY, services)).total
