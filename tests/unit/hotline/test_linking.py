"""A relative's chat is tied to an elder by a code: short, random, used once, old after a day, not to be guessed."""

import asyncio
import json
from dataclasses import asdict

import pytest

from hotline import linking
from hotline.booking import book, upcoming
from hotline.errors import NotFound, TooManyTries, WrongCode
from hotline.people import Elder, linked_elders
from hotline.sessions import CallSession
from knowledge.linking import asks_for_code, linking_plan
from tests.unit.hotline.conftest import DAUGHTER_NUMBER, ELDER_NUMBER, Line
from tests.unit.hotline.test_family import visit

PLAN = linking_plan()
CHAT, OTHER = "1001", "1002"


async def give(line: Line, contact_id: str | None = None) -> str:
    return await linking.give_code("eld_1", "opr_1", line.services, contact_id)


async def link(line: Line, code: str, chat: str = CHAT, name: str = "小美") -> linking.Linked:
    return await linking.redeem("telegram", chat, code, name, line.services)


async def speaks_for(line: Line, chat: str = CHAT) -> list[str]:
    """Elders whom the chat's next contact may speak for."""
    await line.say("您好", channel="telegram", address=chat)
    session = await line.session("telegram", chat)
    assert session is not None
    async with line.services.unit_of_work() as uow:
        return [elder.elder_id for elder in await linked_elders(session, uow)]


async def test_a_code_ties_the_chat_and_the_relative_is_told_after_the_others(line: Line) -> None:
    code = await give(line)
    assert len(code) == PLAN.code_digits and code.isdigit()
    linked = await link(line, code)
    assert (linked.elder.elder_id, linked.contact.name, linked.contact.rank) == ("eld_1", "小美", 3)
    assert await speaks_for(line) == ["eld_1"]


async def test_a_code_for_a_registered_relative_adds_a_chat_and_nobody_new(line: Line) -> None:
    linked = await link(line, await give(line, "con_1"))
    assert (linked.contact.contact_id, linked.contact.telegram_chat_id) == ("con_1", CHAT)
    again = await link(line, await give(line, "con_1"), OTHER)
    assert again.contact.telegram_chat_id == CHAT  # the second chat stands beside the first
    assert await speaks_for(line, OTHER) == ["eld_1"]


async def test_only_a_digest_of_the_code_is_kept(line: Line) -> None:
    code = await give(line)
    async with line.services.unit_of_work() as uow:
        [kept] = await uow.link_codes.valid(line.clock.now())
    assert code not in json.dumps(asdict(kept), default=str)


async def test_it_is_used_once_also_by_two_at_once(line: Line) -> None:
    code = await give(line)
    results = await asyncio.gather(*(link(line, code, chat) for chat in (CHAT, OTHER)), return_exceptions=True)
    assert sum(isinstance(one, linking.Linked) for one in results) == 1
    assert sum(isinstance(one, WrongCode) for one in results) == 1


async def test_it_is_too_old_after_a_day(line: Line) -> None:
    code = await give(line)
    line.clock.pass_seconds(60 * PLAN.valid_minutes)
    with pytest.raises(WrongCode):
        await link(line, code)


async def test_after_a_few_tries_a_chat_may_try_no_more_and_later_again(line: Line) -> None:
    code = await give(line)
    wrong = "0" * PLAN.code_digits if code != "0" * PLAN.code_digits else "1" * PLAN.code_digits
    for _ in range(PLAN.tries_per_chat):
        with pytest.raises(WrongCode):
            await link(line, wrong)
    with pytest.raises(TooManyTries):
        await link(line, code)
    line.clock.pass_seconds(60 * PLAN.window_minutes + 1)
    assert (await link(line, code)).elder.elder_id == "eld_1"


async def test_many_chats_together_can_t_guess_either(line: Line) -> None:
    code = await give(line)
    wrong = "0" * PLAN.code_digits if code != "0" * PLAN.code_digits else "1" * PLAN.code_digits
    for number in range(PLAN.tries_in_all):
        with pytest.raises(WrongCode):
            await link(line, wrong, f"guesser {number // PLAN.tries_per_chat}")
    with pytest.raises(TooManyTries):
        await link(line, code)


