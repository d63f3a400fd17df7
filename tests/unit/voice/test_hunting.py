"""人工 by phone: ready operators are rung one after the other; the place is told, a callback is offered and kept."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from hotline import ring_out
from hotline.callbacks import Callback
from hotline.escalation import Escalation
from knowledge.ringing import ringing
from tests.unit.voice.world import CALLER, LIN, ZHAO, PatientOffice, World, still, world
from voice.fakes import FakeLeg
from voice.hunting import Hunt
from voice.legs import DialFailed
from voice.virtual_time import in_virtual_time

PLAN = ringing().operators


async def asks_for_a_person(here: World, number: str = CALLER, contact: str = "") -> FakeLeg:
    """Somebody rings and presses 0."""
    caller = FakeLeg(number)
    here.tasks.append(asyncio.create_task(here.line.take(caller)))
    await caller.begins("您好")
    caller.press("0")
    await caller.hears("我正在找值班人员")
    return caller


async def idle_since(here: World, **hours: float) -> None:
    """How long ago each was busy last."""
    with still():
        async with here.services.unit_of_work() as uow:
            for operator_id, ago in hours.items():
                moment = here.services.clock.now() - timedelta(hours=ago)
                (await uow.operators.require(operator_id)).last_busy_at = moment
            await uow.commit()


async def open_ones(here: World) -> list[Escalation]:
    with still():
        async with here.services.unit_of_work() as uow:
            return await uow.escalations.open()


async def promised(here: World) -> list[Callback]:
    with still():
        async with here.services.unit_of_work() as uow:
            return await uow.callbacks.open()


@in_virtual_time
async def test_one_after_the_other_the_longest_idle_first_and_key_one_joins(tmp_path: Path) -> None:
    async with world(tmp_path, real_desk=True) as here:
        await here.runs()
        await idle_since(here, lin=1, zhao=2)
        lin, zhao = here.endpoint.rings_here(LIN), here.endpoint.rings_here(ZHAO)
        caller = await asks_for_a_person(here)
        await asyncio.sleep(PLAN.ring_seconds - 5)
        assert here.endpoint.dialled == [ZHAO] and not zhao.answered
        here.endpoint.lift(LIN)
        await lin.hears("找人工")
        assert here.endpoint.dialled == [ZHAO, LIN]
        lin.press("1")
        await caller.hears("值班员来了")
        await asyncio.sleep(1)
        assert caller.bridged_to is lin
        assert (await open_ones(here))[0].claimed_by == "lin"


@pytest.mark.parametrize("why", ["busy", "declined", "unreachable"])
@in_virtual_time
async def test_who_can_t_take_it_is_followed_by_the_next_at_once(tmp_path: Path, why: str) -> None:
    async with world(tmp_path, real_desk=True) as here:
        await here.runs()
        await idle_since(here, lin=2, zhao=1)
        here.endpoint.phones[LIN] = DialFailed(why)
        here.endpoint.rings_here(ZHAO)
        await asks_for_a_person(here)
        await asyncio.sleep(4)
        assert here.endpoint.dialled == [LIN, ZHAO]


@in_virtual_time
async def test_key_two_goes_to_the_next_and_nobody_is_asked_again_at_once(tmp_path: Path) -> None:
    async with world(tmp_path, real_desk=True) as here:
        await here.runs()
        await idle_since(here, lin=2, zhao=1)
        lin = here.endpoint.rings_here(LIN)
        here.endpoint.lift(LIN)
        here.endpoint.rings_here(ZHAO)
        await asks_for_a_person(here)
        await lin.begins("有人求助")
        lin.press("2")
        await lin.hears("再找别人")
        await asyncio.sleep(4)
        assert here.endpoint.dialled == [LIN, ZHAO]


@in_virtual_time
async def test_an_operator_on_the_phone_is_not_rung_and_danger_rings_everybody(tmp_path: Path) -> None:
    async with world(tmp_path, lin=LIN) as here:
        here.desk.now = None
        await here.runs()
        raised = await here.danger()
        here.endpoint.rings_here(LIN)
        here.ring("lin", raised)
        await asyncio.sleep(5)
        assert not here.phones.is_free("lin") and here.endpoint.dialled == [LIN]


@in_virtual_time
async def test_how_many_come_before_is_told_only_while_it_is_true(tmp_path: Path) -> None:
    async with world(tmp_path, real_desk=True, lin=LIN) as here:
        await here.runs()
        lin = here.endpoint.rings_here(LIN)
        first = await asks_for_a_person(here, "13800000001")
        second = await asks_for_a_person(here, "13800000002")
        third = await asks_for_a_person(here, "13800000003")
        await third.hears("您前面还有两位")
        await second.hears("您前面还有一位")
        assert not any("前面" in text for text in first.texts)
        here.endpoint.lift(LIN)
        await lin.begins("有人求助")
        lin.press("1")
        await first.hears("值班员来了")
        await second.hears("下一位就是您")
        await third.hears("您前面还有一位")


@in_virtual_time
async def test_after_a_while_a_callback_is_offered_and_key_one_keeps_it(tmp_path: Path) -> None:
    async with world(tmp_path, real_desk=True, lin=LIN) as here:
        await here.runs()
        here.endpoint.rings_here(LIN)
        caller = await asks_for_a_person(here)
        await caller.hears("您等了一分钟了", 80)
        await caller.hears("要我们给您打回来", 60)
        offered_at = caller.spoken[-1].start - caller.answered_at
        assert PLAN.offer_callback_seconds <= offered_at <= PLAN.offer_callback_seconds + 20
        assert await promised(here) == []
        caller.press("1")
        await caller.hears("前有人给您打回来")
        await asyncio.sleep(3)
        assert not caller.alive
        [callback] = await promised(here)
        assert (callback.number, callback.reason) == (CALLER, "operator_request")


@in_virtual_time
async def test_who_waits_on_is_not_offered_it_again_and_is_told_what_is_true(tmp_path: Path) -> None:
    async with world(tmp_path, real_desk=True, lin=LIN) as here:
        await here.runs()
        here.endpoint.rings_here(LIN)
        caller = await asks_for_a_person(here)
        await caller.hears("要我们给您打回来", 150)
        caller.press("2")
        await caller.hears("我还在找值班人员")
        await asyncio.sleep(120)
        assert caller.alive and sum("要我们给您打回来" in text for text in caller.texts) == 1
        assert await promised(here) == []
        assert here.endpoint.dialled.count(LIN) >= 6  # rung again and again


@in_virtual_time
async def test_a_caller_without_a_number_is_offered_none(tmp_path: Path) -> None:
    async with world(tmp_path, real_desk=True, lin=LIN) as here:
        await here.runs()
        here.endpoint.rings_here(LIN)
        caller = await asks_for_a_person(here, "")
        await asyncio.sleep(PLAN.offer_callback_seconds + 20)
        assert caller.alive and not caller.heard("要我们给您打回来")


@in_virtual_time
async def test_who_hangs_up_while_waiting_is_rung_back_when_somebody_is_there(tmp_path: Path) -> None:
    async with world(tmp_path, real_desk=True, lin=LIN) as here:
        await here.runs()
        here.endpoint.rings_here(LIN)
        caller = await asks_for_a_person(here)
        await asyncio.sleep(5)
        caller.hangs_up()
        await asyncio.sleep(2)
        assert here.endpoint.gave_up == [LIN]
        elder = here.endpoint.rings_here(CALLER)
        here.endpoint.lift(CALLER)
        await elder.hears("您在吗", 120)
        assert here.endpoint.dialled == [LIN, CALLER]


@pytest.mark.parametrize(("trunk", "rung"), [(True, [LIN]), (False, [])])
@in_virtual_time
async def test_for_a_callback_that_is_people_s_operators_are_rung_where_numbers_can_be(
    tmp_path: Path, trunk: bool, rung: list[str]
) -> None:
    async with world(tmp_path, real_desk=True, lin=LIN) as here:
        here.endpoint.rings_here(LIN)
        caller = await asks_for_a_person(here)
        caller.hangs_up()
        await asyncio.sleep(1)
        [callback] = await promised(here)
        with still():
            await ring_out.hand_over(callback, ring_out.OVERDUE, here.services)
        office = PatientOffice(here.services, asyncio.get_running_loop())
        here.tasks.append(asyncio.create_task(Hunt(here.phones, here.line, office, rings_numbers=trunk).run()))
        await asyncio.sleep(5)
        assert here.endpoint.dialled == rung
