"""工单: a matter that is tracked from 受理 to 办结; every wish without a task of its own becomes one."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hotline.errors import NotFound
from hotline.ids import new_id
from hotline.outcomes import codes, note
from hotline.people import linked_elders
from hotline.ports import Services, UnitOfWork
from hotline.sessions import CallSession

PRESSING = frozenset({"report_emergency", "report_abuse"})
"""Types that are dealt with before all others, whatever day was promised."""


ASKED, CONFIRMED, REFUSED = "requested", "confirmed", "refused"
"""Status of a profile change."""


@dataclass
class Case:
    """Type (the intent), the caller's own words, the elder, whether a callback is wished, the promised day."""

    case_id: str
    session_id: str
    turn_id: str
    type: str
    words: str
    opened_at: datetime
    promised_on: date
    elder_id: str | None = None
    number: str | None = None
    place: str | None = None
    wants_callback: bool = False
    order_id: str | None = None
    status: str = "open"
    outcome: str | None = None


@dataclass
class ProfileChange:
    """A wish to change a registered fact; a person confirms it before it holds (`profile_changes.py`). `field` is the
    elder's, or "other" when the words did not tell: then `value` are the words.
    """

    change_id: str
    session_id: str
    elder_id: str | None
    field: str
    value: str
    asked_at: datetime
    status: str = ASKED


@dataclass(frozen=True)
class NewCase:
    turn_id: str
    type: str
    words: str
    wants_callback: bool = False
    order_id: str | None = None


async def open_case(session_id: str, wanted: NewCase, services: Services) -> Case:
    """Open a case, once per session and turn."""
    async with services.unit_of_work() as uow:
        session = await uow.sessions.require(session_id)
        case = await open_case_in(uow, session, wanted, services)
        await uow.commit()
        return case


async def open_case_in(uow: UnitOfWork, session: CallSession, wanted: NewCase, services: Services) -> Case:
    """As `open_case`, inside the caller's transaction."""
    known = await uow.cases.for_turn(session.session_id, wanted.turn_id)
    if known is not None:
        return known
    now = session.now(services.clock.now())
    case = Case(
        case_id=new_id("case"),
        session_id=session.session_id,
        turn_id=wanted.turn_id,
        type=wanted.type,
        words=wanted.words,
        opened_at=now,
        promised_on=now.date() + timedelta(days=services.timing.case_days),
        elder_id=session.elder_id or session.identified_elder_id,
        number=session.calling_number,
        place=session.place,
        wants_callback=wanted.wants_callback,
        order_id=wanted.order_id,
    )
    uow.cases.add(case)
    note(session, "case_opened")
    return case


async def want_callback(session_id: str, case_id: str, wanted: bool, services: Services) -> None:
    """Note on a case whether the caller wishes to be rung about it."""
    async with services.unit_of_work() as uow:
        case = await uow.cases.require(case_id)
        case.wants_callback = wanted and case.session_id == session_id
        await uow.commit()


async def progress(session_id: str, services: Services) -> list[Case] | None:
    """The caller's cases, newest first; None when the caller has to be identified first."""
    async with services.unit_of_work() as uow:
        session = await uow.sessions.require(session_id)
        own = await uow.cases.by_session(session_id)
        elders = await linked_elders(session, uow)
        if not elders and not own:
            return None
        known = {c.case_id: c for c in (*await uow.cases.of_elders([e.elder_id for e in elders]), *own)}
        return sorted(known.values(), key=lambda case: case.opened_at, reverse=True)


async def ask_profile_change(
    session_id: str, turn_id: str, field: str, value: str, words: str, services: Services
) -> ProfileChange:
    """Record the wish and open a case for the person who confirms it."""
    async with services.unit_of_work() as uow:
        session = await uow.sessions.require(session_id)
        known = await uow.cases.for_turn(session_id, turn_id)
        await open_case_in(uow, session, NewCase(turn_id, "update_profile", words), services)
        elder_id = session.elder_id or session.identified_elder_id
        change = ProfileChange(new_id("chg"), session_id, elder_id, field, value, services.clock.now())
        if known is None:
            uow.profile_changes.add(change)
        await uow.commit()
        return change


async def listing(services: Services) -> list[Case]:
    """The cases still open: emergencies and abuse first, then by the promised day."""
    async with services.unit_of_work() as uow:
        waiting = await uow.cases.open()
    return sorted(waiting, key=lambda case: (case.type not in PRESSING, case.promised_on, case.opened_at))


async def finish(case_id: str, outcome: str, services: Services) -> Case:
    """办结 with an outcome code; a closed one may be given another code. Raises NotFound."""
    if outcome not in codes():
        raise NotFound(f"No outcome code {outcome!r}; one of {', '.join(codes())}.")
    async with services.unit_of_work() as uow:
        case = await uow.cases.require(case_id)
        case.status, case.outcome = "closed", outcome
        await uow.commit()
        return case
