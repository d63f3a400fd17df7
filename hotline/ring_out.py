"""Promised callbacks are rung by the line: which is due, who rings it, what became of it, and when people must do it.

Danger is not here (`hotline/ring_back.py`). The elder is rung first, by the schedule of `knowledge/ringing.yaml`, then
the relatives. What the line can't do is handed to people: an escalation with a ladder of its own, which ends when
somebody takes it over. From then on the line rings operators first, and the elder for whoever takes it.
"""

from dataclasses import dataclass
from datetime import timedelta

from hotline import family
from hotline.callbacks import Callback, CallbackBy, CallbackTry, may_ring
from hotline.escalation import (
    CALLBACK,
    KEPT,
    OPERATOR_REQUEST,
    PRIVATE_KINDS,
    Escalation,
    Urgency,
    may_push,
    raise_escalation,
)
from hotline.ids import new_id
from hotline.people import same_number
from hotline.ports import Services, UnitOfWork
from hotline.sessions import CallSession, Channel
from hotline.timing import is_over
from knowledge.ringing import ringing

LEASE_SECONDS = 60.0
"""Whoever rings has the callback for so long, and renews it meanwhile: a line that was killed loses it."""

ANSWERED, LEFT, TOLD, REFUSED = "answered", "left", "told", "refused"
"""Outcomes of a try beside those of a call that was not answered: a person answered; hung up before one of ours came;
the relative was told; this installation can't ring the number at all.
"""
OVERDUE, TRIES_OVER, BY_HAND, BY_OPERATOR = "overdue", "tries_over", "by_hand", "by_operator"
"""Why people ring: nobody was free or no line runs; nobody answered; the line may not, or has no number; an operator
wanted to.
"""


@dataclass(frozen=True)
class Outgoing:
    """去电: one call to be placed now. `contact_id`: it goes to this relative, `number` is the relative's."""

    callback: Callback
    session: CallSession
    number: str
    attempt: CallbackTry
    contact_id: str | None = None

    @property
    def for_person(self) -> bool:
        """One of ours was promised, and it is the elder who is rung."""
        return self.callback.by == CallbackBy.PERSON and self.contact_id is None


# --- what the line rings -----------------------------------------------------------------------------------


async def due(services: Services) -> list[Callback]:
    """Callbacks that a line should ring now, the longest promised first."""
    async with services.unit_of_work() as uow:
        waiting = [c for c in await uow.callbacks.open() if c.urgency != Urgency.NOW]
        return [c for c in waiting if await _is_due(c, uow, services)]


async def _is_due(callback: Callback, uow: UnitOfWork, services: Services) -> bool:
    if callback.handed_at is not None or not callback.number or _is_rung(callback, services):
        return False
    if callback.outcome == ANSWERED:
        return False  # cut off by a crash while he waited for one of ours: people's now
    session = await uow.sessions.get(callback.session_id)
    if session is None or not _its_time(callback, session, services):
        return False
    if callback.tries >= len(await _targets(callback, uow)):
        return False
    return await _line_may_ring(callback, session, uow, services)


def _is_rung(callback: Callback, services: Services) -> bool:
    """Not by one whose hold begins in the future: the clock was set back, and he may have died."""
    if callback.rung_until is None:
        return False
    since = callback.rung_until - timedelta(seconds=LEASE_SECONDS)
    return not is_over(since, LEASE_SECONDS, services.clock.now())


def _its_time(callback: Callback, session: CallSession, services: Services) -> bool:
    """The moment that was asked for, at any hour; else soon after the promise, within the calling hours."""
    now, plan = services.clock.now(), ringing().callbacks
    if callback.due_at is None and not plan.hours.hold(session.now(now)):
        return False
    if callback.tries == 0 and callback.due_at is not None:
        return callback.due_at <= session.now(now)
    if callback.tries == 0:
        return is_over(callback.created_at, services.timing.wait(plan.first_after_seconds), now)
    if callback.outcome is None or callback.tried_at is None:
        return True  # broken off by a crash
    return is_over(callback.tried_at, services.timing.wait(plan.every_seconds), now)


async def _line_may_ring(callback: Callback, session: CallSession, uow: UnitOfWork, services: Services) -> bool:
    """Where ringing can't endanger, the caller is on no line of ours, and no person has it.

    A contact in writing can't go on by telephone: people ring for it.
    """
    if session.channel != Channel.PHONE or not await _is_safe(callback, session, uow):
        return False
    if session.operator_id is not None or await _person_has_it(callback, uow):
        return False
    now, idle = services.clock.now(), services.timing.session_idle_seconds
    calls = [s for s in await uow.sessions.open_on(Channel.PHONE) if not s.is_idle(now, idle)]
    return not any(same_number(s.address, callback.number) or s is session for s in calls)


