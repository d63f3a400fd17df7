"""The desk between two loops, and whole calls on a real hotline: database, spool and screening as they are."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bootstrap.clock import SystemClock
from bootstrap.spool import FileSpool
from bot.notifier import ListNotifier
from hotline import escalation, outbox
from hotline.errors import DialogueUnavailable
from hotline.live import LiveSessions
from hotline.people import Elder, Operator
from hotline.ports import DialogueAnswer, DialogueMessage, DialogueRequest, Services
from hotline.recovery import replay
from hotline.sessions import Channel, Utterance
from hotline.timing import Timing
from knowledge.screening import screen
from knowledge.wording import say
from store import upgrade
from store.database import Database
from voice.call import Call
from voice.desk import Desk, DeskUnavailable
from voice.fakes import FakeEars, FakeLeg, FakeVoice
from voice.timing import CallTiming
from voice.virtual_time import VirtualLoop, in_virtual_time

ZONE = ZoneInfo("Asia/Shanghai")
DOUBTFUL = "胸口有点闷"
"""Perhaps danger: asked about."""
NUMBER, WITHHELD = "13800002222", "unknown"
CALLER = Utterance(Channel.PHONE, NUMBER, contact="leg-1")


@dataclass
class Script:
    """Repeats what it hears; `asks` makes every answer a question."""

    asks: str | None = None
    down: bool = False
    gate: asyncio.Event | None = None
    heard: list[str] = field(default_factory=list)

    async def respond(self, request: DialogueRequest) -> DialogueAnswer:
        self.heard.append(request.text)
        if self.gate is not None:
            await self.gate.wait()
        if self.down:
            raise DialogueUnavailable
        return DialogueAnswer((DialogueMessage(f"听到{request.text}。", "utter_x", asks=self.asks),), "inform", 0.9)

    async def draft(self, session_id: str) -> dict[str, Any]:
        return {}


class PatientDesk(Desk):
    """For virtual time, which stands still while the hotline works."""

    async def _asked(self, work: Coroutine[Any, Any, Any]) -> Any:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        with loop.stands_still():
            return await super()._asked(work)


@dataclass
class Hotline:
    """A hotline on its own loop in its own thread, as in the line process."""

    loop: asyncio.AbstractEventLoop
    folder: Path
    script: Script = field(default_factory=Script)
    services: Services = None  # type: ignore[assignment]  # set by `begin`, on its loop
    database: Database = None  # type: ignore[assignment]

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run it there and wait."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    async def begin(self) -> None:
        url = f"sqlite:///{self.folder / 'line.db'}"
        await asyncio.to_thread(upgrade, url)
        self.database = Database(url, busy_seconds=0.3)
        clock = SystemClock(ZONE)
        self.services = Services(
            clock=clock,
            unit_of_work=self.database.unit_of_work,
            dialogue=self.script,
            notifier=ListNotifier(),
            spool=FileSpool(self.folder / "spool", clock),
            timing=Timing(save_limit_seconds=5.0),
            live=LiveSessions(),
        )
        async with self.services.unit_of_work() as uow:
            uow.elders.add(Elder("eld_1", "赵秀英", NUMBER, "雄安", "示例社区3号楼302", 1944))
            uow.operators.add(Operator("opr_1", "小林", "operator", "ready"))
            await uow.commit()
            self.services.roster[:] = await uow.operators.all()

    async def end(self) -> None:
        await self.services.live.settle()
        await self.database.close()

    async def all_of(self, repository: str) -> list[Any]:
        async with self.services.unit_of_work() as uow:
            return list(await getattr(uow, repository).open())

    async def sessions(self) -> list[Any]:
        async with self.services.unit_of_work() as uow:
            return list(await uow.sessions.open_on("phone"))

    async def nobody_ready(self) -> None:
        async with self.services.unit_of_work() as uow:
            (await uow.operators.require("opr_1")).status = "away"
            await uow.commit()

    @contextmanager
    def stuck(self) -> Iterator[None]:
        """The main loop is caught in something that does not come back."""
        free = threading.Event()
        self.loop.call_soon_threadsafe(free.wait, 30)
        try:
            yield
        finally:
            free.set()


@pytest.fixture
def hotline(tmp_path: Path) -> Iterator[Hotline]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    one = Hotline(loop, tmp_path)
    one.do(one.begin())
    try:
        yield one
    finally:
        one.do(one.end())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


# --- the desk alone ----------------------------------------------------------------------------------------


async def test_a_turn_is_taken_on_the_main_loop_and_the_state_is_told(hotline: Hotline) -> None:
    desk = Desk(hotline.services, hotline.loop)
    await desk.open(CALLER)
    assert (await desk.turn(replace(CALLER, text="人工"))).then == "hand_over"
    state = await desk.state(CALLER)
    assert state is not None and state.waiting_for_person and not state.urgent and state.held_by is None
    await desk.turn(replace(CALLER, utterance_id="u2", text="我摔倒了起不来"))
    state = await desk.state(CALLER)
    assert state is not None and state.urgent and not state.quiet
    assert await desk.state(replace(CALLER, contact="another")) is None
    assert await desk.answers()


async def test_what_operators_say_reaches_the_one_call_it_is_meant_for(hotline: Hotline) -> None:
    desk = Desk(hotline.services, hotline.loop)
    one, other = (Utterance(Channel.PHONE, WITHHELD, contact=contact) for contact in ("leg-1", "leg-2"))
    await desk.open(one)
    await desk.open(other)
    first, second = hotline.do(hotline.sessions())
    hotline.do(outbox.tell(second, "您听他说。", hotline.services))
    assert await desk.told(one, first.session_id) == []
    assert await desk.told(other, second.session_id) == ["您听他说。"]
    assert await desk.told(other, second.session_id) == []


async def test_a_main_loop_that_is_stuck_is_noticed_and_what_was_begun_is_done_later(hotline: Hotline) -> None:
    desk = Desk(hotline.services, hotline.loop, limit_seconds=0.2)
    await desk.open(CALLER)
    with hotline.stuck():
        assert not await desk.answers()
        with pytest.raises(DeskUnavailable):
            await desk.state(CALLER)
        turn = asyncio.create_task(desk.turn(replace(CALLER, text="你好啊")))
        await asyncio.sleep(0.1)
        assert not turn.done()
    assert (await turn).text == "听到你好啊。"


async def test_while_it_is_stuck_callback_and_danger_go_into_the_spool(hotline: Hotline) -> None:
    desk = Desk(hotline.services, hotline.loop, limit_seconds=0.2)
    await desk.open(CALLER)
    with hotline.stuck():
        await desk.raise_beside(replace(CALLER, text="我摔倒了起不来"), screen("我摔倒了起不来"))
        kinds = [kind for kind, _ in hotline.services.spool.drain()]
        assert kinds == ["turn", "escalation"]
        assert await desk.promise_trouble(CALLER) == "will_be_rung"
    hotline.do(replay(hotline.services))
    (raised,), callbacks = hotline.do(hotline.all_of("escalations")), hotline.do(hotline.all_of("callbacks"))
    (session,) = hotline.do(hotline.sessions())
    assert raised.session_id == session.session_id
    assert {c.number for c in callbacks} == {NUMBER}


async def test_a_callback_is_promised_once_and_only_where_a_number_is(hotline: Hotline) -> None:
    desk = Desk(hotline.services, hotline.loop)
    assert [await desk.promise_trouble(CALLER) for _ in range(2)] == ["will_be_rung"] * 2
    assert len(hotline.do(hotline.all_of("callbacks"))) == 1
    assert await desk.promise_trouble(Utterance(Channel.PHONE, WITHHELD, contact="leg-2")) == "number_unknown"


async def test_where_ringing_may_endanger_nothing_is_promised(hotline: Hotline) -> None:
    desk = Desk(hotline.services, hotline.loop)
    await desk.turn(replace(CALLER, text="我老公打我，救命"))
    state = await desk.state(CALLER)
    assert state is not None and state.quiet
    assert await desk.promise_trouble(replace(CALLER, utterance_id="u2")) == ""


async def test_a_fault_is_told_as_such_and_so_is_a_loop_that_is_gone(hotline: Hotline) -> None:
    broken = Desk(replace(hotline.services, live=None), hotline.loop)  # type: ignore[arg-type]
    with pytest.raises(DeskUnavailable):
        await broken.turn(CALLER)
    gone = asyncio.new_event_loop()
    gone.close()
    with pytest.raises(DeskUnavailable):
        await Desk(hotline.services, gone).turn(CALLER)
    assert not await Desk(hotline.services, gone).answers()


# --- whole calls -------------------------------------------------------------------------------------------


@asynccontextmanager
async def ringing(hotline: Hotline, number: str = NUMBER) -> AsyncIterator[FakeLeg]:
    """A caller who has heard the opening; hangs up in the end, if still there."""
    leg = FakeLeg(number)
    first = Utterance(Channel.PHONE, number, contact=leg.leg_id)
    call = Call(leg, first, PatientDesk(hotline.services, hotline.loop), FakeVoice(), FakeEars(), CallTiming())
    task = asyncio.create_task(call.run())
    try:
        await leg.hears("您要办什么事")
        yield leg
    finally:
        leg.hangs_up()
        await task


def test_a_hang_up_in_mid_booking_leaves_nothing_half_done(hotline: Hotline) -> None:
    @in_virtual_time
    async def run() -> None:
        hotline.script.asks = "when"
        async with ringing(hotline) as leg:
            await leg.says("约个助浴")
            await leg.hears("听到约个助浴")
            (session,) = hotline.do(hotline.sessions())
        ended = hotline.do(_session(hotline, session.session_id))
        assert ended.ended_at is not None and ended.outcome == "abandoned"
        assert hotline.do(hotline.all_of("callbacks")) == hotline.do(hotline.all_of("escalations")) == []

    run()


async def _session(hotline: Hotline, session_id: str) -> Any:
    async with hotline.services.unit_of_work() as uow:
        return await uow.sessions.require(session_id)


def test_who_is_cut_off_in_danger_is_to_be_rung_back_now(hotline: Hotline) -> None:
    @in_virtual_time
    async def run() -> None:
        async with ringing(hotline) as leg:
            await leg.says("我摔倒了起不来")
            await leg.hears("打回来")
            await leg.says("在厨房里")
            await leg.hears("？")
            leg.hangs_up("media_timeout")
        (raised,), (callback,) = hotline.do(hotline.all_of("escalations")), hotline.do(hotline.all_of("callbacks"))
        assert (raised.kind, raised.status) == ("fall", "open")
        assert (callback.urgency, callback.number, callback.hold) == ("now", NUMBER, False)

    run()


def test_a_hang_up_on_the_danger_question_acts(hotline: Hotline) -> None:
    @in_virtual_time
    async def run() -> None:
        async with ringing(hotline) as leg:
            await leg.says(DOUBTFUL)
            await leg.begins("您现在有危险吗")
        raised = hotline.do(hotline.all_of("escalations"))
        assert [e.urgency for e in raised] == ["now"]

    run()


def test_cut_off_in_the_middle_of_the_words_danger_is_heard_all_the_same(hotline: Hotline) -> None:
    @in_virtual_time
    async def run() -> None:
        async with ringing(hotline) as leg:
            await leg.says("我摔倒了起不来")
        (raised,), (callback,) = hotline.do(hotline.all_of("escalations")), hotline.do(hotline.all_of("callbacks"))
        assert (raised.kind, callback.urgency) == ("fall", "now")
        async with ringing(hotline, "13900001111") as leg:
            await leg.says("约个助浴")
        assert len(hotline.do(hotline.all_of("escalations"))) == 1
        assert hotline.script.heard == []

    run()


def test_no_answer_to_the_danger_question_acts_and_the_company_stays(hotline: Hotline) -> None:
    @in_virtual_time
    async def run() -> None:
        async with ringing(hotline) as leg:
            await leg.says(DOUBTFUL)
            await leg.hears("要我马上叫人吗")
            await leg.hears("我正在叫值班人员")

    run()


def test_a_person_by_words_over_the_opening(hotline: Hotline) -> None:
    @in_virtual_time
    async def run() -> None:
        leg = FakeLeg(NUMBER)
        first = Utterance(Channel.PHONE, NUMBER, contact=leg.leg_id)
        call = Call(leg, first, PatientDesk(hotline.services, hotline.loop), FakeVoice(), FakeEars(), CallTiming())
        task = asyncio.create_task(call.run())
        await leg.begins("您好")
        await asyncio.sleep(1)
        await leg.says("人工")
        await leg.hears("我正在找值班人员")
        (raised,) = hotline.do(hotline.all_of("escalations"))
        assert raised.kind == "operator_request"
        await leg.hears(say("person_wait"))
        hotline.do(escalation.claim(raised.escalation_id, "opr_1", hotline.services))
        await leg.hears("值班人员已经接手")
        await leg.hears(say("held_wait"))
        leg.hangs_up()
        await task

    run()


def test_nobody_ready_and_no_number_shown_nothing_untrue_is_said(hotline: Hotline) -> None:
    @in_virtual_time
    async def run() -> None:
        hotline.do(hotline.nobody_ready())
        async with ringing(hotline, WITHHELD) as leg:
            leg.press("0")
            await leg.hears("我记个号码")
            await leg.says("我摔倒了起不来")
            await leg.hears("打完再打给我们")
            assert not any("打回来" in text or "有人联系您" in text for text in leg.texts)

    run()


def test_two_calls_from_one_number_are_two_sessions(hotline: Hotline) -> None:
    @in_virtual_time
    async def run() -> None:
        async with ringing(hotline) as one, ringing(hotline) as other:
            await one.says("约个助浴")
            await other.says("查查预约")
            await one.hears("听到约个助浴")
            await other.hears("听到查查预约")
            assert len(hotline.do(hotline.sessions())) == 2
            assert not one.heard("查查预约")

    run()


def test_a_locked_database_in_danger_operators_are_told_and_words_are_said(hotline: Hotline) -> None:
    @in_virtual_time
    async def run() -> None:
        async with ringing(hotline) as leg:
            holder = sqlite3.connect(hotline.folder / "line.db", isolation_level=None)
            holder.execute("BEGIN EXCLUSIVE")
            await leg.says("我摔倒了起不来")
            await leg.hears("全国都通")
            holder.rollback()
            holder.close()
            hotline.do(replay(hotline.services))
            (raised,) = hotline.do(hotline.all_of("escalations"))
            assert raised.kind == "fall"

    run()


def test_the_dialogue_is_down_a_callback_is_promised_once(hotline: Hotline) -> None:
    @in_virtual_time
    async def run() -> None:
        hotline.script.down = True
        async with ringing(hotline) as leg:
            await leg.says("约个助浴")
            await leg.hears("前有人联系您")
            await leg.says("约个助浴")
            await leg.hears("还是没好")
            assert len(hotline.do(hotline.all_of("callbacks"))) == 1

    run()


def test_danger_overtakes_words_still_being_worked_on(hotline: Hotline) -> None:
    @in_virtual_time
    async def run() -> None:
        hotline.script.gate = gate = asyncio.Event()
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        async with ringing(hotline) as leg:
            loop.real = True
            await leg.says("约个助浴")
            while not hotline.script.heard:  # noqa: ASYNC110  # on another loop
                await asyncio.sleep(0.1)
            await leg.says("哎呀我摔倒了起不来")
            await leg.begins("我正在叫")
            hotline.loop.call_soon_threadsafe(gate.set)
            await asyncio.sleep(1)
            loop.real = False
            assert not leg.heard("听到")

    run()
