"""Operators, for administrators: registering, correcting, giving a password, taking off the list."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from console.entrance import Administrator, Hotline, door_of
from console.frame import inside
from console.pages import go, notice, page, render
from console.wording import label
from hotline import staff
from hotline.audit import note_deed
from hotline.errors import AlreadyRegistered, NotAllowed, StillHolding, WrongField
from hotline.people import Operator

router = APIRouter(prefix="/operators")

Text = Annotated[str, Form(max_length=200)]


@router.get("")
async def staff_page(present: Administrator, services: Hotline) -> Response:
    await note_deed(present.operator.operator_id, "view_staff", "", services)
    async with services.reading() as uow:
        everybody = sorted(await uow.operators.all(), key=lambda one: one.name)
    return page("staff.html", everybody=everybody, new=Operator("", ""), **inside(present, "/operators"))


@router.post("/{operator_id}")
async def save(
    operator_id: str,
    present: Administrator,
    services: Hotline,
    name: Text = "",
    role: Text = "",
    telegram: Text = "",
    sip: Text = "",
) -> Response:
    """With the id `new` somebody new."""
    known = "" if operator_id == "new" else operator_id
    await note_deed(present.operator.operator_id, "change_operator" if known else "add_operator", known, services)
    wanted = Operator(known, name, role, telegram_chat_id=telegram, sip_address=sip)
    try:
        await staff.save_operator(wanted, present.operator, services)
    except WrongField as wrong:
        return notice(f"没有存：{label('field', wrong.field)}不对，请改一改。", 422)
    except AlreadyRegistered:
        return notice("没有存：别人已经用了这个姓名或者 Telegram 编号。", 409)
    except NotAllowed:
        return notice("没有存：自己的岗位要别的管理员来改。", 409)
    return go("/operators")


@router.post("/{operator_id}/password")
async def give_password(operator_id: str, request: Request, present: Administrator, services: Hotline) -> Response:
    """Shown once, to be handed on by word of mouth."""
    await note_deed(present.operator.operator_id, "give_password", operator_id, services)
    given = await staff.give_password(operator_id, door_of(request).passwords, services)
    return HTMLResponse(render("staff_password.html", given=given), headers={"Cache-Control": "no-store"})


@router.post("/{operator_id}/remove")
async def remove(operator_id: str, present: Administrator, services: Hotline) -> Response:
    await note_deed(present.operator.operator_id, "remove_operator", operator_id, services)
    try:
        await staff.dismiss(operator_id, present.operator, services)
    except StillHolding:
        return notice("没有删：他手上还有求助，先结束或者改派。", 409)
    except NotAllowed:
        return notice("没有删：不能删自己。", 409)
    return go("/operators")
