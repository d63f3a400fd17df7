"""Operators are told by every way at once: their chats and their phones."""

import asyncio
from dataclasses import dataclass

from hotline.escalation import FIRST_RUNG, Escalation, Urgency
from hotline.people import FamilyContact, Operator
from hotline.ports import Delivery, Dialler, Notifier
from hotline.sessions import CallSession

BEST_FIRST = ("sent", "sending", "failed", "listed", "no_channel")
"""Of two ways the better state counts: who has read it need not be rung again at once."""


@dataclass
class WithPhone:
    """Everybody by `people`; operators by `dialler` as well. Neither raises, and neither waits for the other.

    For what is no danger ready operators' phones are rung one after the other, by the line itself (`voice/hunting.py`);
    the later rungs of the ladder ring everybody.
    """

    people: Notifier
    dialler: Dialler

    async def alert(self, operator: Operator, escalation: Escalation, rung: str) -> Delivery:
        if rung == FIRST_RUNG and escalation.urgency != Urgency.NOW:
            return await self.people.alert(operator, escalation, rung)
        both = await asyncio.gather(
            self.people.alert(operator, escalation, rung), self.dialler.ring_operator(operator, escalation)
        )
        return min(both, key=lambda delivery: BEST_FIRST.index(delivery.state))

    async def tell_contact(self, contact: FamilyContact, escalation: Escalation) -> Delivery:
        return await self.people.tell_contact(contact, escalation)

    async def say(self, session: CallSession, text: str) -> Delivery:
        return await self.people.say(session, text)

    async def relay(self, operator: Operator, session: CallSession, text: str) -> Delivery:
        return await self.people.relay(operator, session, text)
