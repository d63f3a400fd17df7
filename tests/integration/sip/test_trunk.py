"""A trunk: numbers dialled by it, its password, being registered at it."""

import asyncio
import re
from hashlib import md5

import pytest

from tests.integration.sip.scripted import until
from voice.legs import DialFailed
from voice.sip import registration

pytestmark = pytest.mark.sip

CHALLENGE = 'Digest realm="trunk", nonce="abc123", algorithm=MD5, qop="auth"'


def by_trunk(phone, **more):
    return {"trunk": f"127.0.0.1:{phone.port}", "trunk_user": "line", "trunk_password": "secret", **more}


def hashed(*parts):
    return md5(":".join(parts).encode()).hexdigest()


def proves(header, method, password="secret"):
    """The answer to our challenge, worked out apart from the product."""
    given = dict(re.findall(r'(\w+)="?([^",]+)"?', header))
    secret, asked = hashed("line", "trunk", password), hashed(method, given["uri"])
    fresh = [given["nc"], given["cnonce"], given["qop"]] if "qop" in given else []
    return given["response"] == hashed(secret, given["nonce"], *fresh, asked)


@pytest.mark.parametrize(
    ("status", "name", "proof"),
    [(401, "WWW-Authenticate", "authorization"), (407, "Proxy-Authenticate", "proxy-authorization")],
)
async def test_a_number_is_dialled_with_the_password_asked_for(opens, phone, status, name, proof):
    line = await opens(**by_trunk(phone))
    dialling = asyncio.create_task(line.dial("13800001111"))
    invite = await phone.asked("INVITE")
    assert invite.start == f"INVITE sip:13800001111@127.0.0.1:{phone.port} SIP/2.0"
    phone.reply(invite, status, "Who", extra=(f"{name}: {CHALLENGE}",))
    assert await phone.asked("ACK")
    again = await phone.asked("INVITE")
    assert again.header("call-id") == invite.header("call-id")
    assert proves(again.header(proof), "INVITE")
    phone.reply(again, 200, body=phone.offer())
    leg = await dialling
    assert (await phone.asked("ACK")).header("cseq") == again.header("cseq").replace("INVITE", "ACK")
    leg.hang_up()
    phone.reply(await phone.asked("BYE"), 200)


async def test_a_wrong_password_is_refused(opens, phone):
    line = await opens(**by_trunk(phone, trunk_password="wrong"))
    dialling = asyncio.create_task(line.dial("13800001111"))
    for _ in range(2):
        invite = await phone.asked("INVITE")
        phone.reply(invite, 401, "Who", extra=(f"WWW-Authenticate: {CHALLENGE}",))
    assert not proves(invite.header("authorization"), "INVITE")
    with pytest.raises(DialFailed) as failed:
        await dialling
    assert (failed.value.reason, failed.value.status) == ("refused", 401)


async def test_registered_with_the_password_and_renewed(opens, phone, monkeypatch):
    monkeypatch.setattr(registration, "RENEW_SECONDS", 1)
    line = await opens(**by_trunk(phone, trunk_register=True))
    first = await phone.asked("REGISTER")
    phone.reply(first, 401, "Who", extra=(f"WWW-Authenticate: {CHALLENGE}",))
    second = await phone.asked("REGISTER")
    assert proves(second.header("authorization"), "REGISTER")
    assert f"line@127.0.0.1:{line.config.port}" in second.header("contact")
    phone.reply(second, 200)
    await until(lambda: line._registration.registered)
    renewed = await phone.asked("REGISTER")
    assert int(renewed.header("cseq").split()[0]) > int(second.header("cseq").split()[0])
    assert renewed.header("call-id") == first.header("call-id")


async def test_a_trunk_that_is_away_is_asked_until_it_is_back(opens, phone, monkeypatch, caplog):
    monkeypatch.setattr(registration, "RENEW_SECONDS", 1)
    line = await opens(**by_trunk(phone, trunk_register=True))
    for _ in range(2):
        phone.reply(await phone.asked("REGISTER"), 503, "Away")
    await until(lambda: line._registration.registered is False)
    async with asyncio.timeout(20):
        while not line._registration.registered:
            phone.reply(await phone.asked("REGISTER"), 200)
            await asyncio.sleep(0.05)
    assert caplog.text.count("not registered") == 1, "told once, not at each try"


async def test_a_call_comes_in_by_the_trunk(opens, phone):
    line = await opens(**by_trunk(phone, trunk_register=True))
    phone.reply(await phone.asked("REGISTER"), 200)
    leg = await phone.connect(line, line.config.port, user="line")
    assert leg.dialled == "line"
    leg.hang_up()
    assert await phone.asked("BYE")
