"""Sending to Telegram so that no reply is lost without a trace: in parts, in order, again when it fails."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import timedelta

from telegram import Bot, InlineKeyboardMarkup, Message
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.render import message_parts

log = logging.getLogger(__name__)

FINAL = (BadRequest, Forbidden, InvalidToken)
"""Trying again would not help: the chat is gone, has blocked us, or the message is malformed."""
REMEMBERED = 4096


@dataclass
class Chat:
    """What one process remembers of a chat: the order of sending, and the message whose buttons count."""

    sending: asyncio.Lock = field(default_factory=asyncio.Lock)
    operator_turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    live_message_id: int | None = None
    stale_below: int = 0
    """Buttons under messages older than this no longer count; message ids of a chat only grow."""
    pressed: OrderedDict[int, None] = field(default_factory=OrderedDict)

    @property
    def busy(self) -> bool:
        return self.sending.locked() or self.operator_turn.locked()

    def press(self, message_id: int) -> bool:
        """True for the first press on a message's buttons."""
        first = message_id not in self.pressed
        self.pressed[message_id] = None
        while len(self.pressed) > 64:
            self.pressed.popitem(last=False)
        return first


class Chats:
    """The chats in use; the longest unused idle ones are forgotten."""

    def __init__(self) -> None:
        self._chats: OrderedDict[int, Chat] = OrderedDict()

    def of(self, chat_id: int) -> Chat:
        chat = self._chats.setdefault(chat_id, Chat())
        self._chats.move_to_end(chat_id)
        while len(self._chats) > REMEMBERED and not next(iter(self._chats.values())).busy:
            self._chats.popitem(last=False)
        return chat


class Sender:
    """Sends texts. `retry_seconds` are the waits between tries; after the last the reply is logged by id.

    A time-out may mean that the message did arrive: said twice is better than not said.
    """

    def __init__(self, bot: Bot, retry_seconds: tuple[float, ...]) -> None:
        self._bot = bot
        self._retry_seconds = retry_seconds
        self._closing = asyncio.Event()

    def close(self) -> None:
        """No more waiting between tries: the process is going down."""
        self._closing.set()

    async def send(
        self, chat_id: int, text: str, markup: InlineKeyboardMarkup | None = None, *, ref: str
    ) -> Message | None:
        """Send all parts, the buttons under the last; None when one was given up. `ref` is for the log."""
        sent: Message | None = None
        parts = message_parts(text)
        for number, part in enumerate(parts, start=1):
            sent = await self._send_part(chat_id, part, markup if number == len(parts) else None, ref)
            if sent is None:
                return None
        return sent

    async def _send_part(
        self, chat_id: int, text: str, markup: InlineKeyboardMarkup | None, ref: str
    ) -> Message | None:
        error: TelegramError | None = None
        for wait_seconds in (*self._retry_seconds, None):
            try:
                return await self._bot.send_message(chat_id, text, reply_markup=markup)
            except FINAL as final:
                error = final
                break
            except TelegramError as passing:
                error = passing
                if wait_seconds is None or self._closing.is_set():
                    break
                await self._pause(max(wait_seconds, _asked_to_wait(passing)))
        log.error("reply to %s not delivered: %s", ref, type(error).__name__)
        return None

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._closing.wait(), seconds)
        except TimeoutError:
            return


def _asked_to_wait(error: TelegramError) -> float:
    """Seconds that a flood limit asks for."""
    if not isinstance(error, RetryAfter):
        return 0.0
    asked = error.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)


async def quietly(call: Awaitable[object]) -> None:
    """Await a Bot API call that nothing depends on (typing, removing old buttons)."""
    try:
        await call
    except TelegramError as error:
        log.info("side call failed: %s", type(error).__name__)
