"""Calls that come in, message by message, as scripted phones send them."""

import asyncio
import re

import pytest

from tests.integration.sip.scripted import PATIENCE, no_more, until
from voice.legs import Audio, HungUp, Key

pytestmark = pytest.mark.sip


async def event_of(leg, kind):
    """The next event of this kind."""
    async with asyncio.timeout(PATIENCE):
        while not isinstance(event := await leg.events.get(), kind):
            pass
        return event


async def ringing(endpoint):
    return await asyncio.wait_for(endpoint.incoming.get(), PATIENCE)


async def test_a_call_rings_is_answered_and_hung_up_by_the_phone(endpoint, phone):
    phone.invite(endpoint.config.port)
    assert (await phone.status(180)).header("to").count(";tag=") == 1
    leg = await ringing(endpoint)
    assert (leg.remote, leg.dialled, leg.alive) == ("13800001111", "12349", True)
    await leg.answer()
    answer = await phone.status(200)
    assert "a=rtpmap:8 PCMA/8000" in answer.sdp and "a=ptime:20" in answer.sdp
    phone.ack(answer)
    phone.request("BYE")
    await phone.status(200, "BYE")
    assert await event_of(leg, HungUp) == HungUp("remote")
    assert not leg.alive and not endpoint.legs


async def test_we_hang_up(endpoint, phone):
    leg = await phone.connect(endpoint, endpoint.config.port)
    leg.hang_up()
    phone.reply(await phone.asked("BYE"), 200)
    assert await event_of(leg, HungUp) == HungUp("local")
    leg.hang_up()
    await no_more()
    assert leg.events.empty() and not phone.inbox


async def test_transport_in_capitals_still_gets_our_bye(endpoint, phone):
    contact = f"<sip:138@127.0.0.1:{phone.port};transport=UDP>"
    leg = await phone.connect(endpoint, endpoint.config.port, contact=contact)
    leg.hang_up()
    assert await phone.asked("BYE")


async def test_a_repeated_invite_gets_the_same_answer_and_no_second_call(endpoint, phone):
    text = phone.invite(endpoint.config.port)
    leg = await ringing(endpoint)
    await leg.answer()
    first = await phone.status(200)
    phone.send(text)
    assert (await phone.status(200)).raw == first.raw
    assert endpoint.incoming.empty()
    phone.ack(first)
    bye = phone.request("BYE")
    await phone.status(200, "BYE")
    phone.send(bye)
    assert (await phone.status(200, "BYE")).status == 200


async def test_an_answer_that_is_not_acknowledged_is_repeated(endpoint, phone):
    phone.invite(endpoint.config.port)
    leg = await ringing(endpoint)
    await leg.answer()
    assert (await phone.status(200)).raw == (await phone.status(200)).raw


async def test_cancelled_before_the_answer(endpoint, phone):
    phone.invite(endpoint.config.port)
    leg = await ringing(endpoint)
    await phone.status(180)
    phone.cancel()
    assert (await phone.status(200, "CANCEL")).status == 200
    phone.ack(await phone.status(487))
    assert await event_of(leg, HungUp) == HungUp("remote")
    await leg.answer()  # too late, and harmless
    await no_more()
    assert not [m for m in phone.inbox if m.status == 200 and m.method == "INVITE"]


async def test_cancelled_while_it_is_answered_leaves_no_port_taken(opens, phones):
    endpoint = await opens(calls=1)
    for _ in range(4):
        phone = await phones()
        phone.invite(endpoint.config.port)
        leg = await ringing(endpoint)
        answering = asyncio.create_task(leg.answer())
        phone.cancel()
        await answering
        final = await phone.final()
        phone.ack(final)
        if final.status == 200:
            phone.request("BYE")
        await until(lambda: not endpoint.legs and not endpoint._closing)


async def test_hung_up_before_the_answer_is_declined(endpoint, phone):
    phone.invite(endpoint.config.port)
    leg = await ringing(endpoint)
    leg.hang_up()
    final = await phone.final()
    assert final.status in (480, 603)
    phone.ack(final)
    assert await event_of(leg, HungUp) == HungUp("local")


async def test_without_a_free_port_the_caller_is_told(opens, phones):
    endpoint = await opens(calls=1)
    one, two, three = [await phones() for _ in range(3)]
    leg = await one.connect(endpoint, endpoint.config.port)
    two.invite(endpoint.config.port)
    refused = await ringing(endpoint)
    await refused.answer()
    two.ack(await two.status(503))
    assert await event_of(refused, HungUp) == HungUp("error")
    leg.hang_up()
    await until(lambda: not endpoint._closing)
    assert (await three.connect(endpoint, endpoint.config.port)).alive


