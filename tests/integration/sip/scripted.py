"""A telephone made of two UDP sockets, that says exactly what a test wants, right or wrong."""

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

PATIENCE = 15.0
"""Seconds until a test stops waiting; nothing is measured by it."""


@dataclass(frozen=True)
class Message:
    """One SIP message as it came in."""

    raw: bytes

    @property
    def start(self) -> str:
        return self.raw.decode("utf-8", "replace").split("\r\n", 1)[0]

    @property
    def body(self) -> str:
        return self.raw.decode("utf-8", "replace").partition("\r\n\r\n")[2]

    @property
    def status(self) -> int:
        return int(self.start.split()[1]) if self.start.startswith("SIP/2.0") else 0

    @property
    def method(self) -> str:
        return self.header("cseq").split()[1] if self.status else self.start.split()[0]

    def headers(self, name: str) -> list[str]:
        lines = self.raw.decode("utf-8", "replace").partition("\r\n\r\n")[0].split("\r\n")[1:]
        split = (line.partition(":") for line in lines)
        return [value.strip() for found, _, value in split if found.strip().lower() == name]

    def header(self, name: str) -> str:
        return next(iter(self.headers(name)), "")

    @property
    def sdp(self) -> list[str]:
        return self.body.split("\r\n")


@dataclass(frozen=True)
class Packet:
    """One RTP packet."""

    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes
    source: tuple[str, int]
    at: float

    @classmethod
    def of(cls, data: bytes, source: tuple[str, int], at: float) -> Self:
        number = lambda first, last: int.from_bytes(data[first:last], "big")  # noqa: E731
        return cls(data[1] & 0x7F, data[1] > 127, number(2, 4), number(4, 8), number(8, 12), data[12:], source, at)


class _Socket(asyncio.DatagramProtocol):
    def __init__(self, came: Callable[[bytes, Any], None]) -> None:
        self._came = came

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._came(data, addr)


async def _socket(came: Callable[[bytes, Any], None], host: str = "127.0.0.1") -> Any:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Socket(came), local_addr=(host, 0))
    return transport


@dataclass
class Sound:
    """The RTP side: what came in, and sending by hand."""

    received: list[Packet] = field(default_factory=list)
    payload_type: int = 8
    sequence: int = 1000
    timestamp: int = 50_000
    ssrc: int = field(default_factory=lambda: secrets.randbits(32))
    to: tuple[str, int] | None = None

    async def open(self) -> Self:
        self._transport = await _socket(self._came)
        self.port: int = self._transport.get_extra_info("sockname")[1]
        return self

    def _came(self, data: bytes, addr: Any) -> None:
        self.received.append(Packet.of(data, addr, asyncio.get_running_loop().time()))

    def raw(self, payload_type: int, payload: bytes, sequence: int, timestamp: int, marker: bool = False) -> None:
        """One packet, with everything said."""
        head = bytes([0x80, payload_type | (0x80 if marker else 0)])
        head += (sequence % 2**16).to_bytes(2, "big") + (timestamp % 2**32).to_bytes(4, "big")
        self._transport.sendto(head + self.ssrc.to_bytes(4, "big") + payload, self.to)

    def frame(self, payload: bytes, payload_type: int | None = None) -> None:
        """The next packet of sound."""
        self.raw(self.payload_type if payload_type is None else payload_type, payload, self.sequence, self.timestamp)
        self.sequence += 1
        self.timestamp += len(payload)

    async def stream(self, sound: bytes, size: int = 160) -> None:
        """Coded sound at about the pace of a phone."""
        for begin in range(0, len(sound), size):
            self.frame(sound[begin : begin + size])
            await asyncio.sleep(size / 8000)

    def key(self, event: int, duration: int, end: bool = False, timestamp: int | None = None, pt: int = 101) -> None:
        """One telephone-event packet of a press that began now."""
        payload = bytes([event, 0x8A if end else 0x0A]) + duration.to_bytes(2, "big")
        self.raw(pt, payload, self.sequence, self.timestamp if timestamp is None else timestamp)
        self.sequence += 1

    def press(self, event: int, pt: int = 101, lost: tuple[int, ...] = (), ends: int = 3) -> None:
        """A whole press: five packets and the repeated end; those numbered in `lost` never arrive."""
        durations = [160 * n for n in range(1, 6)] + [960] * ends
        for n, duration in enumerate(durations):
            if n in lost:
                self.sequence += 1
            else:
                self.key(event, duration, end=n >= 5, pt=pt)
        self.timestamp += 1600

    def close(self) -> None:
        self._transport.close()


