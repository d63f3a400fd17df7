"""Saying sentences one after another: made ahead, broken off, gone on with, failing."""

import asyncio

from knowledge.wording import say
from voice.fakes import FakeLeg, FakeVoice
from voice.mouth import Mouth, MouthEvents, Piece
from voice.virtual_time import in_virtual_time

THREE = "第一句话在这里说。第二句话在这里说。第三句话在这里说。"


class Phone:
    def __init__(self) -> None:
        self.leg, self.voice = FakeLeg(), FakeVoice()
        self.failed: list[Piece] = []
        self.mouth = Mouth(self.leg, self.voice, MouthEvents(begins=lambda _p: None, failed=self.failed.append))


async def phone() -> Phone:
    one = Phone()
    await one.leg.answer()
    return one


@in_virtual_time
async def test_the_next_sentence_is_made_while_one_is_heard() -> None:
    one = await phone()
    one.voice.slow_seconds = 1.0
    one.mouth.speak(THREE)
    await one.mouth.done()
    first, second, third = one.leg.spoken
    assert first.start > 1000.9
    assert second.start - first.end < 0.1
    assert third.start - second.end < 0.1
    assert one.mouth.quiet


@in_virtual_time
async def test_stopped_it_is_silent_at_once_and_gives_the_rest() -> None:
    one = await phone()
    one.mouth.speak(THREE)
    await one.leg.begins("第二句")
    at = asyncio.get_running_loop().time()
    rest = one.mouth.stop()
    await asyncio.sleep(2)
    assert one.leg.spoken[-1].end <= at + 0.04
    assert [p.text[:3] for p in rest] == ["第二句", "第三句"]
    one.mouth.again(rest)
    await one.mouth.done()
    assert one.leg.heard("第三句")


@in_virtual_time
async def test_a_recording_goes_on_a_little_before_the_place() -> None:
    one = await phone()
    one.mouth.say([Piece(key="opening_phone")])
    await asyncio.sleep(5)
    (rest,) = one.mouth.stop()
    assert 3.4 < rest.from_second < 3.6
    one.mouth.again([rest])
    await one.mouth.done()
    assert one.leg.heard(say("opening_phone")) or one.leg.spoken[-1].whole


@in_virtual_time
async def test_what_must_be_heard_is_not_stopped_except_by_force() -> None:
    one = await phone()
    one.mouth.speak("先别急着起来。", Piece(interruptible=False))
    one.mouth.speak("这句可以打断。")
    await one.leg.begins("先别急")
    assert one.mouth.must_finish
    assert one.mouth.stop() == []
    await one.leg.hears("先别急")
    one.mouth.speak("再说一句要紧的。", Piece(interruptible=False))
    await one.leg.begins("这句可以")
    assert [p.text for p in one.mouth.stop()] == ["这句可以打断。"]
    await one.leg.begins("再说一句")
    assert [p.text for p in one.mouth.stop(everything=True)] == ["再说一句要紧的。"]


@in_virtual_time
async def test_a_sentence_that_can_not_be_made_ends_an_ordinary_reply_and_is_reported_once() -> None:
    one = await phone()
    one.voice.down_after = 1
    one.mouth.speak(THREE)
    await one.mouth.done()
    assert one.leg.texts == ["第一句话在这里说。"]
    assert [p.text[:3] for p in one.failed] == ["第二句"]


@in_virtual_time
async def test_of_a_safety_reply_every_sentence_is_tried() -> None:
    one = await phone()
    broken, made = {"第一句话在这里说。", "第三句话在这里说。"}, one.voice.speak

    async def speak(text: str, pace: float = 1.0) -> bytes:
        one.voice.down = text in broken
        return await made(text, pace)

    one.voice.speak = speak  # type: ignore[method-assign]
    one.mouth.speak(THREE, Piece(interruptible=False))
    await one.mouth.done()
    assert one.leg.texts == ["第二句话在这里说。"]
    assert len(one.failed) == 1


@in_virtual_time
async def test_a_fault_of_the_voice_itself_is_a_failure_like_another() -> None:
    one = await phone()

    async def speak(text: str, pace: float = 1.0) -> bytes:
        raise KeyError(text)

    one.voice.speak = speak  # type: ignore[method-assign]
    one.mouth.speak(THREE)
    await one.mouth.done()
    assert len(one.failed) == 1


@in_virtual_time
async def test_a_leg_that_is_over_ends_the_talking() -> None:
    one = await phone()
    one.mouth.speak(THREE)
    await one.leg.begins("第一句")
    one.leg.hangs_up()
    await asyncio.wait_for(one.mouth.done(), 1)
