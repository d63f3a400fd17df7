"""Registered at the trunk, so that calls come in by it: again before it runs out, and until it works."""

import asyncio
import logging
import time
from typing import Any

from sippy.SipRegistrationAgent import SipRegistrationAgent
from sippy.SipURL import SipURL
from sippy.Time.Timeout import Timeout

from voice.sip import reactor
from voice.sip.addresses import target_of
from voice.sip.config import SipConfig

log = logging.getLogger(__name__)

EXPIRES_SECONDS, RENEW_SECONDS = 180, 60
"""sippy alone renews at the very end, when a call may already have been turned away."""


class _Agent(SipRegistrationAgent):  # type: ignore[misc]  # sippy has no types
    """Each reply starts a timer in sippy's; one that comes on top of a recent registration ends there."""

    sent_at = float("-inf")

    def doregister(self) -> None:
        """Register now, unless it was just done; with the password asked for in any case."""
        now = time.monotonic()
        if self.atries or now - self.sent_at >= RENEW_SECONDS / 2:
            self.sent_at = now
            super().doregister()


class Registration:
    """sippy's agent answers challenges and retries; this starts, renews and stops it, and logs changes."""

    def __init__(self, config: SipConfig, sip: dict[str, Any]) -> None:
        self._config, self._sip = config, sip
        self._agent: Any = None
        self._renewing: Any = None
        self.registered: bool | None = None

    async def start(self) -> None:
        """Begin; returns at once, whatever the trunk says."""
        await asyncio.to_thread(reactor.wait, self._start)

    def _start(self) -> None:
        config, trunk = self._config, target_of("0", self._config)
        user = config.trunk_user or config.number
        self._agent = _Agent(
            self._sip,
            SipURL(username=user, host=trunk.host, port=trunk.port),
            SipURL(username=user, host=config.address, port=config.port),
            user=config.trunk_user,
            passw=config.trunk_password,
            exp=EXPIRES_SECONDS,
            rok_cb=lambda *_: self._told(True),
            rfail_cb=lambda *_: self._told(False),
            target=((trunk.host, trunk.port), "udp"),
        )
        self._agent.doregister()
        self._renewing = Timeout(self._agent.doregister, RENEW_SECONDS, -1)

    def _told(self, registered: bool) -> None:
        if registered != self.registered:
            self.registered = registered
            log.log(
                logging.INFO if registered else logging.ERROR,
                "trunk: %s",
                "registered" if registered else "not registered",
            )

    async def stop(self) -> None:
        """No more renewals."""
        await asyncio.to_thread(reactor.wait, self._stop)

    def _stop(self) -> None:
        if self._agent is not None:
            self._renewing.cancel()
            self._agent.stopregister()
