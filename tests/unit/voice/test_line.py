"""The line: whoever rings is answered, whatever one call does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hotline.sessions import CallSession
from knowledge.wording import say
from voice.call import Opening
from voice.desk import CallState
from voice.events import CallEvent
from voice.fakes import FakeDesk, FakeEars, FakeEndpoint, FakeLeg, FakeVoice
from voice.line import Line, LinePlan
from voice.timing import CallTiming
from voice.virtual_time import VirtualLoop, in_virtual_time

ZONE = ZoneInfo("Asia/Shanghai")
PLAN = LinePlan(ZONE, places={"12349": "威海"})


@dataclass
class Exchange:
    line: Line
    endpoint: FakeEndpoint
    desk: FakeDesk
    ears: Any

    async def ring(self, leg: FakeLeg, first: str = "您好") -> FakeLeg:
        self.endpoint.rings(leg)
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        with loop.stands_still():  # the line gets ready in another thread
            while not self.endpoint.incoming.empty():  # noqa: ASYNC110
                await asyncio.sleep(0)
        await leg.begins(first)
        return leg


@asynccontextmanager
async def exchange(plan: LinePlan = PLAN, ears: Any = None) -> AsyncIterator[Exchange]:
    one = Exchange.__new__(Exchange)
    one.endpoint, one.desk, one.ears = FakeEndpoint(), FakeDesk(), ears or FakeEars()
    one.line = Line(one.desk, FakeVoice(), one.ears, plan, CallTiming())
    running = asyncio.create_task(one.line.run(one.endpoint))
    try:
        yield one
    finally:
        await one.line.close()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@in_virtual_time
async def test_several_calls_at_once_each_with_its_place_and_number() -> None:
    async with exchange() as one:
        first, second = await one.ring(FakeLeg("13800001111")), await one.ring(FakeLeg("", dialled="96000"))
        await first.hears("您要办什么事")
        await first.says("你好啊")
        await first.hears("听到你好啊")
        await second.says("您早啊")
        await second.hears("听到您早啊")
        told = {u.address: u for u in one.desk.asked}
        assert told["13800001111"].place == "威海"
        assert told["unknown"].place is None
        assert {u.contact for u in one.desk.asked} == {first.leg_id, second.leg_id} == set(one.line.calls)


@in_virtual_time
async def test_a_call_is_found_by_its_session_while_it_goes_on() -> None:
    async with exchange() as one:
        one.desk.now = CallState("ses_7")
        leg = await one.ring(FakeLeg())
        await leg.hears("您要办什么事")
        call = one.line.by_session("ses_7")
        assert call is not None and call.leg is leg
        leg.hangs_up()
        await asyncio.sleep(1)
        assert one.line.by_session("ses_7") is None


@in_virtual_time
async def test_more_calls_than_we_can_talk_with_hear_so_and_are_rung_back() -> None:
    async with exchange(LinePlan(ZONE, calls=1)) as one:
        await one.ring(FakeLeg())
        late = FakeLeg("13900001111")
        await one.ring(late)
        await late.hears(say("will_be_rung"))
        assert late.texts == [say("all_busy"), say("will_be_rung")]
        await asyncio.sleep(0.5)
        assert late.hung_up == "local"
        assert one.desk.promised == 1
        assert len(one.line.calls) == 1


@in_virtual_time
async def test_key_0_asks_for_a_person_even_then() -> None:
    async with exchange(LinePlan(ZONE, calls=0)) as one:
        late = FakeLeg("13900001111")
        await one.ring(late)
        late.press("0")
        await late.hears("听到0")
        assert [u.keys for u in one.desk.asked] == ["0"]
        await asyncio.sleep(0.5)
        assert late.hung_up == "local"


class BrokenEars(FakeEars):
    """Our own fault: it raises."""

    def listen(self) -> Any:
        raise RuntimeError("broken")


@in_virtual_time
async def test_a_call_that_our_own_fault_ends_is_told_so_and_the_line_goes_on() -> None:
    ears = BrokenEars()
    async with exchange(ears=ears) as one:
        leg = FakeLeg()
        await one.ring(leg, "对不住")
        await leg.hears(say("will_be_rung"))
        assert leg.texts == [say("line_trouble"), say("will_be_rung")]
        await asyncio.sleep(0.5)
        assert not leg.alive
        ears.listen = FakeEars().listen  # type: ignore[method-assign]
        await (await one.ring(FakeLeg())).hears("您要办什么事")


@in_virtual_time
async def test_a_caller_who_was_rung_back_goes_on_in_his_session() -> None:
    async with exchange() as one:
        at = datetime(2026, 11, 24, 9, 0, tzinfo=ZONE)
        session = CallSession("ses_9", "phone", "13800001111", "old-leg", at, at)
        leg = FakeLeg("13800001111")
        await leg.answer()
        going = asyncio.create_task(one.line.go_on(leg, session, Opening("ring_back_opening")))
        await leg.hears("您现在怎么样")
        assert leg.texts == [say("ring_back_opening")]
        await leg.says("我还躺着呢")
        await leg.hears("听到我还躺着呢")
        assert [(u.address, u.contact) for u in one.desk.asked] == [("13800001111", "old-leg")]
        leg.hangs_up()
        await going


@pytest.mark.parametrize(
    ("header", "allowed", "pinned"),
    [
        ("2026-11-23T09:00", True, datetime(2026, 11, 23, 9, tzinfo=ZONE)),
        ("2026-11-23T09:00", False, None),
        ("soon", True, None),
    ],
)
def test_the_calendar_is_pinned_by_a_header_in_tests_only(header: str, allowed: bool, pinned: datetime | None) -> None:
    @in_virtual_time
    async def run() -> None:
        async with exchange(LinePlan(ZONE, test_headers=allowed)) as one:
            leg = await one.ring(FakeLeg(headers={"x-warmline-now": header}))
            leg.press("1")
            await leg.hears("听到1")
            assert one.desk.asked[0].pinned_now == pinned

    run()


@in_virtual_time
async def test_who_watches_sees_every_call() -> None:
    async with exchange() as one:
        seen: list[CallEvent] = []
        one.line.on_event = seen.append
        leg = await one.ring(FakeLeg())
        leg.hangs_up()
        await asyncio.sleep(1)
        assert [e.kind for e in seen] == ["answered", "hung_up"]
        assert {e.leg_id for e in seen} == {leg.leg_id}
