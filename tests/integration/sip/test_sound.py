"""What is heard and said, packet by packet."""

import asyncio
import audioop
from itertools import pairwise

import pytest

from tests.integration.sip.scripted import PATIENCE, no_more, until
from voice.audio import level, tone
from voice.legs import Audio, Key
from voice.sip import SipConfig, SipError, open_endpoint

pytestmark = pytest.mark.sip

CODED = {8: (audioop.lin2alaw, audioop.alaw2lin), 0: (audioop.lin2ulaw, audioop.ulaw2lin)}
HIGH = (8000).to_bytes(2, "little") * 160
"""A constant above zero: a codec of the wrong sign turns it below."""


async def heard(leg, enough):
    """Frames until `enough` holds of one of them."""
    async with asyncio.timeout(PATIENCE):
        while True:
            event = await leg.events.get()
            if isinstance(event, Audio) and enough(event.pcm):
                return event.pcm


@pytest.mark.parametrize("codec", [8, 0])
@pytest.mark.parametrize("ptime", [20, 30])
async def test_sign_and_packet_length_both_ways(endpoint, phone, codec, ptime):
    leg = await phone.connect(endpoint, endpoint.config.port, body=phone.offer(f"{codec} 101", ptime))
    encode, decode = CODED[codec]
    phone.sound.payload_type = codec
    await phone.sound.stream(encode(HIGH * 9, 2), 8 * ptime)
    frame = await heard(leg, lambda pcm: audioop.avg(pcm, 2) > 7000)
    assert len(frame) == 320
    leg.play(HIGH * 9)
    loud = lambda p: audioop.avg(decode(p.payload, 2), 2) > 7000  # noqa: E731
    await until(lambda: any(loud(p) for p in phone.sound.received if p.payload_type == codec))
    assert {len(p.payload) for p in phone.sound.received} == {8 * ptime}
    assert {p.payload_type for p in phone.sound.received} == {codec}


async def test_packets_never_pause_and_do_not_drift(endpoint, phone):
    await phone.connect(endpoint, endpoint.config.port)
    await until(lambda: len(phone.sound.received) > 1)
    await asyncio.sleep(3)
    packets = phone.sound.received
    passed = packets[-1].at - packets[0].at
    sound = (packets[-1].timestamp - packets[0].timestamp) % 2**32 / 8000
    assert abs(sound - passed) < 0.5
    assert all((b.sequence - a.sequence) % 2**16 == 1 for a, b in pairwise(packets))


async def test_flush_empties_at_once_and_silence_goes_on(endpoint, phone):
    leg = await phone.connect(endpoint, endpoint.config.port)
    leg.play(tone(440, 5, 0.5))
    await until(lambda: any(level(audioop.alaw2lin(p.payload, 2)) > 1000 for p in phone.sound.received))
    leg.flush()
    assert leg.queued_seconds == 0
    await asyncio.wait_for(leg.drained(), PATIENCE)
    await no_more(0.1)  # what is under way arrives
    count = len(phone.sound.received)
    await until(lambda: len(phone.sound.received) > count + 10)
    assert all(level(audioop.alaw2lin(p.payload, 2)) < 100 for p in phone.sound.received[count:])


@pytest.mark.parametrize("lost", [(), (0,), (5, 6, 7), (0, 1, 2, 3, 5, 6)], ids=["none", "first", "ends", "most"])
async def test_a_press_counts_once_whatever_is_lost(endpoint, phone, lost):
    leg = await phone.connect(endpoint, endpoint.config.port, body=phone.offer("8 97", keys=97))
    phone.sound.press(3, pt=97, lost=lost)
    phone.sound.press(4, pt=97)
    async with asyncio.timeout(PATIENCE):
        keys = []
        while len(keys) < 2:
            keys += [e for e in [await leg.events.get()] if isinstance(e, Key)]
    assert keys == [Key("3"), Key("4")]


