"""工单: matters that are written down for a person, and ending them."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from console.entrance import Hotline, SignedIn
from console.frame import inside
from console.pages import go, notice, page
from hotline import cases, profile_changes
from hotline.audit import note_deed
from hotline.errors import NotFound

router = APIRouter(prefix="/cases")


@router.get("")
async def cases_page(present: SignedIn, services: Hotline) -> Response:
    await note_deed(present.operator.operator_id, "view_cases", "", services)
    waiting = await cases.listing(services)
    async with services.reading() as uow:
        elders = await uow.elders.among([one.elder_id for one in waiting if one.elder_id])
    changes, today = await profile_changes.listing(services), services.clock.now().date()
    around = inside(present, "/cases")
    return page("cases.html", cases=waiting, changes=changes, elders=elders, today=today, **around)


@router.post("/{case_id}/close")
async def close(case_id: str, present: SignedIn, services: Hotline, outcome: Annotated[str, Form()]) -> Response:
    await note_deed(present.operator.operator_id, "close_case", case_id, services)
    try:
        await cases.finish(case_id, outcome, services)
    except NotFound:
        return notice("没有这个工单，或者没有这个结果。", 404)
    return go("/cases")
