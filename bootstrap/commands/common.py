"""What several commands need: settings, services on a database that exists, the event loop."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from bootstrap.environment import prepare
from bootstrap.reading import SettingsError, read_settings
from bootstrap.settings import Settings
from hotline.ports import Services

T = TypeVar("T")


def with_services(work: Callable[[Settings, Services], Coroutine[Any, Any, T]]) -> T:
    """Run `work` with this installation's services. Raises SettingsError when there is no database."""
    return asyncio.run(_with_services(work))


async def _with_services(work: Callable[[Settings, Services], Coroutine[Any, Any, T]]) -> T:
    settings = read_settings()
    async with existing(settings) as services:
        return await work(settings, services)


@asynccontextmanager
async def existing(settings: Settings) -> AsyncIterator[Services]:
    """Services on a database that is there already: looking must not make an empty one."""
    from bootstrap.services import open_services  # here, because it takes half a second and --help should not

    check_database(settings)
    prepare(settings)
    async with open_services(settings) as services:
        yield services


def check_database(settings: Settings) -> None:
    """Raises SettingsError when the SQLite file is not there."""
    from sqlalchemy.engine import make_url  # here, because it takes a quarter of a second

    url = make_url(str(settings.database_url))
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise SettingsError(f"no database at {url.database}: `warmline up` or `warmline db upgrade` makes it")
