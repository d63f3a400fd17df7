"""The fakes tell what was really heard: product code, used by tests and demonstrations."""

import asyncio

import pytest

from voice.audio import louder, tone
from voice.fakes import SOUND, FakeEars, FakeEndpoint, FakeLeg, FakeVoice, Sayings
from voice.legs import FRAME_BYTES, Audio, DialFailed, HungUp, Key
from voice.speech import SpeechUnavailable
from voice.virtual_time import VirtualLoop, in_virtual_time
from voice.voice_activity import VoiceActivity


@in_virtual_time
async def test_a_leg_tells_text_time_pace_loudness_and_what_was_broken_off() -> None:
    leg, voice = FakeLeg(), FakeVoice()
    await leg.answer()
    leg.play(louder(await voice.speak("您好您好", 0.5), 2.0))
    leg.play(tone(450, 0.1))
    leg.play(voice.recorded("one_moment"))
    await asyncio.sleep(1.6 + 0.1 + 0.3)
    leg.flush()
    await asyncio.sleep(0.1)
    spoken, beep, broken = leg.spoken
    assert (spoken.text, spoken.pace, spoken.gain, spoken.whole) == ("您好您好", 0.5, 2.0, True)
    assert spoken.end - spoken.start == pytest.approx(1.6)
    assert beep.text == SOUND
    assert not broken.whole
    assert leg.texts == ["您好您好", "您稍等。—"]
    assert leg.longest_gap(spoken.start, broken.end) < 0.1
    leg.hangs_up()


@in_virtual_time
async def test_the_same_text_twice_is_two_and_waiting_ends_with_the_leg() -> None:
    leg, voice = FakeLeg(), FakeVoice()
    await leg.answer()
    for _ in range(2):
        leg.play(await voice.speak("好"))
    await leg.drained()
    assert leg.texts == ["好", "好"]
    leg.play(await voice.speak("很长很长的一句话"))
    waiting = asyncio.create_task(leg.drained())
    await asyncio.sleep(0.1)
    leg.hangs_up("media_timeout")
    await asyncio.wait_for(waiting, 1)
    with pytest.raises(TimeoutError):
        await leg.hears("没有说过", limit_seconds=0.1)


@in_virtual_time
async def test_what_a_caller_says_is_a_voice_and_is_recognised_bit_by_bit() -> None:
    leg, listening = FakeLeg(), FakeEars().listen()
    await leg.answer()
    leg.press("5")
    saying = asyncio.create_task(leg.says("明天下午"))
    partials, voiced, activity = set(), 0, VoiceActivity()
    for _ in range(60):
        event = await leg.events.get()
        if isinstance(event, Key):
            continue
        assert isinstance(event, Audio)
        listening.feed(event.pcm)
        partials.add(listening.partial)
        voiced += activity.hears(event.pcm)
    await saying
    assert {"明", "明天", "明天下", "明天下午"} <= partials
    assert voiced > 25
    assert (await listening.finish()).text == "明天下午"
    assert (await listening.finish()).text == ""
    leg.hangs_up()
    while not isinstance(event := await leg.events.get(), HungUp):
        pass
    assert event.reason == "remote"


@in_virtual_time
async def test_ears_that_go_away_lose_words_and_say_so() -> None:
    ears = FakeEars()
    listening = ears.listen()
    frames = Sayings.frames("约个助浴吧")
    for number, frame in enumerate(frames):
        ears.down = number > len(frames) // 2
        listening.feed(frame)
    heard = await listening.finish()
    assert heard.text == "约个助"
    assert not heard.complete
    ears.down, ears.slow_seconds = False, 3.0
    listening.feed(frames[-1])
    assert not (await listening.finish(1.0)).complete


@in_virtual_time
async def test_voices_fail_as_told() -> None:
    voice = FakeVoice()
    voice.down_after = 1
    assert len(await voice.speak("好")) % FRAME_BYTES == 0
    with pytest.raises(SpeechUnavailable):
        await voice.speak("好")
    assert voice.recorded("one_moment")


@in_virtual_time
async def test_an_endpoint_dials_phones_that_answer_and_phones_that_do_not() -> None:
    endpoint = FakeEndpoint()
    endpoint.phones = {"sip:a@x": FakeLeg("a"), "sip:b@x": DialFailed("busy", 486)}
    leg = await endpoint.dial("sip:a@x")
    assert leg.alive
    for address in ("sip:b@x", "sip:c@x"):
        with pytest.raises(DialFailed):
            await endpoint.dial(address)
    await endpoint.close()
    assert not leg.alive


@in_virtual_time
async def test_virtual_time_jumps_and_stands_still_for_other_threads() -> None:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    began = loop.time()
    await asyncio.sleep(3600)
    assert loop.time() - began == pytest.approx(3600)
    with loop.stands_still():
        assert await asyncio.to_thread(sum, [1, 2]) == 3
    assert loop.time() - began == pytest.approx(3600, abs=1)
