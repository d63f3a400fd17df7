"""A line with fake phones on a real database, in virtual time; the hotline's clock goes with the loop's."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bootstrap.spool import FileSpool
from bot.notifier import ListNotifier
from hotline.conversation import take_turn
from hotline.errors import DialogueUnavailable, StoreUnavailable
from hotline.escalation import Escalation
from hotline.live import LiveSessions
from hotline.people import Operator
from hotline.ports import DialogueAnswer, DialogueRequest, Services
from hotline.sessions import Channel, Utterance
from hotline.timing import Timing
from store import upgrade
from store.database import Database
from voice.desk import CallState, Desk
from voice.fakes import FakeDesk, FakeEars, FakeEndpoint, FakeLeg, FakeVoice
from voice.hunting import Hunt
from voice.legs import CallLeg, DialFailed
from voice.line import Line, LinePlan
from voice.office import Office
from voice.operators import OperatorPhones
from voice.ring_back import RingBack
from voice.ring_out import RingOut
from voice.timing import CallTiming
from voice.virtual_time import VirtualLoop

CALLER = "13800002222"
LIN, ZHAO = "sip:lin@192.0.2.1", "sip:zhao@192.0.2.2"


BEGAN = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Monday morning, within the calling hours."""


class LoopClock:
    """The hotline's clock, as fast as the loop's."""

    def __init__(self, began: datetime = BEGAN) -> None:
        self.began, self._start = began, asyncio.get_running_loop().time()

    def now(self) -> datetime:
        return self.began + timedelta(seconds=asyncio.get_running_loop().time() - self._start)


class NoRasa:
    async def respond(self, request: DialogueRequest) -> DialogueAnswer:
        raise DialogueUnavailable

    async def draft(self, session_id: str) -> dict[str, Any]:
        return {}


def still() -> Any:
    """While the database works, no time passes."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop.stands_still()


class PatientOffice(Office):
    async def _asked(self, work: Coroutine[Any, Any, Any]) -> Any:
        with still():
            return await super()._asked(work)


class PatientDesk(Desk):
    """The real one."""

    async def _asked(self, work: Coroutine[Any, Any, Any]) -> Any:
        with still():
            return await super()._asked(work)


class Phones(FakeEndpoint):
    """Phones that ring until somebody picks up; `gave_up` are those that stopped ringing before."""

    def __init__(self) -> None:
        super().__init__()
        self.gave_up: list[str] = []
        self._lifted: dict[str, asyncio.Event] = {}

    def rings_here(self, address: str) -> FakeLeg:
        """A phone with that address; picked up by `lift`."""
        leg = FakeLeg(address)
        self.phones[address], self._lifted[address] = leg, asyncio.Event()
        return leg

    def lift(self, address: str) -> None:
        self._lifted[address].set()

    async def dial(
        self, address: str, *, number: str = "", ring_seconds: float = 30.0, headers: Mapping[str, str] | None = None
    ) -> CallLeg:
        lifted = self._lifted.get(address)
        if lifted is None:
            return await super().dial(address, ring_seconds=ring_seconds)
        self.dialled.append(address)
        try:
            await asyncio.wait_for(lifted.wait(), ring_seconds)
        except asyncio.CancelledError:
            self.gave_up.append(address)
            raise
        except TimeoutError:
            raise DialFailed("no_answer") from None
        leg = self.phones[address]
        assert isinstance(leg, FakeLeg)
        await leg.answer()
        return leg


@dataclass
class World:
    """A line with fake phones on a real database."""

    services: Services
    endpoint: Phones
    desk: FakeDesk
    line: Line
    phones: OperatorPhones
    hunt: Hunt
    ring_back: RingBack
    ring_out: RingOut
    database: Database
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)

    async def danger(
        self, words: str = "我摔倒了起不来", *, address: str = CALLER, channel: str = "phone"
    ) -> Escalation:
        """Somebody is in danger; no notice has been sent."""
        with still():
            await take_turn(Utterance(Channel(channel), address, words, contact=address), self.services)
            await self.services.live.settle()
            async with self.services.unit_of_work() as uow:
                return (await uow.escalations.open())[-1]

    async def calls(self, raised: Escalation) -> FakeLeg:
        """The caller of this escalation is on the line."""
        leg = FakeLeg(CALLER)
        self.desk.now = CallState(raised.session_id, urgent=True)
        self.tasks.append(asyncio.create_task(self.line.take(leg)))
        while self.line.by_session(raised.session_id) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        return leg

    async def runs(self) -> None:
        """Operators are hunted and callbacks are rung from now on, as by the line."""
        self.tasks += [asyncio.create_task(self.hunt.run()), asyncio.create_task(self.ring_out.run())]

    def ring(self, operator: str, raised: Escalation) -> "asyncio.Task[Any]":
        task = asyncio.create_task(self.phones.ring(self.operator(operator), raised))
        self.tasks.append(task)
        return task

    def operator(self, operator_id: str) -> Operator:
        return next(o for o in self.services.roster if o.operator_id == operator_id)

    async def now(self, raised: Escalation) -> Escalation:
        with still():
            async with self.services.unit_of_work() as uow:
                return await uow.escalations.require(raised.escalation_id)

    async def notice_states(self, raised: Escalation) -> dict[str, str]:
        with still():
            async with self.services.unit_of_work() as uow:
                return {n.recipient_id: n.state for n in await uow.notices.of(raised.escalation_id)}

    async def callback(self, raised: Escalation) -> tuple[str, int]:
        """Status and tries of the callback of its session."""
        with still():
            async with self.services.unit_of_work() as uow:
                [callback] = await uow.callbacks.by_session(raised.session_id)
        return callback.status, callback.tries


LIMIT_SECONDS = 60.0
"""Real ones: the loop's time runs away while a thread of the database works."""


