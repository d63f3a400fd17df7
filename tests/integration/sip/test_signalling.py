"""SIP as strange phones speak it, by hand over UDP."""

import asyncio
import logging

import pytest

from tests.integration.sip.raw_phone import RawPhone, event_of
from voice.legs import DialFailed, HungUp, Key

pytestmark = pytest.mark.sip


@pytest.fixture
async def line(endpoint):
    return endpoint


@pytest.fixture
async def phone(line):
    phone = await RawPhone(line.config.port).open()
    yield phone
    phone.close()


async def test_a_call_is_answered_with_the_offers_own_numbers(line, phone):
    phone.ptime, phone.keys = 30, 97
    phone.say("INVITE", phone.sdp(), "X-Warmline-Now: 2026-01-01", "P-Asserted-Identity: <tel:+8613911111111>")
    leg = await line.incoming.get()
    assert (leg.remote, leg.dialled, dict(leg.headers)) == ("+8613911111111", "12349", {"x-warmline-now": "2026-01-01"})
    assert leg.alive
    await leg.answer()
    await leg.answer()
    answer = phone.connected(await phone.answer())
    assert " 8 97\r\n" in answer and "a=rtpmap:97 telephone-event/8000" in answer and "a=ptime:30" in answer


async def test_a_withheld_number_and_a_tel_address(line, phone):
    phone.say("INVITE", phone.sdp(), caller="sip:anonymous@anonymous.invalid")
    assert (await line.incoming.get()).remote == ""
    other = await RawPhone(line.config.port).open()
    other.say("INVITE", other.sdp(), caller="tel:+8613800000000")
    assert (await line.incoming.get()).remote == "+8613800000000"
    other.close()


async def test_a_repeated_invite_gets_the_same_answer_and_is_one_call(line, phone):
    invite = phone.say("INVITE", phone.sdp())
    leg = await line.incoming.get()
    await leg.answer()
    first = await phone.answer()
    phone.sip.send(invite, line.config.port)
    assert await phone.answer() == first
    phone.connected(first)
    phone.say("ACK")
    assert line.incoming.empty()


async def test_an_unacknowledged_answer_is_sent_again(line, phone):
    phone.say("INVITE", phone.sdp())
    await (await line.incoming.get()).answer()
    assert await phone.answer() == await phone.answer()


async def test_a_repeated_bye_is_answered_again(line, phone):
    leg = await phone.call(line)
    bye = phone.say("BYE")
    assert (await phone.answer()).startswith("SIP/2.0 200")
    phone.sip.send(bye, line.config.port)
    assert (await phone.answer()).startswith("SIP/2.0 200")
    assert await event_of(leg, HungUp) == HungUp("remote")
    assert not leg.alive
    leg.hang_up()
    assert leg.events.empty()


async def test_bye_reaches_a_contact_in_capitals(line, phone):
    phone.contact_parameters = ";transport=UDP"
    leg = await phone.call(line)
    leg.hang_up()
    assert (await phone.answer()).startswith(f"BYE sip:raw@127.0.0.1:{phone.sip.port}")
    assert await event_of(leg, HungUp) == HungUp("local")


async def test_cancel_before_the_answer(line, phone):
    phone.say("INVITE", phone.sdp())
    leg = await line.incoming.get()
    phone.say("CANCEL")
    assert {(await phone.answer())[8:11], (await phone.answer())[8:11]} == {"200", "487"}
    assert await event_of(leg, HungUp) == HungUp("remote")
    await leg.answer()


async def test_a_call_that_is_not_wanted_is_declined(line, phone):
    phone.say("INVITE", phone.sdp())
    (await line.incoming.get()).hang_up()
    assert (await phone.answer()).startswith("SIP/2.0 603")


async def test_codecs_that_we_do_not_speak(line, phone):
    phone.say("INVITE", phone.sdp(formats="18 9"))
    assert (await phone.answer()).startswith("SIP/2.0 488")
    assert line.incoming.empty()


