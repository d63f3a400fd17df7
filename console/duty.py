"""Who is on duty, and one's own status."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from console.entrance import Hotline, SignedIn
from console.pages import page, render
from hotline import people
from hotline.audit import note_deed
from hotline.people import OperatorStatus
from hotline.sign_in import Present

router = APIRouter()


def inside(present: Present, here: str) -> dict[str, Any]:
    """What every page for somebody signed in shows around it."""
    return {"present": present, "here": here, "menu": [("/", "值班")]}


@router.get("/")
async def duty_page(present: SignedIn, services: Hotline) -> Response:
    async with services.reading() as uow:
        operators = await uow.operators.all()
    return page("duty.html", operators=operators, **inside(present, "/"))


@router.post("/my-status/{status}")
async def set_my_status(status: OperatorStatus, present: SignedIn, services: Hotline) -> Response:
    """Shows the new status only when it is in the database: nobody may believe himself ready by mistake."""
    await note_deed(present.operator.operator_id, f"status_{status.value}", "", services)
    operator = await people.set_status(present.operator.operator_id, status, services)
    return HTMLResponse(render("my_status.html", present=Present(operator, present.sign_in)))
