"""A caller's chat over HTTP: order, overtaking, duplicates, buttons, length."""

import asyncio
from dataclasses import replace
from pathlib import Path

from bot.render import units
from hotline.sessions import Choice
from tests.integration.bot.world import CALLER, LIN, NEIGHBOUR, QUICK, World, open_world

YES_NO = (Choice("好的", "就这么定"), Choice("不要", "先不定了"))


async def test_a_message_is_answered_and_the_first_answer_says_who_answers(world: World) -> None:
    world.server.say(CALLER, "想问问助浴")
    (reply,) = await world.replies(CALLER, 1)
    assert reply.endswith("听到：想问问助浴")
    assert "人工" in reply


async def test_messages_of_one_chat_are_answered_in_order_behind_a_slow_one(world: World) -> None:
    gate = world.script.hold("第一句")
    for text in ("第一句", "第二句", "第三句"):
        world.server.say(CALLER, text)
    await world.script.reached("第一句")
    world.server.say(NEIGHBOUR, "我是邻居")
    await world.reply_with(NEIGHBOUR, "我是邻居")  # another chat does not wait
    assert world.server.texts(CALLER) == []
    assert world.script.asked == ["第一句", "我是邻居"]
    gate.set()
    replies = await world.replies(CALLER, 3)
    assert [reply.rpartition("：")[2] for reply in replies] == ["第一句", "第二句", "第三句"]


async def test_an_emergency_overtakes_the_turn_that_is_being_answered(world: World) -> None:
    gate = world.script.hold("我想约个理发")
    world.server.say(CALLER, "我想约个理发")
    await world.script.reached("我想约个理发")
    world.server.say(CALLER, "哎呀我摔倒了起不来")
    alert = await world.reply_with(LIN, "跌倒")
    assert alert.labels == ["我来接"]
    (reply,) = await world.replies(CALLER, 1)
    assert "理发" not in reply
    gate.set()
    await world.quiet()
    assert not any("理发" in text for text in world.server.texts(CALLER))


async def test_an_update_delivered_twice_is_handled_once(world: World) -> None:
    world.server.duplicate_next_update()
    world.server.say(CALLER, "只说一遍")
    world.server.say(CALLER, "再说一句")
    await world.reply_with(CALLER, "再说一句")
    await world.quiet()
    assert world.script.asked == ["只说一遍", "再说一句"]
    assert len(world.server.texts(CALLER)) == 2


async def test_typing_is_shown_while_a_turn_takes_long(world: World) -> None:
    gate = world.script.hold("慢慢来")
    world.server.say(CALLER, "慢慢来")
    await world.server.until(lambda: bool(world.server.called("sendChatAction")))
    gate.set()
    await world.reply_with(CALLER, "慢慢来")


async def test_no_typing_is_shown_before_a_turn_takes_long(tmp_path: Path) -> None:
    async with open_world(tmp_path, pace=replace(QUICK, typing_after_seconds=60)) as world:
        world.server.say(CALLER, "很快的")
        await world.reply_with(CALLER, "很快的")
        assert world.server.called("sendChatAction") == []


async def test_a_slash_is_no_way_to_give_the_engine_commands(world: World) -> None:
    world.server.say(CALLER, "/affirm")
    await world.reply_with(CALLER, "听到：affirm")
    assert world.script.asked == ["affirm"]


async def test_a_press_says_what_the_button_says_and_is_marked(world: World) -> None:
    world.script.choices["约助浴"] = YES_NO
    world.server.say(CALLER, "约助浴")
    asked = await world.reply_with(CALLER, "听到：约助浴")
    assert asked.labels == ["好的", "不要"]
    world.server.press(CALLER, "好的")
    await world.reply_with(CALLER, "听到：就这么定")
    await world.quiet()
    assert asked.labels == []
    assert asked.text.endswith("您选了：好的")
    assert len(world.server.answers) == 1


async def test_a_button_longer_than_telegram_allows_still_says_all_of_it(world: World) -> None:
    long = "请在下个星期三的上午九点到十一点之间安排一位有经验的女护理员来家里"
    world.script.choices["选"] = (Choice("就这个", long),)
    world.server.say(CALLER, "选")
    await world.reply_with(CALLER, "听到：选")
    world.server.press(CALLER, "就这个")
    await world.reply_with(CALLER, f"听到：{long}")


async def test_two_quick_presses_are_one(world: World) -> None:
    world.script.choices["约助浴"] = YES_NO
    world.server.say(CALLER, "约助浴")
    await world.reply_with(CALLER, "听到：约助浴")
    world.server.press(CALLER, "好的")
    world.server.press(CALLER, "不要")
    await world.server.until(lambda: len(world.server.answers) == 2)
    await world.quiet()
    assert world.script.asked == ["约助浴", "就这么定"]


