"""Key presses as they come in: RFC 4733 packets, SIP INFO; each press once."""

import re
from collections import deque
from collections.abc import Callable

from aiortp.dtmf import EVENT_TO_DIGIT, DtmfEvent
from aiortp.packet import RtpPacket

SAME_PRESS_SECONDS = 0.5
"""The same key by the other way (INFO and RFC 4733) within this is the same press."""

DIGITS = frozenset("0123456789*#")

LONGEST = 0xFFFF
"""Of one telephone event, in samples; a press held longer goes on as a new event at its end."""

SPELT = {"10": "*", "11": "#"}
"""Some phones send RFC 4733 numbers in an INFO."""

_SIGNAL = re.compile(r"signal\s*=\s*(1[01]|[0-9*#])|^\s*(1[01]|[0-9*#])\s*$", re.IGNORECASE | re.MULTILINE)


class KeyPresses:
    """Tells of a press at its first packet, whichever that is: a lost beginning or end loses nothing.

    Stands in for aiortp's receiver, which waits for the end packet.
    """

    def __init__(self, pressed: Callable[[str], None], now: Callable[[], float]) -> None:
        self._pressed, self._now = pressed, now
        self._told: deque[tuple[int, int]] = deque(maxlen=8)
        self._last: tuple[str, str, float] = ("", "", 0.0)

    def handle_packet(self, packet: RtpPacket) -> None:
        """One telephone-event packet; all packets of a press have its timestamp."""
        try:
            event = DtmfEvent.parse(packet.payload)
        except ValueError:
            return
        press = (packet.timestamp, event.event)
        if press in self._told:
            return
        held_on = ((packet.timestamp - LONGEST) % 2**32, event.event) in self._told
        self._told.append(press)
        if held_on:
            return
        self._tell(EVENT_TO_DIGIT.get(event.event, ""), "rtp")

    def info(self, body: str) -> None:
        """The body of a SIP INFO: application/dtmf-relay or application/dtmf."""
        found = _SIGNAL.search(body)
        if found:
            signal = found[1] or found[2]
            self._tell(SPELT.get(signal, signal), "info")

    def _tell(self, digit: str, way: str) -> None:
        last_digit, last_way, at = self._last
        again = digit == last_digit and way != last_way and self._now() - at < SAME_PRESS_SECONDS
        if digit not in DIGITS or again:
            return
        self._last = (digit, way, self._now())
        self._pressed(digit)