async def test_refer_is_refused_and_the_call_goes_on(line, phone):
    leg = await phone.call(line)
    phone.say("REFER", "", "Refer-To: <sip:else@127.0.0.1>")
    assert (await phone.answer()).startswith("SIP/2.0 501")
    phone.say("INFO", "Signal=4\r\nDuration=160\r\n", kind="application/dtmf-relay")
    assert (await phone.answer()).startswith("SIP/2.0 200")
    assert await event_of(leg, Key) == Key("4")
    phone.say("INFO", "5", kind="application/dtmf")
    assert await event_of(leg, Key) == Key("5")
    assert leg.alive


async def test_signs_of_life_are_answered(line, phone):
    phone.say("OPTIONS")
    assert (await phone.answer()).startswith("SIP/2.0 200")
    inside = await RawPhone(line.config.port).open()
    leg = await inside.call(line)
    for method in ("OPTIONS", "UPDATE"):
        inside.say(method)
        assert (await inside.answer()).startswith("SIP/2.0 200")
    assert leg.alive
    inside.close()


async def test_a_session_refresh_and_hold_are_answered(line, phone):
    leg = await phone.call(line)
    phone.say("INVITE", phone.sdp())
    assert "a=sendrecv" in phone.connected(await phone.answer())
    phone.say("ACK")
    phone.say("INVITE", phone.sdp("a=sendonly"))
    assert "a=recvonly" in phone.connected(await phone.answer())
    phone.say("ACK")
    phone.say("INVITE", phone.sdp("a=sendrecv"))
    assert "a=sendrecv" in phone.connected(await phone.answer())
    phone.say("ACK")
    assert leg.alive


async def test_a_refresh_without_a_description_gets_our_offer(line, phone):
    leg = await phone.call(line)
    phone.say("INVITE")
    offer = phone.connected(await phone.answer())
    assert "RTP/AVP 8 0 101" in offer and "a=sendrecv" in offer
    phone.offer_pt = 0
    phone.say("ACK", phone.sdp())
    while (await phone.heard()).payload_type != 0:
        pass
    assert leg.alive


async def test_a_changed_address_is_followed_and_a_bad_change_refused(line, phone):
    leg = await phone.call(line)
    other = await RawPhone(line.config.port).open()
    phone.rtp, old = other.rtp, phone.rtp
    phone.say("INVITE", phone.sdp())
    phone.connected(await phone.answer())
    phone.say("ACK")
    assert (await phone.heard()).payload_type == 8
    phone.say("INVITE", phone.sdp(formats="18"))
    assert (await phone.answer()).startswith("SIP/2.0 488")
    assert leg.alive
    old.close()
    other.close()


async def test_a_call_without_an_offer(line, phone):
    phone.say("INVITE")
    leg = await line.incoming.get()
    await leg.answer()
    phone.connected(await phone.answer())
    phone.offer_pt = 0
    phone.say("ACK", phone.sdp())
    assert (await phone.heard()).payload_type == 0