async def test_an_old_button_does_not_answer_a_newer_question(world: World) -> None:
    world.script.choices["约助浴"] = YES_NO
    world.server.say(CALLER, "约助浴")
    old = await world.reply_with(CALLER, "听到：约助浴")
    pressed_late = type(old)(**vars(old))  # what the caller's phone still shows
    world.server.say(CALLER, "等等，先问个事")
    await world.reply_with(CALLER, "先问个事")
    await world.quiet()
    assert old.labels == []
    world.server.press(CALLER, "好的", pressed_late)
    await world.server.until(lambda: bool(world.server.answers))
    assert "过时" in world.server.answers[0]["text"]
    assert "就这么定" not in world.script.asked


async def test_an_old_button_that_asks_for_a_person_still_does(world: World) -> None:
    world.script.choices["问"] = (Choice("找人", "转人工"),)
    world.server.say(CALLER, "问")
    old = await world.reply_with(CALLER, "听到：问")
    pressed_late = type(old)(**vars(old))
    world.server.say(CALLER, "接着说别的")
    await world.reply_with(CALLER, "接着说别的")
    world.server.press(CALLER, "找人", pressed_late)
    await world.reply_with(LIN, "找人工")


async def test_a_button_that_the_message_does_not_have_is_nothing(world: World) -> None:
    message = {"message_id": 77, "date": 1, "chat": {"id": CALLER, "type": "private"}, "text": "x"}
    sender = {"id": CALLER, "is_bot": False, "first_name": "U"}
    query = {"id": "1", "from": sender, "chat_instance": "1", "data": "say:取消全部预约", "message": message}
    world.server.send_raw({"callback_query": query})
    await world.server.until(lambda: bool(world.server.answers))
    await world.quiet()
    assert world.script.asked == []


async def test_a_long_reply_comes_whole_in_parts_with_the_buttons_under_the_last(world: World) -> None:
    text = "".join(f"第{n}条：这一条说的是怎样申请补贴，要带哪些材料。\n" for n in range(1, 210))
    assert len(text) > 5000
    world.script.answers["都念给我听"] = text
    world.script.choices["都念给我听"] = YES_NO
    world.server.say(CALLER, "都念给我听")
    sent = await world.server.wait_for(CALLER, lambda messages: any(m.labels for m in messages))
    assert len(sent) == 2
    assert all(units(message.text) <= 4096 for message in sent)
    assert [bool(message.labels) for message in sent] == [False, True]
    whole = "\n".join(message.text for message in sent)
    assert whole.endswith(text.strip())


async def test_commands(world: World) -> None:
    world.server.say(CALLER, "/start")
    opening = await world.reply_with(CALLER, "自动")
    assert "人工" in opening.text
    world.server.say(CALLER, "/help")
    await world.reply_with(CALLER, "120")
    world.server.say(CALLER, "你好呀")
    await world.reply_with(CALLER, "听到：你好呀")
    assert await world.session() is not None
    world.server.say(CALLER, "/stop")
    await world.reply_with(CALLER, "再发消息")
    assert await world.session() is None
    assert [command["command"] for command in world.server.commands] == ["start", "help", "link", "unlink", "stop"]


async def test_a_dialogue_engine_that_fails_gets_an_honest_answer(world: World) -> None:
    world.script.broken.add("查一查我的预约")
    world.server.say(CALLER, "查一查我的预约")
    (reply,) = await world.replies(CALLER, 1)
    assert "人工" in reply


async def test_a_turn_that_breaks_is_not_silent(world: World) -> None:
    async def broken(_request: object) -> None:
        raise RuntimeError("secret words")

    world.script.respond = broken  # type: ignore[method-assign, assignment]  # a fault of the test
    world.server.say(CALLER, "说点什么")
    await world.reply_with(CALLER, "联系您")


async def test_many_chats_at_once(world: World) -> None:
    chats = range(600, 605)
    gates = [world.script.hold(f"{chat}先") for chat in chats]
    for chat in chats:
        world.server.say(chat, f"{chat}先")
        world.server.say(chat, f"{chat}后")
    await asyncio.gather(*(world.script.reached(f"{chat}先") for chat in chats))
    for gate in gates:
        gate.set()
    for chat in chats:
        first, second = await world.replies(chat, 2)
        assert first.endswith(f"{chat}先")
        assert second.endswith(f"{chat}后")


async def test_words_behind_a_command_are_heard(world: World) -> None:
    world.server.say(CALLER, "/help 我摔倒了起不来")
    await world.reply_with(CALLER, "我正在叫值班人员")
