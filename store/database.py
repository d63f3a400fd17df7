"""The database object of a process: hands out units of work."""

import asyncio
from zoneinfo import ZoneInfo

from sqlalchemy import URL

import store.mapping as _mapping  # noqa: F401  # importing it makes the classes of hotline storable
from hotline.errors import StoreUnavailable
from store.columns import DEFAULT_ZONE, set_zone
from store.engines import async_engine
from store.errors import translated
from store.unit_of_work import UnitOfWork

QUEUE_SECONDS = 2.0
"""The longest wait behind other units of work of this process: many callers are not a locked database."""


class Database:
    """An SQLite file or a PostgreSQL database; its tables are made by `store.upgrade`.

    Moments come back in `zone`. `busy_seconds` is how long a lock or a free connection is waited for
    before StoreUnavailable. `max_pages` limits an SQLite file (pages of 4096 bytes), to test a full disk.
    """

    def __init__(
        self,
        url: str | URL,
        zone: ZoneInfo = DEFAULT_ZONE,
        busy_seconds: float = 0.5,
        max_pages: int | None = None,
    ) -> None:
        self.busy_seconds = busy_seconds
        self._engine = async_engine(url, busy_seconds, max_pages)
        self._turn = asyncio.Lock() if self._engine.dialect.name == "sqlite" else None
        self._leaving: set[asyncio.Task[None]] = set()
        set_zone(self._engine.dialect, zone)

    def unit_of_work(self) -> UnitOfWork:
        return UnitOfWork(self._engine, self._turn, max(self.busy_seconds, QUEUE_SECONDS), self._leaving)

    def reading(self) -> UnitOfWork:
        """One that only looks: it queues behind nobody."""
        return UnitOfWork(self._engine, None, self.busy_seconds, self._leaving, reading=True)

    async def scrub(self) -> None:
        """After a purge or a deletion: empty SQLite's write-ahead log, which still holds the old pages.

        Raises StoreUnavailable when another process is using the file; try again.
        """
        if self._turn is None:
            return
        async with self._turn, self._engine.connect() as connection:
            with translated():
                await connection.exec_driver_sql("COMMIT")  # the log can't be emptied inside a transaction
                is_busy = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).scalar_one()
        if is_busy:
            raise StoreUnavailable

    async def close(self) -> None:
        """Wait for units of work that were given up, then close every connection."""
        while self._leaving:
            await asyncio.wait(self._leaving)
        await self._engine.dispose()
