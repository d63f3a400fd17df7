"""Ringing back who was cut off in danger: when, how often, by whom, and until when."""

import asyncio

import pytest

from hotline import escalation, ring_back
from hotline.abuse import safe_to_ring
from hotline.callbacks import Callback, finish
from hotline.conversation import take_turn
from hotline.ending import end_contact
from hotline.person import promise_or_spool
from hotline.ports import UnitOfWork
from hotline.sessions import CallSession
from knowledge.ladder import ring_back as schedule
from tests.unit.hotline.conftest import Line


async def hangs_up_in_danger(line: Line, words: str = "我摔倒了起不来") -> CallSession:
    await line.say(words)
    session = await line.session()
    assert session is not None
    await end_contact(line.utterance(), line.services, hung_up=True)
    return session


async def due(line: Line) -> list[Callback]:
    return await ring_back.due(line.services)


async def test_at_once_then_by_the_schedule_for_ever(line: Line) -> None:
    await hangs_up_in_danger(line)
    waits = [schedule().wait_seconds(tries) for tries in range(5)]
    assert waits == [0, 60, 150, 600, 600]
    for wait in waits:
        if wait:
            line.clock.pass_seconds(wait - 1)
            assert await due(line) == []
            line.clock.pass_seconds(1)
        [callback] = await due(line)
        assert await ring_back.take_try(callback, line.services)


async def test_nobody_waits_for_a_clock_that_was_set_back(line: Line) -> None:
    await hangs_up_in_danger(line)
    [callback] = await due(line)
    assert await ring_back.take_try(callback, line.services)
    line.clock.pass_seconds(-30)  # two machines may differ by so much
    assert await due(line) == []
    line.clock.pass_seconds(-3600)
    assert [c.callback_id for c in await due(line)] == [callback.callback_id]


async def test_a_try_belongs_to_one_line_only(line: Line) -> None:
    session = await hangs_up_in_danger(line)
    [callback] = await due(line)
    takers = await asyncio.gather(*(ring_back.take_try(callback, line.services) for _ in range(3)))
    assert [taker.session_id for taker in takers if taker] == [session.session_id]
    assert await due(line) == []


async def test_answered_the_same_session_goes_on(line: Line) -> None:
    session = await hangs_up_in_danger(line)
    [callback] = await due(line)
    await ring_back.answered(callback.callback_id, line.services)
    reply = await line.say("喂")
    assert reply.response == "keep_company"
    going_on = await line.session()
    assert going_on is not None and going_on.session_id == session.session_id
    assert await due(line) == [] and not await ring_back.still_wanted(callback.callback_id, line.services)


async def test_cut_off_again_it_is_the_same_callback_and_not_rung_at_once(line: Line) -> None:
    await hangs_up_in_danger(line)
    [callback] = await due(line)
    await ring_back.take_try(callback, line.services)
    await ring_back.answered(callback.callback_id, line.services)
    await end_contact(line.utterance(), line.services, hung_up=True)
    assert await due(line) == []
    line.clock.pass_seconds(60)
    [again] = await due(line)
    assert (again.callback_id, again.tries) == (callback.callback_id, 1)


@pytest.mark.parametrize("by", ["claim", "close", "callback"])
async def test_it_ends_when_a_person_has_it(line: Line, by: str) -> None:
    await hangs_up_in_danger(line)
    [callback] = await due(line)
    [raised] = await line.escalations()
    if by == "claim":
        await escalation.claim(raised.escalation_id, "opr_1", line.services)
    elif by == "close":
        await escalation.close(raised.escalation_id, "answered", line.services)
    else:
        await finish(callback.callback_id, line.services)
    assert await due(line) == []
    assert not await ring_back.still_wanted(callback.callback_id, line.services)


async def test_where_ringing_may_endanger_nobody_is_rung(line: Line) -> None:
    session = await hangs_up_in_danger(line, "我儿子在打我")
    assert await due(line) == []
    async with line.services.unit_of_work() as uow:
        [callback] = await uow.callbacks.by_session(session.session_id)
    assert callback.hold


async def test_danger_that_is_private_later_is_not_rung_back_and_no_family_told(line: Line) -> None:
    await line.say("我摔倒了起不来")
    await line.say("我儿子在打我")
    await end_contact(line.utterance(), line.services, hung_up=True)
    assert await due(line) == []
    [raised] = await line.escalations()
    assert (raised.kind, raised.tell_family, raised.safe_to_ring) == ("fall", False, False)


async def _promised(line: Line, uow: UnitOfWork) -> list[bool]:
    return [callback.hold for callback in await uow.callbacks.open()]


@pytest.mark.parametrize(("words", "safe", "hold"), [("我儿子在打我", None, True), ("我儿子在打我", True, False)])
async def test_a_promise_in_a_session_of_violence_is_held(
    line: Line, words: str, safe: bool | None, hold: bool
) -> None:
    await line.say(words)
    session = await line.session()
    assert session is not None
    if safe is not None:
        await safe_to_ring(session.session_id, safe, "", line.services)
    await promise_or_spool(session, "trn_x", "trouble", line.services)
    async with line.services.unit_of_work() as uow:
        assert await _promised(line, uow) == [hold]


async def test_a_promise_without_a_database_is_held_too(line: Line) -> None:
    await take_turn(line.utterance("我儿子在打我"), line.services)
    session = await line.session()
    assert session is not None
    await line.database.close()
    line.services.unit_of_work = _away  # type: ignore[assignment]  # a database that is gone
    callback = await promise_or_spool(session, "trn_x", "trouble", line.services)
    assert callback.hold and ("callback" in [kind for kind, _ in line.services.spool.drain()])


def _away() -> UnitOfWork:
    from hotline.errors import StoreUnavailable

    raise StoreUnavailable