@pytest.mark.parametrize(
    "body",
    [
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 18 9\r\n",
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/SAVP 8 0\r\n",
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 4000 RTP/AVP 31\r\n",
        "this is no description\r\n",
    ],
    ids=["other codecs", "encrypted", "no sound", "nonsense"],
)
async def test_what_we_cannot_speak_is_not_acceptable(endpoint, phone, body):
    phone.invite(endpoint.config.port, body)
    phone.ack(await phone.status(488))
    assert endpoint.incoming.empty()


async def test_a_video_phone_is_answered_with_its_picture_refused(endpoint, phone):
    phone.invite(endpoint.config.port, phone.offer(more="m=video 40500 RTP/AVP 31\r\na=rtpmap:31 H261/90000"))
    leg = await ringing(endpoint)
    await leg.answer()
    answer = await phone.status(200)
    assert [line for line in answer.sdp if line.startswith("m=")][1].startswith("m=video 0 ")


async def test_a_call_without_a_description_gets_ours(endpoint, phone):
    phone.invite(endpoint.config.port, "")
    leg = await ringing(endpoint)
    await leg.answer()
    answer = await phone.status(200)
    assert any(re.match(r"m=audio \d+ RTP/AVP 8 0 101", line) for line in answer.sdp)
    phone.ack(answer, phone.offer("0 96", keys=96))
    phone.listen_to(answer)
    await until(lambda: phone.sound.received)
    assert {p.payload_type for p in phone.sound.received} == {0}
    phone.sound.press(5, pt=96)
    assert await event_of(leg, Key) == Key("5")


async def test_hold_resume_new_address_and_sign_of_life(endpoint, phone, phones):
    leg = await phone.connect(endpoint, endpoint.config.port)
    phone.request("INVITE", phone.offer(more="a=sendonly"))
    held = await phone.status(200)
    phone.ack(held)
    assert "a=recvonly" in held.sdp
    phone.request("INVITE", phone.offer(more="a=sendrecv"))
    back = await phone.status(200)
    phone.ack(back)
    assert "a=sendrecv" in back.sdp
    elsewhere = await phones()
    phone.request("INVITE", elsewhere.offer())
    phone.ack(await phone.status(200))
    await until(lambda: len(elsewhere.sound.received) > 5)
    phone.request("INVITE")
    offered = await phone.status(200)
    assert "a=sendrecv" in offered.sdp or not any("only" in line or "inactive" in line for line in offered.sdp)
    phone.ack(offered, elsewhere.offer("8 101"))
    count = len(elsewhere.sound.received)
    await until(lambda: len(elsewhere.sound.received) > count + 5)
    assert leg.alive


async def test_a_change_to_a_codec_we_do_not_know_leaves_the_call_as_it_was(endpoint, phone):
    leg = await phone.connect(endpoint, endpoint.config.port)
    phone.request("INVITE", phone.offer("18"))
    phone.ack(await phone.status(488))
    count = len(phone.sound.received)
    await until(lambda: len(phone.sound.received) > count + 5)
    leg.hang_up()
    assert await phone.asked("BYE")


async def test_refer_is_refused_and_the_call_stays(endpoint, phone):
    leg = await phone.connect(endpoint, endpoint.config.port)
    phone.request("REFER", extra=("Refer-To: <sip:999@127.0.0.1>",))
    assert (await phone.final("REFER")).status >= 400
    await no_more()
    assert leg.alive and not [m for m in phone.inbox if m.method == "BYE"]
    phone.request("BYE")
    assert await event_of(leg, HungUp) == HungUp("remote")


@pytest.mark.parametrize("method", ["OPTIONS", "UPDATE"])
async def test_signs_of_life_in_a_call_are_answered(endpoint, phone, method):
    leg = await phone.connect(endpoint, endpoint.config.port)
    phone.request(method)
    assert (await phone.final(method)).status == 200
    assert leg.alive


@pytest.mark.parametrize("method", ["MESSAGE", "NOTIFY", "PRACK", "SUBSCRIBE", "NONSENSE"])
async def test_other_requests_in_a_call_get_some_answer(endpoint, phone, method):
    leg = await phone.connect(endpoint, endpoint.config.port)
    phone.request(method)
    assert (await phone.final(method)).status >= 200
    assert leg.alive


async def test_requests_outside_of_calls(endpoint, phone):
    phone.invite(endpoint.config.port)
    phone.cancel()
    await phone.final()
    phone.call_id = "another"
    phone.dialog_to = "<sip:12349@127.0.0.1>"
    phone.request("OPTIONS")
    assert (await phone.final("OPTIONS")).status == 200
    phone.request("REGISTER")
    assert (await phone.final("REGISTER")).status >= 400
    phone.dialog_to += ";tag=unknown"
    phone.request("BYE")
    assert (await phone.final("BYE")).status == 481


