"""Operators' phones: rung, told, claimed by a key; put through to the caller, by the call that goes on or a new one."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.notifier import ListNotifier
from bot.with_phone import WithPhone
from hotline import escalation, ring_back
from hotline.ending import end_contact
from hotline.escalation import Escalation
from hotline.ladder import climb
from hotline.people import Operator
from hotline.sessions import Channel, Utterance
from knowledge.ladder import ladders
from tests.unit.voice.world import CALLER, LIN, ZHAO, Direct, PatientOffice, World, away, still, world
from voice.desk import CallState
from voice.fakes import FakeLeg
from voice.legs import DialFailed
from voice.ring_back import RingBack
from voice.virtual_time import in_virtual_time


@in_virtual_time
async def test_the_first_to_press_one_takes_over_and_the_others_hear_it(tmp_path: Path) -> None:
    async with world(tmp_path, lin=LIN, zhao=ZHAO, qian="sip:qian@192.0.2.3") as here:
        raised = await here.danger()
        caller = await here.calls(raised)
        lin, zhao = here.endpoint.rings_here(LIN), here.endpoint.rings_here(ZHAO)
        here.endpoint.rings_here("sip:qian@192.0.2.3")  # rings on and on
        rings = [here.ring(who, raised) for who in ("lin", "zhao", "qian")]
        here.endpoint.lift(LIN)
        here.endpoint.lift(ZHAO)
        await lin.hears("接手请按一")
        assert not any("赵" in text for text in lin.texts)
        lin.press("1")
        await caller.hears("值班员来了")
        await zhao.hears("已经有人接手了")
        assert [(await ring).state for ring in rings] == ["sent", "sent", "sending"]
        await asyncio.sleep(1)
        assert caller.bridged_to is lin and not zhao.alive
        assert here.endpoint.gave_up == ["sip:qian@192.0.2.3"]
        assert (await here.now(raised)).claimed_by == "lin"


@pytest.mark.parametrize("reason", ["busy", "declined", "unreachable"])
@in_virtual_time
async def test_a_phone_that_does_not_ring_is_a_failed_notice(tmp_path: Path, reason: str) -> None:
    async with world(tmp_path) as here:
        raised = await here.danger()
        here.endpoint.phones[LIN] = DialFailed(reason)
        delivery = await here.ring("lin", raised)
        assert (delivery.state, delivery.detail) == ("failed", reason)
        here.endpoint.rings_here(LIN)
        assert (await here.ring("lin", raised)).state == "sending"  # it may be rung again at once


@in_virtual_time
async def test_nobody_picks_up_and_the_next_rung_rings_again(tmp_path: Path) -> None:
    async with world(tmp_path, lin=LIN) as here:
        here.services.notifier = WithPhone(ListNotifier(), Direct(here.phones))
        here.endpoint.rings_here(LIN)
        raised = await here.danger()
        assert await here.notice_states(raised) == {"lin": "sending"}
        await asyncio.sleep(31)
        assert await here.notice_states(raised) == {"lin": "unanswered"}
        with still():
            await climb(raised.escalation_id, ladders()["now"].rung(1), here.services)
        assert here.endpoint.dialled == [LIN, LIN]


@in_virtual_time
async def test_a_mailbox_that_picks_up_counts_as_unanswered(tmp_path: Path) -> None:
    async with world(tmp_path, lin=LIN) as here:
        here.services.notifier = WithPhone(ListNotifier(), Direct(here.phones))
        mailbox = here.endpoint.rings_here(LIN)
        here.endpoint.lift(LIN)
        raised = await here.danger()
        await mailbox.hears("没有听到按键")
        await asyncio.sleep(1)
        assert sum("有人求助" in text for text in mailbox.texts) == 3
        assert not mailbox.alive and await here.notice_states(raised) == {"lin": "unanswered"}


@in_virtual_time
async def test_a_claim_by_command_stops_the_ringing_of_all_and_rings_the_taker(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        raised = await here.danger()
        caller = await here.calls(raised)
        lin = here.endpoint.rings_here(LIN)
        here.endpoint.rings_here(ZHAO)
        here.ring("zhao", raised)
        await asyncio.sleep(2)
        with still():
            await escalation.claim(raised.escalation_id, "lin", here.services)
        await asyncio.sleep(3)
        assert here.endpoint.gave_up == [ZHAO]
        here.endpoint.lift(LIN)  # rung because his caller is on the line
        await lin.hears("接通来电人请按一")
        lin.press("1")
        await caller.hears("值班员来了")
        await asyncio.sleep(1)
        assert caller.bridged_to is lin and here.endpoint.dialled == [ZHAO, LIN]


@in_virtual_time
async def test_a_phone_that_rings_for_less_offers_first_what_its_operator_has_taken_over(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        raised, less = await here.danger(), await here.danger("我要找人工", address="13800003333")
        caller = await here.calls(raised)
        lin = here.endpoint.rings_here(LIN)
        here.ring("lin", less)
        await asyncio.sleep(2)
        with still():
            await escalation.claim(raised.escalation_id, "lin", here.services)
        await asyncio.sleep(2)
        here.endpoint.lift(LIN)
        await lin.hears("接通来电人请按一")
        lin.press("1")
        await caller.hears("值班员来了")
        assert here.endpoint.dialled == [LIN]
        assert (await here.now(less)).claimed_by is None


@in_virtual_time
async def test_whose_phone_is_joined_with_the_caller_s_is_there_whatever_his_browser_does(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        raised = await here.danger()
        caller = await here.calls(raised)
        lin = here.endpoint.rings_here(LIN)
        with still():
            await escalation.claim(raised.escalation_id, "lin", here.services, in_console=True)
        here.endpoint.lift(LIN)
        await lin.hears("接通来电人请按一")
        lin.press("1")
        await caller.hears("值班员来了")
        await asyncio.sleep(600)
        attended = (await here.now(raised)).attended_at
        assert attended is not None and here.services.clock.now() - attended < timedelta(seconds=15)
        caller.hang_up()
        lin.hang_up()


@in_virtual_time
async def test_who_waits_on_the_line_comes_before_who_has_hung_up(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        gone, waiting = await here.danger(), await here.danger("着火了", address="13800003333")
        caller = await here.calls(waiting)
        lin = here.endpoint.rings_here(LIN)
        here.ring("lin", gone)
        here.ring("lin", waiting)
        here.endpoint.lift(LIN)
        await lin.begins("有人求助")
        lin.press("1")
        await asyncio.sleep(15)
        assert caller.bridged_to is lin
        assert (await here.now(waiting)).claimed_by == "lin" and (await here.now(gone)).claimed_by is None


@in_virtual_time
async def test_a_second_alert_joins_the_ring_and_is_offered_when_the_first_is_gone(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        first, second = await here.danger(), await here.danger("着火了", address="13800003333")
        lin = here.endpoint.rings_here(LIN)
        here.ring("lin", first)
        here.ring("lin", second)
        here.endpoint.lift(LIN)
        await lin.begins("有人求助")
        with still():
            await escalation.claim(first.escalation_id, "zhao", here.services)
        await asyncio.sleep(2)
        lin.press("1")
        await asyncio.sleep(1)
        lin.press("1")
        await asyncio.sleep(2)
        assert (await here.now(second)).claimed_by == "lin" and here.endpoint.dialled[0] == LIN
        assert here.endpoint.dialled.count(LIN) == 1


@in_virtual_time
async def test_key_two_declines_and_claims_nothing(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        raised = await here.danger()
        lin = here.endpoint.rings_here(LIN)
        here.endpoint.lift(LIN)
        here.ring("lin", raised)
        await lin.begins("有人求助")
        lin.press("2")
        await lin.hears("再找别人")
        await asyncio.sleep(1)
        assert not lin.alive and (await here.now(raised)).status == "open"


@in_virtual_time
async def test_the_operator_hangs_up_and_the_caller_is_not_alone(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        raised = await here.danger()
        caller, lin = await put_through(here, raised)
        here.desk.danger_left = True
        lin.hangs_up()
        await caller.hears("正在再叫人")
        assert caller.alive and here.desk.left == [(raised.session_id, "lin")]


@in_virtual_time
async def test_an_operator_whose_call_is_just_ending_is_rung_again(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        raised = await here.danger()
        _, lin = await put_through(here, raised)
        again = replace(raised, escalation_id="esc_again", claimed_by=None)
        assert (await here.phones.ring(here.operator("lin"), again)).detail == "busy"
        here.endpoint.rings_here(LIN)
        here.endpoint.lift(LIN)
        lin.hangs_up()
        assert (await here.ring("lin", again)).state == "sent"


@in_virtual_time
async def test_the_caller_hangs_up_and_the_operator_decides_to_ring_back(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        raised = await here.danger()
        caller, lin = await put_through(here, raised)
        caller.hangs_up()
        await lin.begins("对方挂断了")
        with still():
            assert await ring_back.due(here.services) == []  # a person has it: the line does not ring by itself
        assert await here.callback(raised) == ("open", 0) and (await here.now(raised)).claimed_by == "lin"
        lin.press("1")
        await lin.hears("没有接", 60)
        again = here.endpoint.rings_here(CALLER)
        here.endpoint.lift(CALLER)
        lin.press("1")
        await asyncio.sleep(2)
        assert lin.bridged_to is again and await here.callback(raised) == ("done", 0)
        lin.hangs_up()
        await asyncio.sleep(1)
        assert not again.alive


@in_virtual_time
async def test_a_caller_who_has_hung_up_is_rung_for_the_operator(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        raised = await here.danger()
        lin, elder = here.endpoint.rings_here(LIN), here.endpoint.rings_here(CALLER)
        here.endpoint.lift(LIN)
        here.ring("lin", raised)
        await lin.begins("有人求助")
        lin.press("1")
        await lin.hears("正在给来电人打过去")
        here.endpoint.lift(CALLER)
        await asyncio.sleep(1)
        assert lin.bridged_to is elder


@pytest.mark.parametrize(
    ("words", "channel", "told"), [("我儿子在打我", "phone", "不要回拨"), ("我摔倒了起不来", "telegram", "打字")]
)
@in_virtual_time
async def test_nobody_is_rung_where_it_may_endanger_or_in_a_chat(
    tmp_path: Path, words: str, channel: str, told: str
) -> None:
    async with world(tmp_path) as here:
        raised = await here.danger(words, channel=channel)
        lin = here.endpoint.rings_here(LIN)
        here.endpoint.lift(LIN)
        here.ring("lin", raised)
        await lin.begins("有人求助")
        lin.press("1")
        await lin.hears(told)
        assert here.endpoint.dialled == [LIN]


@in_virtual_time
async def test_without_a_database_the_caller_gets_his_person_all_the_same(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        raised = await here.danger()
        caller = await here.calls(raised)
        real, here.services.unit_of_work = here.services.unit_of_work, away
        lin = here.endpoint.rings_here(LIN)
        here.endpoint.lift(LIN)
        here.ring("lin", raised)
        await lin.begins("有人求助")
        lin.press("1")
        await caller.hears("值班员来了")
        here.services.unit_of_work = real
        await asyncio.sleep(5)
        assert (await here.now(raised)).claimed_by == "lin"


@in_virtual_time
async def test_an_operator_without_a_phone_or_for_what_another_has_is_not_rung(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        raised = await here.danger()
        nobody = Operator("opr_9", "opr_9", status="ready")
        assert (await here.phones.ring(nobody, raised)).state == "no_channel"
        with still():
            await escalation.claim(raised.escalation_id, "zhao", here.services)
        assert (await here.phones.ring(here.operator("lin"), await here.now(raised))).state == "no_channel"
        assert here.endpoint.dialled == []


# --- ringing back ----------------------------------------------------------------------------------------------


@in_virtual_time
async def test_who_was_cut_off_is_rung_back_and_goes_on_where_he_was(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        raised = await cut_off(here)
        elder = here.endpoint.rings_here(CALLER)
        here.endpoint.lift(CALLER)
        await here.ring_back.look()
        await elder.hears("我给您打回来")
        assert await here.callback(raised) == ("done", 1)
        await elder.says("喂")
        await asyncio.sleep(3)
        assert (here.desk.asked[-1].address, here.desk.asked[-1].contact) == (CALLER, CALLER)  # the same contact


@pytest.mark.parametrize("reason", ["busy", "no_answer"])
@in_virtual_time
async def test_not_answered_it_stays_open_and_is_not_rung_at_once_again(tmp_path: Path, reason: str) -> None:
    async with world(tmp_path) as here:
        raised = await cut_off(here)
        here.endpoint.phones[CALLER] = DialFailed(reason)
        for _ in range(3):
            await here.ring_back.look()
            await asyncio.sleep(1)
        assert here.endpoint.dialled == [CALLER] and await here.callback(raised) == ("open", 1)


@in_virtual_time
async def test_two_lines_never_ring_the_same_caller(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await cut_off(here)
        here.endpoint.rings_here(CALLER)
        office = PatientOffice(here.services, asyncio.get_running_loop())
        other = RingBack(here.endpoint, here.line, office)
        await asyncio.gather(here.ring_back.look(), other.look())
        await asyncio.sleep(1)
        assert here.endpoint.dialled == [CALLER]


@in_virtual_time
async def test_a_claim_stops_the_ringing_back(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        raised = await cut_off(here)
        here.endpoint.rings_here(CALLER)
        await here.ring_back.look()
        await asyncio.sleep(2)
        with still():
            await escalation.claim(raised.escalation_id, "lin", here.services)
        await asyncio.sleep(2)
        assert here.endpoint.gave_up == [CALLER]


# --- helpers -----------------------------------------------------------------------------------------------------


async def put_through(here: World, raised: Escalation) -> tuple[FakeLeg, FakeLeg]:
    """Caller and operator lin talk."""
    caller = await here.calls(raised)
    lin = here.endpoint.rings_here(LIN)
    here.endpoint.lift(LIN)
    here.ring("lin", raised)
    await lin.begins("有人求助")
    lin.press("1")
    await caller.hears("值班员来了")
    await asyncio.sleep(1)
    assert caller.bridged_to is lin
    return caller, lin


async def cut_off(here: World) -> Escalation:
    """A caller in danger whose call is over."""
    raised = await here.danger()
    with still():
        await end_contact(Utterance(Channel.PHONE, CALLER, contact=CALLER), here.services, hung_up=True)
    here.desk.now = CallState(raised.session_id, urgent=True)
    return raised
