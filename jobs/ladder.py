"""The ladder of an escalation as a durable workflow: it waits for each rung, across crashes, to the end."""

import asyncio
import logging
from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from dbos import DBOS, SetWorkflowID

from hotline import ladder as rungs
from hotline.escalation import Escalation
from hotline.ports import Services
from jobs.faults import named
from knowledge.ladder import Ladder, Rung

logger = logging.getLogger(__name__)

WORKFLOW = "ladder"
RETRY_SECONDS = 5.0
MAX_TRIES = 5
UNSETTLED = {"failed", "sending"}
"""Notices to look after once more: not delivered, or begun by a process that may have died."""

CLIMB_LIMIT_SECONDS = 30.0

_provided: list[Services] = []


@dataclass(frozen=True)
class Next:
    """What to do next: climb rung `number` in `wait_seconds`, when the escalation is `due_seconds` old; `tried` counts
    the tries it already had.
    """

    number: int = 0
    wait_seconds: float = 0.0
    due_seconds: float = 0.0
    tried: int = 0
    over: bool = False


def provide(services: Services) -> None:
    """Hand in what the steps use; DBOS calls them with their recorded arguments only."""
    _provided[:] = [services]


async def start(escalation: Escalation) -> None:
    """Start the ladder; a second time is harmless, because the workflow's id is the escalation's."""
    with SetWorkflowID(escalation.escalation_id):
        await DBOS.start_workflow_async(
            climb_ladder, escalation.escalation_id, escalation.urgency, escalation.raised_at.isoformat()
        )


@DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)
async def climb_ladder(escalation_id: str, urgency: str, raised_at: str) -> None:
    """Rung after rung until a person has claimed it: there is no other end.

    Whatever depends on the clock or the database is decided inside the recorded step, so that a resumed
    ladder takes the same way. Deadlines count from `raised_at`: a crash does not move them.
    """
    step = Next()
    while not step.over:
        await wait(raised_at, step.wait_seconds, step.due_seconds)
        step = Next(**await climb_due(escalation_id, urgency, raised_at, step.number, step.tried))


@DBOS.step(name="wait")
async def wait(raised_at: str, wait_seconds: float, due_seconds: float) -> None:
    """Sleep until the escalation is `due_seconds` old, or `wait_seconds`, whichever is sooner.

    `DBOS.sleep` writes a moment of the wall clock down and reads that clock again: were it set back in between, the
    sleep would last until it has caught up.
    """
    await asyncio.sleep(min(wait_seconds, due_seconds - _age_seconds(raised_at)))


def _age_seconds(raised_at: str) -> float:
    return (_provided[0].clock.now() - datetime.fromisoformat(raised_at)).total_seconds()


@DBOS.step(name="climb_due")
async def climb_due(escalation_id: str, urgency: str, raised_at: str, number: int, tried: int) -> dict[str, Any]:
    """Climb what is due from rung `number` on, as one rung; says what is next.

    Errors never end a ladder: a rung that failed is tried again, a few times if people could not be
    reached, as often as it takes if the database was away.
    """
    services, age_seconds = _provided[0], _age_seconds(raised_at)
    ladder = services.timing.ladder(urgency)
    try:
        async with asyncio.timeout(CLIMB_LIMIT_SECONDS):
            return asdict(await _climb(escalation_id, ladder, Next(number, tried=tried), age_seconds, services))
    except Exception as error:  # whatever it is: the ladder goes on
        logger.error("escalation %s: rung not climbed: %s", escalation_id, named(error))
        return asdict(_next(number, services.timing.wait(RETRY_SECONDS), age_seconds, tried))


def _next(number: int, wait_seconds: float, age_seconds: float, tried: int = 0) -> Next:
    return Next(number, wait_seconds, age_seconds + wait_seconds, tried)


async def _climb(escalation_id: str, ladder: Ladder, step: Next, age_seconds: float, services: Services) -> Next:
    latest = _latest_due(ladder, step.number, age_seconds)
    first = step.number or _first_untold(ladder, latest, await _states(escalation_id, services))
    if first > latest:
        return _next(first, _until(ladder, first, age_seconds), age_seconds)
    rung = together(ladder, first, latest)
    result = await rungs.climb(escalation_id, rung, services)
    if result.over:
        return Next(over=True)
    until_next = _until(ladder, latest + 1, age_seconds)
    unsettled = UNSETTLED & (await _states(escalation_id, services)).get(rung.name, set())
    if unsettled and step.tried + 1 < MAX_TRIES:
        again = min(services.timing.wait(RETRY_SECONDS), until_next)
        return _next(step.number, again, age_seconds, step.tried + 1)
    return _next(latest + 1, until_next, age_seconds)


def _until(ladder: Ladder, number: int, age_seconds: float) -> float:
    """To rung `number`, counted from when the escalation was raised; never more than from the rung before it, so that
    nobody waits for a clock that was set back.
    """
    due = ladder.rung(number).after_seconds
    return max(0.0, min(due - age_seconds, due - ladder.rung(number - 1).after_seconds))


async def _states(escalation_id: str, services: Services) -> dict[str, set[str]]:
    """What became of the notices of each rung."""
    states: dict[str, set[str]] = defaultdict(set)
    async with services.unit_of_work() as uow:
        for notice in await uow.notices.of(escalation_id):
            states[notice.rung].add(notice.state)
    return states


def _first_untold(ladder: Ladder, latest: int, states: dict[str, set[str]]) -> int:
    """Where a ladder begins that is started late or anew: after the last rung whose people were all told, also one
    that is not due yet by a clock that was set back.
    """
    for number in range(max(latest, len(ladder.rungs) - 1), -1, -1):
        told = states.get(ladder.rung(number).name)
        if told and not told & UNSETTLED:
            return number + 1
    return 0


def _latest_due(ladder: Ladder, number: int, age_seconds: float) -> int:
    while ladder.rung(number + 1).after_seconds <= age_seconds:
        number += 1
    return number


def together(ladder: Ladder, first: int, last: int) -> Rung:
    """Rungs `first` to `last` as one, under the last one's name: after an outage everyone is told once."""
    rungs = [ladder.rung(number) for number in range(first, last + 1)]
    groups = tuple(dict.fromkeys(group for rung in rungs for group in rung.tell))
    return rungs[-1].model_copy(update={"tell": groups, "investigate": any(rung.investigate for rung in rungs)})
