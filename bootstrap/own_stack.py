"""A stack of its own for `demo`, `scenario` and `bench`: free ports, a temporary folder, never the running service."""

import asyncio
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bootstrap.environment import prepare
from bootstrap.reading import SettingsError, read_settings
from bootstrap.settings import Settings
from bootstrap.stack import children, prepared_rasa
from bootstrap.supervisor import Supervisor
from store import upgrade

Say = Callable[[str], None]

READY_LIMIT_SECONDS = 180.0


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


KEPT = ("rasa_python", "time_zone")
"""Settings of this installation that hold for its own stacks too. Its databases, ports and tokens never do."""


PORTS = ("actions_port", "rasa_port", "line_port", "tts_port", "stt_port", "sip_port")
WITHOUT_PHONE = ("rasa", "actions", "bot", "jobs")


def own_settings(folder: Path, **changes: Any) -> Settings:
    """Defaults on free ports and in `folder`, whatever environment and file say of the running service."""
    here = read_settings()
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    kept = {name: getattr(here, name) for name in KEPT}
    own = {"data_dir": folder, "log_level": "warning", "roles": WITHOUT_PHONE, **{name: free_port() for name in PORTS}}
    return Settings(**{**defaults, **kept, **own, **changes})


@asynccontextmanager
async def own_stack(say: Say, **changes: Any) -> AsyncIterator[Settings]:
    """Rasa, actions and jobs as `warmline up` runs them, on a database that is gone afterwards.

    `changes` are settings. Raises SettingsError when the stack is not ready in time.
    """
    folder = Path(tempfile.mkdtemp(prefix="warmline-"))
    settings = own_settings(folder, **changes)
    prepare(settings)
    python, model = await asyncio.to_thread(prepared_rasa, settings, say)
    await asyncio.to_thread(upgrade, str(settings.database_url))
    supervisor = Supervisor(children(settings, model, python), say)
    running = asyncio.create_task(supervisor.run())
    try:
        await _wait_ready(supervisor)
        yield settings
    finally:
        supervisor.stop.set()
        await asyncio.gather(running, return_exceptions=True)
        shutil.rmtree(folder, ignore_errors=True)


async def _wait_ready(supervisor: Supervisor) -> None:
    try:
        async with asyncio.timeout(READY_LIMIT_SECONDS):
            await supervisor.all_ready.wait()
    except TimeoutError:
        raise SettingsError(f"the stack was not ready after {READY_LIMIT_SECONDS:g} s") from None
