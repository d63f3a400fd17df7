"""What a caller writes or presses, made an utterance, and the reply, made messages.

Order: the library hands updates over one at a time, and each handler is started as a task of its own
(`block=False`). Nothing here waits before `take_turn` is called, so turns of a chat reach it in the order of
arrival; its lock keeps that order, other chats run beside it, and an emergency, screened before that lock,
overtakes. Holding a chat's messages back here, one turn at a time, would make the emergency wait for Rasa.
Replies are sent in the order in which turns end: whoever comes out of `take_turn` first takes the chat's
sending lock first. The reply to an emergency does not queue behind a delivery that is being tried again.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from telegram import Bot, CallbackQuery, Message, Update
from telegram.constants import ChatAction

from bot.delivery import Chats, Sender, quietly
from bot.render import LongChoices, keyboard, label_of
from bot.wording import say
from hotline import conversation, ending
from hotline.escalation import screen
from hotline.ports import Services
from hotline.sessions import Channel, Reply, Utterance
from knowledge.wording import say as hotline_says
from language.distances import Point

log = logging.getLogger(__name__)

TYPING_LASTS_SECONDS = 4.5
KINDS_OF_MESSAGE = (
    ("voice", ("voice", "audio")),
    ("photo", ("photo",)),
    ("video", ("video", "video_note", "animation")),
    ("sticker", ("sticker", "dice")),
    ("document", ("document",)),
    ("contact", ("contact",)),
)


class Callers:
    """The chat of everyone who is not an operator."""

    def __init__(
        self,
        bot: Bot,
        services: Services,
        sender: Sender,
        *,
        typing_after_seconds: float,
        done: Callable[[int], None],
    ) -> None:
        self._bot = bot
        self._services = services
        self._sender = sender
        self._typing_after_seconds = typing_after_seconds
        self._done = done
        self._chats = Chats()
        self._long = LongChoices()
        self._refused: set[int] = set()

    async def start(self, update: Update) -> None:
        utterance = utterance_of(update)
        try:
            reply = await conversation.open_contact(utterance, self._services)
        except Exception as error:
            reply = _trouble(update.update_id, error)
        self._done(update.update_id)
        await self._send(_chat_id(update), reply, update.update_id)

    async def help(self, update: Update) -> None:
        await self._send(_chat_id(update), Reply(say("help")), update.update_id)

    async def stop(self, update: Update) -> None:
        self._forget_buttons(_chat_id(update), update)
        try:
            await ending.end_contact(utterance_of(update), self._services, hung_up=False)
            reply = Reply(hotline_says("goodbye_stop"))
        except Exception as error:
            reply = _trouble(update.update_id, error)
        await self._send(_chat_id(update), reply, update.update_id)

    async def words(self, update: Update) -> None:
        """Text, a caption, a shared telephone number: an utterance."""
        words = words_of(update.effective_message)
        if not words:
            return await self.not_text(update)
        await self._turn(utterance_of(update, words), update)

    async def location(self, update: Update) -> None:
        """A point on the map: handed on as it is, never as words."""
        await self._turn(utterance_of(update, location=point_of(update.effective_message)), update)

    async def edited(self, update: Update) -> None:
        """Not read again, unless it now says that someone is in danger or wants a person; a point that moves on
        (live location) is passed over.
        """
        if point_of(update.effective_message):
            return
        utterance = utterance_of(update, words_of(update.effective_message))
        if _urgent(utterance):
            await self._turn(utterance, update)
        else:
            await self._send(_chat_id(update), Reply(say("not_text.edited")), update.update_id)

    async def not_text(self, update: Update) -> None:
        """Voice notes, pictures and the rest: a kind answer that says what works instead."""
        kind = kind_of(update.effective_message)
        await self._send(_chat_id(update), Reply(say(f"not_text.{kind}")), update.update_id)

    async def group(self, update: Update) -> None:
        """Not before others; said once per group, not at every message."""
        chat_id = _chat_id(update)
        if chat_id not in self._refused and len(self._refused) < 10_000:
            self._refused.add(chat_id)
            await self._send(chat_id, Reply(say("group")), update.update_id)

    async def press(self, update: Update) -> None:
        """A button: what it says is taken as an utterance, once, and only while its question is the last one.

        An old button that asks for help is obeyed all the same.
        """
        query = update.callback_query
        assert query is not None
        message = query.message if isinstance(query.message, Message) else None
        label = label_of(message.reply_markup, query.data or "") if message else None
        if message is None or label is None:
            return await quietly(query.answer(say("choose_stale")))
        chat = self._chats.of(message.chat.id)
        utterance = Utterance(
            Channel.TELEGRAM,
            str(message.chat.id),
            text=self._long.says(query.data or "", label),
            utterance_id=f"press:{message.chat.id}:{message.message_id}",  # two presses are one utterance
        )
        current = message.message_id >= chat.stale_below
        if not (current or _urgent(utterance)) or not chat.press(message.message_id):
            return await quietly(query.answer(say("choose_stale" if not current else "choose_done")))
        self._services.live.background(self._mark(query, message, label))
        await self._turn(utterance, update)

    async def _mark(self, query: CallbackQuery, message: Message, label: str) -> None:
        await quietly(query.answer())
        await quietly(message.edit_text(f"{message.text or ''}\n\n{say('chosen', label=label)}"))

    async def _turn(self, utterance: Utterance, update: Update) -> None:
        chat_id = int(utterance.address)
        self._forget_buttons(chat_id, update)
        async with self._typing(chat_id):
            try:
                reply = await conversation.take_turn(utterance, self._services)
            except Exception as error:
                reply = _trouble(update.update_id, error)
            self._done(update.update_id)
        if reply.text:
            await self._send(chat_id, reply, update.update_id)

    async def _send(self, chat_id: int, reply: Reply, update_id: int) -> None:
        if reply.trace.path in ("emergency", "company"):
            return await self._send_now(chat_id, reply, update_id)
        async with self._chats.of(chat_id).sending:
            await self._send_now(chat_id, reply, update_id)

    async def _send_now(self, chat_id: int, reply: Reply, update_id: int) -> None:
        markup = keyboard(reply.choices, self._long)
        ref = reply.trace.turn_id or f"update {update_id}"
        sent = await self._sender.send(chat_id, reply.text, markup, ref=ref)
        if sent is not None:
            self._forget_buttons(chat_id)
            chat = self._chats.of(chat_id)
            chat.stale_below = max(chat.stale_below, sent.message_id)
            chat.live_message_id = sent.message_id if markup else None

    def _forget_buttons(self, chat_id: int, update: Update | None = None) -> None:
        """The question has been answered, or overtaken: its buttons would answer the next one by mistake."""
        chat = self._chats.of(chat_id)
        live, chat.live_message_id = chat.live_message_id, None
        pressed = update is not None and update.callback_query is not None
        if update is not None and not pressed and update.effective_message is not None:
            chat.stale_below = max(chat.stale_below, update.effective_message.message_id)
        if live is not None and not pressed:  # a pressed one is marked instead
            remove = self._bot.edit_message_reply_markup(chat_id=chat_id, message_id=live, reply_markup=None)
            self._services.live.background(quietly(remove))

    @asynccontextmanager
    async def _typing(self, chat_id: int) -> AsyncIterator[None]:
        """Shows that someone is at it when a turn takes noticeably long; the turn never waits for it."""
        showing = asyncio.create_task(self._show_typing(chat_id))
        try:
            yield
        finally:
            showing.cancel()

    async def _show_typing(self, chat_id: int) -> None:
        await asyncio.sleep(self._typing_after_seconds)
        while True:
            await quietly(self._bot.send_chat_action(chat_id, ChatAction.TYPING))
            await asyncio.sleep(TYPING_LASTS_SECONDS)


def utterance_of(update: Update, text: str = "", location: Point | None = None) -> Utterance:
    """The update as an utterance; its id is the update's, so that one delivered twice is handled once."""
    update_id = str(update.update_id)
    return Utterance(Channel.TELEGRAM, str(_chat_id(update)), text=text, utterance_id=update_id, location=location)


def point_of(message: Message | None) -> Point | None:
    """Where a shared location or venue lies; telephones give WGS-84."""
    sent = message and message.location
    return (sent.latitude, sent.longitude) if sent else None


def words_of(message: Message | None) -> str:
    """Text, caption or a shared number. A slash at the front is no command of ours."""
    if message is None:
        return ""
    number = message.contact.phone_number if message.contact else ""
    return (message.text or message.caption or number or "").lstrip("/").strip()


def kind_of(message: Message | None) -> str:
    """Which answer of `not_text` fits."""
    for kind, attributes in KINDS_OF_MESSAGE:
        if any(getattr(message, attribute, None) for attribute in attributes):
            return kind
    return "other"


def _urgent(utterance: Utterance) -> bool:
    hit = screen(utterance)
    return hit.tier is not None or hit.wants_person


def _chat_id(update: Update) -> int:
    assert update.effective_chat is not None
    return update.effective_chat.id


def _trouble(update_id: int, error: Exception) -> Reply:
    """Nothing was answered: say so. The log has the id and the kind of error, never its text."""
    log.error("update %s failed: %s", update_id, type(error).__name__)
    return Reply(say("trouble"))
