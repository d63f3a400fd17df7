"""Forget what Rasa's tracker store holds of conversations: its table `events` has every word of a caller."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from sqlalchemy import (
    Column,
    ColumnElement,
    Engine,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    func,
    inspect,
    select,
)
from sqlalchemy.engine import make_url

BUSY_SECONDS = 30
"""How long a delete waits while Rasa writes (SQLite)."""

_events = Table(
    "events",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("sender_id", String),
    Column("timestamp", Float),
)
_AT_ONCE = 500
"""Session ids in one statement: SQLite limits the number of parameters."""


def forget(url: str, session_ids: Collection[str]) -> int:
    """Delete these conversations; return how many events went. 0 when the store is not there yet."""
    ids = list(session_ids)
    parts = [ids[i : i + _AT_ONCE] for i in range(0, len(ids), _AT_ONCE)]
    return _delete(url, [_events.c.sender_id.in_(part) for part in parts])


def purge(url: str, before: datetime) -> int:
    """Delete the conversations whose last event was before the aware time `before`; return how many events.

    A conversation goes as a whole: half of one would be another conversation to Rasa.
    """
    over = select(_events.c.sender_id).group_by(_events.c.sender_id)
    return _delete(url, [_events.c.sender_id.in_(over.having(func.max(_events.c.timestamp) < before.timestamp()))])


def _delete(url: str, conditions: list[ColumnElement[bool]]) -> int:
    engine = _engine(url)
    try:
        if engine is None or not inspect(engine).has_table(_events.name):
            return 0
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                # Without it the words stay readable in the file's free pages.
                connection.exec_driver_sql("PRAGMA secure_delete = ON")
            return sum(connection.execute(delete(_events).where(condition)).rowcount for condition in conditions)
    finally:
        if engine is not None:
            engine.dispose()


def _engine(url: str) -> Engine | None:
    """The engine of `url`, None for a SQLite file that does not exist: looking must not create it."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, hide_parameters=True)
    if not parsed.database or not Path(parsed.database).is_file():
        return None
    return create_engine(parsed, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
