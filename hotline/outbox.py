"""What is said to a caller outside a turn: at once where the channel can, else kept until it is fetched or sent."""

from dataclasses import dataclass, replace
from datetime import datetime

from hotline.errors import StoreUnavailable
from hotline.ids import new_id
from hotline.ports import Delivery, Services
from hotline.sessions import CallSession


@dataclass
class Message:
    """外发消息: waits while `delivered_at` is None."""

    message_id: str
    session_id: str
    channel: str
    address: str
    text: str
    created_at: datetime
    delivered_at: datetime | None = None


async def tell(session: CallSession, text: str, services: Services) -> Delivery:
    """Say it now; a channel that can't be reached now (a terminal, Telegram while it is down) gets it later."""
    delivery = await services.notifier.say(session, text)
    if delivery.state == "sent":
        return delivery
    message = Message(new_id("msg"), session.session_id, session.channel, session.address, text, services.clock.now())
    try:
        async with services.unit_of_work() as uow:
            uow.outbox.add(message)
            await uow.commit()
    except StoreUnavailable:
        return delivery
    return Delivery("waiting")


async def take(channel: str, address: str, services: Services, session_id: str | None = None) -> list[str]:
    """What waits for this caller, oldest first; it counts as delivered.

    With `session_id` only what belongs to that contact: several phones may share an address (a withheld number).
    """
    async with services.unit_of_work() as uow:
        waiting = [m for m in await uow.outbox.waiting() if (m.channel, m.address) == (channel, address)]
        waiting = [m for m in waiting if session_id in (None, m.session_id)]
        for message in waiting:
            message.delivered_at = services.clock.now()
        await uow.commit()
    return [message.text for message in waiting]


async def send_waiting(channel: str, services: Services) -> None:
    """Try again what could not be sent (the sweep, for channels that are pushed to)."""
    async with services.unit_of_work() as uow:
        waiting = [m for m in await uow.outbox.waiting() if m.channel == channel]
        sessions = {m.session_id: await uow.sessions.get(m.session_id) for m in waiting}
    sent = [m for m in waiting if await _sent(m, sessions[m.session_id], services)]
    async with services.unit_of_work() as uow:
        for message in sent:
            (await uow.outbox.require(message.message_id)).delivered_at = services.clock.now()
        await uow.commit()


async def _sent(message: Message, session: CallSession | None, services: Services) -> bool:
    """To its own address: what a relative is told of a contact does not go to the caller."""
    if session is None:
        return False
    to = replace(session, channel=message.channel, address=message.address)
    return (await services.notifier.say(to, message.text)).state == "sent"
