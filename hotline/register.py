"""档案: elders and their family as operators look them up, add and correct them."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from hotline.booking import VisitOrder
from hotline.cases import Case, ProfileChange
from hotline.errors import WrongField
from hotline.escalation import Escalation
from hotline.ids import new_id
from hotline.people import RELATIONS, ChatLink, Elder, FamilyContact
from hotline.ports import Services
from hotline.sessions import CallSession
from knowledge.vocabulary import places
from language.phones import read_phone

FOUND_AT_MOST = 50
OLDEST_YEARS = 125
SHORTEST_NUMBER, LONGEST_NUMBER = 3, 15
"""Digits."""


@dataclass(frozen=True)
class Dossier:
    """One elder with everything that an operator may want to look up; the newest first."""

    elder: Elder
    contacts: tuple[FamilyContact, ...]
    orders: tuple[VisitOrder, ...]
    escalations: tuple[Escalation, ...]
    cases: tuple[Case, ...]
    sessions: tuple[CallSession, ...]
    changes: tuple[ProfileChange, ...]
    links: tuple[ChatLink, ...]

    def is_linked(self, contact: FamilyContact | None) -> bool:
        """Whether a chat is tied to this relative; with None: to somebody of whom no name is known."""
        if contact is None:
            return any(one.contact_id is None for one in self.links)
        return bool(contact.telegram_chat_id) or any(one.contact_id == contact.contact_id for one in self.links)


@dataclass(frozen=True)
class Found:
    """What a search came to."""

    elders: tuple[Elder, ...]
    escalations: tuple[Escalation, ...]
    cases: tuple[Case, ...]


async def search(words: str, services: Services) -> Found:
    """Elders by a part of name, number, place or address, theirs or a relative's; escalations and cases by those
    elders, by id or by number, cases by their words too. Without words the latest escalations.
    """
    words = words.strip()
    async with services.reading() as uow:
        elders = await uow.elders.search(words, FOUND_AT_MOST) if words else []
        ids = [elder.elder_id for elder in elders]
        cases = await uow.cases.found(words, ids, FOUND_AT_MOST) if words else []
        return Found(tuple(elders), tuple(await uow.escalations.found(words, ids, FOUND_AT_MOST)), tuple(cases))


async def dossier(elder_id: str, services: Services) -> Dossier:
    """Raises NotFound."""
    async with services.reading() as uow:
        return Dossier(
            await uow.elders.require(elder_id),
            tuple(await uow.contacts.of(elder_id)),
            tuple(await uow.orders.of_elder(elder_id, FOUND_AT_MOST)),
            tuple(await uow.escalations.found("", [elder_id], FOUND_AT_MOST)),
            tuple(await uow.cases.of_elders([elder_id])),
            tuple(await uow.sessions.of_elder(elder_id, FOUND_AT_MOST)),
            tuple(one for one in await uow.profile_changes.asked() if one.elder_id == elder_id),
            tuple(await uow.links.of_elder(elder_id)),
        )


async def save_elder(elder: Elder, services: Services) -> Elder:
    """Put in somebody new (with an empty id) or the corrected facts of somebody known. Raises WrongField, NotFound."""
    checked = _checked_elder(elder, services.clock.now().year)
    async with services.unit_of_work() as uow:
        if not checked.elder_id:
            checked = replace(checked, elder_id=new_id("eld"))
            uow.elders.add(checked)
        else:
            _copy(checked, await uow.elders.require(checked.elder_id))
        await uow.commit()
        return checked


async def save_contact(contact: FamilyContact, services: Services) -> FamilyContact:
    """The same for somebody of an elder's family; a linked chat stays as it is. Raises WrongField, NotFound."""
    checked = replace(contact, name=_name(contact.name), phone=_number(contact.phone))
    if checked.relation not in RELATIONS | {"other"}:
        raise WrongField("relation")
    async with services.unit_of_work() as uow:
        await uow.elders.require(checked.elder_id)
        if not checked.contact_id:
            checked = replace(checked, contact_id=new_id("con"))
            uow.contacts.add(checked)
        else:
            known = await uow.contacts.require(checked.contact_id)
            _copy(replace(checked, elder_id=known.elder_id, telegram_chat_id=known.telegram_chat_id), known)
        await uow.commit()
        return checked


def correct(elder: Elder, this_year: int, **facts: Any) -> None:
    """Change these facts of a record, inside the caller's transaction. Raises WrongField."""
    _copy(_checked_elder(replace(elder, **facts), this_year), elder)


def _copy(source: Elder | FamilyContact, target: Elder | FamilyContact) -> None:
    for field in fields(source):
        setattr(target, field.name, getattr(source, field.name))


def _checked_elder(elder: Elder, this_year: int) -> Elder:
    if elder.place and elder.place not in places():
        raise WrongField("place")
    if elder.birth_year is not None and not this_year - OLDEST_YEARS <= elder.birth_year <= this_year:
        raise WrongField("birth_year")
    texts = ("address", "key_holder", "conditions", "devices", "care_group", "place")
    stripped: dict[str, Any] = {name: (getattr(elder, name) or "").strip() or None for name in texts}
    return replace(elder, name=_name(elder.name), phone=_number(elder.phone), **stripped)


def _name(name: str) -> str:
    if not name.strip():
        raise WrongField("name")
    return name.strip()


def _number(number: str | None) -> str | None:
    """As written, when it can be a telephone number."""
    written = (number or "").strip()
    if not written:
        return None
    digits = sum(sign.isdigit() for sign in written)
    if not SHORTEST_NUMBER <= digits <= LONGEST_NUMBER or (digits == 11 and read_phone(written) is None):
        raise WrongField("phone")
    return written


async def orders_of(day: date, services: Services) -> list[VisitOrder]:
    """The visits of a day that are not cancelled, by time."""
    zone = services.clock.now().tzinfo
    begins = datetime.combine(day, time.min, zone)
    async with services.reading() as uow:
        return await uow.orders.between(begins, begins + timedelta(days=1))
