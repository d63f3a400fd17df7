"""What the jobs process needs to know; bootstrap makes it from the settings."""

from dataclasses import dataclass

APPLICATION_VERSION = "1"
"""Raised by hand when the order of steps in a workflow changes.

DBOS's own default follows the source text, and resumes nothing after any edit. Workflows of an earlier
version are begun anew at launch: see `jobs/takeover.py`.
"""


@dataclass(frozen=True)
class JobsConfig:
    """`database_url` is DBOS's own, SQLite or PostgreSQL; `executor_id` is the same after a restart."""

    database_url: str
    executor_id: str
    application_version: str = APPLICATION_VERSION
    sweep_seconds: float = 1.0
    reconcile_seconds: float = 60.0