@pytest.mark.parametrize(
    ("from_", "extra", "remote"),
    [
        ('"Anonymous" <sip:anonymous@anonymous.invalid>', (), ""),
        ("<sip:+8613800001111@host;user=phone>", (), "+8613800001111"),
        ("<tel:+8613800001111;phone-context=x>", (), "+8613800001111"),
        ("sip:01012345678@host", (), "01012345678"),
        ("<sip:%2B8613800001111@host>", (), "+8613800001111"),
        ('"张三" <sip:13800002222@host>', (), "13800002222"),
        ("<sip:anonymous@x>", ("P-Asserted-Identity: <sip:13900000000@x>",), "13900000000"),
        ("<sip:1@x>", ('P-Asserted-Identity: "A, B" <sip:13900000000@x>, <tel:+8613900000000>',), "13900000000"),
        ("<sip:1@x>", ("P-Asserted-Identity: <tel:+8613900000000>",), "+8613900000000"),
        ("<sip:anonymous@x>", ("P-Asserted-Identity: <sip:139@x>", "Privacy: id"), ""),
        ("<sip:host.example>", (), ""),
    ],
)
async def test_who_rings(endpoint, phone, from_, extra, remote):
    phone.invite(endpoint.config.port, from_=from_, extra=extra)
    assert (await ringing(endpoint)).remote == remote
    phone.cancel()
    await phone.final()


async def test_a_name_that_is_not_utf8_still_gets_through(endpoint, phone):
    sent = phone.invite(endpoint.config.port + 0, from_='"NAME" <sip:13800002222@host>')
    phone.cancel()
    await phone.final()
    phone.call_id += "again"
    again = sent.replace(sent.split("Call-ID: ")[1].split("\r\n")[0], phone.call_id)
    phone.send(again.replace("branch=z9hG4bK", "branch=z9hG4bKx").encode().replace(b"NAME", "张三".encode("gbk")))
    legs = [await ringing(endpoint), await ringing(endpoint)]
    assert legs[1].remote == "13800002222"


async def test_a_tel_number_is_dialled(endpoint, phone):
    phone.invite(endpoint.config.port, uri="tel:12349")
    assert (await ringing(endpoint)).dialled == "12349"


async def test_our_own_headers_are_read(endpoint, phone):
    phone.invite(endpoint.config.port, extra=("X-Warmline-Now: 2026-01-01", "X-Other: no"))
    assert (await ringing(endpoint)).headers == {"x-warmline-now": "2026-01-01"}


async def test_a_phone_that_falls_silent_has_hung_up(opens, phone):
    endpoint = await opens(media_timeout_seconds=1.0)
    leg = await phone.connect(endpoint, endpoint.config.port)
    await phone.sound.stream(bytes(160 * 20))
    assert await event_of(leg, HungUp) == HungUp("media_timeout")
    assert await phone.asked("BYE")


async def test_several_calls_at_once_are_kept_apart(endpoint, phones):
    made = [await phones() for _ in range(5)]
    legs = [await phone.connect(endpoint, endpoint.config.port) for phone in made]
    for n, phone in enumerate(made):
        phone.sound.press(n)
    assert [await event_of(leg, Key) for leg in legs] == [Key(str(n)) for n in range(5)]
    made[2].request("BYE")
    await event_of(legs[2], HungUp)
    assert [leg.alive for leg in legs] == [True, True, False, True, True]


async def test_a_call_with_the_same_id_does_not_displace_the_first(endpoint, phone, phones):
    leg = await phone.connect(endpoint, endpoint.config.port)
    double = await phones()
    double.call_id = phone.call_id
    double.invite(endpoint.config.port)
    assert (await double.final()).status >= 400
    phone.sound.press(7)
    assert await event_of(leg, Key) == Key("7")


async def test_the_public_address_is_what_phones_are_told(opens, phone):
    endpoint = await opens(host="127.0.0.1", public_address="192.0.2.7")
    phone.invite(endpoint.config.port)
    leg = await ringing(endpoint)
    await leg.answer()
    answer = await phone.status(200)
    assert "c=IN IP4 192.0.2.7" in answer.sdp
    assert answer.header("contact") == f"<sip:12349@192.0.2.7:{endpoint.config.port}>"


async def test_sound_is_heard_in_frames(endpoint, phone):
    leg = await phone.connect(endpoint, endpoint.config.port)
    await phone.sound.stream(bytes(240 * 20), 240)
    assert len((await event_of(leg, Audio)).pcm) == 320
