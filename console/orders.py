"""The visits of a day: as a list, as a calendar file, as a table."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from icalendar import Calendar, Event

from console.csv_files import as_csv
from console.entrance import Hotline, SignedIn
from console.frame import inside
from console.pages import page
from hotline import register
from hotline.audit import note_deed
from hotline.booking import VisitOrder
from hotline.ports import Services
from knowledge.vocabulary import services as service_words

router = APIRouter()

Day = Annotated[date | None, Query()]
COLUMNS = (
    "order_id",
    "starts_at",
    "ends_at",
    "service",
    "name",
    "phone",
    "address",
    "place",
    "contact",
    "note",
    "status",
)


@router.get("/orders")
async def orders_page(present: SignedIn, services: Hotline, day: Day = None) -> Response:
    on, orders = await _orders("view_orders", present.operator.operator_id, day, services)
    today = services.clock.now().date()
    return page("orders.html", day=on, today=today, orders=orders, service=_service, **inside(present, "/orders"))


@router.get("/orders.ics")
async def orders_calendar(present: SignedIn, services: Hotline, day: Day = None) -> Response:
    on, orders = await _orders("export_orders", present.operator.operator_id, day, services)
    return as_file(as_calendar(orders, services), "text/calendar; charset=utf-8", f"orders-{on}.ics")


@router.get("/orders.csv")
async def orders_table(present: SignedIn, services: Hotline, day: Day = None) -> Response:
    on, orders = await _orders("export_orders", present.operator.operator_id, day, services)
    return as_file(as_csv(COLUMNS, orders), "text/csv; charset=utf-8", f"orders-{on}.csv")


async def _orders(deed: str, who: str, day: date | None, services: Services) -> tuple[date, list[VisitOrder]]:
    on = day or services.clock.now().date()
    await note_deed(who, deed, on.isoformat(), services)
    return on, await register.orders_of(on, services)


def as_calendar(orders: list[VisitOrder], services: Services) -> bytes:
    """One event for each visit; importing it again changes an event instead of doubling it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Warmline//orders//ZH")
    calendar.add("version", "2.0")
    for order in orders:
        event = Event()
        event.add("uid", f"{order.order_id}@warmline")
        event.add("dtstamp", services.clock.now())
        event.add("dtstart", order.starts_at)
        event.add("dtend", order.ends_at)
        event.add("summary", f"{_service(order.service)} {order.name}")
        event.add("location", " ".join(part for part in (order.place, order.address) if part))
        event.add("description", "\n".join(part for part in (order.phone, order.contact, order.note) if part))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _service(code: str) -> str:
    known = service_words().get(code)
    return known.label if known else code


def as_file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
