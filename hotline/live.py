"""What one process remembers of the conversations going on in it: order, overtaking, work in the background."""

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hotline.sessions import CallSession

if TYPE_CHECKING:
    from hotline.escalation import Escalation
    from hotline.standby import Standby

REMEMBERED = 4096


@dataclass
class LiveSession:
    """`epoch` grows when an emergency overtakes: a turn that began under an older one drops its reply."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    epoch: int = 0
    session: CallSession | None = None
    urgent: "Escalation | None" = None
    said_trouble: bool = False


class LiveSessions:
    """In memory only; losing it loses no record, only the order of turns in flight."""

    def __init__(self) -> None:
        self._by_key: OrderedDict[str, LiveSession] = OrderedDict()
        self._tasks: set[asyncio.Task[Any]] = set()
        self.standby: dict[str, Standby] = {}

    def of(self, key: str) -> LiveSession:
        """The live state of a conversation; the longest unused ones are forgotten."""
        live = self._by_key.setdefault(key, LiveSession())
        self._by_key.move_to_end(key)
        while len(self._by_key) > REMEMBERED and not next(iter(self._by_key.values())).lock.locked():
            self._by_key.popitem(last=False)
        return live

    def forget(self, key: str) -> None:
        self._by_key.pop(key, None)

    def background(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do it soon, without keeping the caller waiting."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Wait for everything put in the background: before the process ends, and in tests."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