async def test_nobody_unknown_gets_a_code(line: Line) -> None:
    async with line.services.unit_of_work() as uow:
        uow.elders.add(Elder("eld_2", "钱福生"))
        await uow.commit()
    with pytest.raises(NotFound):
        await linking.give_code("eld_9", "opr_1", line.services)
    with pytest.raises(NotFound):
        await linking.give_code("eld_2", "opr_1", line.services, "con_1")


# --- by telephone ----------------------------------------------------------------------------------------------


async def test_the_elders_own_number_hears_a_code_that_is_written_down_nowhere(line: Line) -> None:
    reply = await line.say("我闺女说要个绑定的号码")
    digits = "零一二三四五六七八九"
    said = [str(digits.index(char)) for char in reply.text.split("再说一遍")[0] if char in digits]
    code = "".join(said)
    assert len(code) == PLAN.code_digits
    [turn] = await line.turns()
    assert not any(char in turn.reply.split("。")[0] for char in digits) and turn.response == "link_code"
    assert (await link(line, code)).elder.elder_id == "eld_1"


@pytest.mark.parametrize("address", ["13900009999", ""])
async def test_a_number_nobody_knows_gets_none(line: Line, address: str) -> None:
    reply = await line.say("我要绑定", address=address)
    assert reply.response == "link_by_person"
    async with line.services.unit_of_work() as uow:
        assert await uow.link_codes.valid(line.clock.now()) == []


async def test_name_and_four_digits_are_not_enough_for_a_code(line: Line) -> None:
    await line.say("您好", address="13900009999")
    async with line.services.unit_of_work() as uow:
        session = await uow.sessions.open_for("phone", "13900009999", "")
        assert session is not None
        session.identified_elder_id = "eld_1"
        await uow.commit()
    assert (await line.say("我要绑定", address="13900009999")).response == "link_by_person"


async def test_the_code_that_a_relatives_number_hears_is_for_that_relative(line: Line) -> None:
    await line.say("帮我绑定一下", address=DAUGHTER_NUMBER)
    async with line.services.unit_of_work() as uow:
        assert [one.contact_id for one in await uow.link_codes.valid(line.clock.now())] == ["con_1"]


@pytest.mark.parametrize("words", ["能帮订吗", "帮我定个助浴", "帮订一下"])
def test_booking_is_no_wish_for_a_code(words: str) -> None:
    assert not asks_for_code(words) and asks_for_code("给我女儿绑 定一下")


# --- unlinked ------------------------------------------------------------------------------------------------------


async def test_an_unlinked_chat_sees_nothing_of_the_elder(line: Line) -> None:
    await link(line, await give(line))
    await line.say("您好", channel="telegram", address=CHAT)
    before = await line.session("telegram", CHAT)
    assert before is not None and before.recognised
    await book(visit(before.session_id), line.services)
    assert (await upcoming(before.session_id, line.services)).may_hear == "all"
    assert await linking.unlink("telegram", CHAT, line.services)
    assert await speaks_for(line) == []
    after = await line.session("telegram", CHAT)
    assert after is not None and after.session_id != before.session_id  # what the dialogue knew is gone with it
    found = await upcoming(after.session_id, line.services)
    assert (found.may_hear, found.orders) == ("nothing", ())
    told_before = len(line.notifier.said)
    await book(visit(await _phone_session(line), "trn_2", hours=50), line.services)
    await line.services.live.settle()
    assert len(line.notifier.said) == told_before + 1  # con_2 alone
    assert not await linking.unlink("telegram", CHAT, line.services)


async def _phone_session(line: Line) -> str:
    await line.say("喂", address=ELDER_NUMBER)
    session = await line.session()
    assert session is not None
    return session.session_id


async def test_unlinking_in_danger_leaves_nobody_alone(line: Line) -> None:
    await link(line, await give(line))
    await line.say("我妈摔倒了起不来", channel="telegram", address=CHAT)
    await linking.unlink("telegram", CHAT, line.services)
    going_on: CallSession | None = await line.session("telegram", CHAT)
    assert going_on is not None and not going_on.recognised
    reply = await line.say("我妈在屋里", channel="telegram", address=CHAT)
    assert reply.response == "keep_company"


async def test_a_chat_that_was_open_knows_at_once_for_whom_it_speaks(line: Line) -> None:
    await line.say("您好", channel="telegram", address=CHAT)
    await link(line, await give(line))
    session = await line.session("telegram", CHAT)
    assert session is not None and (session.recognised, session.elder_id) == (True, "eld_1")
