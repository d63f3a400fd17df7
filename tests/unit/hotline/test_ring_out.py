"""Promised callbacks: when the line rings them, whom, how often, who may not be rung, and when people have to."""

import asyncio
from datetime import datetime, timedelta

import pytest

from hotline import callbacks, escalation, ring_out
from hotline.callbacks import Callback, CallbackBy, NewCallback
from hotline.ending import end_contact
from hotline.escalation import CALLBACK, OPERATOR_REQUEST, Urgency, new_escalation
from hotline.people import FamilyContact
from hotline.ring_out import BY_HAND, LEASE_SECONDS, LEFT, OVERDUE, TRIES_OVER, Outgoing
from knowledge.ringing import is_mailbox, ringing
from tests.unit.hotline.conftest import DAUGHTER_NUMBER, ELDER_NUMBER, ZONE, Line

PLAN = ringing().callbacks


async def promised(
    line: Line,
    *,
    at: datetime | None = None,
    by: CallbackBy = CallbackBy.PERSON,
    words: str = "我想问点事",
    **more: str,
) -> Callback:
    """Somebody was promised a callback, and has hung up."""
    await line.say(words, **more)
    session = await line.session(**more)
    assert session is not None
    wanted = NewCallback("trn_x", "requested", at=at, by=by)
    callback = await callbacks.promise(session.session_id, wanted, line.services)
    if more.get("channel") != "telegram":
        await end_contact(line.utterance(**more), line.services, hung_up=False)
    return callback


async def due(line: Line) -> list[str]:
    return [callback.callback_id for callback in await ring_out.due(line.services)]


async def rings(line: Line, outcome: str | None = None) -> Outgoing:
    """The one that is due is taken; with an outcome the try is over too."""
    [callback] = await ring_out.due(line.services)
    outgoing = await ring_out.take(callback, line.services)
    assert outgoing is not None
    if outcome is not None:
        await ring_out.tried(outgoing, outcome, line.services)
    return outgoing


async def stored(line: Line, callback: Callback) -> Callback:
    async with line.services.unit_of_work() as uow:
        return await uow.callbacks.require(callback.callback_id)


async def told(line: Line) -> list[tuple[str, str]]:
    """What people have to do: kind and reason."""
    await ring_out.hand_over_due(line.services)
    await line.services.live.settle()
    return [(e.kind, e.trigger) for e in await line.escalations()]


# --- when -----------------------------------------------------------------------------------------------------


async def test_soon_after_the_promise_and_not_while_the_caller_is_on_the_line(line: Line) -> None:
    await line.say("我想问点事")
    session = await line.session()
    assert session is not None
    await callbacks.promise(session.session_id, NewCallback("trn_x", "requested"), line.services)
    line.clock.pass_seconds(PLAN.first_after_seconds)
    assert await due(line) == []
    await end_contact(line.utterance(), line.services, hung_up=True)
    assert len(await due(line)) == 1


async def test_who_has_just_hung_up_is_not_rung_at_once(line: Line) -> None:
    callback = await promised(line)
    line.clock.pass_seconds(PLAN.first_after_seconds - 1)
    assert await due(line) == []
    line.clock.pass_seconds(1)
    assert await due(line) == [callback.callback_id]


async def test_a_moment_that_was_asked_for_is_kept_and_at_any_hour(line: Line) -> None:
    callback = await promised(line, at=datetime(2026, 11, 23, 22, 0, tzinfo=ZONE))
    line.clock.moment = datetime(2026, 11, 23, 21, 59, 59, tzinfo=ZONE)
    assert await due(line) == []
    line.clock.pass_seconds(1)
    assert await due(line) == [callback.callback_id]


async def test_in_the_night_nobody_is_rung_and_nobody_is_promised_to_be(line: Line) -> None:
    line.clock.moment = datetime(2026, 11, 23, 22, 0, tzinfo=ZONE)
    callback = await promised(line)
    assert callback.promised_at == datetime(2026, 11, 24, 8, 30, tzinfo=ZONE)
    line.clock.moment = datetime(2026, 11, 24, 7, 59, 59, tzinfo=ZONE)
    assert await due(line) == []
    line.clock.pass_seconds(1)
    assert await due(line) == [callback.callback_id]


