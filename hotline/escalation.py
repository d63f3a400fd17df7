"""Escalations: what needs a person, who is told of it and when, and who has taken it."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from hotline import outbox
from hotline.errors import AlreadyClaimed, StoreUnavailable
from hotline.ids import new_id
from hotline.people import Operator, OperatorStatus
from hotline.ports import Services, UnitOfWork
from hotline.records import as_record, from_record
from hotline.sessions import CallSession, Utterance
from knowledge.safety import common
from knowledge.screening import ScreenHit
from knowledge.screening import screen as screen_words

PRIVATE_KINDS = frozenset({"violence", "abuse", "fraud"})
"""The danger may sit beside the caller: no family is told, and nothing goes to the calling number."""

OPERATOR_REQUEST = "operator_request"
TAKEN_OVER = "taken_over"
"""An operator has taken over a contact that asked for nobody."""

CALLBACK = "callback"
"""A promised callback needs a person: the elder is on the line for it, or the line has not reached anybody."""

PERSON_WANTED = frozenset({OPERATOR_REQUEST, CALLBACK})
"""Kinds for which a caller on the line waits for whoever is free."""

STOOD_DOWN = "stood_down"
"""Status: a relative has reached the elder, nobody is told any more; an operator may claim, close or reopen it."""

KEPT = "kept"
"""Outcome of a callback that a person, or the assistant, has kept."""

FIRST_RUNG = "0s"


class Urgency(StrEnum):
    """紧急程度: now is danger to a person, today is promised for today, soon may wait for office hours."""

    NOW = "now"
    TODAY = "today"
    SOON = "soon"


@dataclass
class Escalation:
    """升级: open until a person has claimed it, claimed until a person closes it.

    Stood down when a relative has reached the elder: `reached_by` is the contact, `reached_at` when. `attended_at`: it
    was claimed in the console, and when there was the last sign of life; None for any other claim. `left_by`: whoever
    had claimed it before, and was gone.

    While the caller is kept company: `asked` are the questions so far, `known` the facts told, by name (where,
    alone, door ...), in the caller's words; both are for the operator's packet.
    """

    escalation_id: str
    session_id: str
    turn_id: str
    raised_at_turn: int
    kind: str
    urgency: str
    raised_at: datetime
    place: str | None = None
    number: str | None = None
    channel: str = ""
    elder_id: str | None = None
    trigger: str = ""
    tell_family: bool = True
    status: str = "open"
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str | None = None
    investigate: bool = False
    safe_to_ring: bool | None = None
    company_turns: int = 0
    asked: list[str] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    caller_says_ok: bool = False
    draft: dict[str, Any] = field(default_factory=dict)
    ladder_started_at: datetime | None = None
    reached_by: str | None = None
    reached_at: datetime | None = None
    attended_at: datetime | None = None
    left_by: str | None = None


@dataclass
class Notice:
    """One person told of one escalation at one rung; unique by (escalation, rung, recipient)."""

    notice_id: str
    escalation_id: str
    rung: str
    recipient_kind: str
    recipient_id: str
    state: str
    started_at: datetime
    attempts: int = 1
    finished_at: datetime | None = None


def screen(utterance: Utterance) -> ScreenHit:
    """Emergencies and 人工 in the words and their sounds: pure, in memory, before anything that can fail."""
    return screen_words(utterance.text)


def new_escalation(
    session: CallSession,
    turn_id: str,
    turn_number: int,
    kind: str,
    urgency: Urgency,
    now: datetime,
    trigger: str = "",
) -> Escalation:
    """An open escalation of this session; the number is the one that rang in."""
    return Escalation(
        escalation_id=new_id("esc"),
        session_id=session.session_id,
        turn_id=turn_id,
        raised_at_turn=turn_number,
        kind=kind,
        urgency=urgency,
        raised_at=now,
        place=session.place,
        number=session.calling_number,
        channel=session.channel,
        elder_id=session.elder_id or session.identified_elder_id,
        trigger=trigger,
        tell_family=kind not in PRIVATE_KINDS,
        safe_to_ring=session.safe_to_ring,
    )


async def raise_escalation(escalation: Escalation, services: Services) -> Escalation:
    """Record it and tell the first rung; a database that fails sends it to the spool, the alert goes out anyway.

    Raising the same kind twice for one turn gives the first one back.
    """
    try:
        saved, told = await asyncio.wait_for(_save(escalation, services), services.timing.save_limit_seconds)
    except (StoreUnavailable, TimeoutError):
        return raise_without_store(escalation, services)
    services.live.background(deliver(saved, FIRST_RUNG, told, services))
    return saved


def raise_without_store(escalation: Escalation, services: Services) -> Escalation:
    """The same while the database does not answer: into the spool, and the operators last known are told."""
    services.spool.append("escalation", as_record(escalation))
    ready = [o for o in services.roster if o.status == OperatorStatus.READY]
    services.live.background(alert_without_store(escalation, ready or services.roster, services))
    return escalation


async def _save(escalation: Escalation, services: Services) -> tuple[Escalation, list[Operator]]:
    async with services.unit_of_work() as uow:
        known = await uow.escalations.for_turn(escalation.session_id, escalation.turn_id, escalation.kind)
        if known is not None:
            return known, []
        told = await add(escalation, uow, services)
        await uow.commit()
        return escalation, told


async def add(escalation: Escalation, uow: UnitOfWork, services: Services) -> list[Operator]:
    """Into a unit of work, with the notices of the first rung; whom to tell once it is committed."""
    await fill_in_elder(escalation, uow)
    services.roster[:] = await uow.operators.all()
    told = [o for o in services.roster if o.status == OperatorStatus.READY]
    uow.escalations.add(escalation)
    for operator in told:
        uow.notices.add(new_notice(escalation, FIRST_RUNG, "operator", operator.operator_id, services.clock.now()))
    return told


async def fill_in_elder(escalation: Escalation, uow: UnitOfWork) -> None:
    """Add what the profile knows: number to ring back, place."""
    elder = await uow.elders.get(escalation.elder_id) if escalation.elder_id else None
    if elder is None:
        return
    escalation.number = escalation.number or elder.phone
    escalation.place = escalation.place or elder.place


def new_notice(escalation: Escalation, rung: str, kind: str, recipient_id: str, now: datetime) -> Notice:
    """One that is being sent."""
    return Notice(new_id("ntc"), escalation.escalation_id, rung, kind, recipient_id, "sending", now)


async def alert_without_store(escalation: Escalation, operators: list[Operator], services: Services) -> None:
    """Tell these without writing it down."""
    await asyncio.gather(*(services.notifier.alert(o, escalation, FIRST_RUNG) for o in operators))


async def deliver(escalation: Escalation, rung: str, operators: list[Operator], services: Services) -> None:
    """Send to operators and record what became of each; a crash in between is made good by the ladder."""
    sent = await asyncio.gather(*(services.notifier.alert(o, escalation, rung) for o in operators))
    states = {o.operator_id: delivery.state for o, delivery in zip(operators, sent, strict=True)}
    await record(escalation.escalation_id, rung, states, services)


async def record(escalation_id: str, rung: str, states: dict[str, str], services: Services) -> None:
    """Write down what became of the notices of a rung, by the recipient's id."""
    try:
        async with services.unit_of_work() as uow:
            for notice in await uow.notices.of(escalation_id):
                if notice.rung == rung and notice.recipient_id in states:
                    notice.state, notice.finished_at = states[notice.recipient_id], services.clock.now()
            await uow.commit()
    except StoreUnavailable:
        return  # the notices stay "sending": the ladder tells these people again rather than not at all


