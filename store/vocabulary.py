"""Places and services as rows, so that a report in SQL can show their labels; they come from `knowledge`."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Table, insert, select, update

from knowledge import vocabulary
from store import tables as t
from store.work import Work


class Vocabulary:
    """Part of a unit of work."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def refresh(self) -> dict[str, int]:
        """Bring both tables in line with `knowledge`; how many rows were new or changed."""
        services = [
            {"service": key, "label": s.label, "visit_minutes": s.visit_minutes, "at_home": s.at_home}
            for key, s in vocabulary.services().items()
        ]
        places = [{"place": name, "label": name} for name in vocabulary.places()]
        return {
            "places": await self._put(t.places, places),
            "services": await self._put(t.services, services),
        }

    async def _put(self, table: Table, rows: Iterable[dict[str, Any]]) -> int:
        """Rows that knowledge no longer has stay: old orders name them."""
        key = next(iter(table.primary_key))
        known = {row[key.name]: row for row in await self._work.rows(select(table))}
        new = [row for row in rows if known.get(row[key.name]) != row]
        for row in new:
            is_known = row[key.name] in known
            write = update(table).where(key == row[key.name]) if is_known else insert(table)
            await self._work.change(write.values(row))
        return len(new)
