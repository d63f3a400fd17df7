"""看板: who needs a person now, whom we promised to ring, who is being talked with, and who is on duty."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.callbacks import Callback
from hotline.escalation import STOOD_DOWN, Escalation, may_push
from hotline.people import Elder, Operator
from hotline.ports import Services, UnitOfWork
from hotline.records import from_record
from hotline.sessions import CallSession, Turn

SHOWN_TURNS = 4
"""Turns of a contact that the board looks at: the last exchanges, and the last words that were not silence."""


@dataclass(frozen=True)
class BoardEscalation:
    """An escalation that nobody has closed. `trigger` are the words that raised it, `said` the caller's latest;
    `targets_seconds` are the waits after which the ladder tells more people; `present`: the contact still goes on.
    `reached_by`: the relative who has stood it down; `left_by`: whoever had taken it over, and was gone. Not
    `recorded`: the database has not taken it yet, it is in the spool and can't be claimed.
    """

    escalation: Escalation
    elder: Elder | None
    trigger: str
    said: str
    holder: str | None
    may_ring: bool
    targets_seconds: tuple[float, ...]
    present: bool
    recorded: bool = True
    reached_by: str | None = None
    left_by: str | None = None


@dataclass(frozen=True)
class BoardCallback:
    """A callback still to be made, and the elder it is about; `escalation_id` when it came out of an escalation."""

    callback: Callback
    elder: Elder | None
    escalation_id: str | None


@dataclass(frozen=True)
class BoardCall:
    """A contact that is going on, with its latest turns; `holder` is the operator who has it."""

    session: CallSession
    elder: Elder | None
    turns: tuple[Turn, ...]
    holder: str | None
    escalation_id: str | None


@dataclass(frozen=True)
class Board:
    """All of it, as the database has it at one moment."""

    at: datetime
    escalations: tuple[BoardEscalation, ...]
    callbacks: tuple[BoardCallback, ...]
    calls: tuple[BoardCall, ...]
    operators: tuple[Operator, ...]

    @property
    def waiting(self) -> tuple[BoardEscalation, ...]:
        """Nobody has taken these over: the most urgent first, then the oldest."""
        return tuple(one for one in self.escalations if one.escalation.status == "open")

    @property
    def held(self) -> tuple[BoardEscalation, ...]:
        return tuple(one for one in self.escalations if one.escalation.status == "claimed")

    @property
    def stood_down(self) -> tuple[BoardEscalation, ...]:
        """A relative has reached the elder; an operator still has to look."""
        return tuple(one for one in self.escalations if one.escalation.status == STOOD_DOWN)

    @property
    def emergencies(self) -> tuple[str, ...]:
        """Ids of those that wait and are danger to a person."""
        return tuple(c.escalation.escalation_id for c in self.waiting if c.escalation.urgency == "now")


async def look(services: Services) -> Board:
    """Read it. Raises StoreUnavailable when the database can't be read at all."""
    now = services.clock.now()
    spooled = await asyncio.to_thread(_spooled, services)
    async with services.reading() as uow:
        raised = await uow.escalations.open()
        spooled = [one for one in spooled if await uow.escalations.get(one.escalation_id) is None]
        callbacks = await uow.callbacks.open()
        live = await uow.sessions.live(now - timedelta(seconds=services.timing.session_idle_seconds))
        operators = await uow.operators.all()
        people = await _People.of([*spooled, *raised], callbacks, live, operators, uow)
    present = {session.session_id for session in live}
    by_session = {one.session_id: one.escalation_id for one in raised}
    return Board(
        now,
        (
            *(_escalation(one, people, services, one.session_id in present, recorded=False) for one in spooled),
            *(_escalation(one, people, services, one.session_id in present) for one in raised),
        ),
        tuple(BoardCallback(c, people.elder(c.elder_id), by_session.get(c.session_id)) for c in callbacks),
        tuple(_call(session, people, by_session.get(session.session_id)) for session in live),
        tuple(operators),
    )


def targets_seconds(urgency: str, services: Services) -> tuple[float, ...]:
    """The waits after which the ladder tells more people."""
    return tuple(rung.after_seconds * services.timing.scale for rung in services.timing.ladder(urgency).rungs[1:])


async def pulse(session_ids: Iterable[str], services: Services) -> dict[str, str]:
    """For each contact a short text that changes whenever something is said, done or told in it."""
    async with services.reading() as uow:
        return await uow.sessions.pulse(session_ids)


def _spooled(services: Services) -> list[Escalation]:
    """What a database that takes nothing has not got yet: nobody may wait unseen. Read, never taken out."""
    return [from_record(Escalation, record) for kind, record in services.spool.drain() if kind == "escalation"]


@dataclass(frozen=True)
class _People:
    """Whom the rows speak of, and what they said last."""

    elders: dict[str, Elder]
    triggers: dict[str, Turn]
    turns: dict[str, list[Turn]]
    names: dict[str, str]
    relatives: dict[str, str]

    @classmethod
    async def of(
        cls,
        raised: list[Escalation],
        callbacks: list[Callback],
        live: list[CallSession],
        operators: list[Operator],
        uow: UnitOfWork,
    ) -> "_People":
        ids = [*(e.elder_id for e in raised), *(c.elder_id for c in callbacks)]
        ids += [elder_id for s in live for elder_id in (s.elder_id, s.identified_elder_id)]
        spoken: dict[str, list[Turn]] = {}
        sessions = {e.session_id for e in raised} | {s.session_id for s in live}
        for turn in await uow.turns.latest(sessions, SHOWN_TURNS):
            spoken.setdefault(turn.session_id, []).append(turn)
        elders = await uow.elders.among([elder_id for elder_id in ids if elder_id])
        triggers = await uow.turns.among([one.turn_id for one in raised])
        reached = [await uow.contacts.get(e.reached_by) for e in raised if e.reached_by]
        relatives = {one.contact_id: one.name for one in reached if one is not None}
        return cls(elders, triggers, spoken, {o.operator_id: o.name for o in operators}, relatives)

    def elder(self, elder_id: str | None) -> Elder | None:
        return self.elders.get(elder_id or "")

    def name(self, operator_id: str | None) -> str | None:
        return self.names.get(operator_id, operator_id) if operator_id else None


def _escalation(
    one: Escalation, people: _People, services: Services, present: bool, *, recorded: bool = True
) -> BoardEscalation:
    said = [turn.said for turn in people.turns.get(one.session_id, []) if turn.said]
    targets = targets_seconds(one.urgency, services)
    trigger, holder = people.triggers.get(one.turn_id), people.name(one.claimed_by)
    words = trigger.said if trigger else "", said[-1] if said else ""
    relative = people.relatives.get(one.reached_by or "", one.reached_by)
    elder, may_ring = people.elder(one.elder_id), may_push(one)
    gone = people.name(one.left_by)
    return BoardEscalation(one, elder, *words, holder, may_ring, targets, present, recorded, relative, gone)


def _call(session: CallSession, people: _People, escalation_id: str | None) -> BoardCall:
    elder = people.elder(session.elder_id) or people.elder(session.identified_elder_id)
    turns = tuple(people.turns.get(session.session_id, []))
    return BoardCall(session, elder, turns, people.name(session.operator_id), escalation_id)