@dataclass
class Phone:
    """The SIP side, one dialog at a time."""

    number: str = "13800001111"
    inbox: list[Message] = field(default_factory=list)
    cseq: int = 1

    async def open(self) -> Self:
        self._came = asyncio.Event()
        self._transport = await _socket(self._message)
        self.port: int = self._transport.get_extra_info("sockname")[1]
        self.sound = await Sound().open()
        self.call_id, self.tag = secrets.token_hex(8), secrets.token_hex(4)
        self.dialog_to = self.dialog_from = self.target = ""
        self.other: tuple[str, int] = ("127.0.0.1", 9)
        return self

    def close(self) -> None:
        self._transport.close()
        self.sound.close()

    def _message(self, data: bytes, addr: Any) -> None:
        self.inbox.append(Message(data))
        self.came_from = addr
        self._came.set()

    # --- sending ------------------------------------------------------------------------------------------

    def send(self, text: str | bytes) -> None:
        """Any bytes at all to the other side."""
        self._transport.sendto(text.encode() if isinstance(text, str) else text, self.other)

    def offer(self, codecs: str = "8 0 101", ptime: int | None = 20, keys: int = 101, more: str = "") -> str:
        """A description as a phone makes it."""
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0"]
        lines += [f"m=audio {self.sound.port} RTP/AVP {codecs}", "a=rtpmap:8 PCMA/8000", "a=rtpmap:0 PCMU/8000"]
        lines += [f"a=rtpmap:{keys} telephone-event/8000"] + ([f"a=ptime:{ptime}"] if ptime else [])
        return "\r\n".join([*lines, *([more] if more else [])]) + "\r\n"

    def request(
        self, method: str, body: str = "", *, uri: str = "", to: str = "", from_: str = "", cseq: int | None = None,
        branch: str = "", extra: tuple[str, ...] = (), kind: str = "application/sdp", contact: str | None = None,
    ) -> str:  # fmt: skip
        """Send a request, in the dialog when there is one; its text."""
        if cseq is None:
            self.cseq += 1
            cseq = self.cseq
        contact = f"<sip:{self.number}@127.0.0.1:{self.port}>" if contact is None else contact
        lines = [
            f"{method} {uri or self.target} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch={branch or 'z9hG4bK' + secrets.token_hex(6)}",
            f"From: {from_ or self.dialog_from}",
            f"To: {to or self.dialog_to}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {cseq} {method}",
            "Max-Forwards: 70",
            *([f"Contact: {contact}"] if contact else []),
            *extra,
            *([f"Content-Type: {kind}"] if body else []),
            f"Content-Length: {len(body.encode())}",
        ]
        text = "\r\n".join(lines) + "\r\n\r\n" + body
        self.send(text)
        return text

    def invite(self, port: int, body: str | None = None, user: str = "12349", from_: str = "", **more: Any) -> str:
        """A new call to the endpoint at this port."""
        self.other = ("127.0.0.1", port)
        self.target = more.pop("uri", "") or f"sip:{user}@127.0.0.1:{port}"
        self.dialog_from = (from_ or f"<sip:{self.number}@127.0.0.1>") + f";tag={self.tag}"
        self.dialog_to = f"<sip:{user}@127.0.0.1>"
        self.invite_branch = "z9hG4bK" + secrets.token_hex(6)
        self.cseq = self.invite_cseq = 1
        offered = self.offer() if body is None else body
        return self.request("INVITE", offered, cseq=1, branch=self.invite_branch, **more)

    def ack(self, answer: Message, body: str = "") -> None:
        """Acknowledge a final answer; from a 200 on we are in a dialog."""
        self.dialog_to = answer.header("to")
        cseq = int(answer.header("cseq").split()[0])
        if answer.status < 300:
            self.target = answer.header("contact").strip("<>").split(">")[0]
            self.request("ACK", body, cseq=cseq)
        else:
            self.request("ACK", cseq=cseq, branch=self.invite_branch)

    def cancel(self) -> None:
        """Take the INVITE back."""
        self.request("CANCEL", cseq=self.invite_cseq, branch=self.invite_branch)

    def reply(
        self, request: Message, status: int, reason: str = "OK", body: str = "", extra: tuple[str, ...] = ()
    ) -> str:
        """Answer a request of the other side."""
        to = request.header("to")
        to += "" if ";tag=" in to or status == 100 else f";tag={self.tag}"
        lines = [f"SIP/2.0 {status} {reason}"]
        lines += [f"Via: {via}" for via in request.headers("via")]
        lines += [f"From: {request.header('from')}", f"To: {to}", f"Call-ID: {request.header('call-id')}"]
        lines += [f"CSeq: {request.header('cseq')}", f"Contact: <sip:{self.number}@127.0.0.1:{self.port}>", *extra]
        lines += ["Content-Type: application/sdp"] if body else []
        text = "\r\n".join([*lines, f"Content-Length: {len(body.encode())}"]) + "\r\n\r\n" + body
        self.other = self.came_from
        self.send(text)
        if request.method == "INVITE" and status == 200:
            self.call_id, self.dialog_from, self.dialog_to = request.header("call-id"), to, request.header("from")
            self.target = request.header("contact").strip("<>").split(">")[0]
        return text

    # --- receiving ----------------------------------------------------------------------------------------

    async def next(self, wanted: Callable[[Message], bool]) -> Message:
        """The next message of this kind; those before it are passed over."""
        async with asyncio.timeout(PATIENCE):
            while True:
                while self.inbox:
                    message = self.inbox.pop(0)
                    if wanted(message):
                        return message
                self._came.clear()
                await self._came.wait()

    async def status(self, status: int, method: str = "INVITE") -> Message:
        """The answer with this status."""
        return await self.next(lambda m: m.status == status and m.method == method)

    async def final(self, method: str = "INVITE") -> Message:
        """The final answer, whatever it is."""
        return await self.next(lambda m: m.status >= 200 and m.method == method)

    async def asked(self, method: str) -> Message:
        """A request of the other side."""
        return await self.next(lambda m: not m.status and m.method == method)

    async def connect(self, leg_of: Any, port: int, **more: Any) -> Any:
        """Call the endpoint, have it answer, and point our sound at it; the leg there."""
        self.invite(port, **more)
        leg = await asyncio.wait_for(leg_of.incoming.get(), PATIENCE)
        await leg.answer()
        answer = await self.status(200)
        self.ack(answer)
        self.listen_to(answer)
        return leg

    def listen_to(self, description: Message) -> None:
        """Send sound where this message says."""
        port = next(line.split()[1] for line in description.sdp if line.startswith("m=audio"))
        self.sound.to = ("127.0.0.1", int(port))


async def until(true: Callable[[], object]) -> None:
    """Wait until it holds."""
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110  # what is waited for has no event of its own
            await asyncio.sleep(0.01)


async def no_more(seconds: float = 0.3) -> None:
    """Let what may still come arrive."""
    with contextlib.suppress(TimeoutError):
        await asyncio.sleep(seconds)
