"""The report with its pictures, its tables to take away, and the audit log."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from console.csv_files import as_csv
from console.entrance import Hotline, Supervisor
from console.frame import inside
from console.orders import as_file
from console.pages import page
from hotline import audit, handoff
from hotline.audit import note_deed
from hotline.report import report
from hotline.timeline import timeline

router = APIRouter()

USUAL_DAYS, MOST_DAYS = 7, 366
SHOWN_DEEDS = 300
SHOWN_TIMELINES = 50
Day = Annotated[date | None, Query()]
COLUMNS = (
    "escalation_id", "kind", "urgency", "channel", "place", "raised_at", "claimed_at", "claimed_by", "closed_at",
    "outcome", "investigate",
)  # fmt: skip


def _days(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """In order, and not so many that everybody waits."""
    last = last or today
    first = first or last - timedelta(days=USUAL_DAYS - 1)
    return max(min(first, last), last - timedelta(days=MOST_DAYS)), last


@router.get("/report")
async def report_page(present: Supervisor, services: Hotline, first: Day = None, last: Day = None) -> Response:
    await note_deed(present.operator.operator_id, "view_report", "", services)
    made = await report(*_days(first, last, services.clock.now().date()), services)
    shown = made.emergencies[:SHOWN_TIMELINES]
    timelines = [(one, timeline(await handoff.packet(one.escalation_id, services))) for one in shown]
    return page("report.html", r=made, timelines=timelines, **inside(present, "/report"))


@router.get("/report.csv")
async def report_table(present: Supervisor, services: Hotline, first: Day = None, last: Day = None) -> Response:
    """The emergencies, one a row, without names and words."""
    await note_deed(present.operator.operator_id, "export_report", "", services)
    made = await report(*_days(first, last, services.clock.now().date()), services)
    name = f"emergencies-{made.first}-{made.last}.csv"
    return as_file(as_csv(COLUMNS, made.emergencies), "text/csv; charset=utf-8", name)


@router.get("/audit")
async def audit_page(present: Supervisor, services: Hotline) -> Response:
    await note_deed(present.operator.operator_id, "view_audit", "", services)
    entries = await audit.latest(SHOWN_DEEDS, services)
    async with services.reading() as uow:
        names = {operator.operator_id: operator.name for operator in await uow.operators.all()}
    names[audit.FAMILY] = "家属"
    return page("audit.html", entries=entries, names=names, **inside(present, "/audit"))
