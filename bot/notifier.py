"""Telling operators, relatives and callers, by Telegram or by list: `hotline.ports.Notifier`."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from telegram import Bot, InlineKeyboardMarkup
from telegram.error import TelegramError
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.delivery import FINAL
from bot.operators import alert_text
from bot.polling import OFFICIAL, proxy_settings
from bot.render import claim_keyboard, message_parts, reached_keyboard
from bot.wording import say
from hotline.escalation import Escalation
from hotline.people import FamilyContact, Operator
from hotline.ports import Delivery, Notifier
from hotline.quiet import quiet_loggers
from hotline.sessions import CallSession, Channel

log = logging.getLogger(__name__)

LISTED = Delivery("listed")
NO_CHANNEL = Delivery("no_channel")
SENT = Delivery("sent")


def sending_bot(token: str, base_url: str = OFFICIAL, *, try_seconds: float = 1.5) -> ExtBot[Any]:
    """A bot that only sends, with connections of its own: alerts never queue behind callers' traffic.

    It is used without `initialize`, which would ask Telegram who we are before the first alert.
    """
    quiet_loggers()
    timeouts: dict[str, Any] = {
        "connect_timeout": try_seconds,
        "read_timeout": try_seconds,
        "pool_timeout": try_seconds,
    }
    request = HTTPXRequest(connection_pool_size=32, httpx_kwargs=proxy_settings(base_url), **timeouts)
    return ExtBot(token, base_url=base_url, request=request)


@dataclass
class TelegramNotifier:
    """Sends by `bot`. Each message has `limit_seconds` in all and two quick retries; nothing is raised."""

    bot: Bot
    limit_seconds: float = 4.0
    retry_seconds: tuple[float, ...] = (0.1, 0.3)

    async def close(self) -> None:
        """Let go of the connections."""
        await self.bot.request.shutdown()

    async def alert(self, operator: Operator, escalation: Escalation, rung: str) -> Delivery:
        """`listed` for an operator without a chat."""
        if not operator.telegram_chat_id:
            return LISTED
        markup = claim_keyboard(escalation.escalation_id)
        return await self._send(operator.telegram_chat_id, alert_text(escalation), markup)

    async def tell_contact(self, contact: FamilyContact, escalation: Escalation) -> Delivery:
        if not contact.telegram_chat_id:
            return NO_CHANNEL
        text = say("tell_contact", escalation_id=escalation.escalation_id)
        return await self._send(contact.telegram_chat_id, text, reached_keyboard(escalation.escalation_id))

    async def say(self, session: CallSession, text: str) -> Delivery:
        if session.channel != Channel.TELEGRAM:
            return NO_CHANNEL
        return await self._send(session.address, text)

    async def relay(self, operator: Operator, session: CallSession, text: str) -> Delivery:
        if not operator.telegram_chat_id:
            return NO_CHANNEL
        return await self._send(operator.telegram_chat_id, say("relayed", text=text))

    async def _send(self, chat_id: str, text: str, markup: InlineKeyboardMarkup | None = None) -> Delivery:
        try:
            async with asyncio.timeout(self.limit_seconds):
                parts = message_parts(text)
                for number, part in enumerate(parts, start=1):
                    await self._send_part(chat_id, part, markup if number == len(parts) else None)
        except Exception as error:  # besides its own, the library lets RuntimeError through
            log.warning("message not sent: %s", type(error).__name__)
            return Delivery("failed", type(error).__name__)
        return SENT

    async def _send_part(self, chat_id: str, text: str, markup: InlineKeyboardMarkup | None) -> None:
        for wait_seconds in (*self.retry_seconds, None):
            try:
                await self.bot.send_message(chat_id, text, reply_markup=markup)
                return
            except TelegramError as error:
                if wait_seconds is None or isinstance(error, FINAL):
                    raise
                await asyncio.sleep(wait_seconds)


Outbox = Callable[[CallSession, str], None]


@dataclass
class ListNotifier:
    """Without Telegram: operators look at `warmline escalations list`, callers are told through `outbox`
    (the terminal, the scenario runner)."""

    outbox: Outbox | None = None

    async def alert(self, operator: Operator, escalation: Escalation, rung: str) -> Delivery:
        return LISTED

    async def tell_contact(self, contact: FamilyContact, escalation: Escalation) -> Delivery:
        return NO_CHANNEL

    async def say(self, session: CallSession, text: str) -> Delivery:
        if self.outbox is None:
            return NO_CHANNEL
        self.outbox(session, text)
        return SENT

    async def relay(self, operator: Operator, session: CallSession, text: str) -> Delivery:
        return NO_CHANNEL


@dataclass
class ByChannel:
    """Callers by the channel of their session, operators and relatives by `people`."""

    people: Notifier
    callers: Mapping[str, Notifier]

    async def alert(self, operator: Operator, escalation: Escalation, rung: str) -> Delivery:
        return await self.people.alert(operator, escalation, rung)

    async def tell_contact(self, contact: FamilyContact, escalation: Escalation) -> Delivery:
        return await self.people.tell_contact(contact, escalation)

    async def say(self, session: CallSession, text: str) -> Delivery:
        notifier = self.callers.get(session.channel)
        return await notifier.say(session, text) if notifier else NO_CHANNEL

    async def relay(self, operator: Operator, session: CallSession, text: str) -> Delivery:
        return await self.people.relay(operator, session, text)
