"""A line process of its own, real phones on loopback for it, and the services through which a test looks in.

What a caller says is put in beside the line (`says`), as if it had been recognised: these tests are about people being
reached, not about recognition.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bootstrap.environment import child_environment
from bootstrap.own_stack import free_udp_port, free_udp_ports, own_settings, phone_settings
from bootstrap.services import open_services
from bootstrap.settings import Settings
from hotline.callbacks import Callback
from hotline.conversation import take_turn
from hotline.errors import StoreUnavailable
from hotline.escalation import Escalation
from hotline.people import Operator
from hotline.ports import Services
from hotline.sessions import Channel, Utterance
from store import upgrade
from voice.audio import level
from voice.legs import Audio, CallLeg, HungUp
from voice.sip import SipConfig, SipEndpoint, open_endpoint

LIMIT_SECONDS = 40.0
LOUD = 200
CALLER = "13800002222"


async def until(true: Callable[[], Any], limit_seconds: float = LIMIT_SECONDS) -> None:
    """Wait for something that another process does; a database that it keeps busy is asked again."""
    async with asyncio.timeout(limit_seconds):
        while True:
            with contextlib.suppress(StoreUnavailable):
                result = true()
                if await result if asyncio.iscoroutine(result) else result:
                    return
            await asyncio.sleep(0.1)


class Phone:
    """An answered phone: what it hears since `listen`, and whether its call goes on."""

    def __init__(self, leg: CallLeg) -> None:
        self.leg, self.over = leg, False
        self.loud_frames = 0
        self.heard = bytearray()
        self._pump = asyncio.create_task(self._listen())

    def forget(self) -> None:
        self.loud_frames = 0
        self.heard.clear()

    async def hears_something(self) -> None:
        """At least half a second of sound from now on."""
        self.forget()
        await until(lambda: self.loud_frames > 25)

    async def _listen(self) -> None:
        while not self.over:
            event = await self.leg.events.get()
            if isinstance(event, Audio):
                self.heard += event.pcm
                self.loud_frames += level(event.pcm) > LOUD
            self.over = isinstance(event, HungUp)


@dataclass
class LineProcess:
    """`warmline run line` with these settings."""

    settings: Settings
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it, or start it again."""
        command = (sys.executable, "-m", "bootstrap.cli", "run", "line")
        self.process = await asyncio.create_subprocess_exec(*command, env=child_environment(self.settings))
        await until(self._is_up)

    async def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.terminate()
            await self.process.wait()

    async def _is_up(self) -> bool:
        assert self.process is not None and self.process.returncode is None
        async with httpx.AsyncClient(trust_env=False) as client:
            with contextlib.suppress(httpx.HTTPError):
                return (await client.get(f"{self.settings.line_url}/health")).is_success
        return False


@dataclass
class Rig:
    """`phones` is everybody's telephone exchange: it rings the line, and the line rings it."""

    settings: Settings
    services: Services
    phones: SipEndpoint
    line: LineProcess
    rung: list[str] = field(default_factory=list)

    async def start_line(self) -> None:
        await self.line.start()

    async def kill_line(self) -> None:
        await self.line.kill()

    async def calls(self) -> Phone:
        """The caller rings the line and is answered."""
        settings = self.settings
        line = f"sip:{settings.sip_number}@127.0.0.1:{settings.sip_port}"
        phone = Phone(await self.phones.dial(line, number=CALLER))
        await phone.hears_something()
        return phone

    async def says(self, phone: Phone, words: str) -> Escalation:
        """The caller's words, answered beside the line; the escalation that they raised."""
        await until(lambda: self._session_of(phone))
        utterance = Utterance(Channel.PHONE, CALLER, words, contact=phone.leg.leg_id)
        await take_turn(utterance, self.services)
        await self.services.live.settle()
        return (await self.escalations())[0]

    async def picks_up(self, who: str) -> Phone:
        """The next phone that rings, which has to be this one."""
        leg = await self.rings(who)
        await leg.answer()
        return Phone(leg)

    async def rings(self, who: str) -> CallLeg:
        leg = await asyncio.wait_for(self.phones.incoming.get(), LIMIT_SECONDS)
        self.rung.append(leg.dialled)
        assert leg.dialled == who
        return leg

    async def escalations(self) -> list[Escalation]:
        async with self.services.unit_of_work() as uow:
            return await uow.escalations.open()

    async def claimed_by(self) -> str | None:
        return (await self.escalations())[0].claimed_by

    async def callbacks(self) -> list[Callback]:
        """The urgent ones; that nobody recognises speech here promises another one for later."""
        async with self.services.unit_of_work() as uow:
            sessions = [e.session_id for e in await uow.escalations.open()]
            found = [c for session_id in dict.fromkeys(sessions) for c in await uow.callbacks.by_session(session_id)]
        return [c for c in found if c.urgency == "now"]

    async def _session_of(self, phone: Phone) -> bool:
        async with self.services.unit_of_work() as uow:
            return await uow.sessions.open_for(Channel.PHONE, CALLER, phone.leg.leg_id) is not None


@asynccontextmanager
async def rig(folder: Path, *operators: str, **changes: Any) -> AsyncIterator[Rig]:
    """A line that runs, `operators` with phones of that name, all ready; alerts go by the line's own service.

    `changes` are settings.
    """
    first, last = free_udp_ports(40)
    phones = await open_endpoint(SipConfig(port=free_udp_port(), first_port=first, last_port=last))
    exchange = f"127.0.0.1:{phones.config.port}"
    settings = own_settings(folder, **{**phone_settings(), "sip_trunk": exchange, "speech_model": None, **changes})
    await asyncio.to_thread(upgrade, str(settings.database_url))
    async with open_services(settings) as services:
        async with services.unit_of_work() as uow:
            for name in operators:
                uow.operators.add(Operator(name, name, status="ready", sip_address=f"sip:{name}@{exchange}"))
            await uow.commit()
        made = Rig(settings, services, phones, LineProcess(settings))
        try:
            await made.start_line()
            yield made
        finally:
            await made.line.stop()
            await phones.close()
