"""Engines with our settings: SQLite in a file by default, PostgreSQL past one machine."""

import json
from collections.abc import Callable
from errno import ENOENT
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

_ASYNC_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}

# Parameters are people's words and numbers: they may not get into error texts.
_SHARED: dict[str, Any] = {
    "hide_parameters": True,
    "json_serializer": partial(json.dumps, ensure_ascii=False),
}


READING = "warmline_reading"
"""Option of a connection that only looks."""


def async_url(url: str | URL) -> URL:
    """The URL with the driver that we use. Raises ValueError for a database that we don't know."""
    parsed = make_url(url)
    kind = parsed.get_backend_name()
    if kind not in _ASYNC_DRIVERS:
        raise ValueError(f"{kind} is not supported; use sqlite:///FILE or postgresql://HOST/NAME.")
    return parsed.set(drivername=_ASYNC_DRIVERS[kind])


def async_engine(url: str | URL, busy_seconds: float, max_pages: int | None = None) -> AsyncEngine:
    """The engine for the hotline's work; waits no longer than `busy_seconds` for a lock or a connection."""
    parsed = async_url(url)
    if parsed.get_backend_name() == "postgresql":
        return _postgresql(parsed, busy_seconds)
    engine = create_async_engine(parsed, **_SHARED)
    _tell_sqlite(engine.sync_engine, busy_seconds, max_pages)
    event.listen(engine.sync_engine, "do_connect", _need_folder)
    return engine


def migration_engine(url: str | URL, busy_seconds: float) -> Engine:
    """An engine without a pool and without asyncio; makes the folder of an SQLite file."""
    parsed = async_url(url)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed, poolclass=NullPool, **_SHARED)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed.set(drivername="sqlite"), poolclass=NullPool, **_SHARED)
    _tell_sqlite(engine, busy_seconds, None)
    return engine


def _postgresql(url: URL, busy_seconds: float) -> AsyncEngine:
    settings = f"-c lock_timeout={int(busy_seconds * 1000)}"
    return create_async_engine(
        url,
        pool_size=10,
        pool_timeout=busy_seconds,
        pool_pre_ping=True,
        connect_args={"options": settings, "connect_timeout": 2},
        **_SHARED,
    )


def _tell_sqlite(engine: Engine, busy_seconds: float, max_pages: int | None) -> None:
    event.listen(engine, "connect", _sqlite_settings(busy_seconds, max_pages))
    event.listen(engine, "begin", _begin_immediate)


def _need_folder(_dialect: Any, _record: Any, arguments: Any, _options: Any) -> None:
    """aiosqlite leaves a thread behind when the file can't be opened; a missing folder is known before."""
    folder = Path(arguments[0]).parent
    if not str(arguments[0]).startswith((":", "file:")) and not folder.is_dir():
        raise FileNotFoundError(ENOENT, "no such folder", str(folder))


def _sqlite_settings(busy_seconds: float, max_pages: int | None) -> Callable[[Any, Any], None]:
    """What every connection is told; FULL because an emergency has to survive a power cut."""
    pragmas = [
        f"busy_timeout={int(busy_seconds * 1000)}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        *([f"max_page_count={max_pages}"] if max_pages else []),
    ]

    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver would begin by itself, deferred
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return configure


def _begin_immediate(connection: Connection) -> None:
    """Take the write lock at once: a deferred transaction that turns to writing fails instead of waiting.

    Who only reads needs none: in WAL mode he sees what was committed, whoever is writing.
    """
    only_reads = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")
