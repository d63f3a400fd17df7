"""A stack of its own for `demo`, `scenario` and `bench`: free ports, a temporary folder, never the running service."""

import asyncio
import random
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


def free_udp_port() -> int:
    """A UDP port nobody listens on now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_udp_ports(count: int) -> tuple[int, int]:
    """First and last of so many UDP ports in a row that are free now, the first one even."""
    for _ in range(TRIES):
        first = random.randrange(*RTP_PORTS, 2)
        if all(_is_free(port) for port in range(first, first + count)):
            return first, first + count - 1
    raise SettingsError(f"no {count} free UDP ports in a row")


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


RTP_PORTS = (20_000, 32_000)
"""Below those that Linux hands out of itself."""
TRIES = 50
RTP_COUNT = 400
"""Ports for the voices of an own stack: a hundred calls with their operators."""

KEPT = ("rasa_python", "time_zone")
"""Settings of this installation that hold for its own stacks too. Its databases, ports and tokens never do."""


PORTS = ("actions_port", "rasa_port", "console_port", "line_port", "tts_port", "stt_port", "sip_port")
WITHOUT_PHONE = ("rasa", "actions", "bot", "jobs")
WITH_PHONE = (*WITHOUT_PHONE, "tts", "stt", "voice")
TEST_MODEL = Path(__file__).resolve().parents[1] / "demo" / "speech-model"
"""4.4 MB, trained on espeak-ng alone: it understands simulated callers and no human."""


def own_settings(folder: Path, **changes: Any) -> Settings:
    """Defaults on free ports and in `folder`, whatever environment and file say of the running service."""
    here = read_settings()
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    kept = {name: getattr(here, name) for name in KEPT}
    own = {"data_dir": folder, "log_level": "warning", "roles": WITHOUT_PHONE, **{name: free_port() for name in PORTS}}
    return Settings(**{**defaults, **kept, **own, **changes})


def phone_settings() -> dict[str, Any]:
    """What a stack with a phone line needs besides; callers may pin the calendar."""
    first, last = free_udp_ports(RTP_COUNT)
    ports = {"sip_port": free_udp_port(), "rtp_first_port": first, "rtp_last_port": last}
    return {"roles": WITH_PHONE, "speech_model": TEST_MODEL, "sip_test_headers": True, **ports}


def line_address(settings: Settings) -> str:
    """What a caller of this stack dials."""
    return f"sip:{settings.sip_number}@{settings.sip_host}:{settings.sip_port}"


@asynccontextmanager
async def own_stack(say: Say, *, phone: bool = False, **changes: Any) -> AsyncIterator[Settings]:
    """Rasa, actions and jobs as `warmline up` runs them, on a database that is gone afterwards.

    With `phone` the line, synthesis and recognition too. `changes` are settings.
    Raises SettingsError when the stack is not ready in time.
    """
    folder = Path(tempfile.mkdtemp(prefix="warmline-"))
    settings = own_settings(folder, **({**phone_settings(), **changes} if phone else changes))
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
