"""What happens, to every open page: one look at the database for all of them, and each page gets what changed."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic

from console.pages import render
from hotline import board
from hotline.board import Board
from hotline.errors import StoreUnavailable
from hotline.ports import Services

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.4
BEAT_SECONDS = 2.0
"""A page that has heard nothing for longer says that it is not live."""
ASK_SECONDS = 10.0
RETRY_MILLISECONDS = 1000

SECTIONS = {"waiting": "waiting.html", "callbacks": "callbacks.html", "calls": "calls.html", "duty": "duty_list.html"}
ALARM, CONTACT = "alarm", "contact"


@dataclass(eq=False)
class Page:
    """One open page. `news` holds the latest of each event that it has not been sent: the slow skip what is past."""

    wants: frozenset[str]
    watch: str = ""
    pulse: str | None = None
    news: dict[str, str] = field(default_factory=dict)
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, event: str, data: str) -> None:
        if event in self.wants:
            self.news[event] = data
            self.woken.set()

    async def take(self, limit_seconds: float) -> dict[str, str]:
        """What is new; {} when nothing was within the limit."""
        with suppress(TimeoutError):
            async with asyncio.timeout(limit_seconds):
                await self.woken.wait()
        self.woken.clear()
        news, self.news = self.news, {}
        return news


class Live:
    """Looks as long as a page is open. A database that can't be read is said to the pages as silence: no beat."""

    def __init__(self, services: Services, look_seconds: float = LOOK_SECONDS) -> None:
        self._services, self._look_seconds = services, look_seconds
        self._pages: set[Page] = set()
        self._shown: dict[str, str] = {}
        self._looked_at = float("-inf")
        self._looking: asyncio.Task[None] | None = None

    @contextmanager
    def opened(self, wants: frozenset[str], watch: str = "") -> Iterator[Page]:
        """A page that gets these events, at once as they stand now and then whenever they change; and `contact`
        whenever something happens in the contact it watches.
        """
        page = Page(wants | {ALARM, CONTACT}, watch)
        self._pages.add(page)
        if self.is_fresh():
            for event, data in self._shown.items():
                page.tell(event, data)
        else:
            self._shown = {}
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_on())
        try:
            yield page
        finally:
            self._pages.discard(page)

    def is_fresh(self) -> bool:
        """Whether what the pages show is what the database has."""
        return monotonic() - self._looked_at < BEAT_SECONDS

    def server_time(self) -> str:
        """Milliseconds since 1970: the clock that the pages count waits by."""
        return str(int(self._services.clock.now().timestamp() * 1000))

    async def _look_on(self) -> None:
        while self._pages:
            began = monotonic()
            try:
                self._announce(await board.look(self._services))
                await self._announce_pulses({page.watch for page in self._pages if page.watch})
                self._looked_at = monotonic()
            except StoreUnavailable:
                log.warning("board: the database can't be read")
            except Exception as error:  # the pages say that they are not live; the next look may succeed
                log.error("board: %s", type(error).__name__)
            await asyncio.sleep(max(0.05, self._look_seconds - (monotonic() - began)))

    def _announce(self, seen: Board) -> None:
        for event, data in shown(seen).items():
            if self._shown.get(event) != data:
                self._shown[event] = data
                for page in self._pages:
                    page.tell(event, data)

    async def _announce_pulses(self, watched: set[str]) -> None:
        """A contact seen for the first time is announced too: something may have happened since the page was made."""
        pulses = await board.pulse(watched, self._services) if watched else {}
        for page in self._pages:
            pulse = pulses.get(page.watch)
            if pulse is not None and page.pulse != pulse:
                page.pulse = pulse
                page.tell(CONTACT, "")


def shown(seen: Board) -> dict[str, str]:
    """What the pages show of it, by event. Times are in it as moments, so that it changes only with what happens."""
    parts = {event: render(template, board=seen, operators=seen.operators) for event, template in SECTIONS.items()}
    held = {one.escalation.escalation_id: one.escalation.claimed_by for one in seen.held}
    return {**parts, ALARM: json.dumps({"waiting": len(seen.waiting), "emergencies": seen.emergencies, "held": held})}


async def stream(
    live: Live, wants: frozenset[str], watch: str, may_go_on: Callable[[], Awaitable[bool]]
) -> AsyncIterator[str]:
    """Server-sent events for one page, until it goes away or may not go on (asked now and then)."""
    yield f"retry: {RETRY_MILLISECONDS}\n\n"
    asked_at = monotonic()
    with live.opened(wants, watch) as page:
        while True:
            for event, data in (await page.take(BEAT_SECONDS)).items():
                yield as_event(event, data)
            if live.is_fresh():
                yield as_event("beat", live.server_time())
            if monotonic() - asked_at > ASK_SECONDS:
                asked_at = monotonic()
                if not await may_go_on():
                    return


def as_event(name: str, data: str) -> str:
    """One event as it goes over the wire."""
    lines = "".join(f"data: {line}\n" for line in data.splitlines() or [""])
    return f"event: {name}\n{lines}\n"
