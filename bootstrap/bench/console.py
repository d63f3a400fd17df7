"""Measures the console: from an event to the screens of many operators, over real HTTP, by a process of its own."""

import asyncio
import os
import re
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import httpx

from bootstrap.bench.figures import machine, percentile, summary
from bootstrap.bench.processes import Usage, service_usage
from bootstrap.commands.output import say
from bootstrap.environment import child_environment, prepare
from bootstrap.own_stack import own_settings
from bootstrap.reading import SettingsError
from bootstrap.services import open_services
from bootstrap.settings import Settings
from bot.notifier import ListNotifier
from console.passwords import Argon2Passwords
from hotline import escalation
from hotline.conversation import take_turn
from hotline.ending import end_contact
from hotline.people import OperatorStatus, Role, add_operator, new_operator
from hotline.ports import DialogueAnswer, DialogueMessage, DialogueRequest, Services
from hotline.sessions import Channel, Utterance
from hotline.sign_in import set_password
from store import upgrade

READY_SECONDS = 60.0
LAST_SECONDS = 5.0
AT_A_TIME = 20
"""After the last event: what has not come by then counts as not seen."""
WORDS = re.compile(r"事情(\d+)号")
SECTIONS = "waiting,callbacks,calls,duty"


class Says:
    """A dialogue engine that takes no time: only the way to the screens is measured."""

    async def respond(self, request: DialogueRequest) -> DialogueAnswer:
        return DialogueAnswer((DialogueMessage("好的，记下了。", "utter_x"),), "inform", 0.9)

    async def draft(self, session_id: str) -> dict[str, Any]:
        return {}


@dataclass
class Seen:
    """When each event was spoken, and when each screen showed it; seconds of one clock."""

    spoken: dict[int, float] = field(default_factory=dict)
    shown: dict[tuple[int, int], float] = field(default_factory=dict)

    def milliseconds(self) -> list[float]:
        return [(at - self.spoken[event]) * 1000 for (_, event), at in self.shown.items()]


async def measure_console(operators: int, events_per_second: float, seconds: float, folder: Path) -> dict[str, Any]:
    """Everything, as plain figures; milliseconds."""
    load_before = round(os.getloadavg()[0], 2)
    settings = own_settings(folder, console_plain_http=True, roles=("console",))
    prepare(settings)
    await asyncio.to_thread(upgrade, str(settings.database_url))
    async with AsyncExitStack() as ending:
        services = await ending.enter_async_context(open_services(settings, notifier=ListNotifier(), dialogue=Says()))
        name, password = await _employed(services)
        await ending.enter_async_context(_console(settings))
        secret = await _signed_in(settings, name, password)
        seen = Seen()
        say(f"{operators} operators, {events_per_second:g} events a second, {seconds:g} s")
        screens = [asyncio.create_task(_screen(number, settings, secret, seen)) for number in range(operators)]
        await asyncio.sleep(2)
        before, began = _usage(), monotonic()
        await _events(events_per_second, seconds, services, seen)
        used = _used(before, _usage(), monotonic() - began)
        await asyncio.sleep(LAST_SECONDS)
        for screen in screens:
            screen.cancel()
        await asyncio.gather(*screens, return_exceptions=True)
    return _result(operators, events_per_second, seconds, seen, used, machine(load_before))


def _result(
    operators: int, rate: float, seconds: float, seen: Seen, used: dict[str, float], where: dict[str, Any]
) -> dict[str, Any]:
    took = seen.milliseconds()
    if not took:
        raise SettingsError("no event came to any screen")
    return {
        "machine": where,
        "operators": operators,
        "events_per_second": rate,
        "seconds": seconds,
        "events": len(seen.spoken),
        "event_to_screen_ms": {**summary(took), "max": round(percentile(took, 100), 1)},
        "not_seen": len(seen.spoken) * operators - len(took),
        "console": used,
    }


def _usage() -> Usage:
    return service_usage(os.getpid()).get("console", Usage(0.0, 0.0))


def _used(before: Usage, after: Usage, seconds: float) -> dict[str, float]:
    percent = 100 * (after.cpu_seconds - before.cpu_seconds) / seconds
    return {"cpu_percent": round(percent, 1), "rss_mb": round(after.rss_mb, 1)}


async def _employed(services: Services) -> tuple[str, str]:
    operator = await add_operator(new_operator("bench", Role.OPERATOR, OperatorStatus.READY), services)
    password = secrets.token_urlsafe(16)
    await set_password(operator.operator_id, password, Argon2Passwords(), services)
    return operator.name, password


@asynccontextmanager
async def _console(settings: Settings) -> AsyncIterator[None]:
    command = [sys.executable, "-m", "bootstrap.cli", "run", "console"]
    process = await asyncio.create_subprocess_exec(*command, env=child_environment(settings))
    try:
        async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(READY_SECONDS):
            while not await _answers(client, f"{_url(settings)}/health"):  # noqa: ASYNC110  # asks another process
                await asyncio.sleep(0.2)
        yield
    finally:
        process.terminate()
        await process.wait()


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).is_success
    except httpx.HTTPError:
        return False


def _url(settings: Settings) -> str:
    return f"http://127.0.0.1:{settings.console_port}"


async def _signed_in(settings: Settings, name: str, password: str) -> str:
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(f"{_url(settings)}/sign-in", data={"name": name, "password": password})
    return answer.cookies["warmline"]


async def _screen(number: int, settings: Settings, secret: str, seen: Seen) -> None:
    """One open board: notes when each event's words first stand in what the server sends."""
    cookies, url = {"warmline": secret}, f"{_url(settings)}/events?show={SECTIONS}"
    async with (
        httpx.AsyncClient(trust_env=False, cookies=cookies, timeout=None) as client,
        client.stream("GET", url) as answer,
    ):
        async for line in answer.aiter_lines():
            for event in WORDS.findall(line):
                seen.shown.setdefault((number, int(event)), monotonic())


async def _events(rate: float, seconds: float, services: Services, seen: Seen) -> None:
    """Callers who speak, `rate` a second, every fifth in danger; the call before the last AT_A_TIME ends, and what it
    raised is closed, as a board in use has some and not all calls of a day.
    """
    began = monotonic()
    for event in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + event / rate - monotonic()))
        seen.spoken[event] = monotonic()
        words = f"事情{event}号，我摔倒了起不来" if event % 5 == 0 else f"事情{event}号，想约个助浴"
        await take_turn(_utterance(event, words), services)
        if event >= AT_A_TIME:
            services.live.background(_over(event - AT_A_TIME, services))
    await services.live.settle()


def _utterance(event: int, words: str = "") -> Utterance:
    return Utterance(Channel.PHONE, f"139{event:08}", words, f"bench-{event}", contact=f"c{event}")


async def _over(event: int, services: Services) -> None:
    utterance = _utterance(event)
    async with services.reading() as uow:
        session = await uow.sessions.open_for(utterance.channel, utterance.address, utterance.contact)
        raised = await uow.escalations.of_session(session.session_id) if session else []
    await end_contact(utterance, services, hung_up=False)
    for one in raised:
        await escalation.close(one.escalation_id, "safe", services)
