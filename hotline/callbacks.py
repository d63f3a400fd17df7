"""约定回电: we promised to ring back; when, why, and to which number."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hotline.escalation import CALLBACK, KEPT, may_push
from hotline.ids import new_id
from hotline.outcomes import note
from hotline.people import linked_elders
from hotline.ports import Services, UnitOfWork
from hotline.sessions import CallSession
from knowledge.ringing import ringing


class CallbackBy(StrEnum):
    """Who was promised to ring: one of ours, or the assistant, which then speaks itself."""

    PERSON = "person"
    ASSISTANT = "assistant"


@dataclass
class Callback:
    """`number` is None when we have none yet (a chat): then the reply goes to that chat.

    `hold` is set while ringing could endanger the caller: a person decides. `tries` counts how often the line
    has rung it by itself, `tried_at` is the latest time, `outcome` what became of it. `due_at` is the moment that
    the caller asked for, None for as soon as somebody is free. `rung_until`: somebody rings it, until then unless
    renewed. `handed_at`: from then on it is people's, the line does not ring it any more.
    """

    callback_id: str
    session_id: str
    turn_id: str
    reason: str
    urgency: str
    number: str | None
    promised_at: datetime
    created_at: datetime
    elder_id: str | None = None
    words: str | None = None
    when_words: str | None = None
    hold: bool = False
    status: str = "open"
    closed_at: datetime | None = None
    tries: int = 0
    tried_at: datetime | None = None
    by: str = CallbackBy.PERSON.value
    due_at: datetime | None = None
    outcome: str | None = None
    rung_until: datetime | None = None
    handed_at: datetime | None = None


@dataclass
class CallbackTry:
    """One time that the line rang for a callback; `contact_id`: it rang this relative. `outcome` None: going on, or
    broken off by a crash.
    """

    try_id: str
    callback_id: str
    number: int
    began_at: datetime
    contact_id: str | None = None
    ended_at: datetime | None = None
    outcome: str | None = None


@dataclass(frozen=True)
class NewCallback:
    """Why a callback is wanted; `at` is the moment asked for, None for the usual one."""

    turn_id: str
    reason: str
    urgency: str = "today"
    number: str | None = None
    at: datetime | None = None
    words: str | None = None
    when_words: str | None = None
    hold: bool = False
    by: CallbackBy = CallbackBy.PERSON


async def promise(session_id: str, wanted: NewCallback, services: Services) -> Callback:
    """Promise a callback, once per session and turn."""
    async with services.unit_of_work() as uow:
        session = await uow.sessions.require(session_id)
        callback = await promise_in(uow, session, wanted, services)
        await uow.commit()
        return callback


async def promise_in(uow: UnitOfWork, session: CallSession, wanted: NewCallback, services: Services) -> Callback:
    """As `promise`, inside the caller's transaction."""
    known = await uow.callbacks.for_turn(session.session_id, wanted.turn_id)
    if known is not None:
        return known
    callback = new_callback(session, wanted, services)
    callback.hold = callback.hold or not await may_ring(session, uow)
    if callback.number is None:
        elders = await linked_elders(session, uow)
        callback.number = elders[0].phone if len(elders) == 1 else None
    uow.callbacks.add(callback)
    note(session, "callback")
    return callback


async def may_ring(session: CallSession, uow: UnitOfWork) -> bool:
    """Whether this caller's number may be rung, as far as this contact tells."""
    return all(may_push(raised) for raised in await uow.escalations.of_session(session.session_id))


def new_callback(session: CallSession, wanted: NewCallback, services: Services) -> Callback:
    """The record alone; the number that rings in is the one to ring, unless another was given."""
    now = services.clock.now()
    return Callback(
        callback_id=new_id("cbk"),
        session_id=session.session_id,
        turn_id=wanted.turn_id,
        reason=wanted.reason,
        urgency=wanted.urgency,
        number=wanted.number or session.calling_number,
        promised_at=wanted.at or usual_moment(wanted.urgency, session.now(now), services),
        created_at=now,
        elder_id=session.elder_id or session.identified_elder_id,
        words=wanted.words,
        when_words=wanted.when_words,
        hold=wanted.hold,
        by=wanted.by.value,
        due_at=wanted.at,
    )


def usual_moment(urgency: str, now: datetime, services: Services) -> datetime:
    """By when somebody rings who was given no other time: within the calling hours, danger at once."""
    if urgency == "now":
        return now
    usual, hours = timedelta(minutes=services.timing.callback_minutes), ringing().callbacks.hours
    return now + usual if hours.hold(now + usual) else hours.next_open(now + usual) + usual


async def listing(services: Services) -> list[Callback]:
    """The callbacks still to be made: emergencies first, then by the promised time."""
    async with services.unit_of_work() as uow:
        return await uow.callbacks.open()


async def finish(callback_id: str, services: Services) -> Callback:
    """A person has rung back; what was raised for it alone is over too. Doing it again changes nothing.

    Raises NotFound.
    """
    async with services.unit_of_work() as uow:
        callback = await uow.callbacks.require(callback_id)
        now = services.clock.now()
        if callback.status == "open":
            callback.status, callback.closed_at, callback.outcome = "done", now, KEPT
        raised = await uow.escalations.for_turn(callback.session_id, callback.turn_id, CALLBACK)
        if raised is not None and raised.status != "closed":
            raised.status, raised.closed_at, raised.outcome = "closed", now, KEPT
        await uow.commit()
        return callback
