"""The Telegram notifier over HTTP: what each call delivers and what it says when it can't."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.notifier import TelegramNotifier, sending_bot
from bot.testserver import TOKEN, BotApiServer
from hotline.escalation import Escalation, Urgency
from hotline.people import FamilyContact, Operator
from hotline.ports import Delivery
from hotline.sessions import CallSession

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LIN = Operator("op_1", "小林", telegram_chat_id="901")
DAUGHTER = FamilyContact("con_1", "eld_1", "王梅", "女儿", "13900002222", telegram_chat_id="801")
DANGER = Escalation("esc_1", "ses_1", "trn_1", 1, "gas", Urgency.NOW, NOW, "拉萨", "13900001111", trigger="煤气味")


def session(channel: str = "telegram") -> CallSession:
    return CallSession("ses_1", channel, "501", "", NOW, NOW)


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with BotApiServer() as running:
        yield running


@pytest.fixture
async def notifier(server: BotApiServer) -> AsyncIterator[TelegramNotifier]:
    made = TelegramNotifier(
        sending_bot(TOKEN, server.base_url, try_seconds=1), limit_seconds=2, retry_seconds=(0.01, 0.01)
    )
    yield made
    await made.close()


async def test_an_alert(server: BotApiServer, notifier: TelegramNotifier) -> None:
    assert await notifier.alert(LIN, DANGER, "0s") == Delivery("sent")
    (alert,) = server.messages(901)
    assert alert.text.splitlines()[1:] == ["事由：燃气泄漏", "紧急程度：马上", "编号：esc_1"] or "esc_1" in alert.text
    assert alert.keyboard == [[{"text": "我来接", "callback_data": "claim:esc_1"}]]
    for hidden in ("拉萨", "13900001111", "煤气味", "ses_1", "小林"):
        assert hidden not in alert.text


async def test_a_relative_is_asked_to_look_and_is_not_told_that_help_comes(
    server: BotApiServer, notifier: TelegramNotifier
) -> None:
    assert await notifier.tell_contact(DAUGHTER, DANGER) == Delivery("sent")
    (text,) = server.texts(801)
    assert "120" in text
    assert "esc_1" in text
    for hidden in ("王梅", "13900001111", "煤气", "赶来", "在路上"):
        assert hidden not in text


async def test_caller_and_operator_hear_each_other(server: BotApiServer, notifier: TelegramNotifier) -> None:
    assert await notifier.say(session(), "您别急") == Delivery("sent")
    assert await notifier.relay(LIN, session(), "门{锁}着") == Delivery("sent")
    assert server.texts(501) == ["您别急"]
    assert server.texts(901) == ["来电人：门{锁}着"]


async def test_who_has_no_chat(notifier: TelegramNotifier) -> None:
    assert await notifier.alert(Operator("op_2", "小赵"), DANGER, "0s") == Delivery("listed")
    nobody = FamilyContact("con_2", "eld_1", "王强", "儿子")
    assert await notifier.tell_contact(nobody, DANGER) == Delivery("no_channel")
    assert await notifier.say(session("phone"), "喂") == Delivery("no_channel")
    assert await notifier.relay(Operator("op_2", "小赵"), session(), "喂") == Delivery("no_channel")


async def test_a_flood_limit_is_tried_again(server: BotApiServer, notifier: TelegramNotifier) -> None:
    server.flood(1, messages=2)
    assert await notifier.alert(LIN, DANGER, "0s") == Delivery("sent")
    server.flood(1, messages=3)
    assert await notifier.alert(LIN, DANGER, "0s") == Delivery("failed", "RetryAfter")


async def test_telegram_away_and_slow(server: BotApiServer, notifier: TelegramNotifier) -> None:
    await server.down()
    assert await notifier.alert(LIN, DANGER, "0s") == Delivery("failed", "NetworkError")
    await server.up()
    server.slow(60)
    began = time.monotonic()
    delivery = await notifier.alert(LIN, DANGER, "0s")
    assert delivery.state == "failed"
    assert time.monotonic() - began < 10  # the limit is 2 s; the rest is a busy machine


async def test_a_chat_that_blocked_us_is_asked_once(server: BotApiServer, notifier: TelegramNotifier) -> None:
    server.block(901)
    assert await notifier.alert(LIN, DANGER, "0s") == Delivery("failed", "Forbidden")
    assert len(server.called("sendMessage")) == 1
