"""Whom an enquiry is about, and what is kept of a verdict."""

from datetime import date

import pytest

from hotline import eligibility, handoff
from hotline.errors import NotFound
from knowledge.policy.loading import library
from knowledge.policy.verdicts import Assessor
from tests.unit.hotline.conftest import DAUGHTER_NUMBER, Line

FACTS = {"age": [80, 89], "self_care": "失能", "economic_hardship": True}


async def session_id(line: Line, text: str = "你好", address: str = DAUGHTER_NUMBER) -> str:
    await line.say(text, address=address)
    session = await line.session(address=address)
    assert session is not None
    return session.session_id


async def test_the_profile_gives_place_and_ages_and_words_overrule_the_place(line: Line) -> None:
    session = await session_id(line)
    async with line.services.unit_of_work() as uow:
        elder = await uow.elders.require("eld_1")
        elder.birth_year = 1944
        await uow.commit()
    about = await eligibility.asked_for(session, "我妈够不够条件", "mother", None, line.services)
    assert about == eligibility.AskedFor("雄安", "eld_1", "赵秀英", (81, 82))
    other = await eligibility.asked_for(session, "住在津市的话呢", "mother", None, line.services)
    assert (other.place, other.elder_id) == ("津市", "eld_1")


async def test_a_place_without_a_document_is_one_all_the_same(line: Line) -> None:
    session = await session_id(line)
    about = await eligibility.asked_for(session, "我妈住北京，够不够条件", "mother", None, line.services)
    assert about.place == "北京"


async def test_nothing_is_guessed_of_an_unknown_caller(line: Line) -> None:
    session = await session_id(line, address="13900009999")
    about = await eligibility.asked_for(session, "我够不够条件", None, None, line.services)
    assert about == eligibility.AskedFor()
    named = await session_id(line, "我住拉萨", address="13900009998")
    assert (await eligibility.asked_for(named, "我够不够", None, None, line.services)).place == "拉萨"


async def test_a_verdict_is_kept_once_a_turn_with_facts_version_and_sections(line: Line) -> None:
    session = await session_id(line)
    known = {"age": (80.0, 89.0), "self_care": "失能", "economic_hardship": True}
    verdict = Assessor(library(), date(2026, 11, 23)).assess("jinshi/home_beds", known)
    for _ in range(2):
        await eligibility.keep(session, "t7", verdict, FACTS, "eld_1", line.services)
    kept = await eligibility.of_session(session, line.services)
    assert [(one.rule, one.verdict, one.facts, one.sections, one.elder_id) for one in kept] == [
        ("jinshi/home_beds", "likely", FACTS, ["二(一)"], "eld_1")
    ]
    assert kept[0].rule_version == verdict.rule_version
    assert (kept[0].on_day, kept[0].missing) == (date(2026, 11, 23), [])
    with pytest.raises(NotFound):
        await eligibility.of_session("ses_none", line.services)


async def test_whoever_takes_over_sees_what_the_caller_was_told(line: Line) -> None:
    session = await session_id(line)
    verdict = Assessor(library(), date(2026, 11, 23)).assess("jinshi/home_beds", {"age": 50})
    await eligibility.keep(session, "t7", verdict, {"age": 50}, None, line.services)
    await line.say("人工", address=DAUGHTER_NUMBER)
    raised = (await line.escalations())[0]
    packet = await handoff.packet(raised.escalation_id, line.services)
    assert [one.verdict for one in packet.eligibilities] == ["unlikely"]
