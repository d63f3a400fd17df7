"""The end of a contact: nothing half done stays, and silence after an emergency counts as worse."""

from hotline import escalation
from hotline.callbacks import Callback, CallbackBy, NewCallback, promise_in
from hotline.errors import StoreUnavailable
from hotline.escalation import OPERATOR_REQUEST, Escalation, Urgency, hung_up_turn, new_escalation
from hotline.outcomes import note
from hotline.ports import Services, UnitOfWork
from hotline.sessions import CallSession, Utterance
from hotline.turns import urgent_escalation


async def end_contact(utterance: Utterance, services: Services, *, hung_up: bool) -> None:
    """Close the session of this contact. A hang-up in danger opens a callback, urgency now."""
    try:
        await _end(utterance, services, hung_up=hung_up)
    except StoreUnavailable:
        return  # the session stays open and ends by idleness; escalations and callbacks are in the spool
    finally:
        services.live.forget(utterance.key)


async def _end(utterance: Utterance, services: Services, *, hung_up: bool) -> None:
    async with services.unit_of_work() as uow:
        session = await uow.sessions.open_for(utterance.channel, utterance.address, utterance.contact)
        if session is None:
            return
        check = await uow.danger_checks.pending(session.session_id)
        if check is not None:
            check.answered_at, check.outcome = services.clock.now(), "acted"
            await uow.commit()
    if check is not None:  # hanging up on the question is a broken answer
        raised = new_escalation(
            session,
            check.turn_id,
            check.turn_number,
            check.kind,
            Urgency.NOW,
            services.clock.now(),
            "hung_up" if hung_up else "left",
        )
        await escalation.raise_escalation(raised, services)
    async with services.unit_of_work() as uow:
        await _close(await uow.sessions.require(session.session_id), uow, services, hung_up=hung_up)
        await uow.commit()


async def _close(session: CallSession, uow: UnitOfWork, services: Services, *, hung_up: bool) -> None:
    urgent = await urgent_escalation(session.session_id, uow)
    asked = await _unanswered_request(session, uow)
    if urgent is not None and hung_up:
        await promise_ring_back(urgent, session, uow, services)
    elif asked is not None and hung_up:
        await promise_in(uow, session, NewCallback(asked.turn_id, OPERATOR_REQUEST), services)
    if urgent is not None:
        note(session, "emergency")
    last = await uow.turns.last(session.session_id)
    in_the_middle = last is not None and last.asks is not None
    note(session, "abandoned" if in_the_middle else "answered" if last is not None else "nothing")
    if urgent is None or session.channel == "phone":
        session.ended_at = services.clock.now()


async def _unanswered_request(session: CallSession, uow: UnitOfWork) -> Escalation | None:
    of_session = await uow.escalations.of_session(session.session_id)
    return next((e for e in of_session if e.kind == OPERATOR_REQUEST and e.status == "open"), None)


async def promise_ring_back(urgent: Escalation, session: CallSession, uow: UnitOfWork, services: Services) -> Callback:
    """A callback, urgency now; held where ringing may endanger.

    Cut off again after it was rung: the same one once more, with its tries.
    """
    callback = await promise_in(uow, session, _callback_for(urgent), services)
    callback.status, callback.closed_at = "open", None
    return callback


def _callback_for(urgent: Escalation) -> NewCallback:
    """To the number that rang in."""
    return NewCallback(hung_up_turn(urgent), urgent.kind, Urgency.NOW, urgent.number, by=CallbackBy.ASSISTANT)
