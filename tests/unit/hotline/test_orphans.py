"""What a killed process left: words nobody answered are screened, calls nobody ended are rung back."""

from datetime import timedelta

import pytest

from hotline import escalation, orphans, recovery, ring_back
from hotline.conversation import open_contact, take_turn
from hotline.escalation import Escalation
from hotline.outbox import take
from hotline.sessions import Turn, Utterance
from hotline.turns import open_turn
from tests.unit.hotline.conftest import Line


async def cut_off(line: Line, words: str, **more: object) -> Utterance:
    """A process dies after writing the words down."""
    utterance = line.utterance(words, **more)
    await open_turn(utterance, line.services)
    return utterance


async def every_escalation(line: Line) -> list[Escalation]:
    await line.services.live.settle()
    return await line.escalations()


async def stored(line: Line, utterance: Utterance) -> Turn:
    async with line.services.unit_of_work() as uow:
        turn = await uow.turns.by_utterance(utterance.channel, utterance.utterance_id)
    assert turn is not None
    return turn


@pytest.mark.parametrize(("words", "kind"), [("我摔倒了起不来", "fall"), ("胸口有点疼", "chest_pain")])
async def test_danger_left_without_an_answer_is_escalated_once(line: Line, words: str, kind: str) -> None:
    utterance = await cut_off(line, words)
    line.clock.pass_seconds(11)
    for _ in range(2):
        await recovery.sweep(line.services)
    found = await every_escalation(line)
    assert [(e.kind, e.urgency, e.number) for e in found] == [(kind, "now", "13800002222")]
    assert line.notifier.alerts == [("小林", "0s")]
    assert (await stored(line, utterance)).path == "recovered"
    assert "120" in line.notifier.said[0]


async def test_a_turn_in_progress_is_left_alone(line: Line) -> None:
    await cut_off(line, "我摔倒了起不来")
    line.clock.pass_seconds(9)
    await recovery.sweep(line.services)
    assert await every_escalation(line) == []


async def test_of_violence_nothing_is_sent_unasked(line: Line) -> None:
    await cut_off(line, "我儿子在打我", channel="telegram", address="77")
    line.clock.pass_seconds(11)
    await recovery.sweep(line.services)
    assert [e.kind for e in await every_escalation(line)] == ["violence"]
    assert line.notifier.said == []


async def test_a_person_asked_for_is_called(line: Line) -> None:
    await cut_off(line, "人工")
    line.clock.pass_seconds(11)
    for _ in range(2):
        await recovery.sweep(line.services)
    assert [(e.kind, e.urgency) for e in await every_escalation(line)] == [("operator_request", "today")]
    assert len(line.notifier.said) == 1


async def test_ordinary_words_are_still_answered_when_they_come_again(line: Line) -> None:
    utterance = await cut_off(line, "我想约个助浴", channel="telegram", address="77")
    line.clock.pass_seconds(11)
    await recovery.sweep(line.services)
    assert (await stored(line, utterance)).path == "unanswered"
    assert await every_escalation(line) == []
    reply = await take_turn(utterance, line.services)
    assert reply.text.endswith("听到我想约个助浴")
    assert (await stored(line, utterance)).path == "dialogue"


async def test_more_danger_in_a_session_already_escalated_is_told_again(line: Line) -> None:
    await line.say("我摔倒了起不来")
    await cut_off(line, "我喘不上气了救命")
    line.clock.pass_seconds(11)
    await recovery.sweep(line.services)
    assert len(await every_escalation(line)) == 1
    assert line.notifier.alerts == [("小林", "0s"), ("小林", "again:2")]


async def test_words_of_a_call_that_is_over_open_a_callback(line: Line) -> None:
    await cut_off(line, "我摔倒了起不来")
    async with line.services.unit_of_work() as uow:
        session = await uow.sessions.open_for("phone", "13800002222", "")
        assert session is not None
        session.ended_at = line.clock.now()
        await uow.commit()
    line.clock.pass_seconds(11)
    await recovery.sweep(line.services)
    assert [c.number for c in await ring_back.due(line.services)] == ["13800002222"]


async def test_a_line_that_starts_ends_what_the_last_one_left(line: Line) -> None:
    """One in danger, one in mid-sentence with danger, one harmless; a chat is nobody's orphan."""
    danger = line.utterance("我摔倒了起不来", contact="a")
    await take_turn(danger, line.services)
    await cut_off(line, "我喘不上气了救命", contact="b", address="13800003333")
    await open_contact(line.utterance(contact="c", address="13800004444"), line.services)
    await line.say("你好", channel="telegram", address="77")
    line.clock.pass_seconds(2)
    assert await orphans.end_orphaned_calls(line.clock.now(), line.services) == 3
    async with line.services.unit_of_work() as uow:
        assert await uow.sessions.open_on("phone") == []
        assert len(await uow.sessions.open_on("telegram")) == 1
    assert {c.number for c in await ring_back.due(line.services)} == {"13800002222", "13800003333"}


async def test_a_call_of_this_line_is_no_orphan(line: Line) -> None:
    began = line.clock.now()
    line.clock.pass_seconds(1)
    await open_contact(line.utterance(contact="a"), line.services)
    assert await orphans.end_orphaned_calls(began, line.services) == 0
    assert await orphans.end_orphaned_calls(began + timedelta(hours=1), line.services) == 1


async def test_who_had_taken_over_hears_that_the_call_was_cut_off(line: Line) -> None:
    await line.say("我摔倒了起不来")
    [raised] = await line.escalations()
    await escalation.claim(raised.escalation_id, "opr_2", line.services)
    line.clock.pass_seconds(1)
    await orphans.end_orphaned_calls(line.clock.now(), line.services)
    assert {name for name, rung in line.notifier.alerts if rung.startswith("again")} == {"小林", "小赵"}
    assert await ring_back.due(line.services) == []  # a person has it


async def test_messages_of_another_contact_of_the_same_address_are_not_taken(line: Line) -> None:
    line.notifier.failing = True
    await cut_off(line, "我摔倒了起不来", contact="a", address="unknown")
    await cut_off(line, "你好", contact="b", address="unknown")
    line.clock.pass_seconds(11)
    await recovery.sweep(line.services)
    async with line.services.unit_of_work() as uow:
        one, other = [await uow.sessions.open_for("phone", "unknown", contact) for contact in ("a", "b")]
    assert one is not None and other is not None
    assert await take("phone", "unknown", line.services, session_id=other.session_id) == []
    assert len(await take("phone", "unknown", line.services, session_id=one.session_id)) == 1