# --- claiming and closing --------------------------------------------------------------------------------


async def claim(escalation_id: str, operator_id: str, services: Services, *, in_console: bool = False) -> Escalation:
    """Exclusive, in the database. Raises NotFound, or AlreadyClaimed when another operator was first.

    Claiming it again oneself is harmless. The caller's session is held by the operator from now on; `in_console`: as
    long as he gives signs of life (`hotline/attendance.py`).
    """
    async with services.unit_of_work() as uow:
        first = await claim_in(uow, escalation_id, operator_id, services, in_console=in_console)
        escalation = await uow.escalations.require(escalation_id)
        session = await uow.sessions.get(escalation.session_id)
        await uow.commit()
    if first and session is not None and may_push(escalation):
        await outbox.tell(session, common()["claimed"], services)
    return escalation


async def claim_in(
    uow: UnitOfWork, escalation_id: str, operator_id: str, services: Services, *, in_console: bool = False
) -> bool:
    """The same inside a unit of work, without a word to the caller; False when it was the operator's already."""
    won = await uow.escalations.claim(escalation_id, operator_id, services.clock.now())
    escalation = await uow.escalations.require(escalation_id)
    if not won:
        if escalation.claimed_by == operator_id:
            return False
        raise AlreadyClaimed(escalation.claimed_by)
    escalation.attended_at = services.clock.now() if in_console else None
    session = await uow.sessions.get(escalation.session_id)
    if session is not None:
        session.operator_id = operator_id
    await note_busy(operator_id, uow, services)
    return True


