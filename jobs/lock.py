"""One jobs process per database: a second one would climb the same ladders at the same time."""

import fcntl
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from jobs.errors import AlreadyRunning

StillHeld = Callable[[], Awaitable[None]]
"""Raises when the lock was lost, so that the process ends rather than running beside another."""

ADVISORY_KEY = 12349_0001


@asynccontextmanager
async def only_one(database_url: str) -> AsyncIterator[StillHeld]:
    """Hold the database's lock while the block runs. Raises AlreadyRunning when another process has it."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        with _file_lock(Path(f"{url.database}.lock")):
            yield _always
        return
    async with await psycopg.AsyncConnection.connect(_plain(database_url), autocommit=True) as connection:
        cursor = await connection.execute("select pg_try_advisory_lock(%s)", (ADVISORY_KEY,))
        if (await cursor.fetchone()) != (True,):
            raise AlreadyRunning

        async def still_held() -> None:
            await connection.execute("select 1")

        yield still_held


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    """The kernel drops the lock with the process, also after `kill -9`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyRunning from None
        yield
    finally:
        os.close(descriptor)


async def _always() -> None:
    """A file lock can't be lost while the file is open."""


def _plain(database_url: str) -> str:
    return make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
