"""Every scripted conversation of tests/conversations on one real stack: as chat, as phone text, or both."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap.commands.output import say
from bootstrap.own_stack import own_stack
from bootstrap.scenario.batch import played
from bootstrap.scenario.command import SCALE
from bootstrap.scenario.script import Scenario, read_scenario, unknown_keys

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "tests" / "conversations").glob("*.yaml"))
SCRIPTS = {path.stem: read_scenario(path) for path in FILES}
LEAST_FILES = 46
CHANNELS = ("chat", "phone")
LONG_ENOUGH_TO_BE_COPIED = 6
"""Characters: shorter ones (对, 不用了, 我要投诉) everybody says, so both sides have them."""


def _runs() -> list[tuple[str, str]]:
    """File and channel: what a file names, else both, for the outcome must not depend on it."""
    return [(name, channel) for name, s in SCRIPTS.items() for channel in CHANNELS if s.channel in (None, channel)]


async def _play_all() -> dict[tuple[str, str], dict[str, Any]]:
    results = {}
    async with own_stack(say, time_scale=SCALE) as settings:
        for channel in CHANNELS:
            names = [name for name, wanted in _runs() if wanted == channel]
            left = iter(names)
            async for _, result in played([SCRIPTS[name] for name in names], settings, channel, quiet=True):
                results[next(left), channel] = result
    return results


@pytest.fixture(scope="session")
def results() -> dict[tuple[str, str], dict[str, Any]]:
    """What each run left, and what of it is not as expected."""
    return asyncio.run(_play_all())


@pytest.mark.rasa
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("name", "channel"), [pytest.param(*run, id="-".join(run)) for run in _runs()])
def test_the_conversation_ends_as_expected(
    name: str, channel: str, results: dict[tuple[str, str], dict[str, Any]]
) -> None:
    result = results[name, channel]
    said = [f"  {t['said'] or t['what']} -> {t['reply']} [{t['intent']} {t['response']}]" for t in result["turns"]]
    assert not result["differences"], "\n".join([f"{name} as {channel}:", *result["differences"], *said])


def test_there_are_enough_of_them_and_each_expects_something() -> None:
    assert len(FILES) >= LEAST_FILES
    assert not [name for name, script in SCRIPTS.items() if not script.expect]
    assert not {name: unknown_keys(script) for name, script in SCRIPTS.items() if unknown_keys(script)}


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _spoken(script: Scenario) -> list[str]:
    lines = [str(step.say) for contact in script.contacts() for step in contact.turns if step.say]
    for contact in script.contacts():
        for answer in contact.answers.values():
            lines += map(str, answer if isinstance(answer, list) else [answer])
    return lines


def _training() -> set[str]:
    found = set()
    for path in (ROOT / "nlu" / "data" / "examples").glob("*.yml"):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            found |= {_bare(line.removeprefix("- ")) for line in entry["examples"].splitlines()}
    return found


def test_no_sentence_of_theirs_was_trained_on() -> None:
    trained = _training()
    spoken = [(name, line) for name, script in SCRIPTS.items() for line in _spoken(script)]
    copied = [pair for pair in spoken if len(_bare(pair[1])) >= LONG_ENOUGH_TO_BE_COPIED and _bare(pair[1]) in trained]
    assert not copied
