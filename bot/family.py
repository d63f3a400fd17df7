"""What relatives do in a chat of their own: tie it to an elder by a code, untie it, say that they reached the elder."""

import logging
import re

from telegram import Bot, Message, Update

from bot.delivery import Sender, quietly
from bot.render import REACHED
from bot.wording import say
from hotline import family, linking
from hotline.errors import NotAllowed, NotFound, StoreUnavailable, TooManyTries, WrongCode
from hotline.ports import Services
from hotline.sessions import Channel

log = logging.getLogger(__name__)

CODE = re.compile(r"^\s*(?:/link(?:@\w+)?|绑定)[\s:：,，]*([0-9](?:[\s-]?[0-9]){5,7})\s*$")
"""/link 123456, or 绑定123456 as it was told by telephone."""
BARE = re.compile(r"^\s*/link(?:@\w+)?\s*$")


class Family:
    """The chats of relatives; everything else they write is a caller's."""

    def __init__(self, bot: Bot, services: Services, sender: Sender) -> None:
        self._bot, self._services, self._sender = bot, services, sender

    async def link(self, update: Update) -> None:
        """A code, or the command without one."""
        assert update.effective_chat is not None
        message = update.effective_message
        found = CODE.match(message.text or "") if message else None
        if found is None:
            return await self._say(update, say("family.link_how"))
        await self._say(update, await self._redeemed(update, re.sub(r"\D", "", found[1])))

    async def _redeemed(self, update: Update, code: str) -> str:
        name = (update.effective_user.full_name if update.effective_user else "") or say("family.somebody")
        try:
            linked = await linking.redeem(Channel.TELEGRAM, _chat(update), code, name, self._services)
        except WrongCode:
            return say("family.wrong_code")
        except TooManyTries:
            return say("family.too_many")
        except (StoreUnavailable, NotFound):
            return say("trouble")
        return say("family.linked", elder=linked.elder.name)

    async def unlink(self, update: Update) -> None:
        """From now on the chat is nobody's."""
        try:
            was_linked = await linking.unlink(Channel.TELEGRAM, _chat(update), self._services)
        except StoreUnavailable:
            return await self._say(update, say("trouble"))
        await self._say(update, say("family.unlinked" if was_linked else "family.not_linked"))

    async def reached(self, update: Update) -> None:
        """The button 已联系上; pressed twice it is noted twice, and changes nothing more."""
        query = update.callback_query
        assert query is not None
        escalation_id = (query.data or "").removeprefix(REACHED)
        try:
            result = await family.reached(escalation_id, Channel.TELEGRAM, _chat(update), self._services)
        except (NotAllowed, NotFound):
            return await quietly(query.answer(say("family.refused"), show_alert=True))
        except StoreUnavailable:
            return await quietly(query.answer(say("family.trouble"), show_alert=True))
        await quietly(query.answer())
        if isinstance(query.message, Message):
            at = self._services.clock.now().strftime("%H:%M")
            marked = say("family.reached", text=query.message.text or "", at=at)
            self._services.live.background(quietly(query.message.edit_text(marked)))
        await self._say(update, say(f"family.{result}"))

    async def _say(self, update: Update, text: str) -> None:
        assert update.effective_chat is not None
        await self._sender.send(update.effective_chat.id, text, ref=f"update {update.update_id}")


def _chat(update: Update) -> str:
    assert update.effective_chat is not None
    return str(update.effective_chat.id)
