"""Who is who: elders, their family, our operators, and who of them a caller may be."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hotline.errors import AlreadyRegistered, StillHolding
from hotline.ids import new_id
from hotline.ports import Services, UnitOfWork
from hotline.sessions import CallSession
from language.same_address import same_address
from language.sounds import fuzzy_syllables

MAX_IDENTIFY_FAILURES = 3


class Role(StrEnum):
    """What an operator may do; a supervisor is told at the second rung of the ladder."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class OperatorStatus(StrEnum):
    READY = "ready"
    BUSY = "busy"
    AWAY = "away"


@dataclass
class Elder:
    """老人: the person cared for. Only an operator may see address, conditions, `devices` (aids and alarms at home) and
    `care_group` (独居, 失能 and the like, as registered).
    """

    elder_id: str
    name: str
    phone: str | None = None
    place: str | None = None
    address: str | None = None
    birth_year: int | None = None
    key_holder: str | None = None
    conditions: str | None = None
    devices: str | None = None
    care_group: str | None = None


@dataclass
class FamilyContact:
    """家属联系人. `rank` 1 is asked first; `telegram_chat_id` is set when the chat was linked."""

    contact_id: str
    elder_id: str
    name: str
    relation: str
    phone: str | None = None
    telegram_chat_id: str | None = None
    is_emergency_contact: bool = False
    rank: int = 1


@dataclass
class Operator:
    """话务员 or 话务主管. `last_busy_at`: when he last took somebody over or was done with somebody."""

    operator_id: str
    name: str
    role: str = Role.OPERATOR
    status: str = OperatorStatus.AWAY
    telegram_chat_id: str | None = None
    sip_address: str | None = None
    last_busy_at: datetime | None = None


@dataclass
class ChatLink:
    """A chat (or web, or terminal) that was linked to an elder; its writer may hear that elder's bookings."""

    link_id: str
    channel: str
    address: str
    elder_id: str
    contact_id: str | None
    linked_at: datetime


@dataclass(frozen=True)
class Recognition:
    """Whom the number or chat belongs to. Several elders: recognised, but `elder_id` has to be asked."""

    recognised: bool = False
    elder_id: str | None = None
    contact_id: str | None = None


async def recognise(channel: str, address: str, uow: UnitOfWork) -> Recognition:
    """Look the number or chat up among elders, family contacts and linked chats."""
    elders = await uow.elders.linked_to(channel, address)
    if not elders:
        return Recognition()
    only = elders[0] if len(elders) == 1 else None
    contact = await uow.contacts.by_address(channel, address)
    return Recognition(True, only.elder_id if only else None, contact.contact_id if contact else None)


async def linked_elders(session: CallSession, uow: UnitOfWork) -> list[Elder]:
    """The elders this caller may speak for: linked ones, and the one identified in this session."""
    elders = await uow.elders.linked_to(session.channel, session.address) if session.recognised else []
    if session.identified_elder_id and session.identified_elder_id not in {e.elder_id for e in elders}:
        identified = await uow.elders.get(session.identified_elder_id)
        elders = [*elders, identified] if identified else elders
    return elders


def same_name(one: str, other: str) -> bool:
    """True when two names sound alike on a poor line."""
    return fuzzy_syllables(one) == fuzzy_syllables(other)


async def identify(session_id: str, name: str, last_four: str, services: Services) -> bool:
    """Check a name and the last four digits of the registered number; True lets dates and services be heard."""
    async with services.unit_of_work() as uow:
        session = await uow.sessions.require(session_id)
        elder = await _matching_elder(name, last_four, uow)
        session.identified_elder_id = elder.elder_id if elder else None
        session.identify_failures += 0 if elder else 1
        await uow.commit()
        return elder is not None


async def _matching_elder(name: str, last_four: str, uow: UnitOfWork) -> Elder | None:
    return _named(await uow.elders.by_last_four(last_four), name)


def same_number(one: str | None, other: str | None) -> bool:
    """True when both are the same line, with or without a country code."""
    digits = [re.sub(r"\D", "", number or "")[-11:] for number in (one, other)]
    return bool(digits[0]) and digits[0] == digits[1]


async def find_operator(name_or_id: str, uow: UnitOfWork) -> Operator | None:
    """An operator by id or by exact name."""
    operators = await uow.operators.all()
    return next((o for o in operators if name_or_id in (o.operator_id, o.name)), None)


