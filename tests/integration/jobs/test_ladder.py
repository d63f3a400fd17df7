"""The ladder under `kill -9`, updates, a second process, a claim: real DBOS, in processes of their own."""

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dbos import DBOSClient

from bootstrap.services import open_database
from bootstrap.settings import Settings
from hotline.escalation import Escalation
from hotline.people import Operator
from store import upgrade

ROOT = Path(__file__).parents[3]
PROCESS = Path(__file__).with_name("process.py")
ZONE = ZoneInfo("Asia/Shanghai")
LIMIT_SECONDS = 40.0
SCALE = 0.1
"""The 60 s rung comes after 6 s: long enough to be killed in between, on a busy machine too."""

SLACK_SECONDS = 4.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    settings = Settings(data_dir=tmp_path)
    upgrade(str(settings.database_url))
    store(tmp_path, *people())
    return tmp_path


def people() -> list[Any]:
    return [
        Operator("op_ready", "甲", status="ready"),
        Operator("op_boss", "乙", role="supervisor"),
        Operator("op_away", "丙"),
    ]


REPOSITORIES = {Operator: "operators", Escalation: "escalations"}


def store(folder: Path, *items: Any) -> None:
    async def write() -> None:
        database = open_database(Settings(data_dir=folder))
        try:
            async with database.unit_of_work() as uow:
                for item in items:
                    getattr(uow, REPOSITORIES[type(item)]).add(item)
                await uow.commit()
        finally:
            await database.close()

    asyncio.run(write())


def raised(escalation_id: str = "esc_1", seconds_ago: float = 0.0) -> Escalation:
    at = datetime.now(ZONE) - timedelta(seconds=seconds_ago)
    return Escalation(escalation_id, "ses_1", f"turn_{escalation_id}", 1, "fall", "now", at)


def claimed(folder: Path, escalation_id: str = "esc_1") -> bool:
    async def write() -> bool:
        database = open_database(Settings(data_dir=folder))
        try:
            async with database.unit_of_work() as uow:
                won = await uow.escalations.claim(escalation_id, "op_ready", datetime.now(ZONE))
                await uow.commit()
                return won
        finally:
            await database.close()

    return asyncio.run(write())