def may_push(escalation: Escalation) -> bool:
    """Whether anything may be sent to the caller unasked: not where the danger may be reading along."""
    if escalation.safe_to_ring is not None:
        return escalation.safe_to_ring
    return escalation.kind not in PRIVATE_KINDS


async def close(escalation_id: str, outcome: str, services: Services) -> Escalation:
    """A person ends it with an outcome; the assistant may answer the caller again."""
    async with services.unit_of_work() as uow:
        escalation = await uow.escalations.require(escalation_id)
        escalation.status, escalation.outcome = "closed", outcome
        escalation.closed_at = services.clock.now()
        session = await uow.sessions.get(escalation.session_id)
        if session is not None:
            release(session, escalation, services.clock.now())
        await settle(escalation, uow, services)
        await uow.commit()
        return escalation


async def settle(escalation: Escalation, uow: UnitOfWork, services: Services) -> None:
    """The operator is done: idle from now on; what was promised for the same wish or danger is kept by this."""
    if escalation.claimed_by is None:
        return
    await note_busy(escalation.claimed_by, uow, services)
    for callback in await uow.callbacks.by_session(escalation.session_id):
        if callback.turn_id in (escalation.turn_id, hung_up_turn(escalation)) and callback.status == "open":
            callback.status, callback.closed_at, callback.outcome = "done", services.clock.now(), KEPT


def hung_up_turn(escalation: Escalation) -> str:
    """What the callback of somebody in danger who hung up stands for."""
    return f"{escalation.turn_id}:hung_up"


async def note_busy(operator_id: str, uow: UnitOfWork, services: Services) -> None:
    """The operator has something to do now, or has just finished: others who are idle longer are rung first."""
    operator = await uow.operators.get(operator_id)
    if operator is not None:
        operator.last_busy_at = services.clock.now()


def release(session: CallSession, escalation: Escalation, now: datetime) -> None:
    """The operator leaves the session. After danger it ends: what was half filled in is a person's to complete."""
    if session.operator_id == escalation.claimed_by:
        session.operator_id = None
    if escalation.urgency == Urgency.NOW:
        session.ended_at = now


async def listing(services: Services) -> list[Escalation]:
    """Everything not closed, the most urgent first."""
    async with services.unit_of_work() as uow:
        return await uow.escalations.open()


# --- the spool -------------------------------------------------------------------------------------------


async def restore(record: dict[str, Any], services: Services) -> None:
    """Put a spooled escalation into the database; a second time, or beside one of that turn, changes nothing."""
    async with services.unit_of_work() as uow:
        raised = from_record(Escalation, record)
        known = await uow.escalations.get(raised.escalation_id)
        if known or await uow.escalations.for_turn(raised.session_id, raised.turn_id, raised.kind):
            return
        await fill_in_elder(raised, uow)
        uow.escalations.add(raised)
        await uow.commit()
