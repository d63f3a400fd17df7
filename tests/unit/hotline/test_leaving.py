"""An operator's phone hangs up; the line's own trouble; callers whom nobody can ring back."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from hotline import escalation, leaving, line_trouble
from hotline.errors import StoreUnavailable
from hotline.leaving import operator_left
from hotline.recovery import replay
from knowledge.screening import screen

WITHHELD = "unknown"


async def test_the_operator_of_somebody_in_danger_leaves_and_everybody_is_told_again(line: Any) -> None:
    await line.say("我摔倒了起不来")
    (raised,) = await line.escalations()
    await escalation.claim(raised.escalation_id, "opr_1", line.services)
    line.notifier.alerts.clear()
    assert await operator_left(raised.session_id, "opr_1", line.services)
    await line.services.live.settle()
    (again,) = await line.escalations()
    assert (again.status, again.claimed_by, again.kind, again.number) == ("open", None, "fall", raised.number)
    assert again.ladder_started_at is None
    assert line.notifier.alerts == [("小林", "0s")]
    reply = await line.say("在厨房")
    assert reply.response == "keep_company"
    await escalation.claim(again.escalation_id, "opr_2", line.services)


async def test_without_a_database_everybody_is_told_again_once_it_answers(
    line: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "AGAIN_SECONDS", 0.01)
    await line.say("我摔倒了起不来")
    (raised,) = await line.escalations()
    await escalation.claim(raised.escalation_id, "opr_1", line.services)
    holder = sqlite3.connect(tmp_path / "line.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreUnavailable):
        await operator_left(raised.session_id, "opr_1", line.services)
    holder.rollback()
    holder.close()
    await line.services.live.settle()
    (again,) = await line.escalations()
    assert (again.status, again.trigger, again.claimed_by) == ("open", "operator_left", None)


async def test_he_who_leaves_after_a_plain_talk_hands_the_session_back(line: Any) -> None:
    await line.say("人工")
    (raised,) = await line.escalations()
    await escalation.claim(raised.escalation_id, "opr_1", line.services)
    assert not await operator_left(raised.session_id, "opr_1", line.services)
    assert await line.escalations() == []
    assert (await line.say("我想约助浴")).text == "听到我想约助浴"


async def test_an_operator_who_closed_it_before_hanging_up_alarms_nobody(line: Any) -> None:
    await line.say("我摔倒了起不来")
    (raised,) = await line.escalations()
    await escalation.claim(raised.escalation_id, "opr_1", line.services)
    await escalation.close(raised.escalation_id, "handled", line.services)
    assert not await operator_left(raised.session_id, "opr_1", line.services)
    assert await line.escalations() == []


async def test_a_callback_for_the_lines_own_trouble_is_promised_once(line: Any) -> None:
    utterance = line.utterance()
    first = await line_trouble.promise_callback(utterance, line.services)
    again = await line_trouble.promise_callback(utterance, line.services)
    assert first.callback_id == again.callback_id
    assert (first.number, first.reason, first.status) == (utterance.address, "trouble", "open")


async def test_without_a_database_it_is_kept_in_the_spool_once_replayed(line: Any, tmp_path: Path) -> None:
    holder = sqlite3.connect(tmp_path / "line.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    utterance = line.utterance()
    await line_trouble.promise_callback(utterance, line.services)
    line_trouble.spool_call_for_help(line.utterance("我摔倒了起不来"), screen("我摔倒了起不来"), line.services)
    holder.rollback()
    holder.close()
    assert await replay(line.services) == 4
    async with line.services.unit_of_work() as uow:
        (callback,) = await uow.callbacks.open()
        (raised,) = await uow.escalations.open()
        session = await uow.sessions.require(raised.session_id)
        (turn,) = await uow.turns.of(raised.session_id)
    assert callback.number == session.address == utterance.address
    assert (raised.kind, raised.urgency, turn.said) == ("fall", "now", "我摔倒了起不来")


async def test_the_wish_for_a_person_goes_by_the_spool_too(line: Any) -> None:
    line_trouble.spool_call_for_help(line.utterance(keys="0"), screen("人工"), line.services)
    await replay(line.services)
    (raised,) = await line.escalations()
    assert (raised.kind, raised.urgency) == ("operator_request", "today")


async def test_who_shows_no_number_is_never_promised_to_be_rung(line: Any) -> None:
    danger = await line.say("我摔倒了起不来", address=WITHHELD)
    assert "打回来" not in danger.text
    assert "打完再打给我们" in danger.text
    assert "打回来" in (await line.say("我摔倒了起不来")).text
    line.services.roster[:] = []
    async with line.services.unit_of_work() as uow:
        for operator in await uow.operators.all():
            operator.status = "away"
        await uow.commit()
    nobody = await line.say("人工", address=WITHHELD, contact="2")
    assert "没有显示" in nobody.text
    assert "有人联系您" not in nobody.text
    line.script.down = True
    trouble = await line.say("我想约助浴", address=WITHHELD, contact="3")
    assert "没有显示" in trouble.text
    assert "有人联系您" not in trouble.text


async def test_what_can_not_be_heard_gets_a_person_and_in_danger_company(line: Any) -> None:
    assert (await line.say(silence_seconds=7, unheard=True)).response == "person_called"
    await line.say("我摔倒了起不来", contact="2")
    assert (await line.say(silence_seconds=7, unheard=True, contact="2")).response == "keep_company"
