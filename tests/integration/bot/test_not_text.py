"""Everything that is not plain text in a private chat."""

from typing import Any

import pytest

from tests.integration.bot.world import CALLER, LIN, World

FILE = {"file_id": "f", "file_unique_id": "u"}
VOICE = {"voice": {**FILE, "duration": 3}}
PHOTO = {"photo": [{**FILE, "width": 90, "height": 90}]}
STICKER = {"sticker": {**FILE, "type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False}}
MESSAGES: list[tuple[dict[str, Any], str]] = [
    (VOICE, "语音"),
    (PHOTO, "图片"),
    ({"video": {**FILE, "width": 90, "height": 90, "duration": 3}}, "视频"),
    ({"video_note": {**FILE, "length": 90, "duration": 3}}, "视频"),
    (
        {
            "sticker": {
                **FILE,
                "type": "regular",
                "width": 9,
                "height": 9,
                "is_animated": False,
                "is_video": False,
            }
        },
        "表情",
    ),
    ({"document": FILE}, "文件"),
    ({"contact": {"phone_number": "", "first_name": "A"}}, "号码"),
    ({"game": {"title": "g", "description": "d", "photo": []}}, "打字"),
]


@pytest.mark.parametrize(("content", "word"), MESSAGES)
async def test_a_kind_answer_says_what_works_instead(world: World, content: dict[str, Any], word: str) -> None:
    world.server.send_message(CALLER, **content)
    (reply,) = await world.replies(CALLER, 1)
    assert word in reply
    assert "人工" in reply
    assert world.script.asked == []


async def test_the_words_under_a_picture_are_words(world: World) -> None:
    world.server.send_message(CALLER, **PHOTO, caption="这个扶手松了")
    await world.reply_with(CALLER, "听到：这个扶手松了")


async def test_danger_told_under_a_picture_is_heard(world: World) -> None:
    world.server.send_message(CALLER, **PHOTO, caption="我摔倒了站不起来")
    await world.reply_with(LIN, "跌倒")


async def test_a_shared_number_is_text(world: World) -> None:
    world.server.send_message(CALLER, contact={"phone_number": "13900001111", "first_name": "A"})
    await world.reply_with(CALLER, "听到：13900001111")


async def test_an_edited_message_is_asked_for_again(world: World) -> None:
    world.server.edit(CALLER, "改成后天下午")
    (reply,) = await world.replies(CALLER, 1)
    assert "重新发" in reply
    assert world.script.asked == []


async def test_an_edited_message_that_now_tells_of_danger_is_heard(world: World) -> None:
    world.server.edit(CALLER, "我摔倒了站不起来")
    await world.reply_with(LIN, "跌倒")


async def test_a_group_is_refused_politely_and_once(world: World) -> None:
    group = -100
    world.server.say(group, "大家好")
    world.server.say(group, "/start")
    world.server.send_message(group, **VOICE)
    await world.quiet()
    (reply,) = await world.replies(group, 1)
    assert "单独" in reply
    assert world.script.asked == []


async def test_service_messages_are_passed_over(world: World) -> None:
    world.server.send_message(CALLER, message_auto_delete_timer_changed={"message_auto_delete_time": 60})
    await world.opened()
    assert len(world.server.texts(CALLER)) == 1
