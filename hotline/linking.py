"""绑定: a relative ties a chat to an elder by a one-time code, which an operator or the elder's own phone was given."""

import asyncio
import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hotline.errors import NotFound, TooManyTries, WrongCode
from hotline.ids import new_id
from hotline.people import ChatLink, Elder, FamilyContact, recognise
from hotline.ports import Services, UnitOfWork
from hotline.sessions import CallSession, Channel, Reply
from hotline.turns import urgent_escalation
from knowledge.linking import linking_plan
from knowledge.wording import say
from language.counts import say_number

SCRYPT = {"n": 2**14, "r": 8, "p": 1}
"""Some 50 ms a try: who has stolen the table needs more than half a day for the codes of a day."""

RELATIVE = "relative"
"""Relation of a contact who has linked himself: says nothing about who the elder is to him."""


@dataclass
class LinkCode:
    """绑定码: one use, one elder; for this relative, or for one we do not know yet. Only a digest is kept."""

    code_id: str
    elder_id: str
    contact_id: str | None
    salt: str
    digest: str
    given_by: str
    given_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    used_by: str | None = None


@dataclass
class LinkTry:
    """One code typed in, right or wrong: they are counted, and forgotten after the window of `linking.yaml`."""

    try_id: str
    channel: str
    address: str
    at: datetime


@dataclass(frozen=True)
class Linked:
    """What a code has tied together; `contact` is who is told from now on."""

    elder: Elder
    contact: FamilyContact


async def give_code(elder_id: str, given_by: str, services: Services, contact_id: str | None = None) -> str:
    """A new code for a relative of this elder, to be told once; `given_by` is an operator's or a session's id.

    Raises NotFound for an elder, or a contact of the elder, whom we do not know.
    """
    plan, now = linking_plan(), services.clock.now()
    code = "".join(secrets.choice("0123456789") for _ in range(plan.code_digits))
    salt = secrets.token_hex(8)
    digest = await asyncio.to_thread(_digest, code, salt)
    expires_at = now + timedelta(minutes=plan.valid_minutes)
    async with services.unit_of_work() as uow:
        await uow.elders.require(elder_id)
        if contact_id is not None and (await uow.contacts.require(contact_id)).elder_id != elder_id:
            raise NotFound
        await uow.link_codes.forget(now)
        uow.link_codes.add(LinkCode(new_id("lnc"), elder_id, contact_id, salt, digest, given_by, now, expires_at))
        await uow.commit()
    return code


def _digest(code: str, salt: str) -> str:
    return hashlib.scrypt(code.encode(), salt=bytes.fromhex(salt), **SCRYPT).hex()


LINK_CODE = "link_code"
"""Response of the reply that tells a code; where the code stands there is a mask until it is said."""


def reply_to_wish(session: CallSession) -> Reply:
    """A code for whoever rings from a number that belongs to one elder; anyone else gets it from a person.

    Name and four digits are not enough: they let dates be heard, and a linked chat may change bookings.
    """
    if session.channel != Channel.PHONE:
        return Reply(say("link_how_chat"), response="link_how")
    if not session.recognised or session.elder_id is None:
        return Reply(say("link_by_person"), response="link_by_person")
    return Reply(say(LINK_CODE, code=say("link_mask")), response=LINK_CODE)


async def with_code(reply: Reply, session: CallSession, services: Services) -> Reply:
    """The reply with a code in it, made for this one time: neither transcript nor dialogue engine has it."""
    if LINK_CODE not in (reply.response or "").split("+") or session.elder_id is None:
        return reply
    code = await give_code(session.elder_id, session.session_id, services, session.contact_id)
    return replace(reply, text=reply.text.replace(say("link_mask"), _spoken(code)))


def _spoken(code: str) -> str:
    """Digit by digit, in two groups: 四八二，一九三."""
    digits = [say_number(int(digit)) for digit in code]
    half = len(digits) // 2
    return f"{''.join(digits[:half])}，{''.join(digits[half:])}"


async def redeem(channel: str, address: str, code: str, name: str, services: Services) -> Linked:
    """Tie the chat to the elder of the code, once. `name` is for a relative whom nobody has registered.

    Raises WrongCode, or TooManyTries; neither tells whether there is such a code.
    """
    codes = await _tried(channel, address, services)
    found = await asyncio.to_thread(_matching, code, codes)
    if found is None:
        raise WrongCode
    now = services.clock.now()
    async with services.unit_of_work() as uow:
        if not await uow.link_codes.use(found.code_id, f"{channel}:{address}", now):
            raise WrongCode
        linked = await _link(found, channel, address, name, uow, services)
        await _recognise_again(channel, address, uow)
        await uow.commit()
        return linked


