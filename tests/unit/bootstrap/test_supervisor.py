"""The supervisor with real processes: restarts, order of stopping, and nothing left behind by `kill -9`."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from bootstrap import supervisor as module
from bootstrap.supervisor import Child, Supervisor

ROOT = Path(__file__).parents[3]
WAITS = "import signal; signal.pause()"
LIMIT_SECONDS = 30.0
SUPERVISES = """
import asyncio, sys
from bootstrap.supervisor import Child, Supervisor
code = "import os, signal; print(os.getpid(), flush=True); signal.pause()"
child = Child("one", [sys.executable, "-c", code], {})
asyncio.run(Supervisor([child], lambda line: None).run_until_signal())
"""


def child(name: str, code: str = WAITS, ready: Any = None) -> Child:
    return Child(name, [sys.executable, "-c", code], dict(os.environ), ready)


class Lines(list[str]):
    """What was said; `until` waits for a line that contains the words."""

    def __init__(self) -> None:
        super().__init__()
        self._more = asyncio.Event()

    def say(self, line: str) -> None:
        self.append(line)
        self._more.set()

    async def until(self, words: str, count: int = 1) -> str:
        async with asyncio.timeout(LIMIT_SECONDS):
            while len(found := [line for line in self if words in line]) < count:
                self._more.clear()
                await self._more.wait()
        return found[count - 1]


@contextlib.asynccontextmanager
async def running(*children: Child) -> AsyncIterator[tuple[Supervisor, Lines]]:
    lines = Lines()
    supervisor = Supervisor(children, lines.say)
    task = asyncio.create_task(supervisor.run())
    try:
        yield supervisor, lines
    finally:
        supervisor.stop.set()
        await task


def pid(line: str) -> int:
    return int(line.rpartition(" ")[2])


async def test_a_killed_child_is_back_within_five_seconds() -> None:
    async with running(child("one")) as (_, lines):
        first = pid(await lines.until("one: started"))
        os.kill(first, signal.SIGKILL)
        began = time.monotonic()
        second = pid(await lines.until("one: started", 2))
        assert time.monotonic() - began < 5
        assert second != first
        assert "one: ended (signal SIGKILL), again in 0.2 s" in lines
    assert not alive(second)


async def test_waits_grow_and_stay_below_five_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert max(module.RESTART_SECONDS) < 5
    monkeypatch.setattr(module, "RESTART_SECONDS", (0.01, 0.02, 0.04))
    async with running(child("one", "raise SystemExit(3)")) as (_, lines):
        await lines.until("ended", 4)
    assert [line for line in lines if "ended" in line][:4] == [
        f"one: ended (exit 3), again in {wait} s" for wait in (0.01, 0.02, 0.04, 0.04)
    ]


async def test_stops_in_reverse_order_and_says_when_all_are_ready() -> None:
    answers = iter([False, True])

    async def ready() -> bool:
        return next(answers)

    async with running(child("first", ready=ready), child("second")) as (supervisor, lines):
        async with asyncio.timeout(LIMIT_SECONDS):
            await supervisor.all_ready.wait()
    assert [line for line in lines if "stopped" in line] == ["second: stopped", "first: stopped"]
    assert "all ready" in lines


async def test_a_child_that_ignores_the_signal_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STOP_SECONDS", 0.2)
    deaf = "import signal; signal.signal(15, signal.SIG_IGN)\nwhile True: signal.pause()"
    async with running(child("deaf", deaf)) as (_, lines):
        number = pid(await lines.until("deaf: started"))
    assert not alive(number)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
async def test_no_child_outlives_its_supervisor(how: signal.Signals) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        SUPERVISES,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    number = int(await asyncio.wait_for(process.stdout.readline(), LIMIT_SECONDS))
    process.send_signal(how)
    await asyncio.wait_for(process.wait(), LIMIT_SECONDS)
    await eventually(lambda: not alive(number))


def alive(number: int) -> bool:
    """A zombie that its new parent has not fetched yet is dead."""
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


async def eventually(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(LIMIT_SECONDS):
        while not condition():  # noqa: ASYNC110  # another process has no event to wait for
            await asyncio.sleep(0.01)
