"""Making the workflows match the escalations: at launch, after an update, and once a minute.

DBOS resumes only what the same executor began under the same application version; `auto_upgrade`, its own way
to carry workflows over to a new one, belongs to a separate proprietary package. The hotline's database knows
all that a ladder needs (who was told at which rung), so a ladder that would not be resumed is begun anew.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from dbos import DBOS, WorkflowStatus

from hotline.escalation import Escalation
from hotline.ports import Services
from jobs import ladder
from jobs.config import JobsConfig

logger = logging.getLogger(__name__)

STUCK_SECONDS = 60.0
"""What a ladder may take longer than its longest wait, so that a slow machine is not taken for a stuck one."""

UNFINISHED = ["PENDING", "ENQUEUED", "DELAYED"]
FINISHED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


async def drop_left_behind(config: JobsConfig) -> list[str]:
    """Forget the ladders that nobody would resume: of another version, or of another executor."""
    unfinished = await DBOS.list_workflows_async(name=ladder.WORKFLOW, status=UNFINISHED, load_input=False)
    left = [w.workflow_id for w in unfinished if not _is_ours(w, config)]
    if left:
        logger.warning("%d ladders of another version or executor are begun anew", len(left))
        await DBOS.delete_workflows_async(left)
    return left


def _is_ours(workflow: WorkflowStatus, config: JobsConfig) -> bool:
    return workflow.app_version == config.application_version and workflow.executor_id in (
        config.executor_id,
        None,
    )


class Reconciler:
    """Sees to it, again and again, that every open escalation has a ladder that climbs.

    One may be on record as under way and yet be run by nobody, when what it did could not be written down. So one
    that tells nobody for longer than any of its waits, by the monotonic clock, is begun anew.
    """

    def __init__(self, services: Services, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._services, self._monotonic = services, monotonic
        self._seen: dict[str, tuple[int, float]] = {}

    async def look(self) -> None:
        """Once."""
        waiting = await _open(self._services)
        self._seen = {e.escalation_id: await self._told_at(e) for e in waiting}
        for escalation in waiting:
            if self._is_stuck(escalation):
                logger.error("escalation %s: its ladder is stuck, and is begun anew", escalation.escalation_id)
                await DBOS.delete_workflow_async(escalation.escalation_id)
                self._seen.pop(escalation.escalation_id)
            ended = await begin(escalation)
            if ended is not None:
                logger.error("escalation %s: its ladder ended as %s", escalation.escalation_id, ended)

    async def _told_at(self, escalation: Escalation) -> tuple[int, float]:
        """How often somebody was to be told, and since when it is so many times."""
        async with self._services.unit_of_work() as uow:
            count = len(await uow.notices.of(escalation.escalation_id))
        known = self._seen.get(escalation.escalation_id)
        return known if known and known[0] == count else (count, self._monotonic())

    def _is_stuck(self, escalation: Escalation) -> bool:
        timing = self._services.timing
        longest = timing.ladder(escalation.urgency).longest_wait + timing.wait(STUCK_SECONDS)
        return self._monotonic() - self._seen[escalation.escalation_id][1] > longest


async def begin(escalation: Escalation) -> str | None:
    """Start its ladder unless one is under way; gives how an earlier one had ended: at a claim that was given back."""
    known = await DBOS.list_workflows_async(workflow_ids=[escalation.escalation_id], load_input=False)
    if known and known[0].status in UNFINISHED:
        return None
    if known:
        await DBOS.delete_workflow_async(escalation.escalation_id)
    await ladder.start(escalation)
    return known[0].status if known else None


async def _open(services: Services) -> list[Escalation]:
    async with services.unit_of_work() as uow:
        return [e for e in await uow.escalations.open() if e.status == "open"]


async def forget_finished(before: datetime) -> None:
    """Delete the records of workflows that ended before `before`; they hold ids and times only."""
    done = await DBOS.list_workflows_async(
        status=FINISHED, completed_before=before.isoformat(), load_input=False, load_output=False
    )
    if done:
        await DBOS.delete_workflows_async([w.workflow_id for w in done])