async def test_three_tries_ten_minutes_apart_then_the_family_then_people(line: Line) -> None:
    callback = await promised(line)
    line.clock.pass_seconds(PLAN.first_after_seconds)
    numbers = []
    for outcome in ("no_answer", "busy", "machine", "no_answer"):
        numbers.append((await rings(line, outcome)).number)
        line.clock.pass_seconds(PLAN.every_seconds - 1)
        assert await due(line) == []
        line.clock.pass_seconds(1)
    assert numbers == [ELDER_NUMBER] * PLAN.tries + [DAUGHTER_NUMBER]
    assert await due(line) == []
    assert await told(line) == [(CALLBACK, TRIES_OVER)]
    assert await told(line) == [(CALLBACK, TRIES_OVER)]  # once
    kept = await stored(line, callback)
    assert (kept.status, kept.tries, kept.outcome) == ("open", 4, "no_answer")
    async with line.services.unit_of_work() as uow:
        tries = await uow.callback_tries.of(callback.callback_id)
    assert [(one.number, one.outcome, one.contact_id) for one in tries] == [
        (1, "no_answer", None),
        (2, "busy", None),
        (3, "machine", None),
        (4, "no_answer", "con_1"),
    ]


# --- exclusive and durable ---------------------------------------------------------------------------------------


async def test_of_several_lines_one_gets_the_try(line: Line) -> None:
    await promised(line)
    line.clock.pass_seconds(PLAN.first_after_seconds)
    [callback] = await ring_out.due(line.services)
    takers = await asyncio.gather(*(ring_out.take(callback, line.services) for _ in range(4)))
    assert sum(taker is not None for taker in takers) == 1
    assert await due(line) == []


async def test_a_line_that_was_killed_loses_the_callback_and_it_is_rung_again(line: Line) -> None:
    await promised(line)
    line.clock.pass_seconds(PLAN.first_after_seconds)
    first = await rings(line)
    line.clock.pass_seconds(LEASE_SECONDS - 1)
    assert await due(line) == []
    assert await ring_out.renew(first.callback.callback_id, line.services)
    line.clock.pass_seconds(LEASE_SECONDS - 1)
    assert await due(line) == []  # renewed in time
    line.clock.pass_seconds(1)
    assert (await rings(line)).attempt.number == 2


# --- what stands in the way ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["我儿子在打我", "有人让我转账"])
async def test_where_ringing_may_endanger_a_person_decides(line: Line, words: str) -> None:
    callback = await promised(line, words=words)
    line.clock.pass_seconds(PLAN.first_after_seconds)
    assert callback.hold == (words == "我儿子在打我")
    async with line.services.unit_of_work() as uow:
        if not callback.hold:
            session = await uow.sessions.require(callback.session_id)
            uow.escalations.add(new_escalation(session, "trn_f", 1, "fraud", Urgency.TODAY, line.clock.now()))
        await uow.commit()
    assert await due(line) == []
    line.clock.moment = callback.promised_at
    assert (CALLBACK, BY_HAND) in await told(line)
    [wish] = [e for e in await line.escalations() if e.kind == CALLBACK]
    assert not escalation.may_push(wish) and not wish.tell_family


async def test_danger_of_another_contact_of_the_same_elder_holds_too(line: Line) -> None:
    await promised(line)
    line.clock.pass_seconds(PLAN.first_after_seconds)
    await line.say("我儿子在打我", contact="another call")
    assert await due(line) == []


async def test_a_call_that_goes_on_from_that_number_holds_it_back(line: Line) -> None:
    await promised(line)
    line.clock.pass_seconds(PLAN.first_after_seconds)
    await line.say("我再问一句", contact="another call")
    assert await due(line) == []
    await end_contact(line.utterance(contact="another call"), line.services, hung_up=True)
    assert len(await due(line)) == 1


async def test_relatives_are_rung_only_for_the_elders_own_number(line: Line) -> None:
    await promised(line, address=DAUGHTER_NUMBER)
    line.clock.pass_seconds(PLAN.first_after_seconds)
    for _ in range(PLAN.tries):
        assert (await rings(line, "no_answer")).number == DAUGHTER_NUMBER
        line.clock.pass_seconds(PLAN.every_seconds)
    assert await due(line) == []


async def test_a_person_who_has_taken_it_over_is_not_overtaken(line: Line) -> None:
    async with line.services.unit_of_work() as uow:
        (await uow.operators.require("opr_1")).status = "away"
        await uow.commit()
        line.services.roster[:] = await uow.operators.all()
    await line.say("人工")
    await end_contact(line.utterance(), line.services, hung_up=True)
    line.clock.pass_seconds(PLAN.first_after_seconds)
    [callback_id] = await due(line)
    [raised] = await line.escalations()
    assert raised.kind == OPERATOR_REQUEST
    await escalation.claim(raised.escalation_id, "opr_1", line.services)
    assert await due(line) == [] and not await ring_out.renew(callback_id, line.services)
    await escalation.close(raised.escalation_id, "answered", line.services)
    async with line.services.unit_of_work() as uow:
        assert (await uow.callbacks.require(callback_id)).status == "done"


# --- people ----------------------------------------------------------------------------------------------------------


