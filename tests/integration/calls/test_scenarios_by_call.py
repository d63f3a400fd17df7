"""Scenario files as real SIP calls: spoken by a synthetic voice, recognised by the line, answered by its voice."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bootstrap.commands.output import say
from bootstrap.own_stack import own_stack
from bootstrap.scenario.apart import not_by_call, plays_beside_others
from bootstrap.scenario.batch_by_call import played_by_call
from bootstrap.scenario.command import CALL_SCALE
from bootstrap.scenario.script import read_scenario

FOLDER = Path(__file__).resolve().parents[2] / "conversations"
NAMES = (
    "booking_happy",
    "callback_known_number",
    "callback_number_asked",
    "cancel_recognised",
    "correction_hour_at_read_back",
    "digression_slower_spoken",
    "emergency_fall",
    "hang_up_after_emergency",
    "key_zero",
    "keys_confirm",
    "person_first_words",
    "person_midform",
    "possible_no_spoken",
    "possible_yes",
    "query_recognised",
    "silence",
    "stop_midform",
)
SCRIPTS = {name: read_scenario(FOLDER / f"{name}.yaml") for name in NAMES}


async def _play_all() -> dict[str, dict[str, Any]]:
    async with own_stack(say, phone=True, time_scale=CALL_SCALE) as settings:
        played = played_by_call(list(SCRIPTS.values()), settings, lambda _: None)
        return {script.name: result async for script, result in played}


@pytest.fixture(scope="module")
def results() -> dict[str, dict[str, Any]]:
    """What each call left, and what of it is not as expected; all on one stack, three at a time."""
    return asyncio.run(_play_all())


@pytest.mark.rasa
@pytest.mark.sip
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", NAMES)
def test_the_call_ends_as_expected(name: str, results: dict[str, dict[str, Any]]) -> None:
    result = results[SCRIPTS[name].name]
    said = [f"  {t['what']} {t.get('spoken', '')!r} heard {t['said']!r} -> {t['reply']}" for t in result["turns"]]
    assert not result["differences"], "\n".join([f"{name}:", *result["differences"], *said])
    heard = [turn["heard"] for turn in result["turns"] if "heard" in turn]
    assert heard[0], "the opening was not heard"


def test_they_are_enough_and_can_be_played_side_by_side() -> None:
    assert len(NAMES) >= 12
    assert not [name for name, script in SCRIPTS.items() if not_by_call(script) or not plays_beside_others(script)]
