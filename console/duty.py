"""One's own status: ready, busy or away."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from console.entrance import Hotline, SignedIn
from console.pages import render
from hotline import people
from hotline.audit import note_deed
from hotline.people import OperatorStatus
from hotline.sign_in import Present

router = APIRouter()


@router.post("/my-status/{status}")
async def set_my_status(status: OperatorStatus, present: SignedIn, services: Hotline) -> Response:
    """Shows the new status only when it is in the database: nobody may believe himself ready by mistake."""
    await note_deed(present.operator.operator_id, f"status_{status.value}", "", services)
    operator = await people.set_status(present.operator.operator_id, status, services)
    return HTMLResponse(render("my_status.html", present=Present(operator, present.sign_in)))
