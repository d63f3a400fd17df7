"""The simulated caller against a scripted line, in time that jumps."""

import asyncio

import numpy as np

from bootstrap.ring.caller import Caller
from bootstrap.ring.play import play
from bootstrap.ring.record import call_record
from bootstrap.ring.speaking import Speaker
from bootstrap.ring.steps import read_steps
from knowledge.wording import say
from voice.legs import FRAME_BYTES, FRAME_SECONDS, Audio, HungUp, LegEvent
from voice.virtual_time import in_virtual_time

OPENING, ANSWER, FILLER = 1000, 2000, 3000
"""Amplitudes: how this line's recogniser tells its sentences apart."""
WORDS = {OPENING: "您好这里是暖线", ANSWER: "好的", FILLER: "".join(c for c in say("one_moment") if c.isalnum())}


def tone(seconds: float, level: int = 5000) -> bytes:
    wave = np.sign(np.sin(np.arange(int(seconds * 8000)) * 2 * np.pi * 200 / 8000 + 0.1)) * level
    return bytes(wave.astype("<i2").tobytes())


async def recognise(pcm: bytes) -> str:
    """A word for each amplitude in the sound."""
    levels = np.abs(np.frombuffer(pcm, dtype="<i2"))
    return "".join(words for level, words in WORDS.items() if (levels == level).sum() > 100)


class ScriptedLine:
    """A leg whose other side plays `answers` one by one, each a list of (seconds after the caller, sound)."""

    leg_id, remote, dialled = "call-1", "", "12349"

    def __init__(self, opening: list[tuple[float, bytes]], *answers: list[tuple[float, bytes]]) -> None:
        self.headers: dict[str, str] = {}
        self.events: asyncio.Queue[LegEvent] = asyncio.Queue()
        self.keys, self.alive, self.flushed = "", True, 0
        self._answers = list(answers)
        self._due: list[tuple[float, bytes]] = []
        self._playing = b""
        self._loop = asyncio.get_running_loop()
        self._free_at = self._loop.time()
        self._answer(opening, self._loop.time())
        self._pump = asyncio.create_task(self._run())

    def _answer(self, parts: list[tuple[float, bytes]], after: float) -> None:
        self._due += [(after + delay, sound) for delay, sound in parts]

    async def _run(self) -> None:
        at = self._loop.time()
        while self.alive:
            at += FRAME_SECONDS
            await asyncio.sleep(at - self._loop.time())
            for due in [one for one in self._due if one[0] <= self._loop.time()]:
                self._due.remove(due)
                self._playing += due[1]
            frame, self._playing = self._playing[:FRAME_BYTES], self._playing[FRAME_BYTES:]
            self.events.put_nowait(Audio(frame.ljust(FRAME_BYTES, b"\0")))

    @property
    def queued_seconds(self) -> float:
        return max(0.0, self._free_at - self._loop.time())

    def _next(self, end: float) -> None:
        if self._answers:
            self._answer(self._answers.pop(0), end)

    def play(self, pcm: bytes) -> None:
        self._free_at = self._loop.time() + self.queued_seconds + len(pcm) / 16000
        self._next(self._free_at)

    def send_keys(self, digits: str) -> None:
        self.keys += digits
        self._next(self._loop.time())

    def hang_up(self) -> None:
        self.ends("local")

    def ends(self, reason: str) -> None:
        self.alive = False
        self.events.put_nowait(HungUp(reason))  # type: ignore[arg-type]  # one of those


class Sounds(Speaker):
    """Every text is a second of sound and half a second of silence."""

    async def sound(self, text: str) -> bytes:
        return tone(1.0) + bytes(8000)


async def played(line: ScriptedLine, steps: list[str]) -> Caller:
    caller = Caller(line, recognise)  # type: ignore[arg-type]  # as much of a leg as a caller needs
    await play(caller, read_steps(steps), Sounds(), lambda _: None)
    await caller.close()
    line.alive = False
    return caller


