"""The demonstration's own checks, and that it leaves a running service and real people's records alone."""

import asyncio
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bootstrap.demo import afterwards, expect, people
from bootstrap.demo.left import Left
from bootstrap.own_stack import free_port, own_settings
from bootstrap.services import open_database
from bootstrap.settings import Settings
from bot.testserver import BotApiServer
from hotline.people import Elder
from store import upgrade
from store.database import Database
from store.whole import snapshot


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_running_service_is_left_alone(
    tmp_path: Path, busy_port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WARMLINE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("WARMLINE_RASA_PORT", str(busy_port))
    monkeypatch.setenv("WARMLINE_ACTIONS_PORT", str(free_port()))
    afterwards.leave_running()
    assert f"In use: port {busy_port}. A service is running already" in capsys.readouterr().err
    assert not (tmp_path / "var").exists()


async def stored(settings: Settings) -> tuple[int, int]:
    database = open_database(settings)
    try:
        everything = await snapshot(database)
        return len(everything["elders"]), len(everything["operators"])
    finally:
        await database.close()


async def opened(folder: Path) -> tuple[Settings, Database]:
    settings = Settings(data_dir=folder)
    await asyncio.to_thread(upgrade, str(settings.database_url))
    return settings, open_database(settings)


async def test_an_empty_database_gets_the_made_up_people(tmp_path: Path) -> None:
    settings, database = await opened(tmp_path)
    await database.close()
    await afterwards._seed(settings)
    assert await stored(settings) == (5, 3)


async def test_made_up_people_never_stand_beside_real_ones(tmp_path: Path) -> None:
    settings, database = await opened(tmp_path)
    async with database.unit_of_work() as uow:
        uow.elders.add(Elder("eld_real", "某某"))
        await uow.commit()
    await database.close()
    await afterwards._seed(settings)
    assert await stored(settings) == (1, 0)


async def test_nothing_done_meets_no_expectation_but_the_absence_of_harm(tmp_path: Path) -> None:
    settings, database = await opened(tmp_path)
    await database.close()
    await people.put_in(settings)
    database = open_database(settings)
    left = Left(await snapshot(database), BotApiServer(), datetime.now(UTC))
    await database.close()
    met = [name for name, is_so in expect.checks(left, 0.1) if is_so]
    assert met == ["nobody was told after the claim"]


def test_its_own_stack_never_gets_the_service_s_databases_ports_or_tokens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "DATABASE_URL": "sqlite:////var/lib/real.db",
        "RASA_URL": "http://10.0.0.1:5005",
        "TELEGRAM_TOKEN": "1:real",
        "TELEGRAM_WEBHOOK_URL": "https://real.example/hook",
        "ROLES": "bot",
        "HOST": "0.0.0.0",
        "TIME_ZONE": "Asia/Urumqi",
    }.items():
        monkeypatch.setenv(f"WARMLINE_{name}", value)
    settings = own_settings(tmp_path, time_scale=0.5)
    assert settings.database_url == f"sqlite:///{tmp_path / 'warmline.db'}"
    assert settings.rasa_url == f"http://127.0.0.1:{settings.rasa_port}"
    assert settings.telegram_token is None
    assert settings.telegram_webhook_url is None
    assert settings.roles == ("rasa", "actions", "bot", "jobs")
    assert (settings.host, settings.time_zone, settings.time_scale) == ("127.0.0.1", "Asia/Urumqi", 0.5)
