"""What a process left when it was killed: words nobody answered, and calls that nobody ended."""

import logging
from datetime import datetime, timedelta

from hotline import company, ladder, outbox
from hotline.ending import end_contact, promise_ring_back
from hotline.escalation import Escalation, Urgency, may_push, new_escalation, raise_escalation, screen
from hotline.person import reply_to_request, request_person
from hotline.ports import Services
from hotline.sessions import CallSession, Channel, Turn, Utterance
from hotline.turns import LOOKED_AT, RECOVERED, urgent_escalation
from knowledge.screening import ScreenHit

log = logging.getLogger(__name__)


async def unanswered_turns(services: Services) -> list[Turn]:
    """Turns whose reply was never written, old enough that nobody is answering them any more."""
    before = services.clock.now() - timedelta(seconds=services.timing.unanswered_seconds)
    async with services.unit_of_work() as uow:
        return await uow.turns.unanswered(before)


async def recover(turn: Turn, services: Services) -> None:
    """Screen words that a crash kept from being answered; what is dangerous, or possibly so, is escalated now.

    Doing it again changes nothing: an escalation is unique by session, turn and kind.
    """
    async with services.unit_of_work() as uow:
        session = await uow.sessions.get(turn.session_id)
    hit = screen(Utterance(Channel.PHONE, "", turn.said))
    path = LOOKED_AT
    if session is not None and hit.tier is not None:
        await _in_danger(session, turn, hit, services)
        path = RECOVERED
    elif session is not None and hit.wants_person:
        asked = await request_person(session, turn.turn_id, turn.number, services)
        await outbox.tell(session, reply_to_request(asked, session, services).text, services)
        path = RECOVERED
    await _mark(turn, path, hit, services)


async def _in_danger(session: CallSession, turn: Turn, hit: ScreenHit, services: Services) -> None:
    kind = hit.kind or "other"
    async with services.unit_of_work() as uow:
        urgent = await urgent_escalation(session.session_id, uow)
    if urgent is not None and urgent.turn_id != turn.turn_id:
        await ladder.alert_again(urgent, turn.number, services)
        return
    raised = new_escalation(
        session, turn.turn_id, turn.number, kind, Urgency.NOW, services.clock.now(), hit.phrase_id or "recovered"
    )
    raised = await raise_escalation(raised, services)
    if may_push(raised):
        await outbox.tell(session, company.first_words(kind, session.channel, raised.number).text, services)
    if session.channel == Channel.PHONE and session.ended_at is not None:
        await _ring_back(raised, services)


async def _ring_back(raised: Escalation, services: Services) -> None:
    """The call is over: nobody will say the next word unless we ring."""
    async with services.unit_of_work() as uow:
        session = await uow.sessions.require(raised.session_id)
        await promise_ring_back(raised, session, uow, services)
        await uow.commit()


async def _mark(turn: Turn, path: str, hit: ScreenHit, services: Services) -> None:
    async with services.unit_of_work() as uow:
        stored = await uow.turns.get(turn.turn_id)
        if stored is not None and not stored.path:
            stored.path, stored.tier, stored.kind = path, hit.tier, hit.kind
        await uow.commit()


async def end_orphaned_calls(before: datetime, services: Services) -> int:
    """Calls begun before this line started are over: as if hung up, so that danger is rung back. How many.

    One line per database: it would end the calls of another. Raises StoreUnavailable.
    """
    async with services.unit_of_work() as uow:
        orphans = [s for s in await uow.sessions.open_on(Channel.PHONE) if s.started_at < before]
        turns = [turn for session in orphans for turn in await uow.turns.of(session.session_id) if not turn.path]
    for turn in turns:
        await recover(turn, services)
    for session in orphans:
        utterance = Utterance(Channel.PHONE, session.address, contact=session.contact)
        await end_contact(utterance, services, hung_up=True)
        await _tell_holder(session, services)
        log.warning("session %s: its call was cut off by a crash", session.session_id)
    return len(orphans)


async def _tell_holder(session: CallSession, services: Services) -> None:
    """Danger that a person had taken over: he and the others hear that the call was cut off."""
    async with services.unit_of_work() as uow:
        urgent = await urgent_escalation(session.session_id, uow)
    if urgent is not None and urgent.claimed_by is not None:
        await ladder.alert_again(urgent, session.turns + 1, services)