async def _tried(channel: str, address: str, services: Services) -> list[LinkCode]:
    """Count the try before anything is compared; the codes that may be meant. Raises TooManyTries."""
    plan, now = linking_plan(), services.clock.now()
    since = now - timedelta(minutes=plan.window_minutes)
    async with services.unit_of_work() as uow:
        await uow.link_tries.forget(since)
        in_all = await uow.link_tries.since(since)
        here = [one for one in in_all if (one.channel, one.address) == (channel, address)]
        if len(here) >= plan.tries_per_chat or len(in_all) >= plan.tries_in_all:
            raise TooManyTries
        uow.link_tries.add(LinkTry(new_id("ltr"), channel, address, now))
        codes = await uow.link_codes.valid(now)
        await uow.commit()
        return codes


def _matching(code: str, codes: list[LinkCode]) -> LinkCode | None:
    """All are compared, so that the time tells nothing."""
    matches = [one for one in codes if hmac.compare_digest(_digest(code, one.salt), one.digest)]
    return matches[0] if matches else None


async def _link(code: LinkCode, channel: str, address: str, name: str, uow: UnitOfWork, services: Services) -> Linked:
    elder = await uow.elders.require(code.elder_id)
    contact = await _contact(code, channel, address, name, uow)
    if channel == Channel.TELEGRAM and contact.telegram_chat_id is None:
        contact.telegram_chat_id = address
    if not any(link.elder_id == elder.elder_id for link in await uow.links.of_chat(channel, address)):
        now = services.clock.now()
        uow.links.add(ChatLink(new_id("lnk"), channel, address, elder.elder_id, contact.contact_id, now))
    return Linked(elder, contact)


async def _contact(code: LinkCode, channel: str, address: str, name: str, uow: UnitOfWork) -> FamilyContact:
    """The relative the code is for, or the one whose chat this is already, or a new one, told after the others."""
    if code.contact_id is not None:
        return await uow.contacts.require(code.contact_id)
    family = await uow.contacts.of(code.elder_id)
    mine = {link.contact_id for link in await uow.links.of_chat(channel, address)}
    known = next((c for c in family if c.contact_id in mine or _is_chat_of(c, channel, address)), None)
    if known is not None:
        return known
    rank = max((c.rank for c in family), default=0) + 1
    made = FamilyContact(new_id("con"), code.elder_id, name, RELATIVE, rank=rank)
    uow.contacts.add(made)
    return made


def _is_chat_of(contact: FamilyContact, channel: str, address: str) -> bool:
    return channel == Channel.TELEGRAM and contact.telegram_chat_id == address


async def _recognise_again(channel: str, address: str, uow: UnitOfWork) -> None:
    """The chat's open contact knows from now on for whom it speaks."""
    session = await uow.sessions.open_for(channel, address, "")
    if session is not None:
        found = await recognise(channel, address, uow)
        session.recognised, session.elder_id, session.contact_id = found.recognised, found.elder_id, found.contact_id


async def unlink(channel: str, address: str, services: Services) -> bool:
    """The chat is nobody's from now on; False when it was so before. Its contact ends: what the dialogue knew goes.

    A contact in danger, or with an operator, goes on: that person is not left alone.
    """
    async with services.unit_of_work() as uow:
        links = await uow.links.of_chat(channel, address)
        contacts = await uow.contacts.of_chat(address) if channel == Channel.TELEGRAM else []
        await uow.links.remove(channel, address)
        for contact in contacts:
            contact.telegram_chat_id = None
        session = await uow.sessions.open_for(channel, address, "")
        if session is not None:
            await _forget_elder(session, uow, services)
        await uow.commit()
    if session is not None:
        services.live.forget(session.key)
    return bool(links or contacts)


async def unlink_contact(elder_id: str, contact_id: str | None, services: Services) -> int:
    """Every chat of this relative, or with None those linked to the elder without a name; how many there were. Raises
    NotFound.
    """
    async with services.reading() as uow:
        links = [one for one in await uow.links.of_elder(elder_id) if one.contact_id == contact_id]
        contact = await uow.contacts.require(contact_id) if contact_id else None
    if contact is not None and contact.elder_id != elder_id:
        raise NotFound
    chats = {(one.channel, one.address) for one in links}
    if contact is not None and contact.telegram_chat_id:
        chats.add((Channel.TELEGRAM.value, contact.telegram_chat_id))
    for channel, address in chats:
        await unlink(channel, address, services)
    return len(chats)


async def _forget_elder(session: CallSession, uow: UnitOfWork, services: Services) -> None:
    session.recognised, session.elder_id, session.contact_id, session.identified_elder_id = False, None, None, None
    if session.operator_id is None and await urgent_escalation(session.session_id, uow) is None:
        session.ended_at = services.clock.now()
