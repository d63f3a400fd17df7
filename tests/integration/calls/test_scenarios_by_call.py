"""Scenario files as real SIP calls: spoken by a synthetic voice, recognised by the line, answered by its voice."""

import asyncio
import json
import sys
import wave
from pathlib import Path
from typing import Any

import pytest

from bootstrap.commands.output import say
from bootstrap.own_stack import free_udp_port, line_address, own_stack
from bootstrap.scenario.apart import not_by_call, plays_beside_others
from bootstrap.scenario.batch_by_call import played_by_call
from bootstrap.scenario.command import CALL_SCALE
from bootstrap.scenario.script import read_scenario

FOLDER = Path(__file__).resolve().parents[2] / "conversations"
NAMES = (
    "booking_happy",
    "callback_known_number",
    "cancel_recognised",
    "correction_hour_at_read_back",
    "digression_slower_spoken",
    "emergency_fall",
    "hang_up_after_emergency",
    "key_zero",
    "keys_confirm",
    "person_first_words",
    "person_midform",
    "possible_yes",
    "query_recognised",
    "silence",
)
SCRIPTS = {name: read_scenario(FOLDER / f"{name}.yaml") for name in NAMES}


RING = ("我要预约助浴", "over:人工", "hang-up")

Results = dict[str, dict[str, Any]]


async def _play_all(recording: Path) -> Results:
    async with own_stack(say, phone=True, time_scale=CALL_SCALE) as settings:
        played = played_by_call(list(SCRIPTS.values()), settings, lambda _: None)
        results = {script.name: result async for script, result in played}
        command = ("ring", "--to", line_address(settings), "--json", "--record", str(recording), *RING)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bootstrap.cli", *command, stdout=asyncio.subprocess.PIPE
        )
        out, _ = await process.communicate()
        return {**results, "ring": {"status": process.returncode, "out": out.decode(), "recording": recording}}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """What each call left, and what of it is not as expected; all on one stack, three at a time. Then `ring`."""
    return asyncio.run(_play_all(tmp_path_factory.mktemp("ring") / "call.wav"))


@pytest.mark.rasa
@pytest.mark.sip
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", NAMES)
def test_the_call_ends_as_expected(name: str, results: Results) -> None:
    result = results[SCRIPTS[name].name]
    said = [f"  {t['what']} {t.get('spoken', '')!r} heard {t['said']!r} -> {t['reply']}" for t in result["turns"]]
    assert not result["differences"], "\n".join([f"{name}:", *result["differences"], *said])
    heard = [turn["heard"] for turn in result["turns"] if "heard" in turn]
    assert heard[0], "the opening was not heard"


@pytest.mark.rasa
@pytest.mark.sip
@pytest.mark.timeout(1200)
def test_ring_tells_what_was_heard_when_and_records_both_sides(results: Results) -> None:
    rung = results["ring"]
    assert rung["status"] == 0
    call = json.loads(rung["out"].splitlines()[-1])
    opening, booking, person = call["exchanges"]
    assert (opening["what"], booking["said"], person["said"]) == ("opening", "我要预约助浴", "人工")
    assert len(opening["heard"]) > 20
    assert person["heard"]
    assert person["end_of_speech_to_reply_ms"] > 0
    assert person["begin_ms"] < booking["audio_ms"][-1][1] + 1000, "spoken over the line, not after it"
    assert call["ended_by"] == "caller"
    with wave.open(str(rung["recording"])) as file:
        assert (file.getnchannels(), file.getframerate()) == (2, 8000)
        assert abs(file.getnframes() / 8000 - call["seconds"]) < 1


@pytest.mark.sip
async def test_a_ring_that_nobody_answers_says_so_and_fails() -> None:
    command = ("-m", "bootstrap.cli", "ring", "--to", f"sip:12349@127.0.0.1:{free_udp_port()}", "你好")
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stderr=asyncio.subprocess.PIPE)
    _, errors = await process.communicate()
    assert process.returncode == 1
    assert "nobody is there" in errors.decode()


def test_they_are_enough_and_can_be_played_side_by_side() -> None:
    assert len(NAMES) >= 12
    assert not [name for name, script in SCRIPTS.items() if not_by_call(script) or not plays_beside_others(script)]