async def _nothing_goes_on() -> None:
    """Whatever still rings or writes comes to its end: what is cut off inside the database shows in another test."""
    end = time.monotonic() + LIMIT_SECONDS
    while len(left := asyncio.all_tasks()) > 1:
        assert time.monotonic() < end, left
        await asyncio.sleep(0.5)


@asynccontextmanager
async def world(folder: Path, *, real_desk: bool = False, **operators: str) -> AsyncIterator[World]:
    """`operators`: phone by id; all are ready. The desk is a fake one, unless the hotline itself is to answer."""
    zone = ZoneInfo("Asia/Shanghai")
    url, clock, endpoint = f"sqlite:///{folder / 'line.db'}", LoopClock(), Phones()
    upgrade(url)
    database = Database(url, busy_seconds=5)
    services = Services(
        clock=clock,
        unit_of_work=database.unit_of_work,
        dialogue=NoRasa(),
        notifier=ListNotifier(),
        spool=FileSpool(folder / "spool", clock),
        timing=Timing(save_limit_seconds=30.0),
        live=LiveSessions(),
    )
    with still():
        async with services.unit_of_work() as uow:
            for operator_id, phone in (operators or {"lin": LIN, "zhao": ZHAO}).items():
                uow.operators.add(Operator(operator_id, operator_id, status="ready", sip_address=phone))
            await uow.commit()
            services.roster[:] = await uow.operators.all()
    loop = asyncio.get_running_loop()
    office, voice, desk = PatientOffice(services, loop), FakeVoice(), FakeDesk()
    answers = PatientDesk(services, loop) if real_desk else desk
    line = Line(answers, voice, FakeEars(), LinePlan(zone), CallTiming())
    phones = OperatorPhones(endpoint, voice, line, office)
    ring_back, ring_out = RingBack(endpoint, line, office), RingOut(endpoint, line, office, phones)
    made = World(services, endpoint, desk, line, phones, Hunt(phones, line, office), ring_back, ring_out, database)
    made.tasks.append(asyncio.create_task(phones.watch()))
    try:
        yield made
    finally:
        await endpoint.close()
        await line.close()
        for task in made.tasks:
            task.cancel()
        await asyncio.gather(*made.tasks, return_exceptions=True)
        await _nothing_goes_on()
        with still():
            await services.live.settle()
            await database.close()


@dataclass
class Direct:
    """A dialler without a thread between."""

    phones: OperatorPhones

    async def ring_operator(self, operator: Operator, escalation: Escalation) -> Any:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        standing, loop.standing = loop.standing, 0  # a phone may ring while the database waits for nothing
        try:
            return await self.phones.ring(operator, escalation)
        finally:
            loop.standing = standing


def away() -> Any:
    """A unit of work of a database that is gone."""
    raise StoreUnavailable