async def _is_safe(callback: Callback, session: CallSession, uow: UnitOfWork) -> bool:
    """No danger beside the caller, in this contact or in what is not closed about this elder or number."""
    if callback.hold or not await may_ring(session, uow):
        return False
    return all(may_push(raised) for raised in await _open_about(callback, uow))


async def _open_about(callback: Callback, uow: UnitOfWork) -> list[Escalation]:
    def about(raised: Escalation) -> bool:
        same_elder = callback.elder_id is not None and raised.elder_id == callback.elder_id
        return same_elder or same_number(raised.number, callback.number)

    return [raised for raised in await uow.escalations.open() if about(raised)]


async def _person_has_it(callback: Callback, uow: UnitOfWork) -> bool:
    raised = await wish_of(callback, uow)
    return raised is not None and raised.status == "claimed"


async def wish_of(callback: Callback, uow: UnitOfWork) -> Escalation | None:
    """What was raised for the same wish: 人工 when nobody was ready, or the callback itself."""
    for kind in (CALLBACK, OPERATOR_REQUEST):
        raised = await uow.escalations.for_turn(callback.session_id, callback.turn_id, kind)
        if raised is not None:
            return raised
    return None


async def _targets(callback: Callback, uow: UnitOfWork) -> list[tuple[str, str | None]]:
    """Number and relative of each try, in order. Relatives only where it is the elder who can't be reached."""
    plan = ringing().callbacks
    promised: list[tuple[str, str | None]] = [(str(callback.number), None)] * plan.tries
    elder = await uow.elders.get(callback.elder_id) if callback.elder_id else None
    if elder is None or not same_number(elder.phone, callback.number) or not await may_tell_family(callback, uow):
        return promised
    family = [c for c in await uow.contacts.of(elder.elder_id) if c.phone and not same_number(c.phone, elder.phone)]
    return promised + [(str(c.phone), c.contact_id) for c in family for _ in range(plan.contact_tries)]


async def may_tell_family(callback: Callback, uow: UnitOfWork) -> bool:
    """Never where violence, abuse or fraud was spoken of, in this contact or in what is open about the elder."""
    raised = [*await uow.escalations.of_session(callback.session_id), *await _open_about(callback, uow)]
    return all(one.kind not in PRIVATE_KINDS and one.tell_family for one in raised)


async def take(callback: Callback, services: Services) -> Outgoing | None:
    """Take the next try of a callback that is due; None when another line has it, or it is done."""
    now = services.clock.now()
    until = now + timedelta(seconds=LEASE_SECONDS)
    async with services.unit_of_work() as uow:
        targets = await _targets(callback, uow)
        if callback.tries >= len(targets) or not await _is_due(callback, uow, services):
            return None
        if not await uow.callbacks.take_try(callback.callback_id, callback.tries, now, until):
            return None
        number, contact_id = targets[callback.tries]
        attempt = CallbackTry(new_id("try"), callback.callback_id, callback.tries + 1, now, contact_id)
        uow.callback_tries.add(attempt)
        taken = await uow.callbacks.require(callback.callback_id)
        session = await uow.sessions.require(callback.session_id)
        await uow.commit()
        return Outgoing(taken, session, number, attempt, contact_id)


async def renew(callback_id: str, services: Services) -> bool:
    """It is still being rung, or talked about; False when it need not be: kept, or a person has taken it over."""
    async with services.unit_of_work() as uow:
        callback = await uow.callbacks.get(callback_id)
        if callback is None or callback.status != "open":
            return False
        callback.rung_until = services.clock.now() + timedelta(seconds=LEASE_SECONDS)
        session = await uow.sessions.get(callback.session_id)
        wanted = session is not None and await _is_safe(callback, session, uow)
        wanted = wanted and not await _person_has_it(callback, uow)
        await uow.commit()
        return wanted


async def tried(outgoing: Outgoing, outcome: str, services: Services) -> None:
    """What became of the try: answered, but not kept, is `left`.

    Who left before a person came is people's from now on, and so is a number that this installation can't ring.
    """
    now = services.clock.now()
    async with services.unit_of_work() as uow:
        attempt = await uow.callback_tries.require(outgoing.attempt.try_id)
        attempt.ended_at, attempt.outcome = now, outcome
        callback = await uow.callbacks.require(outgoing.callback.callback_id)
        callback.rung_until = None
        if callback.status == "open":
            outcome = LEFT if outcome == ANSWERED else outcome
            callback.outcome = attempt.outcome = outcome
        await uow.commit()
    if outcome in (LEFT, REFUSED) and callback.status == "open":
        await hand_over(callback, BY_HAND, services)


