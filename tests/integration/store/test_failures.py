"""A database that is locked, full or away says StoreUnavailable, in time, and leaves nothing half done."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from hotline.errors import StoreUnavailable
from hotline.escalation import Escalation
from hotline.people import Operator
from hotline.sessions import CallSession
from store.database import Database
from tests.integration.store.samples import sample

BUSY_SECONDS = 0.2
WITHIN_SECONDS = 4.0  # well under the drivers' own limits, with room for a busy machine


@pytest.fixture
async def quick(url: str) -> AsyncIterator[Database]:
    database = Database(url, busy_seconds=BUSY_SECONDS)
    yield database
    await database.close()


@pytest.fixture
async def sqlite(sqlite_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{sqlite_path}", busy_seconds=BUSY_SECONDS)
    yield database
    await database.close()


async def write(database: Database, *items: Any) -> None:
    async with database.unit_of_work() as uow:
        for item in items:
            uow.sessions.add(item)
        await uow.commit()


async def operators_in(database: Database) -> list[str]:
    async with database.unit_of_work() as uow:
        return [operator.operator_id for operator in await uow.operators.all()]


async def test_a_locked_file_is_given_up_within_the_limit_and_works_again_afterwards(
    sqlite: Database, sqlite_path: Path
) -> None:
    with closing(sqlite3.connect(sqlite_path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        with pytest.raises(StoreUnavailable):
            await write(sqlite, sample(Operator))
        assert BUSY_SECONDS / 2 < time.monotonic() - began < WITHIN_SECONDS
        other.execute("ROLLBACK")
    await write(sqlite, sample(Operator))
    assert await operators_in(sqlite) == ["opr_1"]


async def test_many_callers_of_a_locked_file_do_not_wait_for_each_other(sqlite: Database, sqlite_path: Path) -> None:
    with closing(sqlite3.connect(sqlite_path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        results = await asyncio.gather(
            *(write(sqlite, sample(Operator, operator_id=f"opr_{n}")) for n in range(20)),
            return_exceptions=True,
        )
        assert all(isinstance(result, StoreUnavailable) for result in results)
        assert time.monotonic() - began < WITHIN_SECONDS
        other.execute("ROLLBACK")


async def test_giving_up_on_a_lock_is_at_once_and_leaves_no_lock_behind(sqlite_path: Path) -> None:
    patient = Database(f"sqlite:///{sqlite_path}", busy_seconds=2 * WITHIN_SECONDS)
    with closing(sqlite3.connect(sqlite_path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(write(patient, sample(Operator)), 0.05)
        assert time.monotonic() - began < WITHIN_SECONDS
        other.execute("ROLLBACK")
        await write(patient, sample(Operator, operator_id="opr_2"))
        other.execute("BEGIN IMMEDIATE")  # fails if the abandoned connection took the lock after all
        other.execute("ROLLBACK")
    assert await operators_in(patient) == ["opr_2"]
    await patient.close()


async def test_giving_up_at_any_moment_leaves_a_database_that_works(quick: Database) -> None:
    await write(quick, sample(Operator, operator_id="opr_0"))
    for number in range(1, 25):
        unit = asyncio.create_task(write(quick, sample(Operator, operator_id=f"opr_{number}")))
        for _ in range(number):  # the later, the further it has come
            await asyncio.sleep(0)
        unit.cancel()
        await asyncio.gather(unit, return_exceptions=True)
    await write(quick, sample(Operator, operator_id="opr_last"))
    assert {"opr_0", "opr_last"} <= set(await operators_in(quick))


async def test_a_full_disk_is_said_and_nothing_is_half_written(sqlite_path: Path) -> None:
    with closing(sqlite3.connect(sqlite_path)) as file:
        pages = file.execute("PRAGMA page_count").fetchone()[0]
    full = Database(f"sqlite:///{sqlite_path}", max_pages=pages + 1)
    records = [
        sample(Operator),
        sample(Escalation),
        *(sample(CallSession, session_id=f"ses_{n}", safe_times="长" * 3000) for n in range(5)),
    ]
    with pytest.raises(StoreUnavailable):
        await write(full, *records)
    await full.close()
    roomy = Database(f"sqlite:///{sqlite_path}")
    async with roomy.unit_of_work() as uow:
        assert await uow.operators.all() == []
        assert await uow.escalations.get("esc_1") is None
        assert await uow.sessions.get("ses_0") is None
    await write(roomy, *records)  # the same records, once there is room
    async with roomy.unit_of_work() as uow:
        assert (await uow.sessions.require("ses_4")).safe_times == "长" * 3000
    await roomy.close()


async def test_records_stay_readable_and_are_written_later_when_a_write_failed(sqlite_path: Path) -> None:
    url = f"sqlite:///{sqlite_path}"
    roomy = Database(url)
    await write(roomy, sample(CallSession, turns=1))
    with closing(sqlite3.connect(sqlite_path)) as file:
        pages = file.execute("PRAGMA page_count").fetchone()[0]
    full = Database(url, max_pages=pages)
    with pytest.raises(StoreUnavailable):
        async with full.unit_of_work() as uow:
            session = await uow.sessions.require("ses_1")
            session.turns = 2
            session.safe_times = "长" * 9000
            await uow.commit()
    assert (session.turns, session.address) == (2, "13800000901")
    session.safe_times = "短"
    await write(roomy, session)
    async with roomy.unit_of_work() as uow:
        saved = await uow.sessions.require("ses_1")
        assert (saved.turns, saved.safe_times) == (2, "短")
    await full.close()
    await roomy.close()


async def test_a_file_that_is_no_database_or_has_no_tables_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"not a database" * 1000)
    for name in ("broken.db", "without_tables.db", "no/such/folder.db"):
        database = Database(f"sqlite:///{tmp_path / name}")
        with pytest.raises(StoreUnavailable):
            await operators_in(database)
        await database.close()


async def test_an_outage_tells_no_words(sqlite_path: Path) -> None:
    with closing(sqlite3.connect(sqlite_path)) as file:
        pages = file.execute("PRAGMA page_count").fetchone()[0]
    full = Database(f"sqlite:///{sqlite_path}", max_pages=pages)
    with pytest.raises(StoreUnavailable) as caught:
        await write(full, sample(CallSession, address="13800000987", safe_times="老伴不在家" * 2000))
    assert "13800000987" not in f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__cause__}"
    assert "老伴" not in f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__cause__}"
    await full.close()


# --- PostgreSQL ----------------------------------------------------------------------------------------


@pytest.fixture
async def remote(postgres_database_url: str) -> AsyncIterator[Database]:
    database = Database(postgres_database_url, busy_seconds=BUSY_SECONDS)
    yield database
    await database.close()


@pytest.mark.postgres
async def test_a_server_that_is_away_is_unavailable(tmp_path: Path) -> None:
    database = Database(f"postgresql://postgres@/warmline?host={tmp_path}")
    with pytest.raises(StoreUnavailable):
        await operators_in(database)
    await database.close()


@pytest.mark.postgres
async def test_a_locked_table_is_given_up_within_the_limit(remote: Database, postgres_database_url: str) -> None:
    engine = create_engine(postgres_database_url)
    with engine.begin() as other:
        other.execute(text("LOCK TABLE operators IN ACCESS EXCLUSIVE MODE"))
        began = time.monotonic()
        with pytest.raises(StoreUnavailable):
            await write(remote, sample(Operator))
        assert time.monotonic() - began < WITHIN_SECONDS
    engine.dispose()
    await write(remote, sample(Operator))


@pytest.mark.postgres
async def test_a_connection_cut_in_the_middle_is_unavailable_once(remote: Database, postgres_database_url: str) -> None:
    await write(remote, sample(Operator))
    engine = create_engine(postgres_database_url, isolation_level="AUTOCOMMIT")
    others = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
    with pytest.raises(StoreUnavailable):
        async with remote.unit_of_work() as uow:
            uow.operators.add(sample(Operator, operator_id="opr_lost"))
            with engine.connect() as other:
                other.execute(text(f"SELECT pg_terminate_backend(pid) {others}"))
            await uow.commit()
    engine.dispose()
    assert await operators_in(remote) == ["opr_1"]


@pytest.mark.postgres
async def test_no_free_connection_is_unavailable(remote: Database) -> None:
    units = [remote.unit_of_work() for _ in range(20)]
    try:
        for unit in units:
            await unit.__aenter__()
        with pytest.raises(StoreUnavailable):
            await operators_in(remote)
    finally:
        for unit in units:
            await unit.__aexit__(None, None, None)
    assert await operators_in(remote) == []
