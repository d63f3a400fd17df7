"""资料变更申请: what callers asked to be changed, confirmed or refused."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from console.entrance import Hotline, SignedIn
from console.pages import go, notice
from console.wording import label
from hotline import profile_changes
from hotline.audit import note_deed
from hotline.errors import NotAllowed, WrongField

router = APIRouter(prefix="/changes/{change_id}")


@router.post("/confirm")
async def confirm(
    change_id: str, present: SignedIn, services: Hotline, value: Annotated[str, Form(max_length=400)] = ""
) -> Response:
    await note_deed(present.operator.operator_id, "confirm_change", change_id, services)
    try:
        change = await profile_changes.confirm(change_id, value, services)
    except WrongField as wrong:
        return notice(f"没有改：{label('field', wrong.field)}填得不对，请改一改。", 422)
    except NotAllowed:
        return _decided_before()
    return go(f"/elders/{change.elder_id}?saved=1" if change.elder_id else "/cases")


@router.post("/refuse")
async def refuse(change_id: str, present: SignedIn, services: Hotline) -> Response:
    await note_deed(present.operator.operator_id, "refuse_change", change_id, services)
    try:
        await profile_changes.refuse(change_id, services)
    except NotAllowed:
        return _decided_before()
    return go("/cases")


def _decided_before() -> Response:
    return notice("别人已经办过这一条了。", 409)
