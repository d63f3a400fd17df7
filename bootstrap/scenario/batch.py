"""Playing several scenarios one after the other on one stack."""

import sys
from collections.abc import AsyncIterator
from typing import Any

from bootstrap.commands.output import emit_json, say
from bootstrap.environment import rasa_token
from bootstrap.own_stack import own_stack
from bootstrap.scenario.batch_by_call import played_by_call
from bootstrap.scenario.check import differences
from bootstrap.scenario.play import Player
from bootstrap.scenario.script import Scenario
from bootstrap.scenario.show import show_end, show_title, show_turn
from bootstrap.services import open_database
from bootstrap.settings import Settings
from hotline.errors import HotlineError
from nlu.client import RasaDialogue

CALL = "call"


async def play_all(scripts: list[Scenario], channel: str | None, as_json: bool, scale: float, at_a_time: int) -> int:
    """Play them on a stack of their own and print each; gives how many were not as expected."""
    failed = left_out = 0
    async with own_stack(say, phone=channel == CALL, time_scale=scale) as settings:
        if channel == CALL:
            live = not as_json and (at_a_time == 1 or len(scripts) == 1)
            results = played_by_call(scripts, settings, show_turn if live else _silent, at_a_time)
        else:
            live, results = True, played(scripts, settings, channel, quiet=as_json)
        async for script, result in results:
            failed, left_out = failed + bool(result["differences"]), left_out + ("not_played" in result)
            _print(script, result, as_json, live)
    say(
        f"{len(scripts) - failed - left_out} passed, {failed} failed" + (f", {left_out} not played" if left_out else "")
    )
    return failed


def _print(script: Scenario, result: dict[str, Any], as_json: bool, live: bool) -> None:
    """The end, and before it the turns unless they were shown as they happened."""
    if as_json:
        emit_json({**{key: value for key, value in result.items() if key != "end"}, **result.get("end", {})})
        return
    if not live:
        show_title(script, result.get("channel", CALL))
        for turn in result["turns"]:
            show_turn(turn)
    if "not_played" in result:
        say(f"{script.name}: not played: {result['not_played']}")
    else:
        show_end(script, result, result["differences"])
    sys.stdout.flush()


def _silent(turn: dict[str, Any]) -> None:
    """Turns are printed later, or not at all."""


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
            show = _silent if quiet else show_turn
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
