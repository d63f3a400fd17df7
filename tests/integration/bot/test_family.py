"""Relatives in their chats: /link and /unlink, 已联系上, and that a chat without a link is told nothing."""

from dataclasses import replace

import pytest

from hotline import linking
from hotline.escalation import Escalation, Urgency, new_escalation
from hotline.ladder import climb
from hotline.people import Elder
from hotline.sessions import CallSession
from knowledge.ladder import ladders
from tests.integration.bot.world import LIN, NEIGHBOUR, World

DAUGHTER = 801
NAME = "赵秀英"


async def code_for(world: World) -> str:
    async with world.services.unit_of_work() as uow:
        if await uow.elders.get("eld_1") is None:
            uow.elders.add(Elder("eld_1", NAME, "13800002222", "雄安", "示例社区3号楼"))
        await uow.commit()
    return await linking.give_code("eld_1", "op_小林", world.services)


async def linked(world: World) -> None:
    world.server.say(DAUGHTER, f"/link {await code_for(world)}")
    await world.reply_with(DAUGHTER, "绑定好了")


async def danger(world: World, kind: str = "fall") -> Escalation:
    """The elder was in danger by telephone, and the call is over."""
    now = world.services.clock.now()
    session = CallSession("ses_call", "phone", "13800002222", "call-1", now, now, ended_at=now, elder_id="eld_1")
    raised = new_escalation(session, "trn_1", 1, kind, Urgency.NOW, now)
    async with world.services.unit_of_work() as uow:
        uow.sessions.add(session)
        uow.escalations.add(raised)
        await uow.commit()
    await climb(raised.escalation_id, ladders()["now"].rung(2), world.services)
    return raised


@pytest.mark.parametrize("words", ["/link {code}", "/link@warmline_bot {code}", "绑定{code}", "绑定 {spaced}"])
async def test_a_code_links_the_chat_however_it_is_written(world: World, words: str) -> None:
    code = await code_for(world)
    world.server.say(DAUGHTER, words.format(code=code, spaced=f"{code[:3]} {code[3:]}"))
    assert NAME in (await world.reply_with(DAUGHTER, "绑定好了")).text
    assert world.script.asked == []  # the dialogue engine never saw the code
    async with world.services.unit_of_work() as uow:
        assert [link.address for link in await uow.links.of_elder("eld_1")] == [str(DAUGHTER)]


async def test_a_wrong_code_and_too_many_of_them(world: World) -> None:
    code = await code_for(world)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(5):
        world.server.say(NEIGHBOUR, f"/link {wrong}")
    await world.server.wait_for(NEIGHBOUR, lambda sent: sum("不对" in m.text for m in sent) == 5)
    world.server.say(NEIGHBOUR, f"/link {code}")
    await world.reply_with(NEIGHBOUR, "次数太多")
    assert not any(NAME in text for text in world.server.texts(NEIGHBOUR))


async def test_the_command_alone_says_how_and_words_behind_it_are_words(world: World) -> None:
    world.server.say(DAUGHTER, "/link")
    await world.reply_with(DAUGHTER, "六位数字")
    world.server.say(DAUGHTER, "/link 我妈摔倒了起不来")
    await world.reply_with(DAUGHTER, "先别急着起来")


async def test_reached_by_the_button_once_and_the_operators_still_see_it(world: World) -> None:
    await linked(world)
    raised = await danger(world)
    told = await world.reply_with(DAUGHTER, "可能有危险")
    assert NAME not in told.text and told.labels == ["已联系上"]
    world.server.press(DAUGHTER, "已联系上")
    await world.reply_with(DAUGHTER, "不再通知别的家里人")
    await world.server.until(lambda: bool(told.edits))
    assert told.labels == [] and "您说已联系上" in told.text
    stored = await world.stored(raised.escalation_id)
    assert stored.status == "stood_down" and stored.reached_by is not None and stored.reached_at is not None
    world.server.say(LIN, "/list")
    await world.reply_with(LIN, "联系上")


async def test_a_button_in_a_chat_without_a_link_does_nothing(world: World) -> None:
    await linked(world)
    raised = await danger(world)
    told = await world.reply_with(DAUGHTER, "可能有危险")
    world.server.press(NEIGHBOUR, "已联系上", replace(told, chat_id=NEIGHBOUR))
    await world.server.until(lambda: bool(world.server.answers))
    assert "没有绑定" in world.server.answers[0]["text"]
    assert (await world.stored(raised.escalation_id)).status == "open"


async def test_unlinked_the_chat_is_told_nothing_any_more(world: World) -> None:
    await linked(world)
    world.server.say(DAUGHTER, "/unlink")
    await world.reply_with(DAUGHTER, "解除了")
    before = world.server.texts(DAUGHTER)
    await danger(world)
    assert world.server.texts(DAUGHTER) == before
    world.server.say(DAUGHTER, "/unlink")
    await world.reply_with(DAUGHTER, "没有绑定老人")


async def test_of_violence_no_linked_chat_hears(world: World) -> None:
    await linked(world)
    before = world.server.texts(DAUGHTER)
    await danger(world, "violence")
    assert world.server.texts(DAUGHTER) == before


async def test_an_operators_chat_is_never_a_relatives(world: World) -> None:
    world.server.say(LIN, f"/link {await code_for(world)}")
    world.server.say(LIN, "/unlink")
    await world.reply_with(LIN, "您是登记的值班人员")
    async with world.services.unit_of_work() as uow:
        assert await uow.links.of_elder("eld_1") == []
