"""The jobs process: launches DBOS in the running loop, starts ladders, sweeps, forgets what is too old."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from dbos import DBOS, DBOSConfig

from hotline import outbox, recovery, ring_out
from hotline.attendance import Attendance
from hotline.ports import Services
from hotline.sessions import Channel
from jobs import ladder, takeover
from jobs.config import JobsConfig
from jobs.faults import named
from jobs.lock import only_one

logger = logging.getLogger(__name__)

DAY_SECONDS = 86_400.0

Daily = Callable[[], Awaitable[object]]


async def run(
    config: JobsConfig, services: Services, daily: Daily, launched: Callable[[], None] = lambda: None
) -> None:
    """Run the jobs until cancelled. Raises AlreadyRunning when another process does."""
    async with only_one(config.database_url) as still_held:
        ladder.provide(services)
        await launch(config)
        try:
            await takeover.drop_left_behind(config)
            launched()
            attendance, reconciler = Attendance(services), takeover.Reconciler(services)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(_every(config.sweep_seconds, lambda: sweep(services)))
                tasks.create_task(_every(config.sweep_seconds, lambda: _send_waiting(services)))
                tasks.create_task(_every(config.sweep_seconds, lambda: ring_out.hand_over_due(services)))
                tasks.create_task(_every(config.sweep_seconds, attendance.look))
                tasks.create_task(_every(config.reconcile_seconds, reconciler.look))
                tasks.create_task(_every(DAY_SECONDS, lambda: _once_a_day(daily, services)))
                tasks.create_task(_while_held(config.sweep_seconds, still_held))
        finally:
            logging.getLogger("dbos").setLevel(logging.CRITICAL)  # each waiting ladder would say it was cancelled
            DBOS.destroy()


async def launch(config: JobsConfig) -> None:
    """Launch DBOS here: with a running loop at launch, workflows run on that loop, where `services` live."""
    DBOS(config=_dbos_config(config))
    DBOS.launch()


def _dbos_config(config: JobsConfig) -> DBOSConfig:
    """Nothing leaves the machine: no conductor, no telemetry; only warnings are logged."""
    return DBOSConfig(
        name="warmline",
        system_database_url=config.database_url,
        application_version=config.application_version,
        executor_id=config.executor_id,
        log_level="WARNING",
        enable_otlp=False,
    )


async def sweep(services: Services) -> None:
    """Replay the spool, act on overdue danger checks; start missing ladders whatever became of the rest."""
    try:
        await recovery.sweep(services)
    finally:
        await start_missing(services)


async def _send_waiting(services: Services) -> None:
    """On its own: while Telegram is away each message takes seconds, and the sweep must not wait for them."""
    await outbox.send_waiting(Channel.TELEGRAM, services)


async def start_missing(services: Services) -> None:
    """Start the ladder of every open escalation that has none on record."""
    async with services.unit_of_work() as uow:
        waiting = await uow.escalations.without_ladder()
    for escalation in waiting:
        await takeover.begin(escalation)
        async with services.unit_of_work() as uow:
            (await uow.escalations.require(escalation.escalation_id)).ladder_started_at = services.clock.now()
            await uow.commit()


async def _once_a_day(daily: Daily, services: Services) -> None:
    await daily()
    await takeover.forget_finished(services.clock.now() - timedelta(seconds=DAY_SECONDS))


async def _every(seconds: float, work: Callable[[], Awaitable[object]]) -> None:
    """Again and again. What goes wrong is logged when it begins and when it is over, and tried again."""
    wrong = ""
    while True:
        try:
            await work()
            now_wrong = ""
        except Exception as error:  # a locked database must not stop the ladders
            now_wrong = named(error)
        if now_wrong != wrong:
            logger.error("jobs: %s", f"{now_wrong}, trying again" if now_wrong else f"over: {wrong}")
            wrong = now_wrong
        await asyncio.sleep(seconds)


async def _while_held(seconds: float, still_held: Callable[[], Awaitable[None]]) -> None:
    while True:
        await still_held()
        await asyncio.sleep(seconds)
