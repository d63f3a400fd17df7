"""Turn taking and recognition together, at the pace of a call: what one turn of a caller comes to."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.speech.recognition_server import PATIENCE_SECONDS, RecognitionProcess, patient, recognition
from tests.unit.voice.stt.sounds import frames, hiss, line, louder, mixed, notes, say, silence
from voice.speech import Heard
from voice.stt.client import VoskEars
from voice.turn_taking import EndOfTurn, TurnTaker

FRAME_SECONDS = 0.02
CLEAN = silence(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecognitionProcess]:
    with recognition(Path(tmp_path_factory.mktemp("stt")) / "output.txt") as running:
        yield running


async def turns(server: RecognitionProcess, sound: bytes) -> list[Heard]:
    """What each turn came to; the sound comes as fast as on a telephone."""
    listening, taker, heard = VoskEars(server.url).listen(), TurnTaker(), []
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for number, frame in enumerate(frames(line(sound))):
        await asyncio.sleep(begun + number * FRAME_SECONDS - loop.time())
        listening.feed(frame)
        for event in taker.feed(frame, listening.partial):
            if isinstance(event, EndOfTurn):
                heard.append(await listening.finish(PATIENCE_SECONDS))
    await patient(lambda: listening.working)
    await listening.close()
    return heard


def words(heard: list[Heard]) -> list[str]:
    assert all(one.complete for one in heard)
    return [one.text.replace(" ", "") for one in heard]


@pytest.mark.parametrize("background", [CLEAN, hiss(2, 40), notes(2, 50, 150, peak=300)], ids=["clean", "hiss", "hum"])
async def test_a_pause_does_not_tear_a_turn_apart(server: RecognitionProcess, background: bytes) -> None:
    spoken = silence(0.5) + say("我要找人工") + silence(0.7) + say("我摔倒了起不来") + silence(2)
    assert words(await turns(server, mixed(spoken, background))) == ["我要找人工我摔倒了起不来"]


async def test_two_turns_are_two(server: RecognitionProcess) -> None:
    spoken = silence(0.5) + say("我要找人工") + silence(2) + say("星期五下午两点") + silence(2)
    assert words(await turns(server, spoken)) == ["我要找人工", "星期五下午两点"]


async def test_quiet_and_clipped_voices(server: RecognitionProcess) -> None:
    spoken = silence(0.5) + louder(say("我要找人工"), 0.05) + silence(2) + louder(say("我要找人工"), 4) + silence(2)
    assert words(await turns(server, spoken)) == ["我要找人工", "我要找人工"]


async def test_keys_and_noise_are_no_turn(server: RecognitionProcess) -> None:
    assert await turns(server, notes(2, 770, 1336, on=0.2) + hiss(2, 200) + silence(1)) == []
