"""Callbacks: somebody has rung."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from console.entrance import Hotline, SignedIn
from hotline import callbacks
from hotline.audit import note_deed

router = APIRouter()


@router.post("/callbacks/{callback_id}/done")
async def done(callback_id: str, present: SignedIn, services: Hotline) -> Response:
    """The rows follow by the event stream."""
    await note_deed(present.operator.operator_id, "callback_done", callback_id, services)
    await callbacks.finish(callback_id, services)
    return HTMLResponse("记下了：这个电话打过了。", headers={"HX-Retarget": "#notice", "HX-Reswap": "textContent"})
