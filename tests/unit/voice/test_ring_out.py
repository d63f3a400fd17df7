"""Promised callbacks ring out: a person or a machine, one of ours or the assistant; never two calls at once."""

import asyncio
from pathlib import Path

import pytest

from hotline import callbacks
from hotline.callbacks import Callback, CallbackBy, NewCallback
from hotline.conversation import take_turn
from hotline.ending import end_contact
from hotline.people import Elder, FamilyContact
from hotline.sessions import Channel, Utterance
from hotline.timing import Timing
from knowledge.ringing import ringing
from tests.unit.voice.world import CALLER, LIN, ZHAO, PatientOffice, World, still, world
from voice.fakes import FakeLeg
from voice.legs import DialFailed
from voice.ring_out import RingOut
from voice.virtual_time import in_virtual_time

PLAN = ringing().callbacks
SCALE = 0.1
EVERY_SECONDS = PLAN.every_seconds * SCALE
DAUGHTER = "13800001111"


async def promised(here: World, by: CallbackBy = CallbackBy.PERSON, *, known: bool = False) -> Callback:
    """The caller was promised a callback and has hung up; it is due."""
    here.services.timing = Timing(scale=SCALE, save_limit_seconds=30.0)
    first = Utterance(Channel.PHONE, CALLER, "我想问点事", contact="the first call")
    with still():
        async with here.services.unit_of_work() as uow:
            if known:
                uow.elders.add(Elder("eld_1", "赵秀英", CALLER))
                uow.contacts.add(FamilyContact("con_1", "eld_1", "王晓梅", "mother", DAUGHTER))
            await uow.commit()
        await take_turn(first, here.services)
        async with here.services.unit_of_work() as uow:
            session = await uow.sessions.open_for(Channel.PHONE, CALLER, "the first call")
            assert session is not None
            for other in await uow.callbacks.open():
                other.status = "done"  # that the dialogue is away promises one of its own
            await uow.commit()
        callback = await callbacks.promise(session.session_id, NewCallback("trn_x", "requested", by=by), here.services)
        await end_contact(first, here.services, hung_up=False)
    await asyncio.sleep(PLAN.first_after_seconds * SCALE)
    return callback


async def stored(here: World, callback: Callback) -> Callback:
    with still():
        async with here.services.unit_of_work() as uow:
            return await uow.callbacks.require(callback.callback_id)


async def outcomes(here: World, callback: Callback) -> list[str | None]:
    with still():
        async with here.services.unit_of_work() as uow:
            return [one.outcome for one in await uow.callback_tries.of(callback.callback_id)]


async def answers(here: World, how: str = "在呢") -> FakeLeg:
    """The elder picks up and says something, or presses a key."""
    elder = here.endpoint.rings_here(CALLER)
    here.endpoint.lift(CALLER)
    await here.runs()
    await elder.begins("您在吗")
    if how.isdigit():
        elder.press(how)
    else:
        await elder.says(how)
    return elder


@pytest.mark.parametrize("how", ["1", "在呢"])
@in_virtual_time
async def test_the_elder_answers_and_the_longest_idle_operator_is_put_through(tmp_path: Path, how: str) -> None:
    async with world(tmp_path, real_desk=True) as here:
        callback = await promised(here)
        with still():
            async with here.services.unit_of_work() as uow:
                (await uow.operators.require("lin")).last_busy_at = here.services.clock.now()
                await uow.commit()
        lin, zhao = here.endpoint.rings_here(LIN), here.endpoint.rings_here(ZHAO)
        here.endpoint.lift(ZHAO)
        elder = await answers(here, how)
        await elder.hears("我正在找值班人员")
        await zhao.hears("约好的回电")
        zhao.press("1")
        await elder.hears("值班员来了")
        await asyncio.sleep(1)
        assert elder.bridged_to is zhao and not lin.answered and LIN not in here.endpoint.dialled
        assert (await stored(here, callback)).status == "done"
        zhao.hangs_up()
        await asyncio.sleep(1)
        elder.hangs_up()
        await asyncio.sleep(2)
        assert await outcomes(here, callback) == ["answered"]
        await asyncio.sleep(2 * EVERY_SECONDS)
        assert here.endpoint.dialled.count(CALLER) == 1