@in_virtual_time
async def test_times_are_taken_from_the_sound() -> None:
    line = ScriptedLine([(0.4, tone(2.0, OPENING))], [(1.0, tone(1.5, ANSWER))])
    record = call_record(await played(line, ["我要预约助浴"]))
    assert abs(record["answer_to_first_word_ms"] - 400) <= 40
    said = record["exchanges"][1]
    assert (said["said"], said["heard"], said["filler"]) == ("我要预约助浴", "好的", False)
    assert abs(said["end_of_speech_to_reply_ms"] - 1500) <= 40  # 0.5 s of silence after the speech, then 1 s


@in_virtual_time
async def test_the_caller_waits_until_the_line_has_finished() -> None:
    line = ScriptedLine([(0.2, tone(1.0, OPENING)), (1.7, tone(1.0, OPENING))], [(1.0, tone(0.5, ANSWER))])
    caller = await played(line, ["好"])
    assert caller.exchanges[1].begin >= 2.7 + 0.8


@in_virtual_time
async def test_a_filler_counts_as_sound_is_marked_and_is_no_answer() -> None:
    line = ScriptedLine(
        [(0.2, tone(1.0, OPENING))],
        [(1.5, tone(0.6, FILLER)), (4.5, tone(1.0, ANSWER))],
        [(1.0, tone(0.5, ANSWER))],
    )
    record = call_record(await played(line, ["我要预约助浴", "对"]))
    first, second = record["exchanges"][1:]
    assert first["filler"]
    assert first["heard"].endswith("好的")
    assert abs(first["end_of_speech_to_reply_ms"] - 2000) <= 40
    assert second["said"] == "对"
    assert not second["filler"]
    assert abs(record["dead_air_longest_ms"] - 2400) <= 60


@in_virtual_time
async def test_keys_are_pressed_and_timed_from_the_key() -> None:
    line = ScriptedLine([(0.2, tone(1.0, OPENING))], [(0.6, tone(1.0, ANSWER))])
    caller = await played(line, ["press:1"])
    assert line.keys == "1"
    assert call_record(caller)["exchanges"][1]["heard"] == "好的"


@in_virtual_time
async def test_an_answer_that_comes_at_once_after_a_key_is_one() -> None:
    line = ScriptedLine([(0.2, tone(1.0, OPENING))], [(0.06, tone(1.0, ANSWER))])
    record = call_record(await played(line, ["press:*"]))
    assert record["exchanges"][1]["heard"] == "好的"
    assert abs(record["exchanges"][1]["end_of_speech_to_reply_ms"] - 60) <= 40


@in_virtual_time
async def test_no_answer_is_reported_as_none() -> None:
    line = ScriptedLine([(0.2, tone(1.0, OPENING))])
    record = call_record(await played(line, ["喂"]))
    assert record["exchanges"][1]["end_of_speech_to_reply_ms"] is None
    assert record["ended_by"] == "caller"


@in_virtual_time
async def test_speaking_over_the_line_begins_while_it_speaks() -> None:
    line = ScriptedLine([(0.2, tone(8.0, OPENING))], [(1.0, tone(0.5, ANSWER))])
    caller = await played(line, ["over:人工"])
    assert 1.1 < caller.exchanges[1].begin < 2.0


@in_virtual_time
async def test_a_line_that_hangs_up_ends_the_call() -> None:
    line = ScriptedLine([(0.2, tone(1.0, OPENING))])
    asyncio.get_running_loop().call_later(4, line.ends, "remote")
    record = call_record(await played(line, ["喂", "喂"]))
    assert record["ended_by"] == "line"
    assert len(record["exchanges"]) == 2


@in_virtual_time
async def test_silence_is_kept_and_is_no_dead_air() -> None:
    line = ScriptedLine([(0.2, tone(1.0, OPENING)), (9.0, tone(1.0, ANSWER))])
    record = call_record(await played(line, ["silence:7", "hang-up"]))
    assert record["exchanges"][1]["heard"] == "好的"
    assert record["dead_air_longest_ms"] < 1000
    assert record["ended_by"] == "caller"
