"""Operators in their chats: claiming, talking to the caller, handing back."""

from dataclasses import replace
from pathlib import Path

import pytest

from hotline.errors import StoreUnavailable
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


async def status_of(world: World, operator_id: str) -> str:
    async with world.services.unit_of_work() as uow:
        return (await uow.operators.require(operator_id)).status


async def test_an_operator_sets_his_own_status(world: World) -> None:
    for command, status, word in (
        ("/busy", "busy", "在忙"),
        ("/away", "away", "离岗了"),
        ("/ready", "ready", "在岗了"),
    ):
        world.server.say(LIN, command)
        await world.reply_with(LIN, word)
        assert await status_of(world, "op_小林") == status
    assert await status_of(world, "op_小赵") == "ready"


async def test_a_caller_has_no_status_to_set(world: World) -> None:
    world.server.say(CALLER, "/ready")
    await world.reply_with(CALLER, "听到：ready")


async def test_anybody_may_ask_for_the_number_of_his_chat(world: World) -> None:
    for chat in (NEIGHBOUR, LIN):
        world.server.say(chat, "/id")
        assert str(chat) in (await world.reply_with(chat, "编号是")).text
    assert world.script.asked == []
    assert await world.session(NEIGHBOUR) is None


async def test_the_claimer_alone_reads_what_was_said_before(world: World) -> None:
    await world.opened()
    world.server.say(CALLER, "我想问问助餐")
    await world.reply_with(CALLER, "听到：我想问问助餐")
    raised = await world.escalate()
    async with world.services.unit_of_work() as uow:
        (await uow.escalations.require(raised.escalation_id)).known = {"where": "楼道里"}
        await uow.commit()
    await world.reply_with(ZHAO, "编号")
    world.server.press(ZHAO, "我来接")
    brief = await world.reply_with(ZHAO, "最近说的话")
    assert "来电人：我想问问助餐" in brief.text and "机器：听到：我想问问助餐" in brief.text
    assert "在哪儿：楼道里" in brief.text
    world.server.press(LIN, "我来接")
    await world.server.until(lambda: len(world.server.answers) == 2)
    await world.quiet()
    assert not any("助餐" in text for text in world.server.texts(LIN))


async def test_a_claim_holds_when_the_brief_can_not_be_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise StoreUnavailable

    await world.opened()
    raised = await world.escalate()
    await world.reply_with(LIN, "编号")
    monkeypatch.setattr("hotline.handoff.packet", away)
    world.server.press(LIN, "我来接")
    await world.reply_with(LIN, "读不出来")
    assert (await world.stored(raised.escalation_id)).claimed_by == "op_小林"


async def test_the_brief_never_goes_into_a_group(world: World) -> None:
    group = -100200300
    async with world.services.unit_of_work() as uow:
        uow.operators.add(operator("小孙", group))
        await uow.commit()
    await world.opened()
    raised = await world.escalate()
    alert = await world.reply_with(group, "编号")
    world.server.press(group, "我来接", alert)
    await world.server.until(lambda: bool(alert.edits))
    await world.quiet()
    assert (await world.stored(raised.escalation_id)).claimed_by == "op_小孙"
    assert not any("您好呀" in text for text in world.server.texts(group))
