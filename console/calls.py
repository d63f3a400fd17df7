"""One contact, going on or over: everything said in it."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from console.entrance import Hotline, SignedIn
from console.frame import inside
from console.packet import talk
from console.pages import page, render
from hotline.audit import note_deed
from hotline.handoff import Transcript, transcript
from hotline.ports import Services

router = APIRouter(prefix="/calls/{session_id}")


@router.get("")
async def call_page(session_id: str, present: SignedIn, services: Hotline) -> Response:
    await note_deed(present.operator.operator_id, "view_call", session_id, services)
    found = await transcript(session_id, services)
    return page("call.html", **_values(found, services), **inside(present, "", watch=session_id))


@router.get("/live")
async def live_part(session_id: str, present: SignedIn, services: Hotline) -> Response:
    """What was said so far, again."""
    return HTMLResponse(render("escalation_talk.html", **_values(await transcript(session_id, services), services)))


def _values(found: Transcript, services: Services) -> dict[str, Any]:
    raised = found.escalations[-1].turn_id if found.escalations else ""
    return {"c": found, "talk": talk(found), "trigger_turn": raised, "now": services.clock.now()}