async def test_rubbish_hurts_nobody_and_is_printed_nowhere(line, phone, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    leg = await phone.call(line)
    number = "13877776666"
    whole = phone.request("INVITE", phone.sdp(), caller=f"sip:{number}@127.0.0.1")
    rubbish = [b"", b"\x00" * 50, b"\xff\xfe" * 40, b"\r\n\r\n", b"INVITE " * 20, f"SIP/2.0 20 {number}".encode() * 3]
    rubbish += [whole[:length].encode() for length in range(40, len(whole), 37)]
    lines = whole.split("\r\n")
    rubbish += ["\r\n".join(lines[:n] + lines[n + 1 :]).replace("raw-", f"cut{n}-").encode() for n in range(1, 9)]
    rubbish += [whole.replace("Content-Length: ", "Content-Length: 9").encode()]
    for data in rubbish:
        phone.sip.send(data, line.config.port)
    phone.sip.send("SIP/2.0 042 x\r\n" + "\r\n".join(lines[1:]), line.config.port)
    other = await RawPhone(line.config.port).open()
    other.say("OPTIONS")
    assert (await other.answer()).startswith("SIP/2.0 200")
    leg.hang_up()
    assert await event_of(leg, HungUp) == HungUp("local")
    printed = capfd.readouterr()
    assert printed.out == "" and number not in printed.err and number not in caplog.text
    other.close()


async def test_an_error_in_a_callback_ends_neither_the_thread_nor_the_call(line, phone, monkeypatch):
    leg = await phone.call(line)
    monkeypatch.setattr(line, "_on_invite", lambda *_: 1 / 0)
    other = await RawPhone(line.config.port).open()
    other.say("INVITE", other.sdp())
    phone.say("OPTIONS")
    while not (await phone.answer()).startswith("SIP/2.0 200"):
        pass
    assert leg.alive
    other.close()


# --- calls that we place ---------------------------------------------------------------------------------------


async def dialled(line, phone, **how):
    task = asyncio.create_task(line.dial(f"sip:li@127.0.0.1:{phone.sip.port}", **how))
    return task, (await phone.sip.get()).decode()


def reply(invite, status, phone, body=""):
    names = ("via:", "from:", "call-id:", "cseq:")
    kept = [text for text in invite.split("\r\n") if text.lower().startswith(names)]
    to = next(text for text in invite.split("\r\n") if text.lower().startswith("to:"))
    lines = [f"SIP/2.0 {status}", *kept, f"{to};tag=b", f"Contact: <sip:li@127.0.0.1:{phone.sip.port};transport=UDP>"]
    lines += ["Content-Type: application/sdp"] if body else []
    phone.sip.send("\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]), phone.line)


async def test_an_invite_without_answer_is_sent_again(line, phone):
    task, first = await dialled(line, phone, ring_seconds=4)
    loop = asyncio.get_running_loop()
    times = [loop.time()]
    for _ in range(2):
        assert (await phone.sip.get()).decode() == first
        times.append(loop.time())
    assert times[1] - times[0] > 0.3 and times[2] - times[1] > 0.7
    with pytest.raises(DialFailed, match="unreachable"):
        await task


@pytest.mark.parametrize(
    ("status", "reason"),
    [("486 Busy Here", "busy"), ("603 Decline", "declined"), ("480 Away", "no_answer"), ("404 No", "unreachable"),
     ("403 Forbidden", "refused"), ("500 Error", "refused")],
)  # fmt: skip
async def test_why_nobody_answers(line, phone, status, reason):
    task, invite = await dialled(line, phone)
    reply(invite, status, phone)
    with pytest.raises(DialFailed) as failed:
        await task
    assert (failed.value.reason, failed.value.status) == (reason, int(status[:3]))
    assert not line.legs


async def test_ringing_that_is_given_up_is_cancelled(line, phone):
    task, invite = await dialled(line, phone, ring_seconds=1)
    reply(invite, "180 Ringing", phone)
    with pytest.raises(DialFailed, match="no_answer"):
        await task
    assert (await phone.sip.get()).startswith(b"CANCEL ")


async def test_cancelling_the_dial_cancels_the_ringing_and_a_late_answer_is_ended(line, phone):
    task, invite = await dialled(line, phone)
    reply(invite, "183 Session Progress", phone, phone.sdp())
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    cancel = (await phone.sip.get()).decode()
    assert cancel.startswith("CANCEL ")
    reply(cancel, "200 OK", phone)
    reply(invite, "200 OK", phone, phone.sdp())
    came = {(await phone.sip.get()).split()[0] for _ in range(2)}
    assert came == {b"ACK", b"BYE"}


async def test_an_answer_after_early_sound(line, phone):
    task, invite = await dialled(line, phone, number="13800001111", headers={"X-Warmline-Now": "2026-01-01"})
    assert "sip:13800001111@" in invite and "x-warmline-now: 2026-01-01" in invite.lower()
    reply(invite, "183 Session Progress", phone, phone.sdp())
    reply(invite, "200 OK", phone, phone.sdp())
    leg = await task
    assert (await phone.sip.get()).startswith(b"ACK ")
    leg.hang_up()
    assert (await phone.sip.get()).startswith(b"BYE ")
    assert await event_of(leg, HungUp) == HungUp("local")


async def test_an_answer_without_a_codec_of_ours_is_ended(line, phone):
    task, invite = await dialled(line, phone)
    reply(invite, "200 OK", phone, phone.sdp(formats="18"))
    with pytest.raises(DialFailed, match="refused"):
        await task
    came = {(await phone.sip.get()).split()[0] for _ in range(2)}
    assert came == {b"ACK", b"BYE"}
