"""The app process: the action endpoint that Rasa calls, the Telegram bot and the jobs, on one event loop."""

import asyncio
import logging
from collections.abc import Collection, Coroutine
from typing import Any

from actions import provider
from actions.executor import executor
from bootstrap.endpoint import make_endpoint
from bootstrap.environment import prepare
from bootstrap.maintenance import purge_all
from bootstrap.services import open_services
from bootstrap.serving import serve
from bootstrap.settings import Settings
from bootstrap.stopping import until_stopped
from bootstrap.telegram import run_bot
from hotline import policy
from hotline.ports import Services
from jobs import runner
from jobs.config import JobsConfig
from store import upgrade

logger = logging.getLogger(__name__)

Work = Coroutine[Any, Any, None]


async def run_app(settings: Settings, roles: Collection[str]) -> None:
    """Run these roles (actions, bot, jobs) until SIGTERM or SIGINT. A role that fails ends the process."""
    prepare(settings)
    await asyncio.to_thread(upgrade, str(settings.database_url))
    async with open_services(settings) as services:
        await until_stopped(_roles(settings, roles, services))


def _roles(settings: Settings, roles: Collection[str], services: Services) -> list[Work]:
    work: list[Work] = []
    if "jobs" in roles:
        config = JobsConfig(str(settings.jobs_database_url), settings.executor_id)
        work.append(runner.run(config, services, lambda: _daily(settings, services)))
    if "bot" in roles and settings.telegram_token is not None:
        work.append(run_bot(settings, services))
    if "actions" in roles:
        work.append(serve_actions(settings, services))
    return work


async def _daily(settings: Settings, services: Services) -> None:
    counts = await purge_all(settings, services)
    logger.info("retention: %s", ", ".join(f"{name} {count}" for name, count in counts.items()))


async def serve_actions(settings: Settings, services: Services) -> None:
    """Serve the action endpoint until cancelled."""
    provider.set_services(services)
    policy.warm()
    await serve(make_endpoint(executor()), settings.host, settings.actions_port, "actions_port")
