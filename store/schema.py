"""Brings a database's tables to the newest shape (or back), by the migrations beside this file."""

import threading
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL

from store.engines import migration_engine
from store.errors import translated

MIGRATIONS = Path(__file__).parent / "migrations"
WAIT_SECONDS = 30.0
"""How long a migration waits for others to finish; nobody is on the line meanwhile."""

_alembic = threading.Lock()
"""Alembic keeps its state in module globals: one thread of a process at a time."""


def upgrade(url: str | URL, revision: str = "head") -> None:
    """Create or update the tables; harmless to repeat, and two at once follow each other.

    Blocks: call it outside the event loop. Raises StoreUnavailable when the database is locked, full or away.
    """
    _run(url, lambda config: command.upgrade(config, revision))


def downgrade(url: str | URL, revision: str) -> None:
    """Go back to an older shape; `base` drops every table with its rows."""
    _run(url, lambda config: command.downgrade(config, revision))


def _run(url: str | URL, change: Callable[[Config], None]) -> None:
    engine = migration_engine(url, WAIT_SECONDS)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    try:
        with _alembic, translated(), engine.connect() as connection:
            config.attributes["connection"] = connection
            change(config)
    finally:
        engine.dispose()
