"""Escalations: what needs a person, who is told of it and when, and who has taken it."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from hotline import outbox, standby
from hotline.errors import AlreadyClaimed, StoreUnavailable
from hotline.ids import new_id
from hotline.people import FamilyContact, Operator, OperatorStatus
from hotline.ports import Services, UnitOfWork
from hotline.records import as_record, from_record
from hotline.sessions import CallSession, Utterance
from knowledge.ladder import Rung
from knowledge.safety import common
from knowledge.screening import ScreenHit
from knowledge.screening import screen as screen_words

PRIVATE_KINDS = frozenset({"violence", "abuse", "fraud"})
"""The danger may sit beside the caller: no family is told, and nothing goes to the calling number."""

OPERATOR_REQUEST = "operator_request"
FIRST_RUNG = "0s"


class Urgency(StrEnum):
    """紧急程度: now is danger to a person, today is promised for today, soon may wait for office hours."""

    NOW = "now"
    TODAY = "today"
    SOON = "soon"


@dataclass
class Escalation:
    """升级: open until a person has claimed it, claimed until a person closes it.

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
    services.live.background(_deliver(saved, FIRST_RUNG, told, services))
    return saved


def raise_without_store(escalation: Escalation, services: Services) -> Escalation:
    """The same while the database does not answer: into the spool, and the operators last known are told."""
    services.spool.append("escalation", as_record(escalation))
    ready = [o for o in services.roster if o.status == OperatorStatus.READY]
    services.live.background(_alert_without_store(escalation, ready or services.roster, services))
    return escalation


async def _save(escalation: Escalation, services: Services) -> tuple[Escalation, list[Operator]]:
    async with services.unit_of_work() as uow:
        known = await uow.escalations.for_turn(escalation.session_id, escalation.turn_id, escalation.kind)
        if known is not None:
            return known, []
        await fill_in_elder(escalation, uow)
        services.roster[:] = await uow.operators.all()
        told = [o for o in services.roster if o.status == OperatorStatus.READY]
        uow.escalations.add(escalation)
        for operator in told:
            uow.notices.add(_notice(escalation, FIRST_RUNG, "operator", operator.operator_id, services.clock.now()))
        await uow.commit()
        return escalation, told


async def fill_in_elder(escalation: Escalation, uow: UnitOfWork) -> None:
    """Add what the profile knows: number to ring back, place."""
    elder = await uow.elders.get(escalation.elder_id) if escalation.elder_id else None
    if elder is None:
        return
    escalation.number = escalation.number or elder.phone
    escalation.place = escalation.place or elder.place


def _notice(escalation: Escalation, rung: str, kind: str, recipient_id: str, now: datetime) -> Notice:
    return Notice(new_id("ntc"), escalation.escalation_id, rung, kind, recipient_id, "sending", now)


async def _alert_without_store(escalation: Escalation, operators: list[Operator], services: Services) -> None:
    await asyncio.gather(*(services.notifier.alert(o, escalation, FIRST_RUNG) for o in operators))


async def _deliver(escalation: Escalation, rung: str, operators: list[Operator], services: Services) -> None:
    """Send to operators and record what became of each; a crash in between is made good by the ladder."""
    sent = await asyncio.gather(*(services.notifier.alert(o, escalation, rung) for o in operators))
    states = {o.operator_id: delivery.state for o, delivery in zip(operators, sent, strict=True)}
    await _record(escalation.escalation_id, rung, states, services)


async def _record(escalation_id: str, rung: str, states: dict[str, str], services: Services) -> None:
    try:
        async with services.unit_of_work() as uow:
            for notice in await uow.notices.of(escalation_id):
                if notice.rung == rung and notice.recipient_id in states:
                    notice.state, notice.finished_at = states[notice.recipient_id], services.clock.now()
            await uow.commit()
    except StoreUnavailable:
        return  # the notices stay "sending": the ladder tells these people again rather than not at all


# --- the ladder ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RungResult:
    """What a rung did: `over` when a person has claimed the escalation (or it is gone)."""

    over: bool
    failed: int = 0


async def climb(escalation_id: str, rung: Rung, services: Services) -> RungResult:
    """Tell everyone of this rung who has not been told at it; harmless to repeat after a crash.

    Raises StoreUnavailable when the database takes nothing; the operators are told from memory then.
    """
    try:
        result = await _climb(escalation_id, rung, services)
    except StoreUnavailable:
        await standby.tell(escalation_id, rung, services)
        raise
    standby.settled(escalation_id, result.over, services)
    return result


