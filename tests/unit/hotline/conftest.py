"""A hotline in memory of one test: a real SQLite file, a clock that is moved by hand, a scripted dialogue engine."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bootstrap.spool import FileSpool
from hotline.conversation import take_turn
from hotline.errors import DialogueUnavailable
from hotline.escalation import Escalation
from hotline.live import LiveSessions
from hotline.people import Elder, FamilyContact, Operator
from hotline.ports import Delivery, DialogueAnswer, DialogueMessage, DialogueRequest, Services
from hotline.sessions import CallSession, Channel, Reply, Turn, Utterance
from hotline.timing import Timing
from store import upgrade
from store.database import Database

ZONE = ZoneInfo("Asia/Shanghai")
ELDER_NUMBER, DAUGHTER_NUMBER = "13800002222", "13800001111"


@dataclass
class HandClock:
    moment: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)

    def now(self) -> datetime:
        return self.moment

    def pass_seconds(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class Script:
    """Repeats what it hears; `down` and `gate` make it fail and wait."""

    down: bool = False
    gate: asyncio.Event | None = None
    asked: list[str] = field(default_factory=list)
    asks: str | None = None
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def was_asked(self, times: int = 1) -> None:
        """Wait until it was asked so often."""
        async with self.arrived:
            await asyncio.wait_for(self.arrived.wait_for(lambda: len(self.asked) >= times), 5)

    async def respond(self, request: DialogueRequest) -> DialogueAnswer:
        async with self.arrived:
            self.asked.append(request.text)
            self.arrived.notify_all()
        if self.gate is not None:
            await self.gate.wait()
        if self.down:
            raise DialogueUnavailable
        return DialogueAnswer((DialogueMessage(f"听到{request.text}", "utter_x", asks=self.asks),), "inform", 0.9)

    async def draft(self, session_id: str) -> dict[str, Any]:
        return {"service": "bathing"}


@dataclass
class Recorder:
    """Remembers whom it told; `failing` makes every delivery fail."""

    failing: bool = False
    alerts: list[tuple[str, str]] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    relayed: list[str] = field(default_factory=list)

    def _delivery(self) -> Delivery:
        return Delivery("failed" if self.failing else "sent")

    async def alert(self, operator: Operator, escalation: Escalation, rung: str) -> Delivery:
        self.alerts.append((operator.name, rung))
        return self._delivery()

    async def tell_contact(self, contact: FamilyContact, escalation: Escalation) -> Delivery:
        self.contacts.append(contact.name)
        return self._delivery()

    async def say(self, session: CallSession, text: str) -> Delivery:
        self.said.append(text)
        return self._delivery()

    async def relay(self, operator: Operator, session: CallSession, text: str) -> Delivery:
        self.relayed.append(text)
        return self._delivery()


@dataclass
class Line:
    """Everything a test needs in its hands; `say` speaks for the elder on the phone unless told otherwise."""

    services: Services
    database: Database
    clock: HandClock
    script: Script
    notifier: Recorder
    count: int = 0

    def utterance(
        self, text: str = "", *, channel: str = "phone", address: str = ELDER_NUMBER, **more: Any
    ) -> Utterance:
        self.count += 1
        more.setdefault("utterance_id", f"u{self.count}")
        return Utterance(Channel(channel), address, text, **more)

    async def say(self, text: str = "", **more: Any) -> Reply:
        reply = await take_turn(self.utterance(text, **more), self.services)
        await self.services.live.settle()
        return reply

    async def escalations(self) -> list[Escalation]:
        async with self.services.unit_of_work() as uow:
            return await uow.escalations.open()

    async def session(self, channel: str = "phone", address: str = ELDER_NUMBER) -> CallSession | None:
        async with self.services.unit_of_work() as uow:
            return await uow.sessions.open_for(channel, address, "")

    async def turns(self) -> list[Turn]:
        session = await self.session()
        async with self.services.unit_of_work() as uow:
            return await uow.turns.of(session.session_id) if session else []


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    url = f"sqlite:///{tmp_path / 'line.db'}"
    await asyncio.to_thread(upgrade, url)
    database = Database(url, busy_seconds=0.3)
    clock, script, notifier = HandClock(), Script(), Recorder()
    services = Services(
        clock=clock,
        unit_of_work=database.unit_of_work,
        dialogue=script,
        notifier=notifier,
        spool=FileSpool(tmp_path / "spool", clock),
        timing=Timing(save_limit_seconds=5.0),
        live=LiveSessions(),
        read_only=database.reading,
    )
    async with services.unit_of_work() as uow:
        uow.elders.add(Elder("eld_1", "赵秀英", ELDER_NUMBER, "雄安", "示例社区3号楼302", 1944))
        uow.contacts.add(FamilyContact("con_1", "eld_1", "王晓梅", "mother", DAUGHTER_NUMBER, None, True, 1))
        uow.contacts.add(FamilyContact("con_2", "eld_1", "王建国", "mother", None, "77", False, 2))
        uow.operators.add(Operator("opr_1", "小林", "operator", "ready"))
        uow.operators.add(Operator("opr_2", "小赵", "operator", "away"))
        uow.operators.add(Operator("opr_3", "周主管", "supervisor", "away"))
        await uow.commit()
        services.roster[:] = await uow.operators.all()
    yield Line(services, database, clock, script, notifier)
    await services.live.settle()
    await database.close()