async def answered(outgoing: Outgoing, services: Services) -> None:
    """A person is on the line: the contact goes on, and one of ours is called if that was promised.

    Else the callback is kept: the assistant speaks.
    """
    now = services.clock.now()
    async with services.unit_of_work() as uow:
        callback = await uow.callbacks.require(outgoing.callback.callback_id)
        session = await uow.sessions.require(callback.session_id)
        callback.outcome, session.last_turn_at = ANSWERED, now
        if session.channel == Channel.PHONE:
            session.ended_at = None
        if callback.by == CallbackBy.ASSISTANT:
            callback.status, callback.closed_at = "done", now
        wish = await _new_wish(callback, ANSWERED, uow, services) if outgoing.for_person else None
        await uow.commit()
    if wish is not None:
        await raise_escalation(wish, services)


async def kept(session_id: str, services: Services) -> None:
    """An operator has the caller on the line: what was promised to this contact and number is kept, but nothing
    that was asked for at a later time.
    """
    now = services.clock.now()
    async with services.unit_of_work() as uow:
        session = await uow.sessions.get(session_id)
        number = session.calling_number if session else None
        for callback in await uow.callbacks.open():
            theirs = callback.session_id == session_id or same_number(callback.number, number)
            urgent_elsewhere = callback.urgency == Urgency.NOW and callback.session_id != session_id
            later = callback.due_at is not None and not callback.tries and callback.handed_at is None
            if theirs and not later and not urgent_elsewhere:
                callback.status, callback.closed_at, callback.outcome = "done", now, KEPT
        await uow.commit()


# --- what people have to do --------------------------------------------------------------------------------


async def hand_over_due(services: Services) -> None:
    """Every callback that the line can't ring, or has rung in vain: operators are told, once each.

    Raises ExceptionGroup with what failed; the others are told all the same.
    """
    async with services.unit_of_work() as uow:
        waiting = [c for c in await uow.callbacks.open() if c.urgency != Urgency.NOW and c.handed_at is None]
        reasons = [(c, await _why_people(c, uow, services)) for c in waiting]
    failed = []
    for callback, why in reasons:
        try:
            if why is not None:
                await hand_over(callback, why, services)
        except Exception as error:  # one that fails keeps no other from being told
            failed.append(error)
    if failed:
        raise ExceptionGroup("callbacks", failed)


async def _why_people(callback: Callback, uow: UnitOfWork, services: Services) -> str | None:
    session = await uow.sessions.get(callback.session_id)
    plan, now = ringing().callbacks, services.clock.now()
    here = session.now(now) if session is not None else now
    soon = here >= callback.promised_at - timedelta(seconds=plan.people_before_seconds)
    in_writing = session is not None and session.channel != Channel.PHONE
    if not (soon or callback.tries or in_writing) or _is_rung(callback, services):
        return None  # nothing to do yet, whatever the database says
    if await _person_has_it(callback, uow):
        return None
    if callback.outcome == ANSWERED:
        return LEFT
    if not callback.number or session is None or not await _is_safe(callback, session, uow):
        return BY_HAND if soon else None
    if callback.tries >= len(await _targets(callback, uow)):
        return TRIES_OVER
    if in_writing and _its_time(callback, session, services):
        return BY_HAND
    late = callback.promised_at + timedelta(seconds=plan.overdue_after_seconds)
    return OVERDUE if callback.tries == 0 and here >= late else None


async def hand_over(callback: Callback, why: str, services: Services) -> None:
    """From now on it is people's; told by an escalation, unless one of the same wish is open. Harmless to repeat."""
    async with services.unit_of_work() as uow:
        wish = await _new_wish(callback, why, uow, services)
    if wish is not None:
        await raise_escalation(wish, services)
    async with services.unit_of_work() as uow:
        stored = await uow.callbacks.require(callback.callback_id)
        first = stored.handed_at is None
        stored.handed_at = stored.handed_at or services.clock.now()
        await uow.commit()
    if why == TRIES_OVER and first:
        await family.tell_missed(callback, services)


async def _new_wish(callback: Callback, why: str, uow: UnitOfWork, services: Services) -> Escalation | None:
    """None while one of the same wish is open."""
    wish = await wish_of(callback, uow)
    return await wish_for(callback, why, uow, services) if wish is None or wish.status == "closed" else None


async def wish_for(callback: Callback, trigger: str, uow: UnitOfWork, services: Services) -> Escalation:
    """An escalation for the callback itself, to the number that was promised; not stored yet."""
    session = await uow.sessions.get(callback.session_id)
    safe = session is not None and await _is_safe(callback, session, uow)
    family = await may_tell_family(callback, uow)
    return Escalation(
        escalation_id=new_id("esc"),
        session_id=callback.session_id,
        turn_id=callback.turn_id,
        raised_at_turn=session.turns if session else 0,
        kind=CALLBACK,
        urgency=Urgency.TODAY,
        raised_at=services.clock.now(),
        place=session.place if session else None,
        number=callback.number,
        channel=Channel.PHONE if callback.number else session.channel if session else "",
        elder_id=callback.elder_id,
        trigger=trigger,
        tell_family=family,
        safe_to_ring=None if safe else False,
    )
