"""What a registered operator writes or presses: claiming, talking to the caller he holds, handing back."""

import logging

from telegram import Bot, Message, Update
from telegram.constants import ChatType

from bot.brief import brief_text
from bot.delivery import Chats, Sender, quietly
from bot.render import CLAIM, claim_keyboard
from bot.wording import kind_label, say, section
from hotline import attendance, conversation, escalation, handoff, people
from hotline.errors import AlreadyClaimed, NotFound, StoreUnavailable
from hotline.escalation import STOOD_DOWN, Escalation
from hotline.people import Operator, OperatorStatus
from hotline.ports import Services

log = logging.getLogger(__name__)

REFRESH_LIMIT_SECONDS = 2.0


def alert_text(held: Escalation) -> str:
    """What an operator is told of an escalation: id, kind and urgency, nothing else."""
    urgency = section("urgency").get(held.urgency, held.urgency)
    return say("alert", kind=kind_label(held.kind), urgency=urgency, escalation_id=held.escalation_id)


class Operators:
    """The chats of operators.

    Who is one is known in memory (`services.roster`), so that telling a caller from an operator never waits
    for the database; whoever claims is looked up in the database itself.
    """

    def __init__(self, bot: Bot, services: Services, sender: Sender) -> None:
        self._bot = bot
        self._services = services
        self._sender = sender
        self._chats = Chats()

    async def refresh(self) -> None:
        """Read the operators again; keeps the old ones when the database can't be read."""
        try:
            async with self._services.unit_of_work() as uow:
                self._services.roster[:] = await uow.operators.all()
        except StoreUnavailable:
            log.warning("operators not read: database unavailable")

    def by_chat(self, chat_id: int) -> Operator | None:
        return next((o for o in self._services.roster if o.telegram_chat_id == str(chat_id)), None)

    async def help(self, update: Update, operator: Operator) -> None:
        await self._tell(update, say("operator.help"))

    async def words(self, update: Update, operator: Operator) -> None:
        """His words to the caller whose session he holds, one after the other."""
        message = update.effective_message
        text = (message.text or message.caption or "") if message else ""
        if not text:
            return await self._tell(update, say("operator.text_only"))
        async with self._chats.of(int(operator.telegram_chat_id or 0)).operator_turn:
            try:
                delivered = await conversation.operator_says(operator.operator_id, text, self._services)
                await attendance.works_elsewhere(operator.operator_id, self._services)
            except StoreUnavailable:
                delivered = False
        if not delivered:
            await self._tell(update, say("operator.not_delivered"))

    async def done(self, update: Update, operator: Operator) -> None:
        async with self._chats.of(int(operator.telegram_chat_id or 0)).operator_turn:
            try:
                handed = await conversation.hand_back(operator.operator_id, self._services)
            except StoreUnavailable:
                return await self._tell(update, say("operator.trouble"))
        await self._tell(update, say("operator.done" if handed else "operator.done_nothing"))

    async def list_open(self, update: Update, operator: Operator) -> None:
        """Everything not closed, the most urgent first, each with its button."""
        try:
            held = await escalation.listing(self._services)
        except StoreUnavailable:
            return await self._tell(update, say("operator.trouble"))
        if not held:
            return await self._tell(update, say("operator.list_empty"))
        for item in held:
            await self._tell_one(update, item)

    async def _tell_one(self, update: Update, item: Escalation) -> None:
        assert update.effective_chat is not None
        text, ref = alert_text(item), item.escalation_id
        if item.claimed_by:
            text += "\n" + say("operator.list_claimed", name=self._name(item.claimed_by))
        if item.status == STOOD_DOWN and item.reached_at is not None:
            text += "\n" + say("operator.list_reached", at=item.reached_at.strftime("%H:%M"))
        markup = None if item.claimed_by else claim_keyboard(ref)
        await self._sender.send(update.effective_chat.id, text, markup, ref=ref)

    async def ready(self, update: Update, operator: Operator) -> None:
        await self._set_status(update, operator, OperatorStatus.READY)

    async def busy(self, update: Update, operator: Operator) -> None:
        await self._set_status(update, operator, OperatorStatus.BUSY)

    async def away(self, update: Update, operator: Operator) -> None:
        await self._set_status(update, operator, OperatorStatus.AWAY)

    async def _set_status(self, update: Update, operator: Operator, status: OperatorStatus) -> None:
        """Says the new status only when it is in the database: nobody may believe himself ready by mistake."""
        try:
            await people.set_status(operator.operator_id, status, self._services)
        except (StoreUnavailable, NotFound):
            return await self._tell(update, say("operator.trouble"))
        await self._tell(update, say(f"operator.status.{status.value}"))

    async def chat_id(self, update: Update) -> None:
        """For anybody: the number by which an administrator registers this chat."""
        assert update.effective_chat is not None
        await self._tell(update, say("chat_id", chat_id=str(update.effective_chat.id)))

    async def claim(self, update: Update) -> None:
        """The button under an alert. Only a chat that the database knows as an operator's may claim."""
        query = update.callback_query
        assert query is not None
        escalation_id = (query.data or "").removeprefix(CLAIM)
        message = query.message if isinstance(query.message, Message) else None
        answer, name, won = await self._claim(escalation_id, message.chat.id if message else query.from_user.id)
        await quietly(query.answer(answer, show_alert=True))
        if message is not None and name is not None:
            text = say("operator.claimed", alert=message.text or escalation_id, name=name)
            await quietly(message.edit_text(text))
        if message is not None and won and message.chat.type == ChatType.PRIVATE:
            await self._brief(message.chat.id, escalation_id)

    async def _brief(self, chat_id: int, escalation_id: str) -> None:
        """To the claimer alone, so never into a group."""
        try:
            text = brief_text(await handoff.packet(escalation_id, self._services))
        except (StoreUnavailable, NotFound):
            text = say("operator.brief_failed")
        await self._sender.send(chat_id, text, ref=escalation_id)

    async def _claim(self, escalation_id: str, chat_id: int) -> tuple[str, str | None, bool]:
        """What the presser hears, the name of whoever has it now, and whether that is the presser."""
        try:
            async with self._services.unit_of_work() as uow:
                operator = await uow.operators.by_chat(str(chat_id))
            if operator is None:
                return say("operator.claim_refused"), None, False
            await escalation.claim(escalation_id, operator.operator_id, self._services)
        except AlreadyClaimed as first:
            name = self._name(first.operator_id)
            return say("operator.claimed_by_other", name=name), name, False
        except NotFound:
            return say("operator.claim_gone"), None, False
        except StoreUnavailable:
            return say("operator.claim_failed"), None, False
        return say("operator.claimed_hint"), operator.name, True

    def _name(self, operator_id: str | None) -> str:
        known = next((o.name for o in self._services.roster if o.operator_id == operator_id), None)
        return known or say("operator.someone")

    async def _tell(self, update: Update, text: str) -> None:
        assert update.effective_chat is not None
        await self._sender.send(update.effective_chat.id, text, ref=f"update {update.update_id}")
