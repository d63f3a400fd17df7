"""Policy answers for a caller: whose place, and what the answer rested on."""

import pytest

from hotline import policy
from hotline.people import Elder
from hotline.sessions import CallSession
from tests.unit.hotline.conftest import ELDER_NUMBER, Line

UNKNOWN = "13900009999"


async def session(line: Line, address: str = ELDER_NUMBER, text: str = "你好", **more: str) -> CallSession:
    await line.say(text, address=address, **more)
    found = await line.session(address=address)
    assert found is not None
    return found


async def ask(line: Line, of: CallSession, question: str, place: str | None = None, **more: bool) -> policy.Answer:
    async with line.services.unit_of_work() as uow:
        turn = (await uow.turns.of(of.session_id))[-1]
    return await policy.answer_question(of.session_id, turn.turn_id, question, place, None, line.services, **more)


async def test_the_place_is_the_elders(line: Line) -> None:
    assert (await ask(line, await session(line), "养老驿站是做什么的")).place == "雄安"


async def test_an_unknown_caller_is_asked_unless_number_or_words_named_a_place(line: Line) -> None:
    assert (await ask(line, await session(line, UNKNOWN), "家庭医生签约")).outcome == "ask_place"
    dialled = await session(line, "13900008888", place="津市")
    assert (await ask(line, dialled, "家庭医生签约")).place == "津市"
    told = await session(line, "13900007777", text="我是津市毛里湖的")
    assert (await ask(line, told, "家庭医生签约")).place == "津市"


async def test_where_profile_and_number_differ_it_asks(line: Line) -> None:
    dialled = await session(line, place="津市")
    assert (await ask(line, dialled, "家庭医生签约")).outcome == "ask_place"
    assert (await ask(line, dialled, "家庭医生签约", "津市")).place == "津市"


async def test_several_elders_in_different_places_are_not_guessed_between(line: Line) -> None:
    async with line.services.unit_of_work() as uow:
        uow.elders.add(Elder("eld_2", "钱桂兰", ELDER_NUMBER, "津市", "示例村1号", 1940))
        await uow.commit()
    assert (await ask(line, await session(line), "家庭医生签约")).outcome == "ask_place"


async def test_a_place_where_a_relative_works_is_not_the_callers(line: Line) -> None:
    assert (await session(line, UNKNOWN, text="我儿子在南昌打工")).place is None


async def test_the_turn_keeps_cards_sections_and_version(line: Line) -> None:
    of = await session(line)
    told = await ask(line, of, "养老驿站是做什么的")
    async with line.services.unit_of_work() as uow:
        turn = (await uow.turns.of(of.session_id))[-1]
        kept = await uow.sessions.require(of.session_id)
    assert turn.basis == {
        "cards": list(told.cards),
        "sections": [f"雄安 {one.section}" for one in told.citations],
        "version": told.version,
    }
    assert told.version
    assert kept.outcome == ("answered" if told.outcome == "answered" else None)


async def test_words_that_nothing_understood_may_be_a_question(line: Line) -> None:
    assert policy.asks_documents("日间照料中心一年补十万块", None)
    assert policy.asks_documents("那多少钱啊", "jinshi/canteen")
    assert not policy.asks_documents("那多少钱啊", None)


async def test_a_card_that_is_no_more_is_not_answered_from(line: Line) -> None:
    of = await session(line)
    assert await policy.answer_from_card(of.session_id, "none", "jinshi/no_such", "x", line.services) is None


@pytest.mark.parametrize("question", ["麻风病人的安置", "精神病老人谁收"])
async def test_an_illness_goes_to_a_person(line: Line, question: str) -> None:
    of = await session(line, "13900006666", place="拉萨")
    assert (await ask(line, of, question)).outcome == "handoff"
