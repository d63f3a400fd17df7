"""When a part is down: an honest reply, a callback, and nothing lost."""

from dataclasses import replace
from typing import Any

from hotline import company
from hotline.callbacks import Callback, NewCallback, new_callback
from hotline.escalation import OPERATOR_REQUEST, Urgency, new_escalation, raise_escalation
from hotline.live import LiveSession
from hotline.person import (
    PersonRequested,
    can_be_reached,
    person_choice,
    promise_or_spool,
    reply_to_request,
)
from hotline.ports import Services
from hotline.records import as_record
from hotline.sessions import CallSession, Reply, Utterance
from hotline.turns import Opened, Stopwatch, describe, from_memory, open_session, trace_of
from knowledge.screening import ScreenHit
from knowledge.wording import say
from language.moments import say_moment

TROUBLE = "trouble"


async def begin(utterance: Utterance, services: Services) -> CallSession:
    """Open the session of a contact before its first words."""
    async with services.unit_of_work() as uow:
        session, _ = await open_session(utterance, uow, services)
        await uow.commit()
        return session


async def without_dialogue(opened: Opened, services: Services) -> Reply:
    """The dialogue engine failed: say what was committed before it did, or promise a callback once."""
    session_id, turn_id = opened.session.session_id, opened.turn.turn_id
    async with services.unit_of_work() as uow:
        order = await uow.orders.for_turn(session_id, turn_id)
        noted = await uow.cases.for_turn(session_id, turn_id) or await uow.callbacks.for_turn(session_id, turn_id)
        promised = [c for c in await uow.callbacks.by_session(session_id) if c.reason == TROUBLE]
    if order is not None or noted is not None:
        key = "trouble_but_booked" if order else "trouble_but_noted"
        return Reply(say(key), response=key)
    if promised:
        return Reply(say("trouble_again"), response="trouble_again", choices=(person_choice(),))
    callback = await promise_or_spool(opened.session, turn_id, TROUBLE, services)
    return trouble(callback, opened.session, services)


def trouble(callback: Callback, session: CallSession, services: Services) -> Reply:
    """Says that we can't do it now, and by when somebody will be in touch, unless there is no way to."""
    if not can_be_reached(callback, session):
        return Reply(say("trouble_no_number"), response="trouble", choices=(person_choice(),))
    by = say_moment(callback.promised_at, session.now(services.clock.now()))
    return Reply(say("trouble", by=by), response="trouble", choices=(person_choice(),))


async def without_store(
    utterance: Utterance, hit: ScreenHit, live: LiveSession, services: Services, watch: Stopwatch
) -> Reply:
    """The database failed: danger and 人工 go on from memory and the spool, the rest is kept for a callback."""
    opened = from_memory(utterance, live, services)
    reply = await _answer_from_memory(opened, utterance, hit, live, services)
    reply = replace(reply, trace=replace(reply.trace, path="fallback"))  # as written down: it was answered
    spool_turn(opened, reply, watch, services)
    told = trace_of(opened, "fallback", watch, tier=hit.tier, kind=hit.kind, wants_person=hit.wants_person)
    return Reply(reply.text, reply.response, reply.choices, reply.then, reply.interruptible, trace=told)


async def _answer_from_memory(
    opened: Opened, utterance: Utterance, hit: ScreenHit, live: LiveSession, services: Services
) -> Reply:
    session, turn = opened.session, opened.turn
    if opened.urgent is not None:
        return await company.keep_company(opened.urgent, utterance, services)
    if hit.tier is not None:  # the question can't be kept waiting on a timer now: better one alarm too many
        live.urgent = await _raise(opened, hit.kind or "other", Urgency.NOW, services)
        return company.first_words(hit.kind or "other", session.channel, live.urgent.number)
    if hit.wants_person or utterance.unheard:
        await _raise(opened, OPERATOR_REQUEST, Urgency.TODAY, services)
        return reply_to_request(PersonRequested(), session, services)
    if live.said_trouble:
        return Reply(say("trouble_again"), response="trouble_again", choices=(person_choice(),))
    live.said_trouble = True
    callback = new_callback(session, NewCallback(turn.turn_id, TROUBLE, words=utterance.written), services)
    services.spool.append("callback", as_record(callback))
    return trouble(callback, session, services)


async def _raise(opened: Opened, kind: str, urgency: Urgency, services: Services) -> Any:
    raised = new_escalation(
        opened.session, opened.turn.turn_id, opened.turn.number, kind, urgency, services.clock.now(), "screen"
    )
    return await raise_escalation(raised, services)


def spool_turn(opened: Opened, reply: Reply, watch: Stopwatch, services: Services) -> None:
    """Keep session and turn in the spool."""
    describe(opened.turn, reply, watch)
    record = {"session": as_record(opened.session), "turn": as_record(opened.turn)}
    services.spool.append("turn", record)
