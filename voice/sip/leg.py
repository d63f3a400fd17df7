"""One SIP call as a `CallLeg`: its dialog lives in the SIP thread, its sound and its events on the audio loop."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, Literal

from sippy.CCEvents import CCEventConnect, CCEventDisconnect, CCEventFail
from sippy.MsgBody import MsgBody

from voice.legs import Audio, CallLeg, HungUp, Key, LegEvent
from voice.sip import reactor, sdp
from voice.sip.media import MediaSession

log = logging.getLogger(__name__)

MOST_EVENTS = 1500
"""Frames nobody reads (an operator's, while bridged) are dropped beyond this: half a minute."""

HELD_SECONDS = 600.0
"""On hold a phone may stay silent; longer than this it has been forgotten or is gone."""

Reason = Literal["remote", "local", "media_timeout", "error"]


class SipLeg:
    """Implements `voice.legs.CallLeg`. All methods are called on the audio loop."""

    def __init__(
        self,
        leg_id: str,
        agent: Any,
        media: MediaSession | None,
        bind: Callable[["SipLeg"], Any],
        over: Callable[["SipLeg"], None],
    ) -> None:
        self.leg_id, self.remote, self.dialled = leg_id, "", ""
        self.headers: Mapping[str, str] = {}
        self.events: asyncio.Queue[LegEvent] = asyncio.Queue()
        self.theirs: sdp.Media | None = None
        self.agent, self.media = agent, media
        self._bind, self._over = bind, over
        self._ended = self._answered = False
        self._peer: SipLeg | None = None
        self._answering = asyncio.Lock()
        self.local_address = ""

    @property
    def alive(self) -> bool:
        return not self._ended

    async def answer(self) -> None:
        async with self._answering:
            if self._answered or self._ended:
                return
            media = await self._bind(self)
            if not self.alive:  # it was cancelled meanwhile
                await media.close()
                return
            self.media = media
            if self.theirs is not None:
                self.media.agree(self.theirs)
                body = sdp.answer(self.theirs, self.local_address, self.media.port)
            else:
                body = sdp.offer(self.local_address, self.media.port)
            self._answered = True
            reactor.call(self.agent.recvEvent, CCEventConnect((200, "OK", body)))

    def play(self, pcm: bytes) -> None:
        if self.media is not None and not self._ended:
            self.media.play(pcm)

    def flush(self) -> None:
        if self.media is not None:
            self.media.flush()

    @property
    def queued_seconds(self) -> float:
        return self.media.queued_seconds if self.media is not None and not self._ended else 0.0

    async def drained(self) -> None:
        if self.media is not None and not self._ended:
            await self.media.drained()

    def send_keys(self, digits: str) -> None:
        if self.media is not None:
            self.media.press(digits)

    def bridge(self, other: CallLeg | None) -> None:
        former, self._peer = self._peer, other if isinstance(other, SipLeg) else None
        if former is not None and former is not other and former._peer is self:
            former._peer = None
            former._join(None)
        self._join(self._peer)
        if self._peer is not None and self._peer._peer is not self:
            self._peer.bridge(self)

    def _join(self, other: "SipLeg | None") -> None:
        if self.media is not None:
            self.media.bridge(other.media if other is not None else None)

    def hang_up(self) -> None:
        self.end("local")

    # --- events --------------------------------------------------------------------------------------------

    def heard(self, frame: bytes) -> None:
        if self.events.qsize() < MOST_EVENTS and not self._ended:
            self.events.put_nowait(Audio(frame))

    def pressed(self, digit: str) -> None:
        if not self._ended:
            self.events.put_nowait(Key(digit))

    def agreed(self, body: Any) -> bool:
        """The other side's description: the answer to our offer, or a change in mid-call; False: nothing we can do."""
        theirs = sdp.understood(body) if body is not None else None
        if theirs is None or self.media is None:
            return False
        self.theirs = theirs
        self.media.agree(theirs)
        return True

    def connected(self) -> None:
        """The other side has answered our call."""
        self._answered = True

    def changed(self, body: Any) -> None:
        """A re-INVITE: another address, hold, or only a sign of life. Both go on with what they agree on."""
        if self.media is None or (body is not None and not self.agreed(body)):
            reactor.call(self.agent.recvEvent, CCEventFail((488, "Not Acceptable Here")))
            return
        port = self.media.port
        if body is None or self.theirs is None:  # the answer to our offer comes with the ACK
            described = sdp.offer(self.local_address, port)
        else:
            described = sdp.answer(self.theirs, self.local_address, port)
        reactor.call(self.agent.recvEvent, CCEventConnect((200, "OK", described)))

    def info(self, body: str) -> None:
        """A SIP INFO in the call: a key by the old way."""
        if self.media is not None:
            self.media.keys.info(body)

    def quiet_too_long(self, limit_seconds: float) -> bool:
        """Nothing comes from the other side any more; on hold it may send nothing for a while."""
        if not self._answered or self.media is None:
            return False
        return self.media.quiet_seconds > (max(HELD_SECONDS, limit_seconds) if self.media.held else limit_seconds)

    def _goodbye(self, reason: Reason) -> Any:
        if self._answered or self.media is not None:  # a dialled leg has its media before it is answered
            return CCEventDisconnect()
        return CCEventFail((503, "Service Unavailable") if reason == "error" else (603, "Decline"))

    def end(self, reason: Reason) -> None:
        """The leg is over; who did not hang up is told."""
        if self._ended:
            return
        self._ended = True
        if reason != "remote":
            reactor.call(self.agent.recvEvent, self._goodbye(reason))
        self.bridge(None)
        self.events.put_nowait(HungUp(reason))
        self._over(self)


def body_text(body: Any) -> str:
    """The text of a message's body."""
    return str(body) if isinstance(body, MsgBody) else ""