async def test_nobody_was_free_and_the_promised_time_has_passed(line: Line) -> None:
    callback = await promised(line)
    line.clock.moment = callback.promised_at + timedelta(seconds=PLAN.overdue_after_seconds - 1)
    assert await told(line) == []
    line.clock.pass_seconds(1)
    assert await told(line) == [(CALLBACK, OVERDUE)]
    assert await due(line) == []  # operators are rung first now


async def test_a_callback_without_a_number_is_told_ahead_of_its_time(line: Line) -> None:
    callback = await promised(line, channel="telegram", address="99")
    assert callback.number is None
    line.clock.moment = callback.promised_at - timedelta(seconds=PLAN.people_before_seconds + 1)
    assert await told(line) == []
    line.clock.pass_seconds(1)
    assert await told(line) == [(CALLBACK, BY_HAND)]


async def test_what_is_done_by_hand_ends_its_escalation(line: Line) -> None:
    callback = await promised(line)
    line.clock.moment = callback.promised_at + timedelta(seconds=PLAN.overdue_after_seconds)
    assert await told(line) == [(CALLBACK, OVERDUE)]
    await callbacks.finish(callback.callback_id, line.services)
    assert await line.escalations() == []


# --- an answer -------------------------------------------------------------------------------------------------


async def test_answered_one_of_ours_is_called_and_it_is_kept_when_the_two_talk(line: Line) -> None:
    callback = await promised(line)
    line.clock.pass_seconds(PLAN.first_after_seconds)
    outgoing = await rings(line)
    await ring_out.answered(outgoing, line.services)
    [raised] = await line.escalations()
    assert (raised.kind, raised.session_id, raised.number) == (CALLBACK, callback.session_id, ELDER_NUMBER)
    assert (await stored(line, callback)).status == "open"
    await ring_out.kept(callback.session_id, line.services)
    await ring_out.tried(outgoing, "answered", line.services)
    kept = await stored(line, callback)
    assert (kept.status, kept.outcome) == ("done", "kept")


async def test_who_hangs_up_before_a_person_came_is_people_s(line: Line) -> None:
    callback = await promised(line)
    line.clock.pass_seconds(PLAN.first_after_seconds)
    outgoing = await rings(line)
    await ring_out.answered(outgoing, line.services)
    await ring_out.tried(outgoing, "answered", line.services)
    left = await stored(line, callback)
    assert (left.status, left.outcome) == ("open", LEFT) and left.handed_at is not None
    line.clock.pass_seconds(PLAN.every_seconds)
    assert await due(line) == []


async def test_where_the_assistant_was_promised_it_is_kept_by_the_answer(line: Line) -> None:
    callback = await promised(line, by=CallbackBy.ASSISTANT)
    line.clock.pass_seconds(PLAN.first_after_seconds)
    await ring_out.answered(await rings(line), line.services)
    assert (await stored(line, callback)).status == "done" and await line.escalations() == []


async def test_a_later_callback_is_not_kept_by_talking_now(line: Line) -> None:
    later = await promised(line, at=datetime(2026, 11, 24, 15, 0, tzinfo=ZONE))
    await ring_out.kept(later.session_id, line.services)
    assert (await stored(line, later)).status == "open"


async def test_every_relative_with_a_number_is_tried_by_rank(line: Line) -> None:
    async with line.services.unit_of_work() as uow:
        uow.contacts.add(FamilyContact("con_0", "eld_1", "王小弟", "mother", "13800001199", rank=0))
        await uow.commit()
    await promised(line)
    line.clock.pass_seconds(PLAN.first_after_seconds)
    numbers = []
    while await due(line):
        numbers.append((await rings(line, "no_answer")).number)
        line.clock.pass_seconds(PLAN.every_seconds)
    assert numbers[PLAN.tries :] == ["13800001199", DAUGHTER_NUMBER]


@pytest.mark.parametrize("words", ["您好 您 所 拨打 的 电话 暂时 无法 接通", "我是老张，有事请留言"])
def test_words_that_only_a_machine_says(words: str) -> None:
    assert is_mailbox(words) and not is_mailbox("喂，你是哪个")


async def test_a_line_killed_while_the_elder_waited_leaves_it_to_people_and_nobody_is_rung_twice(line: Line) -> None:
    callback = await promised(line)
    line.clock.pass_seconds(PLAN.first_after_seconds)
    await ring_out.answered(await rings(line), line.services)
    line.clock.pass_seconds(LEASE_SECONDS)
    async with line.services.unit_of_work() as uow:
        (await uow.sessions.require(callback.session_id)).ended_at = line.clock.now()  # by the recovery of calls
        await uow.commit()
    line.clock.pass_seconds(2 * PLAN.every_seconds)
    assert await due(line) == []
    assert len(await told(line)) == 1  # raised when he answered
    assert (await stored(line, callback)).handed_at is not None
