"""人工: a person is one word or one key away, at any moment."""

from dataclasses import dataclass, replace

from hotline.callbacks import Callback, NewCallback, new_callback, promise_in, usual_moment
from hotline.danger import says_yes
from hotline.errors import StoreUnavailable
from hotline.escalation import (
    OPERATOR_REQUEST,
    PERSON_WANTED,
    Escalation,
    Urgency,
    may_push,
    new_escalation,
    raise_escalation,
)
from hotline.outcomes import note
from hotline.people import OperatorStatus
from hotline.ports import Services
from hotline.records import as_record
from hotline.sessions import CallSession, Choice, Reply
from knowledge.wording import choice, say
from language.moments import say_moment

CALLBACK_OFFER = "callback_offer"
"""What the offer of a callback asks for (`Reply.asks`)."""


@dataclass(frozen=True)
class PersonRequested:
    """A person is being called (`again`: was already); or nobody is ready and a callback was promised."""

    again: bool = False
    callback: Callback | None = None


def person_choice() -> Choice:
    """The button that is always one press away."""
    return Choice(*choice("person"))


async def request_person(session: CallSession, turn_id: str, number: int, services: Services) -> PersonRequested:
    """Call an operator; when none is ready, promise a callback. Works, by the spool, without the database."""
    if await _already_called(session, services):
        return PersonRequested(again=True)
    escalation = new_escalation(
        session, turn_id, number, OPERATOR_REQUEST, Urgency.TODAY, services.clock.now(), trigger="asked"
    )
    await raise_escalation(escalation, services)
    if any(operator.status == OperatorStatus.READY for operator in services.roster):
        await _note_outcome(session, services)
        return PersonRequested()
    return PersonRequested(callback=await promise_or_spool(session, turn_id, OPERATOR_REQUEST, services))


async def _already_called(session: CallSession, services: Services) -> bool:
    try:
        return await _request_of(session, services) is not None
    except StoreUnavailable:
        return False


async def _request_of(session: CallSession, services: Services) -> Escalation | None:
    """What a person is being called for in this contact; None when somebody has come, or nobody was asked for."""
    async with services.unit_of_work() as uow:
        of_session = await uow.escalations.of_session(session.session_id)
    return next((e for e in of_session if e.status == "open" and e.kind in PERSON_WANTED), None)


async def _note_outcome(session: CallSession, services: Services) -> None:
    try:
        async with services.unit_of_work() as uow:
            note(await uow.sessions.require(session.session_id), "escalated")
            await uow.commit()
    except StoreUnavailable:
        return  # an outcome code is worth less than a caller kept waiting


async def promise_or_spool(session: CallSession, turn_id: str, reason: str, services: Services) -> Callback:
    """A callback that is kept even when the database does not take it."""
    wanted = NewCallback(turn_id=turn_id, reason=reason)
    try:
        async with services.unit_of_work() as uow:
            callback = await promise_in(uow, await uow.sessions.require(session.session_id), wanted, services)
            await uow.commit()
            return callback
    except StoreUnavailable:
        urgent = services.live.of(session.key).urgent
        held = replace(wanted, hold=urgent is not None and not may_push(urgent))
        callback = new_callback(session, held, services)
        services.spool.append("callback", as_record(callback))
        return callback


def reply_to_request(asked: PersonRequested, session: CallSession, services: Services) -> Reply:
    """What the caller hears: only what is true now."""
    if asked.callback is None:
        text = say("person_still_called" if asked.again else "person_called")
        return Reply(text, response="person_called", then="hand_over" if session.channel == "phone" else "listen")
    if not can_be_reached(asked.callback, session):
        return Reply(say("person_nobody_ready_no_number"), response="person_nobody_ready")
    by = say_moment(asked.callback.promised_at, session.now(services.clock.now()))
    return Reply(say("person_nobody_ready", by=by), response="person_nobody_ready")


def can_be_reached(callback: Callback, session: CallSession) -> bool:
    """False for a phone that shows no number: nobody may be promised to be rung who can't be."""
    return callback.number is not None or session.channel != "phone"


# --- a callback instead of waiting on ----------------------------------------------------------------------


async def offer_callback(session: CallSession, services: Services) -> Reply:
    """Asked of a caller who has waited on the line; nothing is said when a person has come or nobody can ring."""
    if session.calling_number is None or await _request_of(session, services) is None:
        return Reply("")
    return Reply(say("callback_offer"), response="callback_offer", asks=CALLBACK_OFFER)


async def answer_offer(session: CallSession, text: str, services: Services) -> Reply | None:
    """A yes is a promise, kept with the request itself; a no waits on. None for anything else."""
    request = await _request_of(session, services)
    waits = any(word in text for word in say("wait_words").split())
    if request is None or not (waits or says_yes(text)):
        return None
    if waits:
        return Reply(say("person_still_called"), response="person_called", then="hand_over")
    callback = await _promise_anew(session, request.turn_id, services)
    by = say_moment(callback.promised_at, session.now(services.clock.now()))
    return Reply(say("callback_kept", by=by), response="callback_kept", then="hang_up")


async def _promise_anew(session: CallSession, turn_id: str, services: Services) -> Callback:
    """One callback for one wish: a second promise moves the first."""
    callback = await promise_or_spool(session, turn_id, OPERATOR_REQUEST, services)
    now = session.now(services.clock.now())
    async with services.unit_of_work() as uow:
        stored = await uow.callbacks.get(callback.callback_id)
        if stored is None:
            return callback  # it is in the spool
        stored.status, stored.closed_at = "open", None
        stored.promised_at = usual_moment(stored.urgency, now, services)
        await uow.commit()
        return stored
