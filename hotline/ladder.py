"""The ladder of an escalation, one rung at a time: everyone who is due is told, each once."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hotline import family, standby
from hotline.errors import StoreUnavailable
from hotline.escalation import Escalation, Notice, alert_without_store, deliver, new_notice, record
from hotline.people import FamilyContact, Operator, OperatorStatus
from hotline.ports import Services, UnitOfWork
from hotline.timing import is_over
from knowledge.ladder import Rung

UNANSWERED = "unanswered"
"""State of a notice: the operator's phone rang, and nobody took the escalation over by it."""

NOT_REACHED = ("failed", UNANSWERED)


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
        notices = await uow.notices.of(escalation_id)
        operators = [*standby.operators_of(rung, services.roster), *_not_reached(notices, services.roster)]
        contacts = await _contacts_of(escalation, rung, uow)
        known = {n.recipient_id: n for n in notices if n.rung == rung.name}
        people = {_person_id(p): p for p in (*operators, *contacts)}
        chats = {c.contact_id: await family.chats_of(c, uow) for c in contacts}
        due = [person for person_id, person in people.items() if _is_due(known.get(person_id), services)]
        for person in due:
            _mark_sending(escalation, rung.name, person, known, uow, services.clock.now())
        await uow.commit()
    states = await _tell(escalation, rung.name, due, chats, services)
    await record(escalation_id, rung.name, states, services)
    return RungResult(over=False, failed=sum(state == "failed" for state in states.values()))


def _not_reached(notices: list[Notice], roster: list[Operator]) -> list[Operator]:
    """Ready operators whom the last try did not reach: told again at this rung, whoever it is for."""
    latest = {n.recipient_id: n.state for n in notices}
    return [o for o in roster if o.status == OperatorStatus.READY and latest.get(o.operator_id) in NOT_REACHED]


async def _contacts_of(escalation: Escalation, rung: Rung, uow: UnitOfWork) -> list[FamilyContact]:
    if not escalation.tell_family or not escalation.elder_id:
        return []
    relatives = await uow.contacts.of(escalation.elder_id)
    first = [c for c in relatives if c.is_emergency_contact][:1]
    return relatives if "contacts" in rung.tell else first if "first_contact" in rung.tell else []


def _person_id(person: Any) -> str:
    return str(person.operator_id if isinstance(person, Operator) else person.contact_id)


def _is_due(known: Notice | None, services: Services) -> bool:
    """Not told yet, failed, or begun so long ago that whoever began it must have died."""
    if known is None or known.state == "failed":
        return True
    grace = services.timing.sending_grace_seconds
    return known.state == "sending" and is_over(known.started_at, grace, services.clock.now())


def _mark_sending(
    escalation: Escalation, rung: str, person: Any, known: dict[str, Notice], uow: UnitOfWork, now: datetime
) -> None:
    notice = known.get(_person_id(person))
    if notice is None:
        kind = "operator" if isinstance(person, Operator) else "contact"
        uow.notices.add(new_notice(escalation, rung, kind, _person_id(person), now))
    else:
        notice.state, notice.started_at, notice.attempts = "sending", now, notice.attempts + 1


async def _tell(
    escalation: Escalation, rung: str, people: list[Any], chats: dict[str, list[str]], services: Services
) -> dict[str, str]:
    async def tell(person: Any) -> tuple[str, str]:
        if isinstance(person, Operator):
            return person.operator_id, (await services.notifier.alert(person, escalation, rung)).state
        delivery = await family.tell_danger(person, chats[person.contact_id], escalation, services)
        return person.contact_id, delivery.state

    return dict(await asyncio.gather(*(tell(person) for person in people)))


async def alert_again(escalation: Escalation, turn_number: int, services: Services) -> None:
    """A new sign of danger in a session already escalated or held: every ready operator is told once more,
    and whoever has taken it over.
    """
    rung = Rung(after_seconds=0, tell=("ready_operators",), name=f"again:{turn_number}")
    try:
        async with services.unit_of_work() as uow:
            told = {n.recipient_id for n in await uow.notices.of(escalation.escalation_id) if n.rung == rung.name}
            everyone = await uow.operators.all()
            people = [o for o in everyone if o.status == OperatorStatus.READY or o.operator_id == escalation.claimed_by]
            operators = [o for o in people if o.operator_id not in told]
            for operator in operators:
                uow.notices.add(
                    new_notice(escalation, rung.name, "operator", operator.operator_id, services.clock.now())
                )
            await uow.commit()
    except StoreUnavailable:
        return await alert_without_store(escalation, services.roster, services)
    await deliver(escalation, rung.name, operators, services)


async def not_answered(escalation_id: str, operator_id: str, services: Services) -> None:
    """An operator's phone rang in vain: he is told again at the next rung. Nothing to do once it is claimed."""
    async with services.unit_of_work() as uow:
        escalation = await uow.escalations.get(escalation_id)
        theirs = [n for n in await uow.notices.of(escalation_id) if n.recipient_id == operator_id]
        if escalation is None or escalation.status != "open" or not theirs:
            return
        theirs[-1].state, theirs[-1].finished_at = UNANSWERED, services.clock.now()
        await uow.commit()
