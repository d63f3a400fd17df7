"""A jobs process for the tests: real DBOS, real database, a notifier that writes to a file. Run by path.

Arguments: data folder, application version, time scale. Says "launched" when it is.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from bootstrap.clock import SystemClock
from bootstrap.services import build_services, open_database
from bootstrap.settings import Settings
from bootstrap.stopping import until_stopped
from hotline.ports import Delivery
from jobs import runner
from jobs.config import JobsConfig
from jobs.errors import AlreadyRunning


class FileNotifier:
    """Writes whom it told, when and at which rung; `failures` in the folder makes it fail that often."""

    def __init__(self, folder: Path, clock: SystemClock) -> None:
        self._folder, self._clock = folder, clock

    def _write(self, person: str, escalation: Any, rung: str) -> Delivery:
        failures = self._folder / "failures"
        left = int(failures.read_text()) if failures.exists() else 0
        if left:
            failures.write_text(str(left - 1))
        state = "failed" if left else "sent"
        line = {"person": person, "rung": rung, "at": self._clock.now().isoformat(), "state": state}
        with (self._folder / "told.jsonl").open("a") as file:
            file.write(json.dumps({**line, "escalation": escalation.escalation_id}) + "\n")
        return Delivery(state)

    async def alert(self, operator: Any, escalation: Any, rung: str) -> Delivery:
        return self._write(operator.operator_id, escalation, rung)

    async def tell_contact(self, contact: Any, escalation: Any) -> Delivery:
        return self._write(contact.contact_id, escalation, "contact")

    async def say(self, session: Any, text: str) -> Delivery:
        return Delivery("sent")

    async def relay(self, operator: Any, session: Any, text: str) -> Delivery:
        return Delivery("sent")


class NoDialogue:
    """The jobs never ask the dialogue engine."""


async def main(folder: Path, version: str, scale: float) -> None:
    settings = Settings(data_dir=folder, time_scale=scale)
    clock, database = SystemClock(settings.zone), open_database(settings)
    notifier: Any = FileNotifier(folder, clock)
    dialogue: Any = NoDialogue()
    services = build_services(settings, database, notifier, dialogue, clock)
    config = JobsConfig(str(settings.jobs_database_url), "jobs-1", version, sweep_seconds=0.1, reconcile_seconds=0.5)
    launched = runner.run(config, services, _nothing, lambda: print("launched", flush=True))  # noqa: T201  # the test reads it
    await until_stopped([launched])


async def _nothing() -> None:
    return


if __name__ == "__main__":
    try:
        asyncio.run(main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])))
    except AlreadyRunning as error:
        sys.exit(str(error))
