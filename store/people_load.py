"""Puts the rows of a file of people into the database: all of them or none."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline.people import ChatLink, Elder, FamilyContact, Operator
from store.people_file import Entry, PeopleFileError
from store.people_rows import SECTIONS
from store.unit_of_work import UnitOfWork

KINDS: dict[str, type[Any]] = {
    "elders": Elder,
    "family_contacts": FamilyContact,
    "operators": Operator,
    "chat_links": ChatLink,
}
ONLY_AT_FIRST = frozenset({"status"})
"""Fields that the people themselves change: an operator who has gone home stays away."""


async def load_people(entries: list[Entry], uow: UnitOfWork, now: datetime) -> dict[str, dict[str, int]]:
    """Add who is new, change what differs; how many rows of each section were added, changed, unchanged.

    The caller commits. Raises PeopleFileError, before anything is written, for rows that name nobody and for
    operators who could not be told apart.
    """
    wrong = [*await _without_elder(entries, uow), *await _alike(entries, uow)]
    if wrong:
        raise PeopleFileError(wrong)
    counts = {section: {"added": 0, "changed": 0, "unchanged": 0} for section in SECTIONS}
    for entry in entries:
        counts[entry.section][await _put(entry, uow, now)] += 1
    return counts


def _repository(section: str, uow: UnitOfWork) -> Any:
    return {
        "elders": uow.elders,
        "family_contacts": uow.contacts,
        "operators": uow.operators,
        "chat_links": uow.links,
    }[section]


async def _put(entry: Entry, uow: UnitOfWork, now: datetime) -> str:
    repository = _repository(entry.section, uow)
    stored = await repository.get(entry.item_id)
    if stored is None:
        repository.add(KINDS[entry.section](**_defaults(entry, now) | entry.fields))
        return "added"
    different = {
        name: value
        for name, value in entry.fields.items()
        if name not in ONLY_AT_FIRST and getattr(stored, name) != value
    }
    for name, value in different.items():
        setattr(stored, name, value)
    return "changed" if different else "unchanged"


def _defaults(entry: Entry, now: datetime) -> dict[str, Any]:
    return {"contact_id": None, "linked_at": now} if entry.section == "chat_links" else {}


async def _without_elder(entries: list[Entry], uow: UnitOfWork) -> list[str]:
    """Contacts and links of an elder, and links of a contact, whom neither the file nor the database has."""
    elders = {e.item_id for e in entries if e.section == "elders"} | {e.elder_id for e in await uow.elders.all()}
    elder_of = {e.item_id: e.fields["elder_id"] for e in entries if e.section == "family_contacts"}
    wrong = []
    for entry in entries:
        elder_id, contact_id = entry.fields.get("elder_id"), entry.fields.get("contact_id")
        if elder_id and elder_id not in elders:
            wrong.append(entry.says(f"there is no elder {elder_id}"))
        if entry.section == "chat_links" and contact_id:
            stored = await uow.contacts.get(contact_id)
            if elder_of.get(contact_id, stored and stored.elder_id) != elder_id:
                wrong.append(entry.says(f"elder {elder_id} has no contact {contact_id}"))
    return wrong


@dataclass(frozen=True)
class _Face:
    """What an operator is known by."""

    operator_id: str
    name: str
    chat: str | None
    entry: Entry | None = None


async def _alike(entries: list[Entry], uow: UnitOfWork) -> list[str]:
    """Operators of one name, or with one chat: commands and buttons could not tell them apart."""
    faces = {o.operator_id: _Face(o.operator_id, o.name, o.telegram_chat_id) for o in await uow.operators.all()}
    for entry in entries:
        if entry.section == "operators":
            known = faces.get(entry.item_id)
            chat = entry.fields.get("telegram_chat_id", known.chat if known else None)
            faces[entry.item_id] = _Face(entry.item_id, entry.fields["name"], chat, entry)
    return [line for face in faces.values() for line in _clashes(face, list(faces.values()))]


def _clashes(face: _Face, everybody: list[_Face]) -> Iterator[str]:
    """Said of the row in the file; of two rows at both."""
    for other in everybody:
        if face.entry is None or other.operator_id == face.operator_id:
            continue
        if other.name == face.name:
            yield face.entry.says(f"{other.operator_id} has that name already")
        if face.chat and other.chat == face.chat:
            yield face.entry.says(f"{other.operator_id} has that chat already")
