"""What comes from the open network, and errors of our own: no call is hurt, nothing about a caller is printed."""

import asyncio
import logging

import pytest

from tests.integration.sip.scripted import PATIENCE, until
from voice.legs import HungUp, Key

pytestmark = pytest.mark.sip

NUMBER = "13877776666"


def rubbish(whole: str) -> list[bytes]:
    """A good INVITE, cut short, with each header left out or with a wrong length; and what is no SIP at all."""
    lines = whole.split("\r\n")
    without = ["\r\n".join(lines[:n] + lines[n + 1 :]).replace("Call-ID: ", f"Call-ID: {n}") for n in range(1, 9)]
    none = [b"", b"\x00" * 50, b"\xff\xfe" * 40, b"\r\n\r\n", b"INVITE " * 20, f"SIP/2.0 20 {NUMBER}".encode() * 3]
    strange = [whole.replace("Content-Length: ", "Content-Length: 9"), "SIP/2.0 042 x\r\n" + "\r\n".join(lines[1:])]
    cut = [whole[:length] for length in range(40, len(whole), 37)]
    return none + [text.encode() for text in (*cut, *without, *strange)]


async def test_rubbish_hurts_nobody_and_is_printed_nowhere(endpoint, phone, phones, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    leg = await phone.connect(endpoint, endpoint.config.port)
    stranger = await phones()
    stranger.number = NUMBER
    whole = stranger.invite(endpoint.config.port)
    for data in rubbish(whole):
        stranger.send(data)
        phone.sound._transport.sendto(data, phone.sound.to)
    stranger.call_id += "last"
    stranger.request("OPTIONS")
    assert (await stranger.final("OPTIONS")).status == 200
    phone.sound.press(3)
    async with asyncio.timeout(PATIENCE):
        while not isinstance(event := await leg.events.get(), Key):
            pass
    assert event == Key("3")
    leg.hang_up()
    assert await phone.asked("BYE")
    printed = capfd.readouterr()
    assert printed.out == "" and NUMBER not in printed.err and NUMBER not in caplog.text


async def test_an_error_in_the_sip_thread_ends_neither_the_thread_nor_a_call(endpoint, phone, phones, monkeypatch):
    leg = await phone.connect(endpoint, endpoint.config.port)
    monkeypatch.setattr(endpoint, "_on_invite", lambda *_: 1 / 0)
    stranger = await phones()
    stranger.invite(endpoint.config.port)
    phone.request("OPTIONS")
    assert (await phone.final("OPTIONS")).status == 200
    assert leg.alive


async def test_an_error_in_one_call_leaves_the_others_alone(endpoint, phones, monkeypatch):
    one, other = [await phones() for _ in range(2)]
    hurt, well = [await phone.connect(endpoint, endpoint.config.port) for phone in (one, other)]
    monkeypatch.setattr(hurt.media, "_tick", lambda: 1 / 0)
    monkeypatch.setattr(hurt.media._session, "on_audio", lambda *_: 1 / 0)
    await one.sound.stream(bytes(160 * 5))
    count = len(other.sound.received)
    await until(lambda: len(other.sound.received) > count + 10)
    assert well.alive
    hurt.hang_up()
    async with asyncio.timeout(PATIENCE):
        while not isinstance(event := await hurt.events.get(), HungUp):
            pass
    assert event == HungUp("local") and await one.asked("BYE")
