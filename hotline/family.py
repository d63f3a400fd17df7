"""家属: what relatives in linked chats are told, and what they tell us: 已联系上 stands the ladder down."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from hotline import outbox
from hotline.audit import FAMILY, deed
from hotline.errors import NotAllowed
from hotline.escalation import PRIVATE_KINDS, STOOD_DOWN, Escalation, raise_escalation
from hotline.ids import new_id
from hotline.people import Elder, FamilyContact
from hotline.ports import Delivery, Services, UnitOfWork
from hotline.sessions import CallSession, Channel
from knowledge.vocabulary import services as service_words
from knowledge.wording import say
from language.times import say_window

if TYPE_CHECKING:
    from hotline.booking import VisitOrder
    from hotline.callbacks import Callback

BEST_FIRST = ("sent", "sending", "listed", "failed", "no_channel")
"""Of several deliveries to one person."""

Reached = Literal["stood_down", "noted", "over"]
"""What became of 已联系上: nobody else is told any more; an operator sees it, and the others go on being told or have
it already; it had been closed before."""


# --- who is told -------------------------------------------------------------------------------------------


async def chats_of(contact: FamilyContact, uow: UnitOfWork) -> list[str]:
    """Every Telegram chat of this relative, each once."""
    links = await uow.links.of_elder(contact.elder_id)
    linked = [one.address for one in links if (one.channel, one.contact_id) == (Channel.TELEGRAM, contact.contact_id)]
    return list(dict.fromkeys([*([contact.telegram_chat_id] if contact.telegram_chat_id else []), *linked]))


async def tell_danger(contact: FamilyContact, chats: list[str], raised: Escalation, services: Services) -> Delivery:
    """Ask one relative, in every chat of his, to look at the elder now; the best of several deliveries counts."""
    reachable = [replace(contact, telegram_chat_id=chat) for chat in chats] or [contact]
    told = await asyncio.gather(*(services.notifier.tell_contact(one, raised) for one in reachable))
    return min(told, key=lambda one: BEST_FIRST.index(one.state))


async def may_tell(elder_id: str, session_id: str, uow: UnitOfWork) -> bool:
    """Never where violence, abuse or fraud was spoken of, in this contact or in what is not closed about the elder."""
    of_elder = [e for e in await uow.escalations.open() if e.elder_id == elder_id]
    raised = [*await uow.escalations.of_session(session_id), *of_elder]
    return all(one.kind not in PRIVATE_KINDS and one.tell_family for one in raised)


async def tell_visit(
    order: "VisitOrder", what: Literal["booked", "moved", "cancelled"], session_id: str, services: Services
) -> None:
    """A visit of the elder was booked, moved or cancelled: every linked chat hears of it, but the one that did it."""
    if order.elder_id is None:
        return
    async with services.unit_of_work() as uow:
        session = await uow.sessions.get(session_id)
        now = session.now(services.clock.now()) if session else services.clock.now()
    facts = {"when": say_window(order.starts_at, order.ends_at, now), "service": service_words()[order.service].label}
    await _tell(order.elder_id, session_id, f"family_{what}_chat", services, **facts)


async def tell_missed(callback: "Callback", services: Services) -> None:
    """The elder was promised a callback, and nobody answered: somebody near may look."""
    if callback.elder_id is not None:
        await _tell(callback.elder_id, callback.session_id, "family_missed_chat", services)


async def _tell(elder_id: str, session_id: str, key: str, services: Services, **facts: str) -> None:
    async with services.unit_of_work() as uow:
        elder, session = await uow.elders.get(elder_id), await uow.sessions.get(session_id)
        if elder is None or session is None or not await may_tell(elder_id, session_id, uow):
            return
        chats = await _chats_of_family(elder, uow)
    by = session.address if session.channel == Channel.TELEGRAM else None
    for chat in [chat for chat in chats if chat != by]:
        theirs = replace(session, channel=Channel.TELEGRAM, address=chat, contact="")
        await outbox.tell(theirs, say(key, elder=elder.name, **facts), services)


async def _chats_of_family(elder: Elder, uow: UnitOfWork) -> list[str]:
    chats = [chat for contact in await uow.contacts.of(elder.elder_id) for chat in await chats_of(contact, uow)]
    return list(dict.fromkeys(chats))


# --- what they tell us ---------------------------------------------------------------------------------------


async def reached(escalation_id: str, channel: str, address: str, services: Services) -> Reached:
    """A relative has reached the elder: who and when is kept, and the ladder stands down.

    Not while the elder is on the line with us: then a person of ours goes on being called. Raises NotFound, and
    NotAllowed for a chat that is not tied to the elder, or what the family is not told of.
    """
    async with services.unit_of_work() as uow:
        raised = await uow.escalations.require(escalation_id)
        contact = await _relative(raised, channel, address, uow)
        if contact is None or not raised.tell_family or raised.kind in PRIVATE_KINDS:
            raise NotAllowed
        if raised.status == "closed":
            return "over"
        uow.audit.add(deed(FAMILY, "reached", escalation_id, services))
        raised.reached_by, raised.reached_at = contact.contact_id, services.clock.now()
        session = await uow.sessions.get(raised.session_id)
        result: Reached = "noted" if raised.status != "open" or _on_the_line(session) else "stood_down"
        if result == "stood_down":
            raised.status = STOOD_DOWN
        await uow.commit()
        return result


async def _relative(raised: Escalation, channel: str, address: str, uow: UnitOfWork) -> FamilyContact | None:
    family = await uow.contacts.of(raised.elder_id) if raised.elder_id else []
    linked = {link.contact_id for link in await uow.links.of_chat(channel, address) if link.elder_id == raised.elder_id}
    mine = [c for c in family if c.contact_id in linked]
    known = [c for c in family if channel == Channel.TELEGRAM and c.telegram_chat_id == address]
    return next(iter([*mine, *known]), None)


def _on_the_line(session: CallSession | None) -> bool:
    return session is not None and session.channel == Channel.PHONE and session.ended_at is None


async def reopen(escalation_id: str, services: Services) -> Escalation:
    """An operator is not content with it: the same danger once more, with a ladder from its beginning.

    What was stood down is closed by this; one that nobody has stood down comes back as it is. Raises NotFound.
    """
    async with services.unit_of_work() as uow:
        stood_down = await uow.escalations.require(escalation_id)
    if stood_down.status != STOOD_DOWN:
        return stood_down
    again = replace(
        stood_down,
        escalation_id=new_id("esc"),
        turn_id=f"{stood_down.turn_id}:reopened",
        raised_at=services.clock.now(),
        trigger="reopened",
        status="open",
        ladder_started_at=None,
    )
    raised = await raise_escalation(again, services)
    async with services.unit_of_work() as uow:
        old = await uow.escalations.require(escalation_id)
        old.status, old.outcome, old.closed_at = "closed", "reopened", services.clock.now()
        await uow.commit()
    return raised
