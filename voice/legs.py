"""What a phone call is to the rest of the line: legs that come in or are placed, whatever carries them.

Everything here happens on the audio loop, which never waits for a database, HTTP or recognition.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

SAMPLE_RATE = 8000
"""Sound inside the line is mono, signed 16 bit little-endian, 8000 Hz; codecs stay behind the leg."""

FRAME_SECONDS = 0.02
FRAME_BYTES = 320


@dataclass(frozen=True)
class Audio:
    """One frame heard: FRAME_BYTES of sound, in order; lost packets are concealed or left out."""

    pcm: bytes


@dataclass(frozen=True)
class Key:
    """A key pressed (0-9, * or #), once per press, by RFC 4733 or SIP INFO."""

    digit: str


@dataclass(frozen=True)
class HungUp:
    """The leg is over, always the last event: the other side hung up, we did, or its media stopped coming."""

    reason: Literal["remote", "local", "media_timeout", "error"]


LegEvent = Audio | Key | HungUp


class DialFailed(Exception):
    """A call we placed was not answered; `reason` is busy, declined, no_answer, unreachable or refused."""

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(f"{reason} ({status})" if status else reason)
        self.reason, self.status = reason, status


class CallLeg(Protocol):
    """One call to or from one phone."""

    leg_id: str
    """Unique: SIP's Call-ID."""
    remote: str
    """User part of the other side: the number that rings; "" when withheld."""
    dialled: str
    """User part of the number that was dialled."""
    headers: Mapping[str, str]
    """Headers of the INVITE that begin with X-Warmline-, names in lower case."""
    events: asyncio.Queue[LegEvent]

    @property
    def alive(self) -> bool:
        """Answered or ringing, and not hung up."""

    async def answer(self) -> None:
        """Pick up; returns when sound can be played. Harmless on an answered leg."""

    def play(self, pcm: bytes) -> None:
        """Put sound at the end of what is being played; any length, cut into frames here."""

    def flush(self) -> None:
        """Drop what has not been played yet; the caller hears nothing more of it within one frame."""

    @property
    def queued_seconds(self) -> float:
        """How much sound is still to be played."""

    async def drained(self) -> None:
        """Wait until everything put in has been played, flushed or the leg is over."""

    def send_keys(self, digits: str) -> None:
        """Press keys towards the other side (RFC 4733), after what is being played."""

    def bridge(self, other: CallLeg | None) -> None:
        """Let the two sides hear each other from now on (what is queued to either is dropped); None ends it.

        Keys and hang-ups go on arriving in `events` of each leg; sound does too.
        """

    def hang_up(self) -> None:
        """End it. Harmless when it is over."""


class Endpoint(Protocol):
    """Where calls come in and go out."""

    incoming: asyncio.Queue[CallLeg]
    """Legs that ring, not answered yet."""

    async def dial(
        self, address: str, *, number: str = "", ring_seconds: float = 30.0, headers: Mapping[str, str] | None = None
    ) -> CallLeg:
        """Place a call to `sip:...`, or to a telephone number by the trunk; the answered leg.

        `number` is what the other phone shows. Raises DialFailed; cancelling it stops the ringing.
        """

    async def close(self) -> None:
        """Hang up everything and let go of the sockets."""
