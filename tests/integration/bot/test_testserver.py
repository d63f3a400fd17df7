"""The Bot API test server, asked by the library's own bot."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.request import HTTPXRequest

from bot.testserver import TOKEN, BotApiServer

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("好", callback_data="yes")]])


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with BotApiServer() as running:
        yield running


@pytest.fixture
async def bot(server: BotApiServer) -> AsyncIterator[Bot]:
    async with a_bot(server) as running:
        yield running


def a_bot(server: BotApiServer, token: str = TOKEN, read_timeout: float = 5) -> Bot:
    def requests() -> HTTPXRequest:
        return HTTPXRequest(read_timeout=read_timeout, httpx_kwargs={"trust_env": False})

    return Bot(token, base_url=server.base_url, request=requests(), get_updates_request=requests())


async def test_it_knows_its_token(server: BotApiServer, bot: Bot) -> None:
    assert (await bot.get_me()).is_bot
    other = a_bot(server, "1:other")
    with pytest.raises(InvalidToken):
        await other.initialize()
    await other.shutdown()


async def test_updates_come_again_until_confirmed(server: BotApiServer, bot: Bot) -> None:
    first, second = server.say(7, "一"), server.say(7, "二")
    for _ in range(2):
        assert [update.update_id for update in await bot.get_updates()] == [first, second]
    assert [update.update_id for update in await bot.get_updates(offset=second)] == [second]
    assert server.waiting == 1
    assert await bot.get_updates(offset=second + 1) == ()
    assert server.confirmed_below == second + 1


async def test_a_long_poll_ends_when_something_is_written(server: BotApiServer, bot: Bot) -> None:
    import asyncio

    polling = asyncio.create_task(bot.get_updates(timeout=20))
    await server.until(lambda: bool(server.called("getUpdates")))
    server.say(7, "来了")
    (update,) = await polling
    assert update.message is not None
    assert update.message.text == "来了"


async def test_a_second_poll_ends_the_first(server: BotApiServer, bot: Bot) -> None:
    import asyncio

    async with a_bot(server) as other:
        first = asyncio.create_task(bot.get_updates(timeout=20))
        await server.until(lambda: len(server.called("getUpdates")) == 1)
        second = asyncio.create_task(other.get_updates(timeout=20))
        with pytest.raises(Conflict):
            await first
        server.say(7, "来了")
        assert len(await second) == 1


async def test_messages_buttons_and_edits(server: BotApiServer, bot: Bot) -> None:
    sent = await bot.send_message(7, "您好", reply_markup=KEYBOARD)
    (message,) = await server.wait_for(7, lambda messages: bool(messages))
    assert (message.text, message.labels, message.message_id) == ("您好", ["好"], sent.message_id)
    server.press(7, "好")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "yes"
    await update.callback_query.answer("收到")
    assert server.answers[0]["text"] == "收到"
    await sent.edit_reply_markup(None)
    assert message.labels == []
    await sent.edit_text("改了")
    assert server.texts(7) == ["改了"]
    with pytest.raises(BadRequest, match="not modified"):
        await sent.edit_text("改了")


async def test_what_telegram_refuses_is_refused(server: BotApiServer, bot: Bot) -> None:
    with pytest.raises(BadRequest, match="too long"):
        await bot.send_message(7, "长" * 4097)
    with pytest.raises(BadRequest, match="empty"):
        await bot.send_message(7, " ")
    with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
        markup = InlineKeyboardMarkup([[InlineKeyboardButton("好", callback_data="是" * 22)]])
        await bot.send_message(7, "您好", reply_markup=markup)
    server.block(7)
    with pytest.raises(Forbidden):
        await bot.send_message(7, "您好")
    assert server.messages(7) == []


async def test_floods_outages_and_slowness(server: BotApiServer, bot: Bot) -> None:
    server.flood(3)
    with pytest.raises(RetryAfter):
        await bot.send_message(7, "您好")
    await bot.send_message(7, "您好")
    await server.down()
    with pytest.raises(NetworkError):
        await bot.send_message(7, "您好")
    server.say(7, "有人吗")
    await server.up()
    assert len(await bot.get_updates()) == 1
    server.slow(30)
    async with Hasty(server) as hasty:
        with pytest.raises(TimedOut):
            await hasty.send_message(7, "您好")


class Hasty:
    """A bot with little patience, not initialised: that would be slow too."""

    def __init__(self, server: BotApiServer) -> None:
        self._bot = a_bot(server, read_timeout=0.05)

    async def __aenter__(self) -> Bot:
        return self._bot

    async def __aexit__(self, *_: object) -> None:
        await self._bot.request.shutdown()


async def test_a_duplicate_has_one_id(server: BotApiServer, bot: Bot) -> None:
    server.duplicate_next_update()
    update_id = server.say(7, "一")
    assert [update.update_id for update in await bot.get_updates()] == [update_id, update_id]


async def test_a_webhook_excludes_polling(server: BotApiServer, bot: Bot) -> None:
    await bot.set_webhook("http://127.0.0.1:9/hook", secret_token="s")
    with pytest.raises(Conflict):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_commands_and_typing(server: BotApiServer, bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("help", "怎么用")])
    assert server.commands == [{"command": "help", "description": "怎么用"}]
    assert await bot.send_chat_action(7, "typing")


async def test_waiting_in_vain_ends(server: BotApiServer) -> None:
    with pytest.raises(TimeoutError):
        await server.wait_for(7, lambda messages: bool(messages), timeout_seconds=0.01)