@in_virtual_time
async def test_the_assistant_speaks_where_it_was_promised_and_no_operator_is_rung(tmp_path: Path) -> None:
    async with world(tmp_path, real_desk=True) as here:
        callback = await promised(here, CallbackBy.ASSISTANT)
        elder = await answers(here)
        await elder.hears("您要办什么事")
        assert (await stored(here, callback)).status == "done"
        await asyncio.sleep(20)
        assert here.endpoint.dialled == [CALLER]


@pytest.mark.parametrize("says", ["您拨打的电话暂时无法接听请留言", "", "long"])
@in_virtual_time
async def test_a_mailbox_counts_as_a_machine_and_is_rung_again_later(tmp_path: Path, says: str) -> None:
    async with world(tmp_path) as here:
        callback = await promised(here)
        mailbox = here.endpoint.rings_here(CALLER)
        here.endpoint.lift(CALLER)
        await here.runs()
        await mailbox.begins("您在吗")
        if says == "long":
            await mailbox.says("我现在出门了不在家" * 8)
        elif says:
            await mailbox.says(says)
        await asyncio.sleep(40)
        assert not mailbox.alive and await outcomes(here, callback) == ["machine"]
        assert (await stored(here, callback)).status == "open" and LIN not in here.endpoint.dialled
        here.endpoint.phones[CALLER] = DialFailed("busy")
        del here.endpoint._lifted[CALLER]
        await asyncio.sleep(EVERY_SECONDS)
        assert await outcomes(here, callback) == ["machine", "busy"]


@in_virtual_time
async def test_nobody_is_rung_for_a_person_while_no_operator_is_free(tmp_path: Path) -> None:
    async with world(tmp_path, lin=LIN) as here:
        await promised(here)
        with still():
            async with here.services.unit_of_work() as uow:
                (await uow.operators.require("lin")).status = "away"
                await uow.commit()
        here.endpoint.rings_here(CALLER)
        await here.runs()
        await asyncio.sleep(5)
        assert here.endpoint.dialled == []
        with still():
            async with here.services.unit_of_work() as uow:
                (await uow.operators.require("lin")).status = "ready"
                await uow.commit()
        await asyncio.sleep(2)
        assert here.endpoint.dialled == [CALLER]


@in_virtual_time
async def test_two_lines_place_one_call_and_it_is_not_taken_while_it_goes_on(tmp_path: Path) -> None:
    async with world(tmp_path, real_desk=True) as here:
        await promised(here, CallbackBy.ASSISTANT)
        office = PatientOffice(here.services, asyncio.get_running_loop())
        other = RingOut(here.endpoint, here.line, office, here.phones)
        here.tasks.append(asyncio.create_task(other.run()))
        elder = await answers(here)
        await elder.hears("您要办什么事")
        await asyncio.sleep(150)  # longer than anybody holds it without renewing
        assert elder.alive and here.endpoint.dialled.count(CALLER) == 1


@in_virtual_time
async def test_the_relative_hears_that_the_elder_was_not_reached(tmp_path: Path) -> None:
    async with world(tmp_path, real_desk=True) as here:
        callback = await promised(here, known=True)
        here.endpoint.phones[CALLER] = DialFailed("no_answer")
        daughter = here.endpoint.rings_here(DAUGHTER)
        here.endpoint.lift(DAUGHTER)
        await here.runs()
        await asyncio.sleep(PLAN.tries * EVERY_SECONDS)
        await daughter.begins("您在吗")
        daughter.press("1")
        await daughter.hears("打了几次没有人接")
        assert not any("赵秀英" in text for text in daughter.texts)
        await asyncio.sleep(5)
        daughter.hangs_up()
        await asyncio.sleep(5)
        assert await outcomes(here, callback) == ["no_answer"] * PLAN.tries + ["told"]
        assert (await stored(here, callback)).status == "open"


@in_virtual_time
async def test_danger_in_the_first_words_is_answered_as_danger(tmp_path: Path) -> None:
    async with world(tmp_path, real_desk=True) as here:
        await promised(here)
        elder = await answers(here, "我摔倒了起不来")
        await elder.hears("先别急着起来")
        with still():
            async with here.services.unit_of_work() as uow:
                assert "fall" in [raised.kind for raised in await uow.escalations.open()]


@in_virtual_time
async def test_a_callback_that_was_kept_meanwhile_stops_ringing(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        callback = await promised(here)
        here.endpoint.rings_here(CALLER)
        await here.runs()
        await asyncio.sleep(3)
        with still():
            await callbacks.finish(callback.callback_id, here.services)
        await asyncio.sleep(3)
        assert here.endpoint.gave_up == [CALLER]
