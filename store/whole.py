"""The whole database at once: for scenarios, demonstrations and tests, never for the service."""

from typing import Any

from sqlalchemy import select

from store import mapping
from store import tables as t
from store.database import Database

KEPT = ("places", "services")
"""Filled by the migration or the seed; a scenario does not empty them."""


async def wipe(database: Database) -> None:
    """Empty every table but the vocabulary."""
    async with database.unit_of_work() as uow:
        for table in reversed(t.metadata.sorted_tables):
            if table.name not in KEPT:
                await uow.work.change(table.delete())
        await uow.commit()


async def snapshot(database: Database) -> dict[str, list[Any]]:
    """Every stored object, by table, in the order of its primary key's making."""
    async with database.unit_of_work() as uow:
        return {name: await uow.work.all(select(kind)) for name, kind in mapping.KINDS.items()}
