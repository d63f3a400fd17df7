"""Passwords and signed-in browsers as they are kept, how long they last, and when trying is halted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FREE_FAILURES = 5
LOCK_SECONDS, LONGEST_LOCK_SECONDS = 60.0, 900.0
"""The lock after one failure too many; each further failure doubles it. Browsers already signed in are not locked."""
SHIFT_SECONDS = 12 * 3600.0
"""A sign-in ends after this, used or not: a shift, with the handing over."""
IDLE_SECONDS = 4 * 3600.0


@dataclass
class Credential:
    """An operator's password, as a hash, and what was tried against it. `failures` counts since the last success."""

    operator_id: str
    password_hash: str
    changed_at: datetime
    failures: int = 0
    locked_until: datetime | None = None


@dataclass
class SignIn:
    """One browser that is signed in. `sign_in_id` is the hash of the secret in its cookie; `csrf` comes back with
    every change that it asks for.
    """

    sign_in_id: str
    operator_id: str
    csrf: str
    began_at: datetime
    seen_at: datetime


def count_failure(credential: Credential, now: datetime) -> None:
    """One more try that has not succeeded; after too many nobody may try for a while."""
    credential.failures += 1
    if credential.failures >= FREE_FAILURES:
        doublings = min(credential.failures - FREE_FAILURES, 10)
        credential.locked_until = now + timedelta(seconds=min(LOCK_SECONDS * 2**doublings, LONGEST_LOCK_SECONDS))


def is_over(known: SignIn, now: datetime) -> bool:
    """Whether the browser has to sign in again."""
    since_began, since_seen = now - known.began_at, now - known.seen_at
    return since_began > timedelta(seconds=SHIFT_SECONDS) or since_seen > timedelta(seconds=IDLE_SECONDS)
