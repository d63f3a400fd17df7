"""Other people's SIP: sipp with its recordings, baresip as the softphone that an operator has."""

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.integration.sip.scripted import PATIENCE, until
from tests.integration.sip.softphone import Softphone
from voice.audio import level, tone
from voice.legs import Audio, DialFailed, HungUp, Key

RECORDINGS = Path("/usr/share/sip-tester")
missing = [name for name in ("sipp", "baresip") if shutil.which(name) is None]
pytestmark = [
    pytest.mark.sip,
    pytest.mark.peers,
    pytest.mark.skipif(bool(missing), reason=f"no {' or '.join(missing)} here: make test-deps"),
]

HEAD = """SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:13800001111@[local_ip]:[local_port]>;tag=[pid]caller[call_number]
Call-ID: [call_id]
Contact: <sip:13800001111@[local_ip]:[local_port];transport=[transport]>
Max-Forwards: 70"""
OFFER = """v=0
o=caller 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [auto_media_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
"""
TO = "To: <sip:[service]@[remote_ip]:[remote_port]>"


def sends(method: str, number: int, body: str = "", retrans: str = "") -> str:
    kind = "Content-Type: application/sdp\n" if body else ""
    tag = "" if method == "INVITE" else "[peer_tag_param]"
    text = (
        f"{method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0\nVia: {HEAD}\n{TO}{tag}\nCSeq: {number} {method}\n"
    )
    return f"<send{retrans}><![CDATA[\n{text}{kind}Content-Length: [len]\n\n{body}\n]]></send>"


def plays(name: str, milliseconds: int) -> str:
    action = f'<exec play_pcap_audio="{RECORDINGS / name}"/>'
    return f'<nop><action>{action}</action></nop><pause milliseconds="{milliseconds}"/>'


def caller(*then: str) -> str:
    """A sipp scenario: a call that is answered, and what happens then."""
    steps = [sends("INVITE", 1, OFFER, ' retrans="500"')]
    steps += [f'<recv response="{code}" optional="true"/>' for code in (100, 180)]
    steps += ['<recv response="200"/>', sends("ACK", 1), *then]
    return '<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="caller">' + "\n".join(steps) + "</scenario>\n"


HANGS_UP = sends("BYE", 2, retrans=' retrans="500"') + '<recv response="200"/>'
IS_HUNG_UP_ON = (
    '<recv request="BYE"/><send><![CDATA[\nSIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:]\n'
    "[last_Call-ID:]\n[last_CSeq:]\nContent-Length: 0\n\n]]></send>"
)


async def sipp(folder: Path, port: int, scenario: str) -> "asyncio.subprocess.Process":
    """sipp, one call."""
    (folder / "caller.xml").write_text(scenario)
    given = ["-sf", "caller.xml", "-s", "12349", "-m", "1", "-i", "127.0.0.1", "-mi", "127.0.0.1", "-timeout", "60s"]
    return await asyncio.create_subprocess_exec(
        "sipp", *given, "-timeout_error", "-nostdin", f"127.0.0.1:{port}", cwd=folder,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "TERM": "dumb"},
    )  # fmt: skip


async def everything_of(leg):
    """All events up to the end of the call."""
    events = []
    async with asyncio.timeout(4 * PATIENCE):
        while not events or not isinstance(events[-1], HungUp):
            events.append(await leg.events.get())
    return events


def loud(events):
    return sum(level(event.pcm) > 300 for event in events if isinstance(event, Audio))


async def test_sipp_speaks_presses_keys_and_hangs_up(endpoint, tmp_path):
    script = caller(
        plays("g711a.pcap", 3000), plays("dtmf_2833_1.pcap", 1000), plays("dtmf_2833_pound.pcap", 1000), HANGS_UP
    )
    process = await sipp(tmp_path, endpoint.config.port, script)
    leg = await asyncio.wait_for(endpoint.incoming.get(), PATIENCE)
    assert leg.remote == "13800001111"
    await leg.answer()
    events = await everything_of(leg)
    assert [event.digit for event in events if isinstance(event, Key)] == ["1", "#"]
    assert events[-1] == HungUp("remote") and loud(events) > 20
    assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


