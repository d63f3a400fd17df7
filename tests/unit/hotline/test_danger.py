"""Danger: certain acts at once, possible asks once, and nothing but a clear no stops it."""

import asyncio

import pytest

from hotline import escalation, recovery
from hotline.conversation import take_turn
from hotline.danger import is_clear_no, says_yes
from hotline.ending import end_contact
from knowledge.safety import common, guidance
from knowledge.screening import SUSPECTED, screen
from tests.unit.hotline.conftest import Line


async def test_a_fall_is_escalated_and_answered_without_the_dialogue(line: Line) -> None:
    reply = await line.say("我摔倒了起不来")
    assert common()["calling_now"] in reply.text and guidance("fall").first in reply.text and "120" in reply.text
    assert not reply.interruptible and line.script.asked == []
    [raised] = await line.escalations()
    assert (raised.kind, raised.urgency, raised.raised_at_turn, raised.number) == ("fall", "now", 1, "13800002222")
    assert raised.place == "雄安" and raised.draft == {"service": "bathing"}
    assert line.notifier.alerts == [("小林", "0s")]


async def test_danger_overtakes_a_turn_that_waits_and_its_reply_is_dropped(line: Line) -> None:
    line.script.gate = asyncio.Event()
    slow = asyncio.create_task(take_turn(line.utterance("我想约助浴"), line.services))
    await line.script.was_asked()
    urgent = await line.say("哎呀我摔倒了起不来了")
    assert urgent.trace.path == "emergency" and not slow.done()
    line.script.gate.set()
    assert (await slow).text == ""


async def test_company_is_kept_until_a_person_closes_it(line: Line) -> None:
    await line.say("我摔倒了起不来")
    first = await line.say("在厕所")
    second = await line.say("就我一个人")
    assert first.response == second.response == "keep_company" and first.text != second.text
    ok = await line.say("没事了")
    assert ok.text == common()["says_ok"]
    [raised] = await line.escalations()
    assert raised.caller_says_ok and raised.status == "open"
    silent = await line.say("", silence_seconds=10)
    assert common()["still_there"] in silent.text
    assert (await line.say("转人工")).text == common()["not_claimed_yet"]
    assert line.script.asked == []


async def test_another_danger_alerts_again_but_the_same_one_leaves_it_to_the_ladder(line: Line) -> None:
    await line.say("我摔倒了起不来")
    await line.say("我摔倒了起不来")
    assert line.notifier.alerts == [("小林", "0s")]
    again = await line.say("家里着火了")
    assert guidance("fire").first in again.text and line.notifier.alerts[-1] == ("小林", "again:3")
    assert len(await line.escalations()) == 1


@pytest.mark.parametrize("answer", ["是", "要", "嗯嗯", "哎哟", "我不知道", "没事就是疼得厉害", "", "喂喂"])
async def test_anything_but_a_clear_no_acts(line: Line, answer: str) -> None:
    asked = await line.say("胸口有点闷")
    assert asked.text == common()["danger_question"] and [c.label for c in asked.choices] == ["是", "没有危险"]
    await line.say(answer, silence_seconds=0 if answer else 8)
    [raised] = await line.escalations()
    assert raised.urgency == "now" and line.notifier.alerts


@pytest.mark.parametrize(("words", "kind"), [("他在旁边", "violence"), ("活着没意思", "suicide")])
async def test_who_may_be_overheard_or_despairs_is_asked_in_other_words(line: Line, words: str, kind: str) -> None:
    asked = await line.say(words)
    assert asked.text == common()[f"danger_question_{kind}"] != common()["danger_question"]
    await line.say("是")
    [raised] = await line.escalations()
    assert (raised.kind, raised.urgency) == (kind, "now")


async def test_a_no_beside_somebody_dangerous_gives_nothing_away(line: Line) -> None:
    await line.say("他在旁边")
    reply = await line.say("不是")
    assert reply.text.startswith(common()["after_no_violence"])
    assert "救命" not in reply.text and await line.escalations() == []


@pytest.mark.parametrize("answer", ["没有危险", "没有", "没事没事", "不用叫人", "没事，我说错了"])
async def test_a_clear_no_goes_on_with_what_was_asked(line: Line, answer: str) -> None:
    await line.say("胸口有点闷")
    reply = await line.say(answer)
    assert reply.text.startswith(common()["after_no"]) and line.script.asked == ["胸口有点闷"]
    assert await line.escalations() == []


