"""Keeps child processes running: starts them, brings a dead one back within 5 s, stops all in order."""

import asyncio
import ctypes
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bootstrap.stopping import stop_on_signal

RESTART_SECONDS = (0.2, 1.0, 2.0, 4.0)
"""Waits before a restart, the longer the sooner it died again; together with a start below 5 s."""

STEADY_SECONDS = 30.0
"""A child that ran this long starts from the first wait again."""

STOP_SECONDS = 10.0
READY_POLL_SECONDS = 0.3

Say = Callable[[str], None]


@dataclass(frozen=True)
class Child:
    """A process to keep running. `ready` tells whether it answers; without one it is ready once it runs."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    ready: Callable[[], Awaitable[bool]] | None = None


@dataclass
class Supervisor:
    """Runs `children` in order, until a signal or `stop`; stops them in the reverse order."""

    children: Sequence[Child]
    say: Say
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    all_ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def run_until_signal(self) -> None:
        """As `run`, ended by SIGTERM or SIGINT."""
        self.stop = stop_on_signal()
        await self.run()

    async def run(self) -> None:
        """Keep all children running until `stop` is set; returns when every one has ended."""
        ready = [asyncio.Event() for _ in self.children]
        keepers = [
            asyncio.create_task(self._keep(child, is_ready))
            for child, is_ready in zip(self.children, ready, strict=True)
        ]
        announcing = asyncio.create_task(self._announce(ready))
        try:
            await self.stop.wait()
        finally:
            announcing.cancel()
            for keeper in reversed(keepers):
                keeper.cancel()
                await asyncio.gather(keeper, return_exceptions=True)

    async def _announce(self, ready: Sequence[asyncio.Event]) -> None:
        for event in ready:
            await event.wait()
        self.all_ready.set()
        self.say("all ready")

    async def _keep(self, child: Child, ready: asyncio.Event) -> None:
        deaths = 0
        while True:
            began = time.monotonic()
            process = await _start(child)
            self.say(f"{child.name}: started, process {process.pid}")
            watching = asyncio.create_task(self._watch_ready(child, ready, began))
            try:
                code = await process.wait()
            except asyncio.CancelledError:
                await self._end(child, process)
                raise
            finally:
                watching.cancel()
            deaths = 0 if time.monotonic() - began > STEADY_SECONDS else deaths
            pause = RESTART_SECONDS[min(deaths, len(RESTART_SECONDS) - 1)]
            deaths += 1
            self.say(f"{child.name}: ended ({_reason(code)}), again in {pause:g} s")
            await asyncio.sleep(pause)

    async def _watch_ready(self, child: Child, ready: asyncio.Event, began: float) -> None:
        while child.ready is not None and not await child.ready():  # noqa: ASYNC110  # asks another process
            await asyncio.sleep(READY_POLL_SECONDS)
        self.say(f"{child.name}: ready after {time.monotonic() - began:.1f} s")
        ready.set()

    async def _end(self, child: Child, process: asyncio.subprocess.Process) -> None:
        if process.returncode is None:
            process.terminate()
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()
        self.say(f"{child.name}: stopped")


async def _start(child: Child) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *child.command,
        env=dict(child.env),
        stdin=asyncio.subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C in the terminal reaches the supervisor alone, which stops in order
        preexec_fn=_die_with_parent(os.getpid()),
    )


def _die_with_parent(parent: int) -> Callable[[], None] | None:
    """On Linux the kernel ends the child when the supervisor dies, also by `kill -9`."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl

    def ask_kernel() -> None:
        prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return ask_kernel


def _reason(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit {code}"
