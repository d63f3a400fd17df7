"""Telegram away, slow, flooded; the process killed in the middle of a turn; a wrong token."""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bootstrap.settings import Settings
from bot.telegram import TelegramBot
from bot.testserver import BotApiServer
from tests.integration.bot.world import CALLER, LIN, NEIGHBOUR, QUICK, World, open_world, prepared

ROOT = Path(__file__).parents[3]
HELD = Path(__file__).with_name("held_process.py")


async def test_a_flood_limit_delays_one_reply_and_loses_none(world: World) -> None:
    world.server.flood(0.1, messages=2)
    world.server.say(CALLER, "第一句")
    world.server.say(CALLER, "第二句")
    first, second = await world.replies(CALLER, 2)
    assert first.endswith("第一句")
    assert second.endswith("第二句")
    assert len(world.server.called("sendMessage")) == 4


async def test_telegram_away_and_back_loses_no_reply_and_no_message(world: World) -> None:
    gate = world.script.hold("第一句")
    world.server.say(CALLER, "第一句")
    await world.script.reached("第一句")
    await world.server.down()
    gate.set()
    world.server.say(CALLER, "第二句")
    await world.server.up()
    first, second = await world.replies(CALLER, 2)
    assert first.endswith("第一句")
    assert second.endswith("第二句")


async def test_an_alert_passes_a_caller_whose_messages_are_flooded(world: World) -> None:
    await world.opened()
    world.server.flood(30, messages=1)
    world.server.say(CALLER, "慢一点")
    await world.server.until(lambda: world.server.faults.flooded_messages == 0)
    world.server.say(NEIGHBOUR, "我摔倒了站不起来")
    await world.reply_with(LIN, "跌倒")
    await world.reply_with(NEIGHBOUR, "120")


async def test_a_caller_who_blocked_the_bot_holds_up_nobody(world: World) -> None:
    world.server.block(CALLER)
    world.server.say(CALLER, "有人吗")
    await world.opened(NEIGHBOUR)
    assert world.server.texts(CALLER) == []


async def test_an_update_that_nobody_can_read_hides_no_other(world: World) -> None:
    world.server.send_raw({"message": {"message_id": 1}})
    world.server.say(CALLER, "后面的话")
    await world.reply_with(CALLER, "听到：后面的话")
    await world.quiet()
    assert world.script.asked == ["后面的话"]


async def test_a_slow_telegram_keeps_the_order(world: World) -> None:
    world.server.slow(0.05)
    for text in ("第一句", "第二句", "第三句"):
        world.server.say(CALLER, text)
    replies = await world.replies(CALLER, 3)
    assert [reply.rpartition("：")[2] for reply in replies] == ["第一句", "第二句", "第三句"]


async def test_starting_while_telegram_is_away(tmp_path: Path) -> None:
    server = BotApiServer()
    await server.up()
    await server.down()
    pace = replace(QUICK, first_try_seconds=0.05)
    async with open_world(tmp_path, server=server, pace=pace) as world:
        assert world.bot.state == "connecting"
        await server.up()
        await asyncio.wait_for(world.bot.ready.wait(), 5)
        await world.opened()
    await server.down()


async def test_a_refused_token_is_said_without_the_token(tmp_path: Path, caplog) -> None:  # type: ignore[no-untyped-def]  # pytest's
    async with open_world(tmp_path, start=False) as world:
        wrong = "777:wrong-token-of-a-test"
        bot = TelegramBot(wrong, world.services, base_url=world.server.base_url, pace=QUICK)
        await bot.start()
        assert bot.state == "refused"
        await bot.stop()
    assert "refused the token" in caplog.text
    assert "wrong-token" not in caplog.text


@pytest.mark.parametrize("where", ["before", "during"])
async def test_a_message_in_hand_when_killed_is_answered_by_the_next(tmp_path: Path, where: str) -> None:
    database = await prepared(Settings(data_dir=tmp_path))
    await database.close()
    async with BotApiServer() as server:
        held = await asyncio.create_subprocess_exec(
            sys.executable, str(HELD), str(tmp_path), server.base_url, where,
            cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": ""}, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        server.say(CALLER, "还在吗")
        assert held.stdout is not None
        assert await asyncio.wait_for(held.stdout.readline(), 60) == b"asked\n"
        held.kill()
        await held.wait()
        assert server.waiting == 1
        async with open_world(tmp_path, server=server, fresh=False) as world:
            await world.reply_with(CALLER, "听到：还在吗")
            await world.quiet()
            assert len(world.server.texts(CALLER)) == 1


async def test_what_was_answered_is_not_answered_again_after_a_restart(tmp_path: Path) -> None:
    async with BotApiServer() as server:
        async with open_world(tmp_path, server=server) as world:
            update_id = server.say(CALLER, "只答一次")
            await world.reply_with(CALLER, "只答一次")
        async with open_world(tmp_path, server=server, fresh=False) as world:
            chat = {"id": CALLER, "type": "private"}
            again = {"message_id": 2, "date": 1, "chat": chat, "text": "只答一次"}
            server.send_raw({"update_id": update_id, "message": again})
            server.say(CALLER, "下一句")
            await world.reply_with(CALLER, "下一句")
            await world.quiet()
            assert world.script.asked == ["下一句"]
            assert len(server.texts(CALLER)) == 2


async def test_stopping_finishes_the_turn_and_confirms_it(tmp_path: Path) -> None:
    async with BotApiServer() as server:
        async with open_world(tmp_path, server=server) as world:
            gate = world.script.hold("最后一句")
            server.say(CALLER, "最后一句")
            await world.script.reached("最后一句")
            stopping = asyncio.create_task(world.bot.stop())
            gate.set()
            await stopping
            assert server.texts(CALLER)[0].endswith("最后一句")
            assert server.waiting == 0
