"""Several processes at once, each with connections of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from hotline import ring_out
from hotline.booking import BookVisit, VisitOrder, book
from hotline.callbacks import Callback
from hotline.errors import TimeTaken
from hotline.escalation import Escalation
from hotline.people import Elder, Operator
from hotline.sessions import CallSession
from store.database import Database
from tests.integration.store.samples import NOON, at, sample

NOBODY: Any = None


class NoonClock:
    def now(self) -> Any:
        return NOON


def services_of(database: Database) -> Any:
    from hotline.live import LiveSessions
    from hotline.ports import Services
    from hotline.timing import Timing

    return Services(NoonClock(), database.unit_of_work, NOBODY, NOBODY, NOBODY, Timing(), LiveSessions())


@pytest.fixture
async def processes(url: str) -> AsyncIterator[list[Database]]:
    databases = [Database(url, busy_seconds=20.0) for _ in range(8)]
    yield databases
    for database in databases:
        await database.close()


async def save(database: Database, *items: Any) -> None:
    async with database.unit_of_work() as uow:
        for item in items:
            uow.sessions.add(item)
        await uow.commit()


def visit(turn_id: str, starts: float = 24) -> BookVisit:
    return BookVisit(
        session_id="ses_1",
        turn_id=turn_id,
        service="bathing",
        starts_at=at(starts),
        ends_at=at(starts + 1),
        name="贺兰芝",
        phone="13800000901",
        elder_id="eld_1",
    )


async def orders_in(database: Database) -> list[VisitOrder]:
    async with database.unit_of_work() as uow:
        return await uow.orders.by_session("ses_1")


async def test_of_eight_bookings_at_one_time_exactly_one_wins(processes: list[Database]) -> None:
    await save(processes[0], sample(CallSession, outcome=None), sample(Elder))
    booked = await asyncio.gather(
        *(book(visit(f"t{number}"), services_of(database)) for number, database in enumerate(processes)),
        return_exceptions=True,
    )
    winners = [result for result in booked if isinstance(result, VisitOrder)]
    assert len(winners) == 1
    taken = [result for result in booked if isinstance(result, TimeTaken)]
    assert [result.order_id for result in taken] == [winners[0].order_id] * 7
    assert [order.order_id for order in await orders_in(processes[0])] == [winners[0].order_id]


async def test_eight_deliveries_of_one_turn_book_once_and_all_say_so(processes: list[Database]) -> None:
    await save(processes[0], sample(CallSession, outcome=None), sample(Elder))
    booked = await asyncio.gather(*(book(visit("t1"), services_of(database)) for database in processes))
    assert len({order.order_id for order in booked}) == 1
    assert len(await orders_in(processes[0])) == 1


async def test_five_writers_at_once_all_get_through(processes: list[Database]) -> None:
    async def write(name: str, database: Database) -> None:
        for number in range(10):
            async with database.unit_of_work() as uow:
                await uow.operators.all()  # read, then write: what made deferred transactions fail
                uow.operators.add(sample(Operator, operator_id=f"{name}_{number:02}"))
                await uow.commit()

    await asyncio.gather(*(write(f"opr_{index}", database) for index, database in enumerate(processes[:5])))
    async with processes[0].unit_of_work() as uow:
        assert len(await uow.operators.all()) == 50


async def test_many_units_of_work_of_one_process_follow_each_other(database: Database) -> None:
    await save(database, sample(CallSession, turns=0))

    async def count() -> None:
        async with database.unit_of_work() as uow:
            session = await uow.work.get(CallSession, "ses_1")
            await uow.orders.lock("one at a time")
            session = await uow.work.get(CallSession, "ses_1", fresh=True)
            assert session is not None
            session.turns += 1
            await uow.commit()

    await asyncio.gather(*(count() for _ in range(32)))
    async with database.unit_of_work() as uow:
        assert (await uow.sessions.require("ses_1")).turns == 32


async def test_of_two_claims_at_once_one_wins(processes: list[Database]) -> None:
    free = {"claimed_by": None, "claimed_at": None, "status": "open"}
    await save(processes[0], sample(Escalation, **free))

    async def claim(operator_id: str, database: Database) -> bool:
        async with database.unit_of_work() as uow:
            won = await uow.escalations.claim("esc_1", operator_id, NOON)
            await uow.commit()
            return won

    names = [f"opr_{number}" for number in range(8)]
    won = await asyncio.gather(*map(claim, names, processes))
    assert sum(won) == 1
    async with processes[0].unit_of_work() as uow:
        assert (await uow.escalations.require("esc_1")).claimed_by == names[won.index(True)]


async def test_of_eight_lines_one_rings_a_callback_and_again_only_when_it_is_given_up(
    processes: list[Database],
) -> None:
    session = sample(CallSession, address="13800000901", ended_at=NOON, pinned_now=None, operator_id=None)
    unheld = {"handed_at": None, "rung_until": None}
    waiting = sample(Callback, session_id="ses_1", number=session.address, tries=0, hold=False, due_at=at(-1), **unheld)
    await save(processes[0], session, waiting, sample(Elder, phone="13800000999"))

    async def lines_take() -> list[bool]:
        async def take(database: Database) -> bool:
            services = services_of(database)
            due = await ring_out.due(services)
            return bool(due) and await ring_out.take(due[0], services) is not None

        return list(await asyncio.gather(*(take(database) for database in processes)))

    assert sum(await lines_take()) == 1
    assert sum(await lines_take()) == 0  # it is being rung
    async with processes[0].unit_of_work() as uow:
        (await uow.callbacks.require("cbk_1")).rung_until = NOON
        assert [one.number for one in await uow.callback_tries.of("cbk_1")] == [1]
        await uow.commit()
    assert sum(await lines_take()) == 1  # whoever had it was killed
