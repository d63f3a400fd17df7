"""Calls that we place, and what the other phone may make of them."""

import asyncio

import pytest

from tests.integration.sip.scripted import PATIENCE, Message, until
from voice.audio import level, tone
from voice.legs import Audio, DialFailed, HungUp, Key

pytestmark = pytest.mark.sip


async def dialled(endpoint, phone, **how) -> tuple[asyncio.Task, Message]:
    """A call on its way to the phone."""
    dialling = asyncio.create_task(endpoint.dial(f"sip:li@127.0.0.1:{phone.port}", **how))
    return dialling, await phone.asked("INVITE")


async def test_an_invite_without_answer_is_sent_again(endpoint, phone):
    dialling, first = await dialled(endpoint, phone, ring_seconds=3)
    loop = asyncio.get_running_loop()
    times = [loop.time()]
    for _ in range(2):
        assert (await phone.asked("INVITE")).raw == first.raw
        times.append(loop.time())
    assert times[1] - times[0] > 0.3 and times[2] - times[1] > 0.7, "after 0.5 and 1 s, less the machine's delays"
    with pytest.raises(DialFailed, match="unreachable"):
        await dialling


@pytest.mark.parametrize(
    ("status", "reason"),
    [(486, "busy"), (600, "busy"), (603, "declined"), (480, "no_answer"), (404, "unreachable"), (403, "refused"),
     (500, "refused")],
)  # fmt: skip
async def test_why_nobody_answers(endpoint, phone, status, reason):
    dialling, invite = await dialled(endpoint, phone)
    phone.reply(invite, status, "No")
    with pytest.raises(DialFailed) as failed:
        await dialling
    assert (failed.value.reason, failed.value.status) == (reason, status)
    assert await phone.asked("ACK")
    assert not endpoint.legs


async def test_ringing_that_is_given_up_is_cancelled(endpoint, phone):
    dialling, invite = await dialled(endpoint, phone, ring_seconds=1)
    phone.reply(invite, 180, "Ringing")
    with pytest.raises(DialFailed, match="no_answer"):
        await dialling
    assert await phone.asked("CANCEL")


async def test_cancelling_the_dial_cancels_the_ringing_and_a_late_answer_is_ended(endpoint, phone):
    dialling, invite = await dialled(endpoint, phone)
    phone.reply(invite, 183, "Progress", phone.offer())
    await until(lambda: endpoint._rang)
    dialling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dialling
    phone.reply(await phone.asked("CANCEL"), 200)
    phone.reply(invite, 200, body=phone.offer())
    assert await phone.asked("BYE")
    assert not endpoint.legs


async def test_an_answer_after_early_sound(endpoint, phone):
    dialling, invite = await dialled(endpoint, phone, number="13800002222", headers={"X-Warmline-Now": "2026-01-01"})
    assert "sip:13800002222@" in invite.header("from")
    assert invite.header("x-warmline-now") == "2026-01-01"
    phone.listen_to(invite)
    phone.reply(invite, 183, "Progress", phone.offer())
    await phone.sound.stream(bytes(160 * 5))
    phone.reply(invite, 200, body=phone.offer("0 96", keys=96))
    leg = await dialling
    assert await phone.asked("ACK")
    leg.send_keys("7")
    await until(lambda: len([packet for packet in phone.sound.received if packet.payload_type == 96]) == 8)
    packets = [packet for packet in phone.sound.received if packet.payload_type == 96]
    assert [packet.marker for packet in packets] == [True] + [False] * 7
    assert len({packet.timestamp for packet in packets}) == 1 and {packet.payload[0] for packet in packets} == {7}
    durations = [int.from_bytes(packet.payload[2:], "big") for packet in packets]
    assert durations == [160, 320, 480, 640, 800, 960, 960, 960]
    assert [packet.payload[1] > 127 for packet in packets] == [False] * 5 + [True] * 3
    leg.hang_up()
    assert await phone.asked("BYE")


async def test_an_answer_without_a_codec_of_ours_is_ended(endpoint, phone):
    dialling, invite = await dialled(endpoint, phone)
    phone.reply(invite, 200, body=phone.offer("18"))
    with pytest.raises(DialFailed, match="refused"):
        await dialling
    assert await phone.asked("BYE")


@pytest.mark.parametrize("address", ["sip:li@no.such.host.invalid", "13800001111", "nonsense"])
async def test_where_nothing_can_be_sent_to(endpoint, address):
    with pytest.raises(DialFailed):
        await endpoint.dial(address)
    assert not endpoint.legs


async def test_two_endpoints_talk_and_press_keys(opens):
    """Both sides are ours, in one process."""
    here, there = await opens(), await opens()
    dialling = asyncio.create_task(here.dial(f"sip:12349@127.0.0.1:{there.config.port}"))
    called = await asyncio.wait_for(there.incoming.get(), PATIENCE)
    await called.answer()
    calling = await asyncio.wait_for(dialling, PATIENCE)
    calling.play(tone(440, 1, 0.3))
    calling.send_keys("1*#0")
    loud, keys = 0, ""
    async with asyncio.timeout(PATIENCE):
        while len(keys) < 4:
            event = await called.events.get()
            loud += isinstance(event, Audio) and level(event.pcm) > 1000
            keys += event.digit if isinstance(event, Key) else ""
    assert keys == "1*#0" and 48 <= loud <= 51, "one second, whole, and the keys after it"
    called.hang_up()
    async with asyncio.timeout(PATIENCE):
        while (event := await calling.events.get()) != HungUp("remote"):
            assert isinstance(event, Audio)
