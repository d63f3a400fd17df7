"""Making the workflows match the escalations: at launch, after an update, and once a minute.

DBOS resumes only what the same executor began under the same application version; `auto_upgrade`, its own way
to carry workflows over to a new one, belongs to a separate proprietary package. The hotline's database knows
all that a ladder needs (who was told at which rung), so a ladder that would not be resumed is begun anew.
"""

import logging
from datetime import datetime

from dbos import DBOS, WorkflowStatus

from hotline.escalation import Escalation
from hotline.ports import Services
from jobs import ladder
from jobs.config import JobsConfig

logger = logging.getLogger(__name__)

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


async def reconcile(services: Services) -> None:
    """Start a ladder for every open escalation that has none under way, whatever became of it."""
    for escalation in await _open(services):
        ended = await begin(escalation)
        if ended is not None:
            logger.error("escalation %s: its ladder ended as %s", escalation.escalation_id, ended)


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
