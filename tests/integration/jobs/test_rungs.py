"""Which rung a ladder goes on with and how long it waits for it, without a workflow."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from hotline.ports import Services
from jobs.ladder import _first_untold, _latest_due, _until, provide, together, wait
from knowledge.ladder import Ladder, Rung

LADDER = Ladder(
    rungs=(
        Rung(after_seconds=0, tell=("ready_operators",)),
        Rung(after_seconds=10, tell=("supervisors", "first_contact")),
        Rung(after_seconds=30, tell=("all_operators", "supervisors"), investigate=True),
    ),
    then_every_seconds=20,
)


@pytest.mark.parametrize(
    ("first", "age_seconds", "latest"),
    [(0, 0, 0), (0, 9.9, 0), (0, 10, 1), (0, 49, 2), (0, 50, 3), (2, 5, 2)],
)
def test_the_latest_rung_that_is_due(first: int, age_seconds: float, latest: int) -> None:
    assert _latest_due(LADDER, first, age_seconds) == latest


def test_overdue_rungs_become_one_that_tells_everyone_once() -> None:
    rung = together(LADDER, 0, 2)
    assert rung.name == "30s"
    assert rung.tell == ("ready_operators", "supervisors", "first_contact", "all_operators")
    assert rung.investigate
    assert not together(LADDER, 0, 1).investigate


@pytest.mark.parametrize(
    ("number", "age_seconds", "wait_seconds"),
    [(1, 0, 10), (1, 4, 6), (2, 10, 20), (2, 40, 0), (1, -3600, 10), (2, -3600, 20), (3, -3600, 20)],
)
def test_no_wait_is_longer_than_the_way_from_the_rung_before(
    number: int, age_seconds: float, wait_seconds: float
) -> None:
    assert _until(LADDER, number, age_seconds) == wait_seconds
    assert LADDER.longest_wait == 20


async def test_a_wait_ends_although_the_clock_is_set_back_as_it_begins() -> None:
    now = datetime(2026, 11, 26, 8, tzinfo=UTC)
    provide(cast("Services", SimpleNamespace(clock=SimpleNamespace(now=lambda: now))))
    async with asyncio.timeout(5):
        await wait((now + timedelta(hours=1)).isoformat(), wait_seconds=0.01, due_seconds=10.0)
        await wait((now - timedelta(hours=1)).isoformat(), wait_seconds=60.0, due_seconds=10.0)


@pytest.mark.parametrize(
    ("states", "first"),
    [
        ({}, 0),
        ({"0s": {"sent"}}, 1),
        ({"0s": {"sent", "sending"}}, 0),
        ({"0s": {"sent"}, "10s": {"failed", "sent"}}, 1),
        ({"0s": {"failed"}, "10s": {"sent", "no_channel"}}, 2),
        ({"again:4": {"sent"}}, 0),
        ({"0s": {"sent"}, "10s": {"sent"}, "30s": {"sent"}}, 3),
    ],
)
def test_a_ladder_begun_anew_goes_on_after_what_is_on_record(states: dict[str, set[str]], first: int) -> None:
    assert _first_untold(LADDER, 2, states) == first
