"""One contact, going on or over: everything said in it."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from console.entrance import Hotline, SignedIn
from console.frame import inside
from console.packet import talk
from console.pages import go, notice, page, render
from hotline import assignment
from hotline.audit import note_deed
from hotline.errors import NotAllowed
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


@router.post("/take")
async def take(session_id: str, present: SignedIn, services: Hotline) -> Response:
    """The operator comes into a contact that asked for nobody; his phone rings by itself when it is a call."""
    me = present.operator.operator_id
    await note_deed(me, "take_over", session_id, services)
    try:
        raised = await assignment.take_over(session_id, me, services)
    except NotAllowed:
        return notice("他已经离开了，接不过来。", 409)
    return go(f"/escalations/{raised.escalation_id}")


def _values(found: Transcript, services: Services) -> dict[str, Any]:
    raised = found.escalations[-1].turn_id if found.escalations else ""
    return {"c": found, "talk": talk(found), "trigger_turn": raised, "now": services.clock.now()}
