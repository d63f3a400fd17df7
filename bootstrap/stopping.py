"""Running several things until a signal, and stopping them in good order."""

import asyncio
import signal
from collections.abc import Coroutine, Iterable
from typing import Any

SIGNALS = (signal.SIGTERM, signal.SIGINT)


def stop_on_signal() -> asyncio.Event:
    """An event that is set by SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, stop.set)
    return stop


async def until_stopped(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run all until a signal comes; raises what the first one to fail raised, after cancelling the others."""
    stop = stop_on_signal()
    tasks = [asyncio.create_task(one) for one in work]
    waiting = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([waiting, *tasks], return_when=asyncio.FIRST_COMPLETED)
    for task in (waiting, *tasks):
        task.cancel()
    await asyncio.gather(waiting, *tasks, return_exceptions=True)
    for task in done - {waiting}:
        task.result()
        raise RuntimeError("a role ended by itself")
