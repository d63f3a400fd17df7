"""What recovery asks of the store: unanswered turns, open calls, and a try that only one line gets."""

import asyncio

from sqlalchemy import text

from hotline.callbacks import Callback
from hotline.sessions import CallSession, Turn
from store.database import Database
from tests.integration.store.samples import at, sample


async def save(database: Database, *records: object) -> None:
    async with database.unit_of_work() as uow:
        for record in records:
            uow.work.add(record)
        await uow.commit()


async def test_turns_without_a_way_are_unanswered_oldest_first(database: Database) -> None:
    await save(
        database,
        sample(Turn, turn_id="t3", number=3, path="", received_at=at(3)),
        sample(Turn, turn_id="t2", number=2, path="", received_at=at(2)),
        sample(Turn, turn_id="t1", number=1, path="", received_at=at(1)),
        sample(Turn, turn_id="t0", number=4, path="dialogue", received_at=at(1)),
    )
    async with database.unit_of_work() as uow:
        assert [turn.turn_id for turn in await uow.turns.unanswered(at(2.5))] == ["t1", "t2"]


async def test_looking_for_unanswered_turns_uses_the_index(database: Database) -> None:
    if not database.unit_of_work().work.on_postgresql:
        async with database.unit_of_work() as uow:
            query = (
                "EXPLAIN QUERY PLAN SELECT * FROM turns WHERE path = '' AND received_at < '2026' ORDER BY received_at"
            )
            plan = await uow.work.rows(text(query))
        assert any("ix_turns_path_received_at" in str(step["detail"]) for step in plan)


async def test_the_open_sessions_of_a_channel(database: Database) -> None:
    await save(
        database,
        sample(CallSession, session_id="s2", started_at=at(2), ended_at=None),
        sample(CallSession, session_id="s1", started_at=at(1), ended_at=None),
        sample(CallSession, session_id="s3", ended_at=at(3)),
        sample(CallSession, session_id="s4", channel="telegram", ended_at=None),
    )
    async with database.unit_of_work() as uow:
        assert [session.session_id for session in await uow.sessions.open_on("phone")] == ["s1", "s2"]


async def test_a_try_is_taken_once(database: Database) -> None:
    await save(database, sample(Callback, tries=0, tried_at=None))

    async def take(tries: int) -> bool:
        async with database.unit_of_work() as uow:
            won = await uow.callbacks.take_try("cbk_1", tries, at(5))
            await uow.commit()
            return won

    assert sum(await asyncio.gather(*(take(0) for _ in range(4)))) == 1
    async with database.unit_of_work() as uow:
        taken = await uow.callbacks.require("cbk_1")
        assert (taken.tries, taken.tried_at) == (1, at(5))
    assert await take(1)


async def test_what_is_done_is_tried_no_more(database: Database) -> None:
    await save(database, sample(Callback, status="done", tries=0))
    async with database.unit_of_work() as uow:
        assert not await uow.callbacks.take_try("cbk_1", 0, at(5))
