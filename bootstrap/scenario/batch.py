"""Playing several scenarios one after the other on one stack."""

import sys
from collections.abc import AsyncIterator
from typing import Any

from bootstrap.commands.output import emit_json, say
from bootstrap.environment import rasa_token
from bootstrap.own_stack import own_stack
from bootstrap.scenario.check import differences
from bootstrap.scenario.play import Player
from bootstrap.scenario.script import Scenario
from bootstrap.scenario.show import show_end, show_title, show_turn
from bootstrap.services import open_database
from bootstrap.settings import Settings
from hotline.errors import HotlineError
from nlu.client import RasaDialogue


async def play_all(scripts: list[Scenario], channel: str | None, as_json: bool, scale: float) -> int:
    """Play them on a stack of their own and print each; gives how many were not as expected."""
    failed = 0
    async with own_stack(say, time_scale=scale) as settings:
        async for script, result in played(scripts, settings, channel, quiet=as_json):
            wrong = result["differences"]
            failed += bool(wrong)
            if as_json:
                emit_json({**{key: value for key, value in result.items() if key != "end"}, **result["end"]})
            else:
                show_end(script, result, wrong)
    say(f"{len(scripts) - failed} passed, {failed} failed")
    return failed


async def played(
    scripts: list[Scenario], settings: Settings, channel: str | None, *, quiet: bool
) -> AsyncIterator[tuple[Scenario, dict[str, Any]]]:
    """Play one after the other on this stack; gives each with its result and what is not as expected."""
    database = open_database(settings)
    dialogue = RasaDialogue(str(settings.rasa_url), rasa_token(settings))
    try:
        for script in scripts:
            if not quiet:
                show_title(script, channel)
            show = (lambda _: None) if quiet else show_turn
            player = Player(script, settings, database, dialogue, show, channel)
            yield script, {**await _result(player), "channel": channel or script.channel or "chat"}
            sys.stdout.flush()
    finally:
        await dialogue.close()
        await database.close()


async def _result(player: Player) -> dict[str, Any]:
    """What came of it and what is not as expected; a script that can't be played to its end says why."""
    try:
        result = await player.play()
    except HotlineError as error:
        return {**player.so_far(), "differences": [f"stopped: {error}"]}
    return {**result, "differences": differences(player.scenario.expect, result, player.settings.zone)}
