"""The sound of one call: RTP both ways on the audio loop, paced by absolute deadlines, never pausing."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiortp.dtmf import DTMF_EVENTS, DtmfEvent
from aiortp.port_allocator import PortAllocator

from voice.legs import FRAME_BYTES, SAMPLE_RATE
from voice.sip.config import SipError
from voice.sip.keys import KeyPresses
from voice.sip.rtp import G711, PhoneSession
from voice.sip.sdp import PCMA, Media

log = logging.getLogger(__name__)

CATCH_UP_SECONDS = 0.1
"""After a stall of the process so much is sent at once, the rest later: a burst would overflow the other side."""

BRIDGED_SECONDS = 0.2
"""Sound of another leg waits no longer than this; older sound is dropped."""

PRESS_PACKETS, END_PACKETS, GAP_PACKETS = 5, 3, 3
"""Of a key that we press: packets while it is down, repeated ends, silence after it."""

NOBODY = ("127.0.0.1", 9)
"""Where nothing is sent to before the other side's address is known."""


class MediaSession:
    """Sound in and out of one call. `heard` gets frames of 20 ms, `pressed` keys."""

    def __init__(self, heard: Callable[[bytes], None], pressed: Callable[[str], None]) -> None:
        self._heard = heard
        self.keys = KeyPresses(pressed, asyncio.get_running_loop().time)
        self._session: PhoneSession | None = None
        self._theirs: Media | None = None
        self._pacing: asyncio.Task[None] | None = None
        self._out = bytearray()
        self._in = bytearray()
        self._presses: deque[tuple[int, int]] = deque()
        self._press_start = 0
        self._empty = asyncio.Event()
        self._empty.set()
        self._agreed_at = asyncio.get_running_loop().time()
        self.bridged: MediaSession | None = None

    @property
    def port(self) -> int:
        """Where we receive; 0 before `bind`."""
        transport: Any = self._session and self._session._rtp_transport
        return int(transport._transport.get_extra_info("sockname")[1]) if transport else 0

    async def bind(self, host: str, ports: PortAllocator) -> None:
        """Take a pair of ports. Raises SipError when none is free."""
        for _ in range(5):  # another program may take a port between trying and binding it
            with suppress(OSError):
                await self._bind(host, ports)
                return
        raise SipError("no UDP port is free for the voice: widen rtp_first_port and rtp_last_port")

    async def _bind(self, host: str, ports: PortAllocator) -> None:
        try:
            session = await PhoneSession.create(
                (host, 0), NOBODY, PCMA, codec=G711(PCMA, 20), port_allocator=ports, symmetric_rtp=True,
                jitter_prefetch=2, skip_audio_gaps=True, cname="warmline",
            )  # fmt: skip
        except RuntimeError as error:
            raise SipError(f"{error}: widen rtp_first_port and rtp_last_port") from None
        assert isinstance(session, PhoneSession)
        session._dtmf_receiver = self.keys  # type: ignore[assignment]
        session.on_audio = self._on_audio
        self._session = session

    def agree(self, theirs: Media) -> None:
        """Send to them, as they want it; a second time after a re-INVITE."""
        session = self._session
        if session is None:
            return
        codec = G711(theirs.payload_type, theirs.ptime)
        session._codec, session._payload_type = codec, theirs.payload_type
        session._dtmf_payload_type = theirs.keys if theirs.keys is not None else -1
        sender = session._sender
        assert sender is not None
        sender._payload_type = theirs.payload_type
        sender.timestamp_increment = codec.samples_per_frame
        if theirs.reachable:
            session.expected = (theirs.address, theirs.port)
            session.update_remote(session.expected)
        new_pace = self._theirs is None or self._theirs.ptime != theirs.ptime
        self._theirs = theirs
        self._agreed_at = asyncio.get_running_loop().time()
        if new_pace:
            self._restart_pacing(theirs.ptime / 1000)

    def _restart_pacing(self, seconds: float) -> None:
        if self._pacing is not None:
            self._pacing.cancel()
        self._pacing = asyncio.create_task(self._pace(seconds))

    async def _pace(self, seconds: float) -> None:
        """A packet every so often by absolute deadlines, so that delays do not add up."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            while loop.time() - due > CATCH_UP_SECONDS:
                due += seconds
                self._skip()
            try:
                self._tick()
            except Exception as error:  # a packet is lost, the call goes on
                log.error("rtp: a packet was not sent: %s", type(error).__name__)
            due += seconds
            await asyncio.sleep(max(0.0, due - loop.time()))

    def _skip(self) -> None:
        if self._session is not None and self._session._sender is not None:
            self._session._sender.advance_timestamp()

    @property
    def quiet_seconds(self) -> float:
        """Since the last packet of the other side, sound or report: a phone that sends no silence still reports."""
        received_at = self._session.received_at if self._session is not None else 0.0
        return asyncio.get_running_loop().time() - max(received_at, self._agreed_at)

    @property
    def held(self) -> bool:
        """The other side has put us on hold, and may send nothing."""
        return self._theirs is not None and self._theirs.held

    # --- out -----------------------------------------------------------------------------------------------

    def play(self, pcm: bytes) -> None:
        self._out += pcm
        if self._out:
            self._empty.clear()

    def flush(self) -> None:
        self._out.clear()
        self._empty.set()

    @property
    def queued_seconds(self) -> float:
        return len(self._out) / (2 * SAMPLE_RATE)

    async def drained(self) -> None:
        await self._empty.wait()

    def press(self, digits: str) -> None:
        """Press keys, after what is queued."""
        for digit in digits:
            event = DTMF_EVENTS.get(digit)
            if event is not None:
                self._presses += [(event, packets) for packets in range(1, PRESS_PACKETS + 1)]
                self._presses += [(event, PRESS_PACKETS + 1)] * END_PACKETS + [(-1, 0)] * GAP_PACKETS

    def bridge(self, other: "MediaSession | None") -> None:
        self.bridged = other
        self.flush()

    def _tick(self) -> None:
        """One packet: sound, a key, or silence, so that the other side never thinks we are gone."""
        session = self._session
        if session is None or session._sender is None or self._theirs is None:
            return
        size = 2 * SAMPLE_RATE * self._theirs.ptime // 1000
        if not self._out and self._presses and self._theirs.keys is not None:
            return self._press_tick(session, self._theirs.keys)
        ready = size if self.bridged is None or len(self._out) >= size else 0  # half a packet would crackle
        pcm = bytes(self._out[:ready])
        del self._out[:ready]
        if not self._out:
            self._empty.set()
        session.send_audio_pcm_auto(pcm.ljust(size, b"\0"))

    def _press_tick(self, session: PhoneSession, keys: int) -> None:
        """One packet of a key: the first is marked, all have the time of the first, the ends one duration."""
        event, packets = self._presses.popleft()
        sender = session._sender
        assert sender is not None
        if event >= 0:
            if packets == 1:
                self._press_start = sender.current_timestamp
            duration = packets * sender.timestamp_increment
            packet = DtmfEvent(event, packets > PRESS_PACKETS, 10, duration).serialize()
            sender.send_raw(keys, packet, self._press_start, marker=int(packets == 1), addr=session._remote_addr)
        sender.advance_timestamp()

    # --- in ------------------------------------------------------------------------------------------------

    def _on_audio(self, pcm: bytes, timestamp: int) -> None:
        if self.bridged is not None:
            self.bridged.pass_on(pcm)
        self._in += pcm
        while len(self._in) >= FRAME_BYTES:
            frame = bytes(self._in[:FRAME_BYTES])
            del self._in[:FRAME_BYTES]
            self._heard(frame)

    def pass_on(self, pcm: bytes) -> None:
        """Sound of a bridged leg: what has waited too long is dropped, so that the delay does not grow."""
        self.play(pcm)
        if self.queued_seconds > BRIDGED_SECONDS:
            del self._out[: len(self._out) - int(BRIDGED_SECONDS / 2 * SAMPLE_RATE) * 2]

    async def close(self) -> None:
        """Let go of the ports; whoever waits for the end of the sound goes on."""
        self.bridged = None
        self.flush()
        if self._pacing is not None:
            self._pacing.cancel()
        if self._session is not None:
            await self._session.close()