async def test_no_answer_for_a_minute_acts_and_tells_a_chat(line: Line) -> None:
    await line.say("胸口有点闷", channel="telegram", address="5")
    line.clock.pass_seconds(59)
    await recovery.sweep(line.services)
    assert await line.escalations() == []
    line.clock.pass_seconds(2)
    await recovery.sweep(line.services)
    await recovery.sweep(line.services)
    [raised] = await line.escalations()
    assert raised.trigger == "no_answer" and len(line.notifier.said) == 1


async def test_danger_spoken_out_answers_the_question_once(line: Line) -> None:
    await line.say("胸口有点闷")
    await line.say("救命啊我喘不上气")
    line.clock.pass_seconds(90)
    await recovery.sweep(line.services)
    assert len(await line.escalations()) == 1


async def test_hanging_up_on_the_question_acts_and_rings_back(line: Line) -> None:
    await line.say("胸口有点闷")
    await end_contact(line.utterance(), line.services, hung_up=True)
    [raised] = await line.escalations()
    async with line.services.unit_of_work() as uow:
        [callback] = await uow.callbacks.open()
    assert raised.urgency == callback.urgency == "now" and callback.number == "13800002222" and not callback.hold


async def test_violence_is_quiet_and_nothing_goes_to_the_number(line: Line) -> None:
    reply = await line.say("我儿子在打我")
    assert reply.text == guidance("violence").first
    [raised] = await line.escalations()
    assert not raised.tell_family
    await end_contact(line.utterance(), line.services, hung_up=True)
    async with line.services.unit_of_work() as uow:
        [callback] = await uow.callbacks.open()
    assert callback.hold


@pytest.mark.parametrize(("answer", "safe"), [("方便", True), ("不方便", False)])
async def test_whether_a_number_is_safe_to_ring_is_remembered(line: Line, answer: str, safe: bool) -> None:
    reply = await line.say("我儿子在打我")
    asking = next(q.text for q in guidance("violence").questions if q.asks == "safe_to_ring")
    while asking not in reply.text:
        reply = await line.say("是")
    await line.say(answer)
    assert (await line.escalations())[0].safe_to_ring is safe


async def test_what_was_told_is_not_asked_again_and_is_kept_for_the_operator(line: Line) -> None:
    await line.say("我摔倒了起不来")
    replies = [await line.say("我在厕所就我一个人") for _ in range(4)]
    asked = {q.text: q.asks for q in guidance("fall").questions}
    said = [asks for reply in replies for text, asks in asked.items() if text in reply.text]
    assert "where" not in said and "alone" not in said and said
    assert (await line.escalations())[0].known["where"] == "我在厕所就我一个人"


async def test_where_is_not_asked_when_the_first_words_told_it(line: Line) -> None:
    await line.say("我在厨房摔倒了起不来")
    assert (await line.escalations())[0].known == {"where": "我在厨房摔倒了起不来"}
    where = next(q.text for q in guidance("fall").questions if q.asks == "where")
    assert where not in (await line.say("腿疼得厉害")).text


async def test_an_answer_belongs_to_the_question_before_it(line: Line) -> None:
    await line.say("我摔倒了起不来")
    asked = await line.say("哎哟")
    assert guidance("fall").questions[0].text in asked.text
    await line.say("在我们家老院子东头")
    assert (await line.escalations())[0].known == {"where": "在我们家老院子东头"}


@pytest.mark.parametrize(
    ("text", "no", "yes"),
    [
        ("没有", True, False),
        ("不是不是", True, False),
        ("是的", False, True),
        ("没事，要叫人", False, False),
        ("", False, False),
    ],
)
def test_yes_and_no_without_a_model(text: str, no: bool, yes: bool) -> None:
    assert is_clear_no(text) is no and says_yes(text) is yes


async def test_a_clock_that_is_set_back_leaves_no_question_open(line: Line) -> None:
    await line.say("胸口有点闷")
    line.clock.pass_seconds(-30)  # two machines may differ by so much
    await recovery.sweep(line.services)
    assert await line.escalations() == []
    line.clock.pass_seconds(-3600)
    await recovery.sweep(line.services)
    assert [raised.trigger for raised in await line.escalations()] == ["no_answer"]


async def test_what_is_only_suspected_is_left_to_the_person_who_reads_it(line: Line) -> None:
    await line.say("我摔倒了起不来")
    [raised] = await line.escalations()
    await escalation.claim(raised.escalation_id, "opr_1", line.services)
    assert screen("我在厨房").phrase_id == SUSPECTED
    await line.say("我在厨房")
    [raised] = await line.escalations()
    assert raised.tell_family and raised.safe_to_ring is not False