async def _climb(escalation_id: str, rung: Rung, services: Services) -> RungResult:
    async with services.unit_of_work() as uow:
        escalation = await uow.escalations.get(escalation_id)
        if escalation is None or escalation.status != "open":
            return RungResult(over=True)
        standby.remember(replace(escalation), services)
        services.roster[:] = await uow.operators.all()
        escalation.investigate = escalation.investigate or rung.investigate
        operators = standby.operators_of(rung, services.roster)
        contacts = await _contacts_of(escalation, rung, uow)
        known = {n.recipient_id: n for n in await uow.notices.of(escalation_id) if n.rung == rung.name}
        due = [p for p in (*operators, *contacts) if _is_due(known.get(_person_id(p)), services)]
        for person in due:
            _mark_sending(escalation, rung.name, person, known, uow, services.clock.now())
        await uow.commit()
    states = await _tell(escalation, rung.name, due, services)
    await _record(escalation_id, rung.name, states, services)
    return RungResult(over=False, failed=sum(state == "failed" for state in states.values()))


async def _contacts_of(escalation: Escalation, rung: Rung, uow: UnitOfWork) -> list[FamilyContact]:
    if not escalation.tell_family or not escalation.elder_id:
        return []
    family = await uow.contacts.of(escalation.elder_id)
    first = [c for c in family if c.is_emergency_contact][:1]
    return family if "contacts" in rung.tell else first if "first_contact" in rung.tell else []


def _person_id(person: Any) -> str:
    return str(person.operator_id if isinstance(person, Operator) else person.contact_id)


def _is_due(known: Notice | None, services: Services) -> bool:
    """Not told yet, failed, or begun so long ago that whoever began it must have died."""
    if known is None or known.state == "failed":
        return True
    grace = timedelta(seconds=services.timing.sending_grace_seconds)
    return known.state == "sending" and services.clock.now() - known.started_at > grace


def _mark_sending(
    escalation: Escalation, rung: str, person: Any, known: dict[str, Notice], uow: UnitOfWork, now: datetime
) -> None:
    notice = known.get(_person_id(person))
    if notice is None:
        kind = "operator" if isinstance(person, Operator) else "contact"
        uow.notices.add(_notice(escalation, rung, kind, _person_id(person), now))
    else:
        notice.state, notice.started_at, notice.attempts = "sending", now, notice.attempts + 1


async def _tell(escalation: Escalation, rung: str, people: list[Any], services: Services) -> dict[str, str]:
    async def tell(person: Any) -> tuple[str, str]:
        if isinstance(person, Operator):
            delivery = await services.notifier.alert(person, escalation, rung)
        else:
            delivery = await services.notifier.tell_contact(person, escalation)
        return _person_id(person), delivery.state

    return dict(await asyncio.gather(*(tell(person) for person in people)))


async def alert_again(escalation: Escalation, turn_number: int, services: Services) -> None:
    """A new sign of danger in a session already escalated or held: every ready operator is told once more."""
    rung = Rung(after_seconds=0, tell=("ready_operators",), name=f"again:{turn_number}")
    try:
        async with services.unit_of_work() as uow:
            told = {n.recipient_id for n in await uow.notices.of(escalation.escalation_id) if n.rung == rung.name}
            ready = [o for o in await uow.operators.all() if o.status == OperatorStatus.READY]
            operators = [o for o in ready if o.operator_id not in told]
            for operator in operators:
                uow.notices.add(_notice(escalation, rung.name, "operator", operator.operator_id, services.clock.now()))
            await uow.commit()
    except StoreUnavailable:
        return await _alert_without_store(escalation, services.roster, services)
    await _deliver(escalation, rung.name, operators, services)


# --- claiming and closing --------------------------------------------------------------------------------


async def claim(escalation_id: str, operator_id: str, services: Services) -> Escalation:
    """Exclusive, in the database. Raises NotFound, or AlreadyClaimed when another operator was first.

    Claiming it again oneself is harmless. The caller's session is held by the operator from now on.
    """
    async with services.unit_of_work() as uow:
        won = await uow.escalations.claim(escalation_id, operator_id, services.clock.now())
        escalation = await uow.escalations.require(escalation_id)
        if not won:
            if escalation.claimed_by == operator_id:
                return escalation
            raise AlreadyClaimed(escalation.claimed_by)
        session = await uow.sessions.get(escalation.session_id)
        if session is not None:
            session.operator_id = operator_id
        await uow.commit()
    if session is not None and may_push(escalation):
        await outbox.tell(session, common()["claimed"], services)
    return escalation


def may_push(escalation: Escalation) -> bool:
    """Whether anything may be sent to the caller unasked: not where the danger may be reading along."""
    return escalation.kind not in PRIVATE_KINDS or bool(escalation.safe_to_ring)


async def close(escalation_id: str, outcome: str, services: Services) -> Escalation:
    """A person ends it with an outcome; the assistant may answer the caller again."""
    async with services.unit_of_work() as uow:
        escalation = await uow.escalations.require(escalation_id)
        escalation.status, escalation.outcome = "closed", outcome
        escalation.closed_at = services.clock.now()
        session = await uow.sessions.get(escalation.session_id)
        if session is not None:
            release(session, escalation, services.clock.now())
        await uow.commit()
        return escalation


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
