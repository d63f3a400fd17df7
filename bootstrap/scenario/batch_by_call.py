"""Scenarios as real calls: side by side where they allow it, the others one after the other."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from bootstrap.own_stack import line_address
from bootstrap.ring.phone import NoCall, open_phone
from bootstrap.ring.speaking import CannotSpeak, Speaker
from bootstrap.scenario.apart import not_by_call, plays_beside_others, with_own_numbers
from bootstrap.scenario.by_call import CallPlayer, Phones
from bootstrap.scenario.check import differences
from bootstrap.scenario.script import Scenario
from bootstrap.services import open_database, open_services
from bootstrap.settings import Settings
from hotline.errors import HotlineError
from hotline.ports import Services
from store.database import Database
from store.whole import wipe

Result = tuple[Scenario, dict[str, Any]]
Show = Callable[[dict[str, Any]], None]

AT_A_TIME = 3


async def played_by_call(
    scripts: Sequence[Scenario], settings: Settings, show: Show, at_a_time: int = AT_A_TIME
) -> AsyncIterator[Result]:
    """Play them on this stack, which has a phone line; each as soon as it is finished.

    `show` gets each turn as it happens. One that can't be played by call has `not_played` instead of `differences`.
    """
    for script in scripts:
        if reason := not_by_call(script):
            yield script, {"name": script.name, "turns": [], "not_played": reason, "differences": []}
    playable = [script for script in scripts if not not_by_call(script)]
    together = [script for script in playable if plays_beside_others(script)]
    database = open_database(settings)
    try:
        async with open_services(settings) as services, open_phone(calls=2 * at_a_time) as (endpoint, _):
            phones = Phones(endpoint, line_address(settings), Speaker())
            calls = _Calls(services, database, phones, settings, show)
            await wipe(database)
            limit = asyncio.Semaphore(at_a_time)
            running = [asyncio.create_task(calls.play(one, limit, n)) for n, one in enumerate(together, start=1)]
            for finished in asyncio.as_completed(running):
                yield await finished
            for script in (one for one in playable if one not in together):
                yield await calls.play(script, limit)
    finally:
        await database.close()


class _Calls:
    """Plays one scenario after the other, or several at a time."""

    def __init__(self, services: Services, database: Database, phones: Phones, settings: Settings, show: Show) -> None:
        self._services, self._database, self._phones, self._show = services, database, phones, show
        self._zone = settings.zone

    async def play(self, script: Scenario, limit: asyncio.Semaphore, number: int | None = None) -> Result:
        """With a `number` beside others, on telephone numbers of its own."""
        own = with_own_numbers(script, number) if number else script
        player = CallPlayer(own, self._services, self._database, self._phones, self._show, number is not None)
        async with limit:
            return script, {**await self._result(player), "channel": "call"}

    async def _result(self, player: CallPlayer) -> dict[str, Any]:
        try:
            result = await player.play()
        except (HotlineError, NoCall, CannotSpeak) as error:
            return {**player.so_far(), "differences": [f"stopped: {error}"]}
        return {**result, "differences": differences(player.scenario.expect, result, self._zone)}
