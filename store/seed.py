"""Puts the made-up people of `seed.yaml` into a database, for demonstrations and tests."""

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from hotline.people import ChatLink, Elder, FamilyContact, Operator
from store.database import Database

SEED = Path(__file__).with_name("seed.yaml")


async def seed_demo(database: Database) -> dict[str, int]:
    """Add who is not there yet, and the places and services; how many rows of each are new.

    Harmless to repeat: what was changed since (an operator's status, a number) stays as it is.
    """
    rows = yaml.safe_load(SEED.read_text(encoding="utf-8"))
    async with database.unit_of_work() as uow:
        added = await uow.vocabulary.refresh()
        added["elders"] = await _add_missing(uow.elders, "elder_id", [Elder(**row) for row in rows["elders"]])
        contacts = [FamilyContact(**row) for row in rows["family_contacts"]]
        added["family_contacts"] = await _add_missing(uow.contacts, "contact_id", contacts)
        operators = [Operator(**row) for row in rows["operators"]]
        added["operators"] = await _add_missing(uow.operators, "operator_id", operators)
        links = [_link(row) for row in rows["chat_links"]]
        added["chat_links"] = await _add_missing(uow.links, "link_id", links)
        await uow.commit()
    return added


def _link(row: dict[str, Any]) -> ChatLink:
    return ChatLink(**{**row, "linked_at": datetime.fromisoformat(row["linked_at"])})


async def _add_missing(repository: Any, id_name: str, items: list[Any]) -> int:
    missing = [item for item in items if await repository.get(getattr(item, id_name)) is None]
    for item in missing:
        repository.add(item)
    return len(missing)
