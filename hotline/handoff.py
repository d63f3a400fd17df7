"""转人工: all that a person who takes over should know, in one piece, so that nobody is asked twice."""

from dataclasses import dataclass, field
from datetime import datetime

from hotline.booking import OrderStatus, VisitOrder
from hotline.callbacks import Callback
from hotline.cases import Case
from hotline.danger import DangerCheck
from hotline.eligibility import Eligibility
from hotline.escalation import Escalation, Notice, may_push
from hotline.notes import Note
from hotline.people import Elder, FamilyContact, linked_elders
from hotline.ports import Services, UnitOfWork
from hotline.sessions import CallSession, Turn

SHOWN_EARLIER = 5


@dataclass(frozen=True)
class Told:
    """Who was told of the escalation, at which rung, and what became of it; `name` is the id of somebody gone."""

    name: str
    recipient_kind: str
    rung: str
    state: str
    at: datetime
    attempts: int


@dataclass(frozen=True)
class Packet:
    """转接资料. `elder` is set when it is clear whom this is about; `candidates` are the elders whom the caller's
    number or chat belongs to, when it is not. `may_ring` False: nothing may go to the caller's number or family.

    What was asked and what is known stand on the escalation, and so does the draft of an open form. `kept` are the
    callbacks that somebody has made; `names` are our people's, by id; `reached_by_name` is the relative's who has stood
    it down; `earlier` are the elder's other contacts, the latest first.
    """

    escalation: Escalation
    may_ring: bool
    claimed_by_name: str | None
    session: CallSession | None
    turns: tuple[Turn, ...]
    checks: tuple[DangerCheck, ...]
    told: tuple[Told, ...]
    elder: Elder | None
    candidates: tuple[Elder, ...]
    contacts: tuple[FamilyContact, ...]
    orders: tuple[VisitOrder, ...]
    callbacks: tuple[Callback, ...]
    cases: tuple[Case, ...]
    eligibilities: tuple[Eligibility, ...] = ()
    kept: tuple[Callback, ...] = ()
    notes: tuple[Note, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    reached_by_name: str | None = None
    earlier: tuple[CallSession, ...] = ()


async def packet(escalation_id: str, services: Services) -> Packet:
    """Everything about one escalation, open or closed. Raises NotFound and StoreUnavailable."""
    async with services.reading() as uow:
        raised = await uow.escalations.require(escalation_id)
        session = await uow.sessions.get(raised.session_id)  # None: still in the spool
        elder, candidates = await _elders(raised, session, uow)
        relative = await uow.contacts.get(raised.reached_by) if raised.reached_by else None
        claimer = await uow.operators.get(raised.claimed_by) if raised.claimed_by else None
        return Packet(
            escalation=raised,
            may_ring=may_push(raised),
            claimed_by_name=claimer.name if claimer else raised.claimed_by,
            session=session,
            turns=tuple(await uow.turns.of(raised.session_id)),
            checks=tuple(await uow.danger_checks.of_session(raised.session_id)),
            told=tuple([await _told(notice, uow) for notice in await uow.notices.of(escalation_id)]),
            elder=elder,
            candidates=candidates,
            contacts=tuple(await uow.contacts.of(elder.elder_id)) if elder else (),
            orders=await _orders(raised, session, elder, services, uow),
            callbacks=tuple(c for c in await uow.callbacks.by_session(raised.session_id) if c.status == "open"),
            cases=await _cases(raised, elder, uow),
            eligibilities=tuple(await uow.eligibilities.by_session(raised.session_id)),
            kept=tuple(c for c in await uow.callbacks.by_session(raised.session_id) if c.status != "open"),
            notes=tuple(await uow.notes.of(raised.session_id)),
            names={o.operator_id: o.name for o in await uow.operators.all()},
            reached_by_name=relative.name if relative else raised.reached_by,
            earlier=await _earlier(raised, elder, uow),
        )


@dataclass(frozen=True)
class Transcript:
    """One contact as it was talked, whether or not it needed a person; `names` are our people's, by id."""

    session: CallSession
    elder: Elder | None
    turns: tuple[Turn, ...]
    notes: tuple[Note, ...]
    names: dict[str, str]
    escalations: tuple[Escalation, ...]


async def transcript(session_id: str, services: Services) -> Transcript:
    """Raises NotFound."""
    async with services.reading() as uow:
        session = await uow.sessions.require(session_id)
        known = session.elder_id or session.identified_elder_id
        return Transcript(
            session,
            await uow.elders.get(known) if known else None,
            tuple(await uow.turns.of(session_id)),
            tuple(await uow.notes.of(session_id)),
            {o.operator_id: o.name for o in await uow.operators.all()},
            tuple(await uow.escalations.of_session(session_id)),
        )


async def _elders(
    raised: Escalation, session: CallSession | None, uow: UnitOfWork
) -> tuple[Elder | None, tuple[Elder, ...]]:
    """Never guessed among several."""
    known = raised.elder_id or (session and (session.elder_id or session.identified_elder_id))
    elder = await uow.elders.get(known) if known else None
    if elder is not None or session is None:
        return elder, ()
    return None, tuple(await linked_elders(session, uow))


async def _told(notice: Notice, uow: UnitOfWork) -> Told:
    person = await (uow.operators if notice.recipient_kind == "operator" else uow.contacts).get(notice.recipient_id)
    name = person.name if person else notice.recipient_id
    at = notice.finished_at or notice.started_at
    return Told(name, notice.recipient_kind, notice.rung, notice.state, at, notice.attempts)


async def _cases(raised: Escalation, elder: Elder | None, uow: UnitOfWork) -> tuple[Case, ...]:
    """Open ones: of this contact, and of the elder."""
    of_elder = await uow.cases.of_elders([elder.elder_id]) if elder else []
    known = {c.case_id: c for c in (*await uow.cases.by_session(raised.session_id), *of_elder)}
    return tuple(c for c in known.values() if c.status == "open")


async def _earlier(raised: Escalation, elder: Elder | None, uow: UnitOfWork) -> tuple[CallSession, ...]:
    found = await uow.sessions.of_elder(elder.elder_id, SHOWN_EARLIER + 1) if elder else []
    return tuple(s for s in found if s.session_id != raised.session_id)[:SHOWN_EARLIER]


async def _orders(
    raised: Escalation, session: CallSession | None, elder: Elder | None, services: Services, uow: UnitOfWork
) -> tuple[VisitOrder, ...]:
    """Visits ahead: of the elder, and booked in this session for whomever."""
    now = services.clock.now() if session is None else session.now(services.clock.now())
    found = await uow.orders.upcoming([elder.elder_id], now) if elder else []
    booked = [o for o in await uow.orders.by_session(raised.session_id) if o.status == OrderStatus.BOOKED]
    known = {o.order_id: o for o in (*found, *(o for o in booked if o.ends_at > now))}
    return tuple(sorted(known.values(), key=lambda order: order.starts_at))
