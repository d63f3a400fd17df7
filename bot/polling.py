"""Fetching updates so that a crash loses none: Telegram forgets an update only when it has been dealt with.

The library confirms an update as soon as it is fetched, and after an outage waits up to 30 s before it
polls again. Neither will do for a line that hears emergencies, so the bot's `get_updates` holds the confirmed
offset back to the oldest update still being dealt with, and makes its own short pauses.
"""

import asyncio
import logging
from collections import OrderedDict
from typing import Any
from urllib.parse import urlsplit

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ExtBot

log = logging.getLogger(__name__)

OFFICIAL = "https://api.telegram.org/bot"
REMEMBERED = 4096
WINDOW = 60
"""Updates kept unconfirmed; getUpdates returns 100 at most, so a stuck one must not hide the newer ones."""


class Updates:
    """Which updates are fetched, begun and finished, by id."""

    def __init__(self) -> None:
        self._open: OrderedDict[int, None] = OrderedDict()
        self._begun: OrderedDict[int, None] = OrderedDict()
        self._changed = asyncio.Event()
        self._newest = 0

    def fetched(self, update_id: int) -> bool:
        """Note an update; False when it was fetched before."""
        if update_id in self._open or update_id in self._begun:
            return False
        self._open[update_id] = None
        self._newest = max(self._newest, update_id)
        while len(self._open) > WINDOW:
            self._open.popitem(last=False)
        return True

    def begin(self, update_id: int) -> bool:
        """True the first time: each update is handled once."""
        if update_id in self._begun:
            return False
        self._begun[update_id] = None
        while len(self._begun) > REMEMBERED:
            self._begun.popitem(last=False)
        return True

    def finish(self, update_id: int) -> None:
        self._open.pop(update_id, None)
        self._changed.set()

    def oldest(self) -> int | None:
        """The lowest id not finished."""
        return min(self._open, default=None)

    def skip(self, update_id: int) -> None:
        """Nobody can deal with this one."""
        self._newest = max(self._newest, update_id)

    def offset(self) -> int | None:
        """The first id not to be confirmed yet; None before the first."""
        oldest = self.oldest()
        return oldest if oldest is not None else self._newest + 1 if self._newest else None

    async def change(self, limit_seconds: float) -> None:
        """Wait until one finishes, at most so long."""
        self._changed.clear()
        try:
            await asyncio.wait_for(self._changed.wait(), limit_seconds)
        except TimeoutError:
            return

    async def all_finished(self, limit_seconds: float) -> None:
        """Wait until nothing is open, at most so long."""
        try:
            async with asyncio.timeout(limit_seconds):
                while self._open:
                    await self.change(limit_seconds)
        except TimeoutError:
            log.warning("%d updates unfinished at the end; they are fetched again", len(self._open))


def proxy_settings(base_url: str) -> dict[str, Any]:
    """A proxy of the environment is for the internet only, never for a server on this machine."""
    return {"trust_env": urlsplit(base_url).hostname not in ("127.0.0.1", "localhost", "::1")}


class CarefulBot(ExtBot[Any]):
    """A bot whose `get_updates` confirms only what is finished, and outlasts an outage."""

    def __init__(
        self, token: str, *, updates: Updates, again_seconds: float, outage_seconds: float, **options: Any
    ) -> None:
        super().__init__(token, **options)
        self._updates = updates
        self._again_seconds = again_seconds
        self._outage_seconds = outage_seconds

    async def get_updates(self, offset: int | None = None, **options: Any) -> tuple[Update, ...]:  # type: ignore[override]  # the library calls it with keywords only
        held = self._updates.oldest()
        offset = self._updates.offset() or offset
        try:
            updates = await self._fetch(offset, options)
        except TelegramError as error:
            log.warning("updates not fetched: %s", type(error).__name__)
            await asyncio.sleep(self._outage_seconds)
            return ()
        fresh = tuple(update for update in updates if self._updates.fetched(update.update_id))
        if held is not None and not fresh:  # what is held back comes again at once: do not spin
            await self._updates.change(self._again_seconds)
        return fresh

    async def _fetch(self, offset: int | None, options: dict[str, Any]) -> tuple[Update, ...]:
        try:
            return await super().get_updates(offset=offset, **options)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            # One update that the library can't read would otherwise come again for ever and hide the others.
            log.error("an update is unreadable: %s", type(error).__name__)
            raw: Any = await self._post("getUpdates", {"offset": offset or 0, "timeout": 0})
            return tuple(update for item in raw if (update := self._read(item)) is not None)

    def _read(self, item: dict[str, Any]) -> Update | None:
        try:
            return Update.de_json(item, self)
        except (KeyError, TypeError, ValueError, AttributeError):
            self._updates.skip(int(item["update_id"]))
            return None

    async def confirm(self) -> None:
        """Tell Telegram, at the end, what need not be delivered again."""
        if self._updates.offset():
            try:
                await super().get_updates(offset=self._updates.offset(), limit=1, timeout=0)
            except TelegramError as error:
                log.info("last updates not confirmed: %s", type(error).__name__)
