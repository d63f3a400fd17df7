"""Calls with telephones that others wrote: sipp and baresip."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from bootstrap.own_stack import free_udp_port, free_udp_ports
from tests.integration.sip.scripted import PATIENCE
from voice.audio import level, tone
from voice.legs import Audio, DialFailed, HungUp, Key

pytestmark = [pytest.mark.sip, pytest.mark.peers]

PCAPS = Path("/usr/share/sip-tester")
SCENARIO = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="caller">
<send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:13800001111@[local_ip]:[local_port]>;tag=[pid]s[call_number]
To: <sip:[service]@[remote_ip]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=user1 53655765 2353687637 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [auto_media_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-11,16
]]></send>
<recv response="100" optional="true"/><recv response="180" optional="true"/><recv response="200"/>
<send><![CDATA[
ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:13800001111@[local_ip]:[local_port]>;tag=[pid]s[call_number]
To: <sip:[service]@[remote_ip]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
<nop><action><exec play_pcap_audio="/usr/share/sip-tester/g711a.pcap"/></action></nop><pause milliseconds="1000"/>
<nop><action><exec play_pcap_audio="/usr/share/sip-tester/dtmf_2833_1.pcap"/></action></nop><pause milliseconds="600"/>
<nop><action><exec play_pcap_audio="/usr/share/sip-tester/dtmf_2833_pound.pcap"/></action></nop>
<recv request="BYE"/>
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
</scenario>
"""


def needs(*programs):
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"needs {program}: make test-deps")


async def events_until(leg, enough):
    """What the leg says until `enough` holds of it."""
    seen = []
    async with asyncio.timeout(PATIENCE):
        while not enough(seen):
            seen.append(await leg.events.get())
    return seen


async def test_sipp_calls_speaks_presses_keys_and_gets_our_bye(endpoint, tmp_path):
    needs("sipp")
    (tmp_path / "caller.xml").write_text(SCENARIO)
    sipp = await asyncio.create_subprocess_exec(
        "sipp", "-sf", "caller.xml", "-s", "12349", "-m", "1", "-nostdin", "-timeout", "30",
        "-i", "127.0.0.1", "-mi", "127.0.0.1", f"127.0.0.1:{endpoint.config.port}",
        cwd=tmp_path, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        leg = await asyncio.wait_for(endpoint.incoming.get(), PATIENCE)
        await leg.answer()
        seen = await events_until(leg, lambda seen: Key("#") in seen)
        assert [e for e in seen if isinstance(e, Key)] == [Key("1"), Key("#")]
        assert any(isinstance(e, Audio) and level(e.pcm) > 300 for e in seen)
        leg.hang_up()
        assert await asyncio.wait_for(sipp.wait(), PATIENCE) == 0
    finally:
        if sipp.returncode is None:
            sipp.kill()
            await sipp.wait()


class Baresip:
    """A softphone without a sound card, driven by its control port."""

    def __init__(self, folder):
        self.folder, self.port, self.control = folder, free_udp_port(), free_udp_port()
        self.first, self.last = free_udp_ports(40)

    async def open(self):
        modules = "".join(f"module {name}.so\n" for name in ("g711", "ausine", "aufile", "account", "ctrl_tcp", "menu"))
        (self.folder / "config").write_text(
            f"sip_listen 127.0.0.1:{self.port}\nnet_interface 127.0.0.1\nmodule_path /usr/lib/baresip/modules\n"
            f"rtp_ports {self.first}-{self.last}\ncall_max_calls 4\nmodule_tmp uuid.so\n{modules}"
            f"ctrl_tcp_listen 127.0.0.1:{self.control}\naudio_source ausine,440\naudio_player aufile,/dev/null\n"
        )
        (self.folder / "accounts").write_text("<sip:old@127.0.0.1>;regint=0;audio_codecs=PCMA/8000/1\n")
        (self.folder / "contacts").write_text("")
        self.process = await asyncio.create_subprocess_exec(
            "baresip", "-f", str(self.folder), "-4", "-v",
            stdin=asyncio.subprocess.DEVNULL, stdout=open("/tmp/bare.log","a"), stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.control)
                    return self
                except OSError:
                    await asyncio.sleep(0.1)

    def say(self, command, params=""):
        text = json.dumps({"command": command, "params": params, "token": "t"})
        self.writer.write(f"{len(text)}:{text},".encode())

    async def told(self, kind):
        """Wait for its event of this kind."""
        async with asyncio.timeout(PATIENCE):
            while True:
                size = int((await self.reader.readuntil(b":"))[:-1])
                message = json.loads((await self.reader.readexactly(size + 1))[:-1])
                if message.get("type") == kind:
                    return message

    async def close(self):
        self.writer.close()
        self.process.terminate()
        await self.process.wait()


@pytest.fixture
async def baresip(tmp_path):
    needs("baresip")
    softphone = await Baresip(tmp_path).open()
    yield softphone
    await softphone.close()


async def test_baresip_calls_is_heard_presses_keys_and_hangs_up(endpoint, baresip):
    baresip.say("dial", f"sip:12349@127.0.0.1:{endpoint.config.port}")
    leg = await asyncio.wait_for(endpoint.incoming.get(), PATIENCE)
    assert leg.remote == "old"
    await leg.answer()
    leg.play(tone(440, 0.5))
    await events_until(leg, lambda seen: any(isinstance(e, Audio) and level(e.pcm) > 500 for e in seen))
    baresip.say("dtmf", "5")
    await events_until(leg, lambda seen: Key("5") in seen)
    baresip.say("hangup")
    await events_until(leg, lambda seen: HungUp("remote") in seen)


async def test_we_call_baresip_and_hang_up(endpoint, baresip):
    dialling = asyncio.create_task(endpoint.dial(f"sip:old@127.0.0.1:{baresip.port}", number="12349"))
    await baresip.told("CALL_INCOMING")
    baresip.say("accept")
    leg = await asyncio.wait_for(dialling, PATIENCE)
    await events_until(leg, lambda seen: any(isinstance(e, Audio) and level(e.pcm) > 500 for e in seen))
    leg.hang_up()
    await baresip.told("CALL_CLOSED")


async def test_baresip_declines(endpoint, baresip):
    dialling = asyncio.create_task(endpoint.dial(f"sip:old@127.0.0.1:{baresip.port}"))
    await baresip.told("CALL_INCOMING")
    baresip.say("hangup")
    with pytest.raises(DialFailed) as failed:
        await asyncio.wait_for(dialling, PATIENCE)
    assert failed.value.reason in ("busy", "declined")