async def test_a_press_by_rtp_and_by_info_counts_once(endpoint, phone):
    leg = await phone.connect(endpoint, endpoint.config.port)
    phone.sound.press(6)
    phone.request("INFO", "Signal=6\r\nDuration=160\r\n", kind="application/dtmf-relay")
    await phone.status(200, "INFO")
    phone.request("INFO", "7", kind="application/dtmf")
    await phone.status(200, "INFO")
    await no_more()
    events = [leg.events.get_nowait() for _ in range(leg.events.qsize())]
    assert [e for e in events if isinstance(e, Key)] == [Key("6"), Key("7")]


async def test_reordered_and_lost_packets_and_comfort_noise_leave_sound(endpoint, phone):
    leg = await phone.connect(endpoint, endpoint.config.port)
    coded = audioop.lin2alaw(HIGH, 2)
    for number in (0, 2, 1, 3, 5, 6, 7, 8, 10, 9, 11, 12, 13):  # 4 is lost
        phone.sound.raw(8, coded, 100 + number, 160 * number)
    phone.sound.raw(13, b"\x40", 114, 160 * 14)
    await no_more()
    frames = [e for e in [leg.events.get_nowait() for _ in range(leg.events.qsize())] if isinstance(e, Audio)]
    assert 10 <= len(frames) <= 14
    assert all(audioop.avg(f.pcm, 2) > 3000 for f in frames)


async def test_sound_goes_to_where_it_comes_from_and_nobody_else_may_talk(endpoint, phone, phones):
    leg = await phone.connect(endpoint, endpoint.config.port)
    behind, stranger = await phones(), await phones()
    behind.sound.to = stranger.sound.to = phone.sound.to
    await behind.sound.stream(audioop.lin2alaw(HIGH * 8, 2))
    await heard(leg, lambda pcm: level(pcm) > 7000)
    await until(lambda: len(behind.sound.received) > 5)
    streaming = asyncio.create_task(behind.sound.stream(bytes([0xD5]) * 160 * 20))
    await stranger.sound.stream(audioop.lin2alaw(HIGH * 10, 2))
    await streaming
    assert not stranger.sound.received


async def test_bridged_legs_hear_each_other_whatever_they_speak(endpoint, phones):
    one, two = await phones(), await phones()
    two.sound.payload_type = 0
    first = await one.connect(endpoint, endpoint.config.port, body=one.offer("8 101", 20))
    second = await two.connect(endpoint, endpoint.config.port, body=two.offer("0 101", 30))
    first.bridge(second)
    coded = audioop.lin2alaw(tone(440, 0.6, 0.5), 2), audioop.lin2ulaw(tone(440, 0.6, 0.5), 2)
    await asyncio.gather(one.sound.stream(coded[0], 160), two.sound.stream(coded[1], 240))
    await until(lambda: any(level(audioop.ulaw2lin(p.payload, 2)) > 5000 for p in two.sound.received))
    await until(lambda: any(level(audioop.alaw2lin(p.payload, 2)) > 5000 for p in one.sound.received))
    first.bridge(None)
    await no_more()
    count = len(two.sound.received)
    await one.sound.stream(coded[0], 160)
    assert all(level(audioop.ulaw2lin(p.payload, 2)) < 100 for p in two.sound.received[count:])
    first.bridge(second)
    two.request("BYE")
    await until(lambda: not second.alive)
    assert first.alive
    first.play(tone(440, 0.2, 0.5))
    await asyncio.wait_for(first.drained(), PATIENCE)


async def test_a_taken_port_is_said_clearly(endpoint):
    with pytest.raises(SipError, match=r"sip_port .* is taken"):
        await open_endpoint(SipConfig(port=endpoint.config.port))


async def test_closing_hangs_up_and_frees_the_ports(opens, phone):
    endpoint = await opens(calls=1)
    leg = await phone.connect(endpoint, endpoint.config.port)
    await endpoint.close()
    assert await phone.asked("BYE") and not leg.alive
    again = await open_endpoint(endpoint.config)
    opens_again = await asyncio.wait_for(again.close(), PATIENCE)
    assert opens_again is None
