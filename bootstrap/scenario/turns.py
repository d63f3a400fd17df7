"""What the hotline's database holds of one call while it goes on."""

import asyncio
from dataclasses import dataclass
from typing import Any

from bootstrap.ring.caller import Exchange
from bootstrap.ring.record import exchange_record
from hotline.ports import Services
from hotline.sessions import CallSession, Turn

LIMIT_SECONDS = 15.0
LOOK_SECONDS = 0.2


@dataclass
class CallTurns:
    """The session and its turns, found by the call's id."""

    services: Services
    contact: str
    session_id: str = ""
    asks: str | None = None
    _seen: int = 0

    async def new(self, exchange: Exchange) -> list[dict[str, Any]]:
        """The turns since the last time, the last with what was heard; without one, what was heard alone."""
        await self._find()
        async with self.services.unit_of_work() as uow:
            turns = await uow.turns.of(self.session_id)
        fresh, self._seen = turns[self._seen :], len(turns)
        if turns:
            self.asks = turns[-1].asks
        if not fresh:
            return [{**_shown(None, exchange.what), **_heard(exchange)}]
        shown = [_shown(turn, exchange.what) for turn in fresh]
        return [*shown[:-1], {**shown[-1], **_heard(exchange)}]

    async def ended(self) -> None:
        """Wait until the line has closed the session. Gives up in the end: the outcome is then missing."""
        for _ in range(int(LIMIT_SECONDS / LOOK_SECONDS)):
            session = await self._session()
            if session is None or session.ended_at is not None:
                return
            await asyncio.sleep(LOOK_SECONDS)

    async def _find(self) -> None:
        """The line opens the session while its first words are being said."""
        for _ in range(int(LIMIT_SECONDS / LOOK_SECONDS)):
            if self.session_id:
                return
            await self._session()
            await asyncio.sleep(LOOK_SECONDS)

    async def _session(self) -> CallSession | None:
        async with self.services.unit_of_work() as uow:
            if self.session_id:
                return await uow.sessions.get(self.session_id)
            found = [one for one in await uow.sessions.open_on("phone") if one.contact == self.contact]
        self.session_id = found[0].session_id if found else ""
        return found[0] if found else None


def _shown(turn: Turn | None, what: str) -> dict[str, Any]:
    """As the runner of texts shows it."""
    return {
        "turn": turn.number if turn else 0,
        "what": what,
        "said": turn.said if turn else "",
        "reply": turn.reply if turn else "",
        "response": turn.response if turn else None,
        "asks": turn.asks if turn else None,
        "intent": turn.intent if turn else None,
        "tier": turn.tier if turn else None,
        "kind": turn.kind if turn else None,
        "screen": {"tier": turn.tier if turn else None, "kind": turn.kind if turn else None, "person": False},
        "path": turn.path if turn else "",
        "milliseconds": turn.milliseconds.get("total") if turn else None,
    }


def _heard(exchange: Exchange) -> dict[str, Any]:
    measured = exchange_record(exchange)
    return {
        "spoken": exchange.said,
        "heard": exchange.heard,
        "filler": exchange.filler,
        "end_of_speech_to_reply_ms": measured["end_of_speech_to_reply_ms"],
    }
