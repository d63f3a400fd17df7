"""The database locked or full, Telegram away, the app killed: danger and 人工 work, and nothing is lost.

Rasa is not among the roles here, so it is away all the time as well.
"""

import shutil
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bootstrap.services import open_services
from bot.testserver import BotApiServer
from hotline.conversation import take_turn
from hotline.sessions import Channel, Utterance
from tests.integration.faults.service import (
    CALLER,
    DAUGHTER,
    HE,
    LIN,
    NEIGHBOUR,
    ROOT,
    SCALE,
    SLACK_SECONDS,
    Service,
    has_got,
    people,
    running,
    settings_for,
    told,
    until,
)

NO_RASA = {"roles": "actions,bot,jobs"}
RUNG = 60 * SCALE
ALERT, CALLING, PROMISE = "编号", "正在", "联系您"
STRANGER = 620114499


def fall_of(service: Service) -> tuple[str, datetime]:
    """Id and time of the one fall on record."""
    ((escalation_id, raised_at),) = service.rows("SELECT escalation_id, raised_at FROM escalations WHERE kind = 'fall'")
    return escalation_id, moment(raised_at)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def fallen(service: Service, server: BotApiServer) -> str:
    """A caller has fallen, the ready operator knows, the ladder is under way."""
    server.say(CALLER, "我摔倒了起不来")
    await has_got(server, CALLER, "120")
    await has_got(server, LIN, ALERT)
    await until(lambda: service.count("escalations", "ladder_started_at IS NOT NULL") == 1, "the ladder is started")
    return fall_of(service)[0]


def updated(folder: Path) -> Path:
    """The code of the next version: the same, with the jobs' version raised by hand."""
    for name in ("actions", "bootstrap", "bot", "hotline", "knowledge", "language", "nlu", "store"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "jobs", folder / "jobs")
    config = folder / "jobs" / "config.py"
    before = config.read_text(encoding="utf-8")
    after = before.replace('APPLICATION_VERSION = "1"', 'APPLICATION_VERSION = "2"')
    assert after != before
    config.write_text(after, encoding="utf-8")
    return folder


@pytest.mark.parametrize("how", ["the app alone", "everything, and an update"])
async def test_kill_9_before_the_60_s_step(tmp_path: Path, server: BotApiServer, how: str) -> None:
    async with running(tmp_path, server, "app", **NO_RASA) as service:
        escalation_id = await fallen(service, server)
        assert told(server, HE, escalation_id) == 0
        if how == "the app alone":
            killed = service.kill("app")
            await until(lambda: len(service.pids("app")) == 2, "a new process", 5)
            assert time.monotonic() - killed < 5
        else:
            service.kill_all()
            (tmp_path / "next").mkdir()
            service.code = updated(tmp_path / "next")
            service.start()
        await service.ready("app", times=2)
        back = datetime.now(service.settings.zone)
        await until(lambda: rung(service, "op_he") == ["sent"], "the supervisor is told")
        server.press(LIN, "我来接")
        await has_got(server, CALLER, "已经接手")
    _, raised_at = fall_of(service)
    assert told(server, HE, escalation_id) == 1
    assert told(server, DAUGHTER, escalation_id) == 1
    (started_at, attempts) = service.rows("SELECT started_at, attempts FROM notices WHERE recipient_id = 'op_he'")[0]
    after = (moment(started_at) - raised_at).total_seconds()
    restarted = (back - raised_at.replace(tzinfo=raised_at.tzinfo or service.settings.zone)).total_seconds()
    assert RUNG <= after <= max(RUNG, restarted) + SLACK_SECONDS
    assert attempts == 1


def rung(service: Service, recipient_id: str) -> list[str]:
    """What became of the 60 s notices to somebody."""
    statement = "SELECT state FROM notices WHERE rung = '60s' AND recipient_id = ?"
    return [state for (state,) in service.rows(statement, recipient_id)]


async def test_a_locked_database_silences_nobody_and_loses_nothing(tmp_path: Path, server: BotApiServer) -> None:
    async with running(tmp_path, server, "app", **NO_RASA) as service:
        with service.locked():
            server.say(CALLER, "我摔倒了起不来")
            await has_got(server, CALLER, "120")
            await has_got(server, LIN, "跌倒")
            server.say(NEIGHBOUR, "人工")
            await has_got(server, NEIGHBOUR, CALLING)
            await has_got(server, LIN, "找人工")
            server.say(STRANGER, "想打听一下助餐")
            await has_got(server, STRANGER, PROMISE)
            await has_got(server, HE, "跌倒")  # the 60 s rung, while nothing can be recorded
        await until(lambda: service.count("escalations") == 2, "both escalations on record")
        await until(lambda: service.count("callbacks") == 1, "the callback on record")
        await until(lambda: service.count("turns") == 3, "every word on record")
        escalation_id, _ = fall_of(service)
        assert told(server, LIN, escalation_id) >= 1
        await until(lambda: rung(service, "op_he") == ["sent"], "the ladder goes on where it should be")
        server.press(LIN, "我来接", next(m for m in server.messages(LIN) if escalation_id in m.text))
        await until(lambda: service.count("escalations", "claimed_by = 'op_lin'") == 1, "it can be claimed")


async def test_a_full_database_silences_nobody_and_loses_nothing(tmp_path: Path, server: BotApiServer) -> None:
    settings = settings_for(tmp_path, server, **NO_RASA)
    await people(settings)
    service = Service(settings)
    service.rows("VACUUM")  # what migrations left free
    pages = service.rows("PRAGMA page_count")[0][0]
    service.settings = settings.model_copy(update={"sqlite_max_pages": pages})
    said = 0
    try:
        service.start()
        await service.ready("app")
        spool = settings.data_dir / "spool" / "spool.jsonl"
        while not spool.exists():  # there is room left on the pages in use
            assert said < 100, "the database never got full"
            server.say(STRANGER, f"第{said}句：" + "想打听一下助餐的事情" * 20)
            said += 1
            await has_got(server, STRANGER, "", times=said)
        server.say(CALLER, "我摔倒了起不来")
        await has_got(server, CALLER, "120")
        await has_got(server, LIN, "跌倒")
        server.say(NEIGHBOUR, "人工")
        await has_got(server, NEIGHBOUR, CALLING)
        server.say(LIN, "/list")  # an operator's chat still answers
        await has_got(server, LIN, ALERT, times=2)
        await has_got(server, HE, "跌倒")
        await service.stop()
        service.settings = settings
        service.start()
        await service.ready("app", times=2)
        await until(lambda: service.count("turns") == said + 2, "every word on record")
        await until(lambda: service.count("escalations", "kind = 'fall'") == 1, "the fall on record")
        await until(lambda: service.count("escalations", "kind = 'operator_request'") == 1, "the wish on record")
        assert service.count("callbacks", "reason = 'trouble'") == 1
    finally:
        await service.stop()


async def test_telegram_away_loses_no_alert(tmp_path: Path, server: BotApiServer) -> None:
    async with running(tmp_path, server, "app", **NO_RASA) as service:
        await server.down()
        async with open_services(service.settings) as services:
            fell = Utterance(Channel.TERMINAL, "terminal", text="我摔倒了起不来")
            assert "120" in (await take_turn(fell, services)).text
        await until(lambda: "failed" in states(service), "the alert has failed")
        await server.up()
        await has_got(server, LIN, fall_of(service)[0])
        await until(lambda: states(service) == ["sent"], "and is on record as sent")


def states(service: Service) -> list[Any]:
    return [state for (state,) in service.rows("SELECT state FROM notices WHERE rung = '0s'")]