async def add_operator(new: Operator, services: Services) -> Operator:
    """Register one of ours. Raises AlreadyRegistered when the name or the chat is another operator's."""
    async with services.unit_of_work() as uow:
        for known in await uow.operators.all():
            if known.name == new.name or (new.telegram_chat_id and known.telegram_chat_id == new.telegram_chat_id):
                raise AlreadyRegistered(f"{known.name} ({known.operator_id}) has that name or chat already.")
        uow.operators.add(new)
        await uow.commit()
    return new


def new_operator(
    name: str, role: Role, status: OperatorStatus, telegram_chat_id: str | None = None, sip_address: str | None = None
) -> Operator:
    """An operator with a fresh id, not registered yet."""
    return Operator(new_id("opr"), name, role.value, status.value, telegram_chat_id, sip_address)


async def remove_operator(operator_id: str, services: Services) -> Operator:
    """Take somebody off the list; what was claimed keeps the id. Raises NotFound, or StillHolding while somebody
    in need would be left without anyone.
    """
    async with services.unit_of_work() as uow:
        operator = await uow.operators.require(operator_id)
        claimed = [e.escalation_id for e in await uow.escalations.open() if e.claimed_by == operator_id]
        if claimed or await uow.sessions.held_by(operator_id):
            raise StillHolding(f"{operator.name} holds {', '.join(claimed) or 'a session'}; close it first.")
        await uow.sign_ins.end_of(operator_id)
        await uow.credentials.remove(operator_id)
        await uow.operators.remove(operator_id)
        await uow.commit()
        return operator


async def set_status(operator_id: str, status: OperatorStatus, services: Services) -> Operator:
    """Ready, busy or away from now on. Raises NotFound."""
    async with services.unit_of_work() as uow:
        operator = await uow.operators.require(operator_id)
        operator.status = status.value
        known = await uow.operators.all()
        await uow.commit()
    services.roster[:] = known
    return operator


@dataclass(frozen=True)
class KnownFacts:
    """What the profile fills in for a booking; None where the caller has to be asked."""

    elder_id: str | None = None
    name: str | None = None
    phone: str | None = None
    has_address: bool = False
    calling_number: str | None = None
    recognised: bool = False


async def known_facts(session_id: str, relation: str | None, name: str | None, services: Services) -> KnownFacts:
    """Whom a booking is for, as far as the number, the relation and the name say. Never guesses among several."""
    async with services.unit_of_work() as uow:
        session = await uow.sessions.require(session_id)
        calling = session.calling_number
        elders = await linked_elders(session, uow)
        elder = await _meant(elders, relation, name, session, uow)
        contact = await uow.contacts.get(session.contact_id) if session.contact_id else None
    if elder is None:
        return KnownFacts(calling_number=calling, recognised=session.recognised)
    phone = calling or (contact.phone if contact else None) or elder.phone
    return KnownFacts(elder.elder_id, elder.name, phone, bool(elder.address), calling, session.recognised)


async def lives_at(elder_id: str, address: str, services: Services) -> bool:
    """Whether these words sound like the registered address (杨光小区 for 阳光小区); they may leave out the town."""
    async with services.unit_of_work() as uow:
        elder = await uow.elders.get(elder_id)
    return bool(elder and elder.address and same_address(address, elder.address))


async def _meant(
    elders: list[Elder], relation: str | None, name: str | None, session: CallSession, uow: UnitOfWork
) -> Elder | None:
    if name:
        return _named(elders, name)
    fitting = [e for e in elders if await _fits(e, relation, session, uow)] if relation else elders
    return fitting[0] if len(fitting) == 1 else None


def _named(elders: list[Elder], name: str) -> Elder | None:
    """The one who is spelt so, else the only one who sounds so: a recogniser writes 赵秀英 for 赵秀瑛."""
    spelt = [elder for elder in elders if elder.name == name]
    heard = spelt or [elder for elder in elders if same_name(elder.name, name)]
    return heard[0] if len(heard) == 1 else None


async def _fits(elder: Elder, relation: str | None, session: CallSession, uow: UnitOfWork) -> bool:
    """Whether this elder may be the caller's `relation`; unknown relations do not contradict."""
    contact = await uow.contacts.get(session.contact_id) if session.contact_id else None
    if contact is None:  # the elder's own number, or a chat linked without a contact
        own_number = session.channel == "phone" and same_number(elder.phone, session.address)
        return relation == "self" if own_number else True
    mine = [
        c
        for c in await uow.contacts.of(elder.elder_id)
        if same_number(c.phone, contact.phone) or c.name == contact.name
    ]
    known = {c.relation for c in mine}
    return relation in known or not known & RELATIONS


RELATIONS = frozenset({"mother", "father", "spouse", "grandparent", "neighbour"})
