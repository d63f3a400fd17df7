"""Each part of the line killed in mid-call: the caller hears something true, and danger still reaches a person."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bootstrap.own_stack import line_address, own_stack
from bootstrap.ring.caller import Caller
from bootstrap.ring.phone import open_phone, ring_up
from bootstrap.ring.speaking import Speaker
from bootstrap.services import open_database
from bootstrap.settings import Settings
from hotline.escalation import Escalation
from hotline.people import OperatorStatus, Role, new_operator
from store.database import Database
from tests.integration.line.rig import Phone, until
from tests.integration.line.test_people_by_sip import heard_by
from voice.legs import CallLeg, Endpoint

STARTED = re.compile(r"(\w+): started, process (\d+)")
FALLEN = "我摔倒了起不来"
PATIENCE_SECONDS = 40.0
LOOKS_SECONDS = 6.0
"""The jobs look every second: in so long an app that is back would have rung somebody."""
LONGEST_QUIET_SECONDS = 6.0
"""The promise is 3; a machine that runs other tests beside may take a little longer to say so."""


@dataclass
class Stack:
    settings: Settings
    database: Database
    phone: Endpoint
    speaker: Speaker = field(default_factory=Speaker)
    running: dict[str, int] = field(default_factory=dict)
    operator: CallLeg | None = None

    def kill(self, part: str) -> None:
        os.kill(self.running[part], signal.SIGKILL)

    @asynccontextmanager
    async def call(self, number: str) -> AsyncIterator[Caller]:
        """A call that has heard the opening."""
        caller = Caller(await ring_up(self.phone, line_address(self.settings), number))
        try:
            await caller.reply()
            yield caller
        finally:
            await caller.close()
            await asyncio.sleep(1)  # the caller is the first to hang up: nobody is told again
            if self.operator is not None:
                self.operator.hang_up()

    async def says(self, caller: Caller, words: str) -> None:
        await caller.say(await self.speaker.sound(words), words)

    async def needs_person(self, number: str, kind: str) -> Escalation | None:
        """The open escalation of the caller with this number, waited for."""
        for _ in range(int(PATIENCE_SECONDS * 2)):
            async with self.database.unit_of_work() as uow:
                found = [e for e in await uow.escalations.open() if e.number == number and e.kind == kind]
            if found:
                return found[0]
            await asyncio.sleep(0.5)
        return None

    async def picks_up(self, raised: Escalation) -> str | None:
        """The operator's phone rings, key 1 is pressed, and for a moment the two talk; who has it then."""
        claimed = None
        async with asyncio.timeout(PATIENCE_SECONDS * 2):
            while claimed is None:
                self.operator = await self.phone.incoming.get()
                await self.operator.answer()
                while claimed is None and self.operator.alive:
                    self.operator.send_keys("1")
                    await asyncio.sleep(1)
                    claimed = await self.claimed_by(raised)
        return claimed

    async def claimed_by(self, raised: Escalation) -> str | None:
        async with self.database.unit_of_work() as uow:
            return (await uow.escalations.require(raised.escalation_id)).claimed_by


async def _killed(part: str, number: str, stack: Stack) -> dict[str, object]:
    """Kill it in mid-call, ask for something, then fall."""
    async with stack.call(number) as caller:
        stack.kill(part)
        await stack.says(caller, "我想预约助浴")
        reply = await caller.reply(PATIENCE_SECONDS)
        await stack.says(caller, FALLEN)
        danger = await caller.reply(PATIENCE_SECONDS)
        raised = await stack.needs_person(number, "fall")
        claimed_by = await stack.picks_up(raised) if raised else None
        return {"reply": reply, "danger": danger, "raised": raised, "over": caller.over, "claimed_by": claimed_by}


async def _app_killed_in_a_bridge(number: str, stack: Stack) -> dict[str, object]:
    """The two talk; the app dies, and with it ladders, chats and the dialogue. What is left to them."""
    caller = Phone(await ring_up(stack.phone, line_address(stack.settings), number))
    try:
        await caller.hears_something()
        caller.leg.play(await stack.speaker.sound(FALLEN))
        raised = await stack.needs_person(number, "fall")
        assert raised is not None
        await stack.picks_up(raised)
        assert stack.operator is not None
        operator = Phone(stack.operator)
        await heard_by(caller, operator)
        before = stack.running["app"]
        stack.kill("app")
        await heard_by(caller, operator)
        await heard_by(operator, caller)
        await until(lambda: stack.running["app"] != before, PATIENCE_SECONDS)
        await asyncio.sleep(LOOKS_SECONDS)
        await heard_by(operator, caller)
        ended = caller.over or operator.over
        return {
            "ended": ended,
            "rung_again": not stack.phone.incoming.empty(),
            "holder": await stack.claimed_by(raised),
        }
    finally:
        caller.leg.hang_up()
        if stack.operator is not None:
            stack.operator.hang_up()


async def _all() -> dict[str, dict[str, object]]:
    running: dict[str, int] = {}

    def note(line: str) -> None:
        if found := STARTED.fullmatch(line):
            running[found[1]] = int(found[2])

    async with own_stack(note, phone=True, time_scale=0.1) as settings, open_phone() as (phone, address):
        database = open_database(settings)
        try:
            stack = Stack(settings, database, phone, running=running)
            async with database.unit_of_work() as uow:
                uow.operators.add(new_operator("小郑", Role.OPERATOR, OperatorStatus.READY, None, address))
                await uow.commit()
            results = {}
            for place, part in enumerate(("app", "rasa", "tts", "stt")):
                results[part] = await _killed(part, f"1380000050{place}", stack)
            results["bridge"] = await _app_killed_in_a_bridge("13800000509", stack)
            return results
        finally:
            await database.close()


@pytest.fixture(scope="module")
def results() -> dict[str, dict[str, object]]:
    return asyncio.run(_all())


@pytest.mark.rasa
@pytest.mark.sip
@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", ["app", "rasa", "tts", "stt"])
def test_the_caller_is_answered_and_danger_reaches_a_person(part: str, results: dict[str, dict[str, object]]) -> None:
    result = results[part]
    for what in ("reply", "danger"):
        assert result[what].audio, f"{what}: nothing was heard"  # type: ignore[attr-defined]
        print(part, what, result[what].dead_air, result[what].heard)  # type: ignore[attr-defined]  # noqa: T201
        assert result[what].dead_air < LONGEST_QUIET_SECONDS, what  # type: ignore[attr-defined]
    assert result["raised"] is not None
    assert result["claimed_by"] is not None, "nobody took over"
    assert result["over"] is None, "the call went on"


@pytest.mark.rasa
@pytest.mark.sip
@pytest.mark.timeout(900)
def test_an_app_killed_in_a_bridge_is_not_noticed_by_the_two_who_talk(results: dict[str, dict[str, object]]) -> None:
    assert not results["bridge"]["ended"]
    assert not results["bridge"]["rung_again"]
    assert results["bridge"]["holder"] is not None
