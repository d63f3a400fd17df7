"""aiortp's session as phones need it: G.711 by audioop, whatever of it comes in; strange packets without effect."""

import asyncio
import logging
from typing import Any

from aiortp import RTPSession
from aiortp.codecs import Codec
from aiortp.port_allocator import PortAllocator

from voice.audio import from_alaw, from_ulaw, to_alaw, to_ulaw
from voice.legs import SAMPLE_RATE
from voice.sip.sdp import CODECS, PCMA

log = logging.getLogger(__name__)

COMFORT_NOISE = 13

SOURCE_SECONDS = 2.0
"""Sound from elsewhere counts only after the phone has been quiet for so long: nobody may talk into a call."""


class G711(Codec):
    """PCMA or PCMU by audioop: aiortp's own A-law has the wrong sign. `received_type` is what comes in."""

    def __init__(self, payload_type: int, ptime: int) -> None:
        self._payload_type, self._samples = payload_type, SAMPLE_RATE * ptime // 1000
        self.received_type = payload_type

    @property
    def name(self) -> str:
        return CODECS[self._payload_type]

    @property
    def sample_rate(self) -> int:
        return SAMPLE_RATE

    @property
    def samples_per_frame(self) -> int:
        return self._samples

    def encode(self, pcm: bytes) -> bytes:
        return to_alaw(pcm) if self._payload_type == PCMA else to_ulaw(pcm)

    def decode(self, payload: bytes) -> bytes:
        return from_alaw(payload) if self.received_type == PCMA else from_ulaw(payload)


class PhoneSession(RTPSession):
    """Notes when something last came in; takes either codec, as phones send what they like of the two."""

    received_at = 0.0
    expected: tuple[str, int] | None = None
    """Where the phone said its sound comes from; behind a router it comes from elsewhere."""
    source: tuple[str, int] | None = None

    def _is_theirs(self, addr: tuple[str, int]) -> bool:
        quiet = asyncio.get_running_loop().time() - self.received_at > SOURCE_SECONDS
        if self.source not in (None, addr) and addr != self.expected and not quiet:
            return False
        self.source = addr
        return True

    def _handle_rtp(self, data: bytes, addr: tuple[str, int]) -> None:
        if not self._is_theirs(addr):
            return
        payload_type = data[1] & 0x7F if len(data) >= 12 else -1
        codec: Any = self._codec
        if payload_type in CODECS:
            codec.received_type = payload_type
        elif payload_type not in (COMFORT_NOISE, self._dtmf_payload_type):
            return
        self._noted(super()._handle_rtp, data, addr)

    def _handle_rtcp(self, data: bytes, addr: tuple[str, int]) -> None:
        self._noted(super()._handle_rtcp, data, addr)

    def _noted(self, handle: Any, data: bytes, addr: tuple[str, int]) -> None:
        self.received_at = asyncio.get_running_loop().time()
        try:
            handle(data, addr)
        except Exception as error:  # one packet, not the call
            log.warning("rtp: a packet was passed over: %s", type(error).__name__)


class Ports(PortAllocator):
    """UDP port pairs in turn: late packets of a finished call must not reach the next one."""

    def __init__(self, first: int, last: int) -> None:
        super().__init__((first, last + 1))
        self._first = self._min_port

    async def allocate(self) -> tuple[int, int]:
        """The next free pair. Raises RuntimeError when there is none."""
        try:
            pair = await super().allocate()
        except RuntimeError:
            self._min_port = self._first
            pair = await super().allocate()
        self._min_port = pair[0] + 2
        return pair
