"""Time that jumps instead of passing: minutes of a call are tested in moments, and nothing depends on the machine."""

import asyncio
import functools
import selectors
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec

P = ParamSpec("P")

LOOK_SECONDS = 0.01
"""Real time between two looks at what other threads do, while the clock stands still for them."""


class _Jumping(selectors.DefaultSelector):
    """Never waits for time: moves the clock on instead."""

    clock: "VirtualLoop"

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if self.clock.real:
            began = time.monotonic()
            ready = super().select(timeout)
            self.clock.now += time.monotonic() - began
        elif timeout is None or self.clock.standing:
            ready = super().select(LOOK_SECONDS)
        else:
            self.clock.now += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose `time` jumps to the next timer as soon as nothing else is to be done."""

    def __init__(self) -> None:
        self.now, self.standing = 1000.0, 0
        self.real = False
        """As on any other loop, where what other threads do is itself waiting for this one."""
        selector = _Jumping()
        selector.clock = self
        super().__init__(selector)

    def time(self) -> float:
        return self.now

    @contextmanager
    def stands_still(self) -> Iterator[None]:
        """While other threads work for us, no time passes."""
        self.standing += 1
        try:
            yield
        finally:
            self.standing -= 1


def in_virtual_time(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a coroutine function on a VirtualLoop."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(test(*args, **kwargs))

    return run
