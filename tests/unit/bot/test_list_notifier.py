"""Notifying without Telegram, and choosing by channel."""

from datetime import UTC, datetime

import pytest

from bot.notifier import ByChannel, ListNotifier
from hotline.escalation import Escalation, Urgency
from hotline.people import FamilyContact, Operator
from hotline.ports import Delivery
from hotline.sessions import CallSession

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LIN = Operator("op_1", "小林")
DAUGHTER = FamilyContact("con_1", "eld_1", "王梅", "女儿")
RAISED = Escalation("esc_1", "ses_1", "trn_1", 1, "fall", Urgency.NOW, NOW)


def session(channel: str) -> CallSession:
    return CallSession("ses_1", channel, "a", "", NOW, NOW)


async def test_the_list_takes_alerts_and_the_outbox_what_is_said() -> None:
    said: list[tuple[str, str]] = []
    notifier = ListNotifier(lambda to, text: said.append((to.session_id, text)))
    assert await notifier.alert(LIN, RAISED, "0s") == Delivery("listed")
    assert await notifier.tell_contact(DAUGHTER, RAISED) == Delivery("no_channel")
    assert await notifier.say(session("terminal"), "有人接手了") == Delivery("sent")
    assert await notifier.relay(LIN, session("terminal"), "喂") == Delivery("no_channel")
    assert said == [("ses_1", "有人接手了")]


async def test_without_an_outbox_nothing_can_be_said() -> None:
    assert await ListNotifier().say(session("terminal"), "喂") == Delivery("no_channel")


@pytest.mark.parametrize(
    ("channel", "state", "heard"),
    [("terminal", "sent", ["terminal"]), ("telegram", "sent", ["telegram"]), ("phone", "no_channel", [])],
)
async def test_each_caller_hears_by_his_channel(channel: str, state: str, heard: list[str]) -> None:
    said: list[str] = []
    doors = {name: ListNotifier(lambda _to, _text, name=name: said.append(name)) for name in ("terminal", "telegram")}
    notifier = ByChannel(ListNotifier(), doors)
    assert (await notifier.say(session(channel), "喂")).state == state
    assert said == heard
    assert await notifier.alert(LIN, RAISED, "0s") == Delivery("listed")
    assert await notifier.tell_contact(DAUGHTER, RAISED) == Delivery("no_channel")
    assert await notifier.relay(LIN, session(channel), "喂") == Delivery("no_channel")
