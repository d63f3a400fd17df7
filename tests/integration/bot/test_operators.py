"""Operators in their chats: claiming, talking to the caller, handing back."""

from dataclasses import replace
from pathlib import Path

from tests.integration.bot.world import CALLER, LIN, NEIGHBOUR, QUICK, ZHAO, World, open_world, operator


async def test_an_alert_holds_id_kind_and_urgency_and_nothing_else(world: World) -> None:
    await world.opened()
    raised = await world.escalate()
    alert = await world.reply_with(LIN, "编号")
    lines = alert.text.splitlines()
    assert lines[1:] == ["事由：跌倒", "紧急程度：马上", f"编号：{raised.escalation_id}"]
    assert str(CALLER) not in alert.text


async def test_two_claim_at_once_and_one_has_it(world: World) -> None:
    await world.opened()
    raised = await world.escalate()
    first, second = await world.reply_with(LIN, "编号"), await world.reply_with(ZHAO, "编号")
    world.server.press(LIN, "我来接")
    world.server.press(ZHAO, "我来接")
    await world.server.until(lambda: bool(first.edits and second.edits))
    stored = await world.stored(raised.escalation_id)
    winner = {"op_小林": "小林", "op_小赵": "小赵"}[stored.claimed_by or ""]
    for alert in (first, second):
        assert alert.text.endswith(f"已由{winner}接手。")
        assert alert.labels == []
    answers = [answer["text"] for answer in world.server.answers]
    assert sorted("您已接手" in text for text in answers) == [False, True]
    assert any(f"已由{winner}先接手" in text for text in answers)


async def test_only_a_registered_chat_may_claim(world: World) -> None:
    await world.opened()
    raised = await world.escalate()
    alert = await world.reply_with(LIN, "编号")
    world.server.press(NEIGHBOUR, "我来接", replace(alert, chat_id=NEIGHBOUR))
    await world.server.until(lambda: bool(world.server.answers))
    assert "登记" in world.server.answers[0]["text"]
    assert (await world.stored(raised.escalation_id)).claimed_by is None
    assert alert.labels == ["我来接"]


async def test_an_escalation_that_is_gone(world: World) -> None:
    await world.opened()
    await world.escalate()
    alert = await world.reply_with(LIN, "编号")
    alert.keyboard = [[{"text": "我来接", "callback_data": "claim:esc_none"}]]
    world.server.press(LIN, "我来接")
    await world.server.until(lambda: bool(world.server.answers))
    assert "不在" in world.server.answers[0]["text"]


async def test_both_ways_between_caller_and_operator_until_handed_back(world: World) -> None:
    await world.opened()
    await world.escalate()
    await world.reply_with(LIN, "编号")
    world.server.press(LIN, "我来接")
    await world.server.until(lambda: bool(world.server.answers))
    for text in ("阿姨您别动", "我在给您叫车", "门开着吗"):
        world.server.say(LIN, text)
    await world.reply_with(CALLER, "门开着吗")
    said = [text for text in world.server.texts(CALLER) if text in ("阿姨您别动", "我在给您叫车", "门开着吗")]
    assert said == ["阿姨您别动", "我在给您叫车", "门开着吗"]
    world.server.say(CALLER, "门锁着呢")
    relayed = await world.reply_with(LIN, "门锁着呢")
    assert relayed.text == "来电人：门锁着呢"
    assert "门锁着呢" not in world.script.asked
    world.server.say(LIN, "/done")
    await world.reply_with(LIN, "已交还")
    world.server.say(CALLER, "那我问问补贴")
    await world.reply_with(CALLER, "听到：那我问问补贴")


async def test_an_operator_who_holds_nobody_hears_so_and_is_no_caller(world: World) -> None:
    world.server.say(LIN, "您在吗")
    await world.reply_with(LIN, "没有送到")
    world.server.say(LIN, "/done")
    await world.reply_with(LIN, "没有来电人")
    world.server.send_message(LIN, voice={"file_id": "f", "file_unique_id": "u", "duration": 1})
    await world.reply_with(LIN, "只能转文字")
    world.server.say(LIN, "/start")
    await world.reply_with(LIN, "值班人员")
    assert world.script.asked == []
    assert await world.session(LIN) is None


async def test_the_list_shows_what_is_open_with_a_button(world: World) -> None:
    world.server.say(ZHAO, "/list")
    await world.reply_with(ZHAO, "没有未结束")
    await world.opened()
    raised = await world.escalate()
    await world.reply_with(ZHAO, "编号")
    world.server.say(ZHAO, "/list")
    sent = await world.server.wait_for(ZHAO, lambda all_: sum("编号" in m.text for m in all_) == 2)
    assert sent[-1].labels == ["我来接"]
    assert raised.escalation_id in sent[-1].text


async def test_an_operator_registered_while_running_is_known_soon(tmp_path: Path) -> None:
    async with open_world(tmp_path, pace=replace(QUICK, roster_seconds=0.05)) as world:
        async with world.services.unit_of_work() as uow:
            uow.operators.add(operator("小王", NEIGHBOUR))
            await uow.commit()
        while len(world.services.roster) < 3:
            world.server.say(CALLER, "等一等")
            count = len(world.server.texts(CALLER))
            await world.replies(CALLER, count + 1)
        world.server.say(NEIGHBOUR, "/done")
        await world.reply_with(NEIGHBOUR, "没有来电人")
