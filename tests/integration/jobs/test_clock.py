"""The ladder while the machine's clock jumps, by libfaketime: nobody waits for it, nobody is told twice."""

import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.integration.jobs.test_ladder import (
    LIMIT_SECONDS,
    SCALE,
    SLACK_SECONDS,
    folder,
    jobs,
    raised,
    steps,
    store,
    told,
    wait_for,
    who,
)

__all__ = ["folder"]  # the fixture

LIBRARY = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)
HOUR = 3600

pytestmark = pytest.mark.skipif(LIBRARY is None, reason="libfaketime is not installed (make test-deps)")


class Clock:
    """The wall clock of a process that runs under libfaketime."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.set(0)

    def set(self, offset_seconds: int) -> None:
        self._file.write_text(f"{offset_seconds:+d}")

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }


def nobody_is_told_twice(folder: Path) -> None:
    times = Counter((line["person"], line["rung"]) for line in told(folder))
    assert set(times.values()) == {1}, times


@pytest.mark.parametrize("jump", [-HOUR, HOUR], ids=["back", "forward"])
def test_a_clock_that_jumps_delays_no_rung(folder: Path, jump: int) -> None:
    clock = Clock(folder)
    with jobs(folder, extra=clock.environment):
        store(folder, raised())
        wait_for(lambda: "climb_due" in steps(folder), "the ready operator is told")
        clock.set(jump)
        jumped = time.monotonic()
        wait_for(lambda: "op_away" in who(told(folder)), "everyone is told")
        took = time.monotonic() - jumped
    assert took < 180 * SCALE + SLACK_SECONDS
    assert "op_boss" in who(told(folder))
    nobody_is_told_twice(folder)


def test_a_clock_that_is_behind_after_a_power_cut_stops_no_ladder(folder: Path) -> None:
    """Resumed, it would sleep until the hour has passed once more."""
    clock = Clock(folder)
    with jobs(folder, extra=clock.environment) as process:
        store(folder, raised())
        wait_for(lambda: "climb_due" in steps(folder), "the ready operator is told")
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=LIMIT_SECONDS)
    clock.set(-HOUR)
    with jobs(folder, extra=clock.environment):
        wait_for(lambda: told(folder, "60s"), "the supervisor is told")
        wait_for(lambda: "op_away" in who(told(folder)), "everyone is told")
    assert who(told(folder, "0s")) == ["op_ready"]
    nobody_is_told_twice(folder)