@contextmanager
def jobs(
    folder: Path, version: str = "1", scale: float = SCALE, extra: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A launched jobs process; killed at the end if it still runs."""
    process = start(folder, version, scale, extra)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "launched\n", process.communicate()[1]
        yield process
    finally:
        process.kill()
        process.communicate()


def start(
    folder: Path, version: str = "1", scale: float = SCALE, extra: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    command = [sys.executable, str(PROCESS), str(folder), version, str(scale)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    env.update(extra or {})
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def told(folder: Path, rung: str | None = None) -> list[dict[str, Any]]:
    file = folder / "told.jsonl"
    lines = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    return [line for line in lines if rung is None or line["rung"] == rung]


def wait_for(condition: Callable[[], Any], what: str) -> None:
    """Poll until it holds; the tests' one way of waiting."""
    end = time.monotonic() + LIMIT_SECONDS
    while not condition():
        assert time.monotonic() < end, f"not within {LIMIT_SECONDS:g} s: {what}"
        time.sleep(0.05)


def who(lines: list[dict[str, Any]]) -> list[str]:
    return sorted(line["person"] for line in lines)


def seconds_after(line: dict[str, Any], escalation: Escalation) -> float:
    return (datetime.fromisoformat(line["at"]) - escalation.raised_at).total_seconds()


@pytest.mark.parametrize("version_after", ["1", "2"], ids=["same-version", "after-an-update"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=["kill-9", "stopped"])
def test_a_ladder_survives_with_its_deadlines(folder: Path, version_after: str, how: signal.Signals) -> None:
    with jobs(folder) as process:
        escalation = raised()
        store(folder, escalation)
        wait_for(lambda: "climb_due" in steps(folder), "the ready operator is told, and that is on record")
        process.send_signal(how)
        process.wait(timeout=LIMIT_SECONDS)
        assert not told(folder, "60s")
    with jobs(folder, version_after):
        back = (datetime.now(ZONE) - escalation.raised_at).total_seconds()
        wait_for(lambda: told(folder, "60s"), "the supervisor is told")
        wait_for(lambda: len(told(folder, "180s")) == 3, "everyone is told")
    assert who(told(folder, "0s")) == ["op_ready"]
    assert who(told(folder, "60s")) == ["op_boss"]
    assert 60 * SCALE <= seconds_after(told(folder, "60s")[0], escalation) <= max(60 * SCALE, back) + SLACK_SECONDS
    assert who(told(folder, "180s")) == ["op_away", "op_boss", "op_ready"]


def test_after_a_long_outage_everyone_is_told_once_and_the_ladder_goes_on(folder: Path) -> None:
    with jobs(folder):
        store(folder, raised(seconds_ago=90 * SCALE))
        wait_for(lambda: told(folder, "180s"), "the ladder goes on")
    assert not told(folder, "0s")
    assert who(told(folder, "60s")) == ["op_boss", "op_ready"]


def test_a_second_process_refuses_and_the_first_goes_on(folder: Path) -> None:
    with jobs(folder):
        second = start(folder)
        _, errors = second.communicate(timeout=LIMIT_SECONDS)
        assert second.returncode != 0
        assert "Another jobs process uses this database" in errors
        store(folder, raised())
        wait_for(lambda: told(folder, "60s"), "the first one climbs")
    assert who(told(folder, "60s")) == ["op_boss"]


def test_a_claim_ends_it(folder: Path) -> None:
    with jobs(folder):
        store(folder, raised(), raised("esc_other"))
        wait_for(lambda: len(told(folder, "0s")) == 2, "both begin")
        assert claimed(folder)
        wait_for(lambda: told(folder, "60s"), "the other one climbs")
        wait_for(lambda: "SUCCESS" in statuses(folder), "the claimed one ends")
    assert [line["escalation"] for line in told(folder, "60s")] == ["esc_other"]
    assert statuses(folder, "esc_other") == ["PENDING"]


@contextmanager
def client(folder: Path) -> Iterator[DBOSClient]:
    made = DBOSClient(system_database_url=f"sqlite:///{folder / 'jobs.db'}")
    try:
        yield made
    finally:
        made.destroy()


def statuses(folder: Path, escalation_id: str = "esc_1") -> list[str]:
    with client(folder) as records:
        return [w.status for w in records.list_workflows(workflow_ids=[escalation_id])]


def steps(folder: Path, escalation_id: str = "esc_1") -> list[str]:
    with client(folder) as records:
        if not records.list_workflows(workflow_ids=[escalation_id]):
            return []
        return [step["function_name"] for step in records.list_workflow_steps(escalation_id)]


def test_a_ladder_started_twice_is_one_ladder(folder: Path) -> None:
    with jobs(folder):
        store(folder, raised())
        wait_for(lambda: "climb_due" in steps(folder), "it begins")
        sql(folder, "UPDATE escalations SET ladder_started_at = NULL")
        wait_for(lambda: sql(folder, "SELECT ladder_started_at FROM escalations") != [(None,)], "started again")
        wait_for(lambda: len(told(folder, "180s")) == 3, "it climbs")
    assert who(told(folder, "0s")) == ["op_ready"]
    assert who(told(folder, "60s")) == ["op_boss"]


def sql(folder: Path, statement: str) -> list[Any]:
    with closing(sqlite3.connect(folder / "warmline.db", timeout=30)) as database, database:
        return database.execute(statement).fetchall()


def test_a_locked_database_silences_no_rung_and_loses_none(folder: Path) -> None:
    with jobs(folder):
        escalation = raised()
        store(folder, escalation)
        wait_for(lambda: "climb_due" in steps(folder), "it begins")
        with closing(sqlite3.connect(folder / "warmline.db", timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            wait_for(lambda: told(folder, "60s"), "the supervisor is told from memory")
            assert seconds_after(told(folder, "60s")[0], escalation) >= 60 * SCALE
            wait_for(lambda: steps(folder).count("climb_due") >= 4, "it goes on trying")
            assert who(told(folder, "60s")) == ["op_boss"]
            other.rollback()
        wait_for(lambda: sql(folder, "SELECT 1 FROM notices WHERE recipient_id = 'op_boss'"), "recorded")


def test_failed_deliveries_are_tried_again_before_the_next_rung(folder: Path) -> None:
    (folder / "failures").write_text("2")
    with jobs(folder, scale=0.05):
        store(folder, raised())
        wait_for(lambda: told(folder, "60s"), "the next rung")
    assert [line["state"] for line in told(folder, "0s")] == ["failed", "failed", "sent"]


def test_lost_workflows_are_begun_anew(folder: Path) -> None:
    with jobs(folder):
        store(folder, raised())
        wait_for(lambda: "climb_due" in steps(folder), "it begins")
    for path in folder.glob("jobs.db*"):
        path.unlink()
    with jobs(folder):
        wait_for(lambda: told(folder, "60s"), "the supervisor is told")
    assert who(told(folder, "0s")) == ["op_ready"]
    assert who(told(folder, "60s")) == ["op_boss"]


def test_a_ladder_that_only_seems_to_climb_is_begun_anew(folder: Path) -> None:
    """On record as under way, but run by nobody: what is left when its process could not write down how it ended."""
    with jobs(folder):
        store(folder, raised("esc_0"))
        wait_for(lambda: told(folder, "0s"), "a ladder is on record")
        assert claimed(folder, "esc_0")
        as_if_under_way(folder, "esc_0", "esc_1")
        store(folder, raised("esc_1"))
        wait_for(lambda: any(line["escalation"] == "esc_1" for line in told(folder)), "somebody is told of it")


def as_if_under_way(folder: Path, known: str, escalation_id: str) -> None:
    """A copy of a ladder's record under another id."""
    with closing(sqlite3.connect(folder / "jobs.db", timeout=LIMIT_SECONDS)) as database, database:
        names = [row[1] for row in database.execute("PRAGMA table_info(workflow_status)")]
        taken = ", ".join({"workflow_uuid": ":new", "status": "'PENDING'"}.get(name, name) for name in names)
        database.execute(
            f"INSERT INTO workflow_status ({', '.join(names)}) SELECT {taken} FROM workflow_status"
            " WHERE workflow_uuid = :known",
            {"new": escalation_id, "known": known},
        )
