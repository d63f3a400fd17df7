"""上门服务: a visit is booked once, for one elder, at one time, and its history is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hotline import family
from hotline.cases import NewCase, open_case_in
from hotline.errors import NotAllowed, TimeTaken
from hotline.ids import new_id
from hotline.outcomes import note
from hotline.people import Elder, linked_elders
from hotline.places import place_in
from hotline.ports import Services, UnitOfWork
from hotline.sessions import CallSession
from knowledge.vocabulary import services as service_words
from language.sounds import fuzzy_syllables


class OrderStatus(StrEnum):
    BOOKED = "booked"
    CANCELLED = "cancelled"
    DONE = "done"


@dataclass
class VisitOrder:
    """上门服务单: service, time window (aware, half open), address, elder, contact, note, status."""

    order_id: str
    session_id: str
    turn_id: str
    service: str
    starts_at: datetime
    ends_at: datetime
    elder_key: str
    name: str
    phone: str | None
    address: str | None
    place: str | None = None
    elder_id: str | None = None
    contact: str | None = None
    note: str | None = None
    status: str = OrderStatus.BOOKED
    case_id: str | None = None


@dataclass
class OrderEvent:
    """One line of an order's history: what became of it, when, and who did it (session or operator id)."""

    event_id: str
    order_id: str
    at: datetime
    what: str
    by: str
    detail: str = ""


@dataclass(frozen=True)
class BookVisit:
    """What the caller said yes to. `address` None means the registered one of `elder_id`."""

    session_id: str
    turn_id: str
    service: str
    starts_at: datetime
    ends_at: datetime
    name: str
    phone: str | None
    address: str | None = None
    elder_id: str | None = None
    contact: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Upcoming:
    """What a caller may hear of the bookings: all of it, dates and services only, or nothing yet."""

    orders: tuple[VisitOrder, ...]
    may_hear: str


def window_end(service: str, starts_at: datetime) -> datetime:
    """The end of a visit that begins at a clock time, by our own usual length of the service."""
    return starts_at + timedelta(minutes=service_words()[service].visit_minutes)


async def book(command: BookVisit, services: Services) -> VisitOrder:
    """Book once per session and turn. Raises TimeTaken when the elder has a visit that overlaps."""
    async with services.unit_of_work() as uow:
        known = await uow.orders.for_turn(command.session_id, command.turn_id)
        if known is not None:
            return known
        session = await uow.sessions.require(command.session_id)
        elder = await uow.elders.get(command.elder_id) if command.elder_id else None
        order = _new_order(command, session, elder)
        contact = await uow.contacts.get(session.contact_id) if session.contact_id else None
        order.contact = order.contact or (contact.name if contact else None)
        await _check_free(order, uow)
        uow.orders.add(order)
        uow.orders.add_event(_event(order, "booked", session.session_id, services))
        note(session, "booked")
        await uow.commit()
    services.live.background(family.tell_visit(order, "booked", session_id=session.session_id, services=services))
    return order


def _new_order(command: BookVisit, session: CallSession, elder: Elder | None) -> VisitOrder:
    return VisitOrder(
        order_id=new_id("ord"),
        session_id=command.session_id,
        turn_id=command.turn_id,
        service=command.service,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        elder_key=elder.elder_id if elder else elder_key(command.name, command.phone),
        name=elder.name if elder else command.name,
        phone=command.phone or (elder.phone if elder else None),
        address=command.address or (elder.address if elder else None),
        place=(elder.place if elder else place_in(command.address or "")) or session.place,
        elder_id=elder.elder_id if elder else None,
        contact=command.contact,
        note=command.note,
    )


def elder_key(name: str, phone: str | None) -> str:
    """Names one elder who is not registered: same-sounding name and same number."""
    return f"{''.join(fuzzy_syllables(name))}|{phone or ''}"


async def _check_free(order: VisitOrder, uow: UnitOfWork) -> None:
    await uow.orders.lock(order.elder_key)
    taken = await uow.orders.overlapping(order.elder_key, order.starts_at, order.ends_at)
    for other in taken:
        if other.order_id != order.order_id:
            raise TimeTaken(other.order_id)


def _event(order: VisitOrder, what: str, by: str, services: Services, detail: str = "") -> OrderEvent:
    return OrderEvent(new_id("evt"), order.order_id, services.clock.now(), what, by, detail)


async def upcoming(session_id: str, services: Services) -> Upcoming:
    """The visits ahead of the elders this caller may speak for, soonest first."""
    async with services.unit_of_work() as uow:
        session = await uow.sessions.require(session_id)
        now = session.now(services.clock.now())
        elders = await linked_elders(session, uow)
        orders = await uow.orders.upcoming([e.elder_id for e in elders], now)
        own = [o for o in await uow.orders.by_session(session_id) if _is_ahead(o, now)]
        known = {o.order_id: o for o in (*orders, *own)}
    allowed = "all" if session.recognised else "dates" if session.identified_elder_id else "nothing"
    if own and allowed == "nothing":
        allowed = "dates"
    return Upcoming(tuple(sorted(known.values(), key=lambda o: o.starts_at)), allowed)


def _is_ahead(order: VisitOrder, now: datetime) -> bool:
    return order.status == OrderStatus.BOOKED and order.ends_at > now


async def cancel(session_id: str, turn_id: str, order_id: str, services: Services) -> VisitOrder:
    """Cancel at once for a recognised caller.

    Raises NotAllowed after opening a case that a person confirms, when the caller is not recognised.
    """
    async with services.unit_of_work() as uow:
        session, order = await uow.sessions.require(session_id), await uow.orders.require(order_id)
        words = f"{order.service} {order.starts_at.isoformat()}"
        await _check_allowed(session, order, NewCase(turn_id, "cancel_booking", words, True, order_id), uow, services)
        if order.status == OrderStatus.BOOKED:
            order.status = OrderStatus.CANCELLED
            uow.orders.add_event(_event(order, "cancelled", session_id, services))
        note(session, "cancelled")
        await uow.commit()
    services.live.background(family.tell_visit(order, "cancelled", session_id=session_id, services=services))
    return order


async def _check_allowed(
    session: CallSession, order: VisitOrder, wish: NewCase, uow: UnitOfWork, services: Services
) -> None:
    """Let a recognised caller, or who booked it in this session, go on; another's wish becomes a case."""
    if session.recognised or order.session_id == session.session_id:
        return
    await open_case_in(uow, session, wish, services)
    await uow.commit()
    raise NotAllowed


async def move(
    session_id: str, turn_id: str, order_id: str, starts_at: datetime, ends_at: datetime, services: Services
) -> VisitOrder:
    """Move a visit. Raises TimeTaken; NotAllowed (after opening a case) for an unrecognised caller."""
    async with services.unit_of_work() as uow:
        session, order = await uow.sessions.require(session_id), await uow.orders.require(order_id)
        words = f"{order.service} {order.starts_at.isoformat()} -> {starts_at.isoformat()}"
        await _check_allowed(session, order, NewCase(turn_id, "change_booking", words, True, order_id), uow, services)
        before = f"{order.starts_at.isoformat()}/{order.ends_at.isoformat()}"
        order.starts_at, order.ends_at = starts_at, ends_at
        await _check_free(order, uow)
        uow.orders.add_event(_event(order, "moved", session_id, services, before))
        note(session, "changed")
        await uow.commit()
    services.live.background(family.tell_visit(order, "moved", session_id=session_id, services=services))
    return order
