"""The five conversations. What the people say; what Warmline answers comes from the running stack."""

import os

from bootstrap.demo import show
from bootstrap.demo.people import (
    ASKER,
    DAUGHTER,
    ELDER_CHAT,
    HE_CHAT,
    LIN_CHAT,
    NEIGHBOUR_CHAT,
    SON_CHAT,
    STRANGER,
    ZHOU_CHAT,
)
from bootstrap.demo.talk import InTerminal, OnTelegram
from bot.testserver import BotApiServer
from hotline.ports import Services
from knowledge.safety import common

TAKE = "我来接"
OPERATOR_WORDS = "桂花阿姨，我是值班员小林。您先别动，我这就联系刘大姐过去。"


async def a_bath_is_booked(chats: OnTelegram, services: Services) -> None:
    """In the terminal; the daughter's chat is linked, so her mother and the address are known."""
    show.title("1  A daughter books a bath for her mother", "terminal channel, as in `warmline chat`")
    talk = InTerminal(services, DAUGHTER, "女儿王晓梅")
    await talk.converse(["你好", "我想给我妈约个助浴"], {"when": "明天下午三点", "confirm": "对"})


async def an_elder_has_fallen(chats: OnTelegram, services: Services) -> None:
    """By Telegram, through the bot in the app process; ends when an operator has taken it and spoken."""
    real = "; the service left running uses the real one" if os.environ.get("WARMLINE_TELEGRAM_TOKEN") else ""
    show.title("2  An elder has fallen", f"Telegram's Bot API played by our test server{real}")
    scale = services.timing.scale
    show.remark(f"Waits are shortened to {scale:g}: the 60 s rung of the ladder comes after {60 * scale:g} s.")
    server = chats.server
    await chats.say(ELDER_CHAT, "我在厨房摔倒了，起不来")
    for chat in (LIN_CHAT, ZHOU_CHAT):
        await chats.until(lambda chat=chat: _has_button(server, chat), "an operator was not alerted")  # type: ignore[misc]  # bound now
    await chats.say(ELDER_CHAT, "腿疼得厉害")
    show.remark("Nobody takes it yet: the ladder climbs.")
    for chat in (HE_CHAT, NEIGHBOUR_CHAT):
        await chats.until(lambda chat=chat: bool(server.texts(chat)), "the 60 s rung told nobody")  # type: ignore[misc]  # bound now
    await _taken(chats)


async def _taken(chats: OnTelegram) -> None:
    server = chats.server
    await chats.press(LIN_CHAT, TAKE)
    await chats.until(lambda: common()["claimed"] in server.texts(ELDER_CHAT), "the caller was not told")
    show.said("小林（话务员）", OPERATOR_WORDS)
    server.say(LIN_CHAT, OPERATOR_WORDS)
    await chats.until(lambda: OPERATOR_WORDS in server.texts(ELDER_CHAT), "the operator's words did not arrive")
    show.said("熊桂花（老人）", "好，我等着")
    server.say(ELDER_CHAT, "好，我等着")
    await chats.until(lambda: any("我等着" in t for t in server.texts(LIN_CHAT)), "the answer did not arrive")


def _has_button(server: BotApiServer, chat: int) -> bool:
    return any(TAKE in message.labels for message in server.messages(chat))


async def a_callback_is_asked_for(chats: OnTelegram, services: Services) -> None:
    """In the terminal, by somebody unknown."""
    show.title("3  Somebody unknown asks to be rung back", "terminal channel")
    talk = InTerminal(services, STRANGER, "陌生来电人")
    answers = {"reason": "想问问助餐的事", "phone": "13800000999", "callback_phone": "13800000999", "when": "今天"}
    await talk.converse(["请你们给我回个电话"], answers)


async def a_complaint_is_made(chats: OnTelegram, services: Services) -> None:
    """By Telegram."""
    show.title("4  A son complains", "Telegram's Bot API played by our test server")
    answers = {"details": "送餐的这周迟到了三次，饭都凉了", "wants_callback": "不用"}
    await chats.converse(SON_CHAT, ["我要投诉"], answers)


async def the_documents_are_asked(chats: OnTelegram, services: Services) -> None:
    """In the terminal, by somebody unknown: what a document says, and whether his father may get it."""
    show.title(
        "5  Somebody asks what the documents say, and who may get it",
        "terminal channel; every sentence has its section",
    )
    talk = InTerminal(services, ASKER, "津市的儿子")
    facts = {"age": "七十九", "self_care": "穿衣吃饭要帮一点", "economic_hardship": "挺困难的", "next_step": "不用了"}
    await talk.converse(["津市的长者食堂送不送饭", "津市的家庭养老床位我爸够不够条件"], facts)


ALL = (a_bath_is_booked, an_elder_has_fallen, a_callback_is_asked_for, a_complaint_is_made, the_documents_are_asked)
