"""A phone that says over UDP exactly what a test tells it to: SIP by hand, RTP by hand."""

import asyncio
import re
import socket
from itertools import count

from aiortp.packet import RtpPacket

_calls = count(1)
LONG = 20


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Datagrams(asyncio.DatagramProtocol):
    def __init__(self):
        self.came = asyncio.Queue()

    def datagram_received(self, data, addr):
        self.came.put_nowait((data, addr))


class Socket:
    """One UDP socket."""

    async def open(self):
        loop = asyncio.get_running_loop()
        self.transport, self.protocol = await loop.create_datagram_endpoint(Datagrams, ("127.0.0.1", 0))
        self.port = self.transport.get_extra_info("sockname")[1]
        return self

    def send(self, data, port):
        self.transport.sendto(data if isinstance(data, bytes) else data.encode(), ("127.0.0.1", port))

    async def get(self, seconds=LONG):
        async with asyncio.timeout(seconds):
            return (await self.protocol.came.get())[0]

    def close(self):
        self.transport.close()


class RawPhone:
    """`sip` and `rtp` are its sockets, `line` the other side's SIP port."""

    def __init__(self, line):
        self.line, self.call_id, self.to_tag, self.cseq = line, f"raw-{next(_calls)}@test", "", 0
        self.offer_pt, self.ptime, self.keys = 8, 20, 96
        self.sip, self.rtp, self.contact_parameters = Socket(), Socket(), ""
        self.sequence, self.timestamp, self.branch = 65500, 2**32 - 800, ""

    async def open(self):
        await self.sip.open()
        await self.rtp.open()
        return self

    def close(self):
        self.sip.close()
        self.rtp.close()

    def sdp(self, *more, formats=None):
        formats = formats or f"{self.offer_pt} {self.keys}"
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
                 f"m=audio {self.rtp.port} RTP/AVP {formats}", f"a=rtpmap:{self.keys} telephone-event/8000",
                 f"a=ptime:{self.ptime}", *more]  # fmt: skip
        return "\r\n".join(lines) + "\r\n"

    def request(self, method, body="", *headers, kind="application/sdp", caller="sip:13800000000@127.0.0.1"):
        if method not in ("ACK", "CANCEL"):
            self.cseq += 1
            self.branch = f"z9hG4bK{self.call_id}{self.cseq}"
        to_tag = f";tag={self.to_tag}" if self.to_tag and method != "CANCEL" else ""
        lines = [
            f"{method} sip:12349@127.0.0.1:{self.line} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.sip.port};branch={self.branch};rport",
            "Max-Forwards: 70",
            f"From: <{caller}>;tag=raw",
            f"To: <sip:12349@127.0.0.1:{self.line}>{to_tag}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {self.cseq} {method}",
            f"Contact: <sip:raw@127.0.0.1:{self.sip.port}{self.contact_parameters}>",
            *headers,
            *([f"Content-Type: {kind}"] if body else []),
            f"Content-Length: {len(body)}",
            "",
            body,
        ]
        return "\r\n".join(lines)

    def say(self, method, *given, **named):
        text = self.request(method, *given, **named)
        self.sip.send(text, self.line)
        return text

    async def answer(self, seconds=LONG):
        """The next final answer (provisional ones are passed over)."""
        while True:
            text = (await self.sip.get(seconds)).decode()
            if not text.startswith("SIP/2.0 1"):
                return text

    async def call(self, endpoint, *more):
        """Ring, be answered; the line's leg."""
        self.say("INVITE", self.sdp(*more))
        leg = await asyncio.wait_for(endpoint.incoming.get(), LONG)
        await leg.answer()
        self.connected(await self.answer())
        self.say("ACK")
        return leg

    def connected(self, answer):
        assert answer.startswith("SIP/2.0 200"), answer
        self.to_tag = re.search(r"^To:.*;tag=(\S+)", answer, re.M | re.I)[1]
        self.line_rtp = int(re.search(r"^m=audio (\d+)", answer, re.M)[1])
        return answer

    # --- RTP

    def packet(self, payload, payload_type=None, *, timestamp=None, step=160):
        packet = RtpPacket(
            payload_type=self.offer_pt if payload_type is None else payload_type,
            sequence_number=self.sequence,
            timestamp=self.timestamp if timestamp is None else timestamp,
            ssrc=77,
            payload=payload,
        ).serialize()
        self.sequence = (self.sequence + 1) % 65536
        self.timestamp = (self.timestamp + step) % 2**32
        return packet

    def send_rtp(self, packet):
        self.rtp.send(packet, self.line_rtp)

    async def heard(self):
        """The next RTP packet from the line."""
        return RtpPacket.parse(await self.rtp.get())


async def event_of(leg, kind):
    """The next event of this kind; others are passed over."""
    async with asyncio.timeout(LONG):
        while True:
            event = await leg.events.get()
            if isinstance(event, kind):
                return event
