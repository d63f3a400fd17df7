"""Keys, and what is due while nobody speaks: pure, or nearly."""

import asyncio
from dataclasses import replace

import pytest

from voice.keys import KeyPad
from voice.timing import CallTiming
from voice.virtual_time import in_virtual_time
from voice.waiting import Due, Scene, due

TIMING = CallTiming()
QUIET = Scene(now=100.0, words_until=99.0, sound_until=99.0, silent_since=99.0)


def scene(**changes: object) -> Scene:
    return replace(QUIET, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (scene(), None),
        (scene(words_until=92.9), "silence"),
        (scene(words_until=92.9, deaf=True), "unheard"),
        (scene(words_until=92.9, urgent=True), None),
        (scene(words_until=89.9, urgent=True), "company"),
        (scene(words_until=89.9, urgent=True, held=True), "held"),
        (scene(words_until=95.0, sound_until=95.0, held=True), "tone"),
        (scene(words_until=89.9, person_since=80.0), "person"),
        (scene(words_until=89.9, person_since=65.0), "person_long"),
        (scene(words_until=89.9, person_since=65.0, can_ring=False), "person"),
        (scene(words_until=95.0, sound_until=95.0, person_since=80.0), "tone"),
        (scene(words_until=95.0, sound_until=98.0, person_since=80.0), None),
        (scene(silent_since=-201.0, words_until=96.0), "nobody"),
        (scene(silent_since=-201.0, words_until=96.0, urgent=True), None),
        (scene(pending_since=99.9), None),
        (scene(pending_since=98.5, sound_until=97.3, words_until=97.3), "filler"),
        (scene(pending_since=90.0, sound_until=99.0), None),
        (scene(pending_since=90.0, sound_until=95.0, desk_down=True), "tone"),
        (scene(pending_since=80.0, words_until=89.0, desk_down=True), "desk"),
    ],
)
def test_what_is_due(seen: Scene, expected: Due | None) -> None:
    assert due(seen, TIMING) == expected


def test_nothing_that_the_caller_waits_for_lets_three_seconds_pass_in_silence() -> None:
    for waited in range(30):
        seen = scene(now=100.0, pending_since=100.0 - waited / 10, sound_until=97.3, words_until=97.3)
        assert due(seen, TIMING) == "filler" or waited / 10 < 2.6 - TIMING.end_of_turn


@in_virtual_time
async def test_a_key_acts_at_once_and_digits_of_a_number_together() -> None:
    acted: list[str] = []
    pad = KeyPad(acted.append, 2.0)
    pad.press("0", collecting=False)
    assert acted == ["0"]
    for digit in "010":
        pad.press(digit, collecting=True)
        await asyncio.sleep(1.5)
    assert pad.collecting
    await asyncio.sleep(0.6)
    assert acted == ["0", "010"]
    assert not pad.collecting


@in_virtual_time
async def test_digits_begun_are_handed_over_before_another_key() -> None:
    acted: list[str] = []
    pad = KeyPad(acted.append, 2.0)
    pad.press("1", collecting=True)
    pad.press("2", collecting=False)
    assert acted == ["1", "2"]
    pad.press("3", collecting=True)
    pad.close()
    await asyncio.sleep(3)
    assert acted == ["1", "2"]