async def test_sipp_whose_contact_is_in_capitals_is_hung_up_on(endpoint, tmp_path):
    process = await sipp(tmp_path, endpoint.config.port, caller(IS_HUNG_UP_ON))
    leg = await asyncio.wait_for(endpoint.incoming.get(), PATIENCE)
    await leg.answer()
    leg.play(tone(440, 0.3))
    await asyncio.wait_for(leg.drained(), PATIENCE)
    leg.hang_up()
    assert await asyncio.wait_for(process.wait(), 4 * PATIENCE) == 0, "sipp got its BYE"


@pytest.fixture
async def softphone(tmp_path, request):
    started = await Softphone(tmp_path, getattr(request, "param", "PCMA")).start()
    yield started
    await started.stop()


@pytest.mark.parametrize("softphone", ["PCMA", "PCMU"], indirect=True)
async def test_baresip_calls_talks_presses_keys_and_hangs_up(endpoint, softphone):
    softphone.do("dial", f"sip:12349@127.0.0.1:{endpoint.config.port}")
    leg = await asyncio.wait_for(endpoint.incoming.get(), PATIENCE)
    await leg.answer()
    await softphone.told("CALL_ESTABLISHED")
    leg.play(tone(440, 1, 0.3))
    leg.send_keys("5")
    for key in "10#":
        softphone.do("sndcode", key)
        softphone.do("sndcode", "\x00")
        await asyncio.sleep(0.4)
    assert (await softphone.told("CALL_DTMF_START"))["param"] == "5"
    await softphone.told("CALL_DTMF_END")
    softphone.do("hangup")
    events = await everything_of(leg)
    await softphone.told("CALL_CLOSED")
    assert [event.digit for event in events if isinstance(event, Key)] == ["1", "0", "#"]
    assert events[-1] == HungUp("remote") and loud(events) > 20
    heard = softphone.heard()
    frames = [heard[at : at + 320] for at in range(0, len(heard), 320)]
    assert 45 <= sum(level(frame) > 1000 for frame in frames) <= 60, "one second of tone, whole"


async def test_baresip_is_called_and_hung_up_on(endpoint, softphone):
    dialling = asyncio.create_task(endpoint.dial(f"sip:13800001111@127.0.0.1:{softphone.port}"))
    assert "12349" in (await softphone.told("CALL_INCOMING"))["peeruri"]
    softphone.do("accept")
    leg = await asyncio.wait_for(dialling, PATIENCE)
    async with asyncio.timeout(PATIENCE):
        while not (isinstance(event := await leg.events.get(), Audio) and level(event.pcm) > 1000):
            pass
    leg.hang_up()
    await softphone.told("CALL_CLOSED")


async def test_baresip_declines_holds_and_resumes(endpoint, softphone):
    dialling = asyncio.create_task(endpoint.dial(f"sip:13800001111@127.0.0.1:{softphone.port}"))
    await softphone.told("CALL_INCOMING")
    softphone.do("hangup")
    with pytest.raises(DialFailed) as failed:
        await dialling
    assert failed.value.reason in ("busy", "declined", "no_answer")
    await softphone.told("CALL_CLOSED")
    softphone.do("dial", f"sip:12349@127.0.0.1:{endpoint.config.port}")
    leg = await asyncio.wait_for(endpoint.incoming.get(), PATIENCE)
    await leg.answer()
    await softphone.told("CALL_ESTABLISHED")
    softphone.do("hold")
    await until(lambda: leg.theirs.held)
    softphone.do("resume")
    await until(lambda: not leg.theirs.held)
    assert leg.alive
    softphone.do("hangup")
    assert (await everything_of(leg))[-1] == HungUp("remote")
