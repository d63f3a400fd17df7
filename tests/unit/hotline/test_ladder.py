"""The ladder: who is told when, exclusive claims, and its only end."""

import asyncio

import pytest

from hotline import escalation
from hotline.errors import AlreadyClaimed
from hotline.escalation import Escalation
from hotline.ladder import climb, not_answered
from hotline.people import Operator
from knowledge.ladder import ladders
from tests.unit.hotline.conftest import Line


async def raised(line: Line, words: str = "我摔倒了起不来") -> Escalation:
    await line.say(words)
    return (await line.escalations())[0]


async def test_each_rung_tells_its_people_once(line: Line) -> None:
    found = await raised(line)
    ladder = ladders()["now"]
    for number in (0, 1, 1, 2):
        await climb(found.escalation_id, ladder.rung(number), line.services)
    assert line.notifier.alerts == [
        ("小林", "0s"), ("周主管", "60s"), ("小林", "180s"), ("小赵", "180s"), ("周主管", "180s"),
    ]  # fmt: skip
    assert line.notifier.contacts == ["王晓梅", "王晓梅", "王建国"]
    assert (await line.escalations())[0].investigate


def test_after_the_last_rung_it_goes_on_every_minute_without_end() -> None:
    ladder = ladders()["now"].scaled(0.5)
    assert [ladder.rung(n).after_seconds for n in range(6)] == [0, 30, 90, 120, 150, 180]
    assert [ladder.rung(n).name for n in range(5)] == ["0s", "60s", "180s", "240s", "300s"]


@pytest.mark.parametrize("words", ["我儿子在打我", "他现在打我不让我出门"])
async def test_of_violence_no_family_is_told(line: Line, words: str) -> None:
    found = await raised(line, words)
    await climb(found.escalation_id, ladders()["now"].rung(2), line.services)
    assert line.notifier.contacts == []


async def test_a_claim_is_exclusive_and_ends_the_ladder(line: Line) -> None:
    found = await raised(line)
    results = await asyncio.gather(
        *(escalation.claim(found.escalation_id, who, line.services) for who in ("opr_1", "opr_2")),
        return_exceptions=True,
    )
    assert sum(isinstance(result, AlreadyClaimed) for result in results) == 1
    assert (await climb(found.escalation_id, ladders()["now"].rung(1), line.services)).over
    session = await line.session()
    assert session is not None and session.operator_id in ("opr_1", "opr_2")
    assert len(line.notifier.said) == 1


async def test_a_held_session_reaches_the_human_and_danger_alerts_all_again(line: Line) -> None:
    await line.say("人工")
    [asked] = await line.escalations()
    await escalation.claim(asked.escalation_id, "opr_1", line.services)
    reply = await line.say("我想问个事")
    assert reply.text == "" and line.notifier.relayed == ["我想问个事"]
    before = len(line.notifier.alerts)
    urgent = await line.say("我喘不上气了救命")
    assert urgent.text and len(line.notifier.alerts) == before + 1 and line.notifier.relayed[-1] == "我喘不上气了救命"
    assert [e.urgency for e in await line.escalations()] == ["now", "today"]


async def test_a_failed_delivery_is_tried_again_at_the_same_rung(line: Line) -> None:
    line.notifier.failing = True
    found = await raised(line)
    assert (await climb(found.escalation_id, ladders()["now"].rung(0), line.services)).failed == 1
    line.notifier.failing = False
    assert (await climb(found.escalation_id, ladders()["now"].rung(0), line.services)).failed == 0
    assert line.notifier.alerts == [("小林", "0s")] * 3


async def test_closing_after_danger_ends_the_session_with_its_half_filled_form(line: Line) -> None:
    found = await raised(line)
    await escalation.claim(found.escalation_id, "opr_1", line.services)
    await escalation.close(found.escalation_id, "answered", line.services)
    assert await line.session() is None and await line.escalations() == []
    assert (await line.say("你好")).text.endswith("听到你好")


async def test_whoever_has_no_ready_status_is_not_told_at_once(line: Line) -> None:
    async with line.services.unit_of_work() as uow:
        uow.operators.add(Operator("opr_4", "小钱", "operator", "busy"))
        await uow.commit()
    await raised(line)
    assert [name for name, _ in line.notifier.alerts] == ["小林"]


async def test_a_phone_that_rang_in_vain_is_told_again_at_the_next_rung(line: Line) -> None:
    found = await raised(line)
    await not_answered(found.escalation_id, "opr_1", line.services)
    assert (await climb(found.escalation_id, ladders()["now"].rung(0), line.services)).failed == 0  # not at this one
    await climb(found.escalation_id, ladders()["now"].rung(1), line.services)
    assert line.notifier.alerts == [("小林", "0s"), ("周主管", "60s"), ("小林", "60s")]


async def test_what_is_claimed_is_nobodys_missed_call(line: Line) -> None:
    found = await raised(line)
    await escalation.claim(found.escalation_id, "opr_2", line.services)
    await not_answered(found.escalation_id, "opr_1", line.services)
    async with line.services.unit_of_work() as uow:
        assert [n.state for n in await uow.notices.of(found.escalation_id)] == ["sent"]
