"""Callbacks: an operator rings now, or somebody has rung."""

from contextlib import suppress

from fastapi import APIRouter
from fastapi.responses import Response

from console.entrance import Hotline, SignedIn
from console.pages import go, notice
from hotline import assignment, callbacks, reaching
from hotline.audit import note_deed
from hotline.errors import NotAllowed

router = APIRouter(prefix="/callbacks/{callback_id}")


@router.post("/take")
async def take(callback_id: str, present: SignedIn, services: Hotline) -> Response:
    """It is the operator's from now on, and his phone rings for it where that may be."""
    me = present.operator.operator_id
    await note_deed(me, "take_callback", callback_id, services)
    try:
        raised = await assignment.take_callback(callback_id, me, services)
    except NotAllowed:
        return notice("这个电话已经打过了。", 409)
    with suppress(NotAllowed):  # the page says that nobody may be rung
        await reaching.ring_my_phone(raised.escalation_id, me, services)
    return go(f"/escalations/{raised.escalation_id}")


@router.post("/done")
async def done(callback_id: str, present: SignedIn, services: Hotline) -> Response:
    """The rows follow by the event stream."""
    await note_deed(present.operator.operator_id, "callback_done", callback_id, services)
    await callbacks.finish(callback_id, services)
    return notice("记下了：这个电话打过了。")
