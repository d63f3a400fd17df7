"""Ordinary turns: order, repetition, people, silence, and every part that may be down."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from hotline import escalation, recovery
from hotline.conversation import open_contact, take_turn
from hotline.ending import end_contact
from knowledge.wording import say
from tests.unit.hotline.conftest import Line


async def test_turns_of_one_caller_stay_in_order_and_others_do_not_wait(line: Line) -> None:
    line.script.gate = asyncio.Event()
    first = asyncio.create_task(take_turn(line.utterance("一"), line.services))
    await line.script.was_asked()
    second = asyncio.create_task(take_turn(line.utterance("二"), line.services))
    other = asyncio.create_task(take_turn(line.utterance("三", address="13811112222"), line.services))
    await line.script.was_asked(2)
    assert line.script.asked == ["一", "三"]
    line.script.gate.set()
    assert [r.trace.number for r in await asyncio.gather(first, second, other)] == [1, 2, 1]


async def test_the_same_utterance_twice_is_answered_once(line: Line) -> None:
    assert (await line.say("你好", utterance_id="same")).text
    assert (await line.say("你好", utterance_id="same")).text == ""
    assert line.script.asked == ["你好"]


async def test_words_without_a_reply_after_a_crash_are_answered(line: Line) -> None:
    await line.say("你好", utterance_id="same")
    [turn] = await line.turns()
    async with line.services.unit_of_work() as uow:
        stored = await uow.turns.require(turn.turn_id)
        stored.path = ""
        await uow.commit()
    assert (await line.say("你好", utterance_id="same")).text
    assert len(await line.turns()) == 1


async def test_a_first_chat_message_hears_that_a_machine_answers_and_only_once(line: Line) -> None:
    first = await line.say("你好", channel="telegram", address="5")
    second = await line.say("你好", channel="telegram", address="5")
    assert first.text.startswith(say("first_contact")) and not second.text.startswith(say("first_contact"))


async def test_after_the_opening_it_is_not_said_again(line: Line) -> None:
    opening = await open_contact(line.utterance(channel="telegram", address="5"), line.services)
    assert "保存" in opening.text
    assert (await line.say("你好", channel="telegram", address="5")).text == "听到你好"


@pytest.mark.parametrize("given", [{"text": "人工"}, {"text": "转 人 工"}, {"keys": "0"}])
async def test_a_person_is_one_word_or_one_key_away(line: Line, given: dict[str, Any]) -> None:
    reply = await line.say(**given)
    assert reply.text == say("person_called") and reply.then == "hand_over" and line.script.asked == []
    [asked] = await line.escalations()
    assert (asked.kind, asked.urgency) == ("operator_request", "today") and line.notifier.alerts == [("小林", "0s")]
    assert (await line.say(**given)).text == say("person_still_called")
    assert len(await line.escalations()) == 1


async def test_with_nobody_ready_a_callback_is_promised(line: Line) -> None:
    async with line.services.unit_of_work() as uow:
        (await uow.operators.require("opr_1")).status = "busy"
        await uow.commit()
    reply = await line.say("人工")
    async with line.services.unit_of_work() as uow:
        [callback] = await uow.callbacks.open()
    assert "上午九点半前" in reply.text and callback.number == "13800002222"


async def test_silence_first_asks_again_then_names_the_key_then_calls_a_person(line: Line) -> None:
    line.script.asks = "when"
    await line.say("我想约助浴")
    first, second, third = [await line.say("", silence_seconds=8) for _ in range(3)]
    assert first.text == say("silence_first") + "听到我想约助浴" and "按零" in second.text
    assert third.text == say("person_called")


async def test_a_dialogue_that_is_down_gets_an_honest_reply_and_one_callback(line: Line) -> None:
    line.script.down = True
    first, second = await line.say("我想约助浴"), await line.say("喂")
    assert "上午九点半前" in first.text and second.text == say("trouble_again")
    assert [c.says for c in first.choices] == ["人工"]
    async with line.services.unit_of_work() as uow:
        assert len(await uow.callbacks.open()) == 1
    assert (await line.say("我摔倒了起不来")).trace.path == "emergency"


@pytest.fixture
def locked(line: Line, tmp_path: Path) -> Any:
    holder = sqlite3.connect(tmp_path / "line.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    yield holder
    if holder.in_transaction:
        holder.rollback()
    holder.close()


async def test_danger_in_the_spool_is_kept_company_by_a_database_that_is_back(
    line: Line, locked: sqlite3.Connection
) -> None:
    assert (await line.say("我摔倒了起不来")).response == "emergency_fall"
    locked.rollback()
    assert (await line.say("对")).response == "keep_company"  # before any sweep has replayed the spool
    await recovery.sweep(line.services)
    [raised] = await line.escalations()
    await escalation.claim(raised.escalation_id, "opr_1", line.services)
    await escalation.close(raised.escalation_id, "handled", line.services)
    assert (await line.say("我想约助浴")).response != "keep_company"


async def test_with_the_database_locked_danger_a_person_and_words_are_kept(
    line: Line, locked: sqlite3.Connection
) -> None:
    ordinary = await line.say("我想约助浴", channel="telegram", address="5")
    person = await line.say("人工", address="13811112222")
    urgent = await line.say("我摔倒了起不来")
    company = await line.say("在厕所")
    assert ordinary.response == "trouble" and person.response == "person_called"
    assert urgent.response == "emergency_fall" and company.response == "keep_company"
    assert line.notifier.alerts == [("小林", "0s")] * 2
    locked.rollback()
    await recovery.sweep(line.services)
    await recovery.sweep(line.services)
    found = {e.kind: e for e in await line.escalations()}
    assert sorted(found) == ["fall", "operator_request"] and found["fall"].elder_id == "eld_1"
    async with line.services.unit_of_work() as uow:
        assert [c.reason for c in await uow.callbacks.open()] == ["trouble"]
    assert [t.said for t in await line.turns()] == ["我摔倒了起不来", "在厕所"]
    assert (await line.say("还在")).response == "keep_company"


async def test_a_fault_of_our_own_never_leaves_a_caller_without_an_answer(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("hotline.conversation.request_person", broken)
    assert (await line.say("人工")).response == "person_called"
    monkeypatch.setattr("hotline.escalation.raise_escalation", broken)
    assert (await line.say("我摔倒了起不来")).text


async def test_leaving_in_the_middle_is_recorded_and_leaves_nothing(line: Line) -> None:
    line.script.asks = "when"
    await line.say("我想约助浴")
    session = await line.session()
    await end_contact(line.utterance(), line.services, hung_up=True)
    assert session is not None and await line.session() is None
    async with line.services.unit_of_work() as uow:
        assert (await uow.sessions.require(session.session_id)).outcome == "abandoned"
        assert await uow.orders.by_session(session.session_id) == []


async def test_a_chat_that_was_idle_begins_anew_but_not_in_danger(line: Line) -> None:
    await line.say("你好")
    first = await line.session()
    line.clock.pass_seconds(3600)
    await line.say("你好")
    second = await line.session()
    assert first and second and first.session_id != second.session_id
    await line.say("我摔倒了起不来")
    line.clock.pass_seconds(3600)
    await line.say("喂")
    third = await line.session()
    assert third and third.session_id == second.session_id


async def test_a_place_is_taken_from_words_and_never_guessed(line: Line) -> None:
    await line.say("我在容城想问个事", address="13811112222")
    await line.say("我想问个事", address="13811113333")
    known, unknown = await line.session(address="13811112222"), await line.session(address="13811113333")
    assert known and unknown and (known.place, unknown.place) == ("雄安", None)
