"""Operators as an administrator registers them; passwords that are given, and one's own."""

import re

import pytest

from hotline import escalation, sign_in
from hotline.people import Operator, Role
from tests.unit.console.world import PASSWORD, QuickPasswords, browser, employ
from tests.unit.hotline.conftest import Line

NEW = {"name": "小方", "role": "operator", "telegram": "5550001", "sip": "sip:fang@127.0.0.1:5070"}


async def named(line: Line, name: str) -> Operator | None:
    async with line.services.reading() as uow:
        return next((o for o in await uow.operators.all() if o.name == name), None)


async def test_somebody_is_registered_given_a_password_and_comes_in(line: Line) -> None:
    await employ(line.services, "柏管理", Role.ADMINISTRATOR)
    async with browser(line.services) as chief, browser(line.services) as fresh:
        await chief.enter("柏管理")
        await chief.do("/operators/new", **NEW)
        known = await named(line, "小方")
        assert known is not None
        assert (known.role, known.status, known.telegram_chat_id) == ("operator", "away", "5550001")
        assert known.sip_address == NEW["sip"]
        assert "小方" in await chief.see("/operators")
        answer = await chief.do(f"/operators/{known.operator_id}/password")
        assert answer.headers["cache-control"] == "no-store"
        given = re.search(r"\d{4}(-\d{4}){3}", answer.text)
        assert given
        assert (await fresh.enter("小方", given[0])).status_code == 303
        await chief.do(f"/operators/{known.operator_id}/password")  # another one: the browser is signed out
        assert (await fresh.client.get("/")).status_code == 303


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"name": " "}, 422),
        ({"name": "小林", "telegram": ""}, 409),
        ({"telegram": "@fang"}, 422),
        ({"telegram": "-100123"}, 422),
        ({"sip": "fang"}, 422),
        ({"role": "king"}, 422),
    ],
)
async def test_what_can_t_be_is_refused(line: Line, change: dict[str, str], status: int) -> None:
    await employ(line.services, "柏管理", Role.ADMINISTRATOR)
    async with browser(line.services) as chief:
        await chief.enter("柏管理")
        await chief.do("/operators/new", status, **{**NEW, **change})
    assert await named(line, "小方") is None


async def test_an_operator_is_corrected_and_his_status_stays(line: Line) -> None:
    me = await employ(line.services, "柏管理", Role.ADMINISTRATOR)
    async with browser(line.services) as chief:
        await chief.enter("柏管理")
        await chief.do("/operators/opr_1", **{**NEW, "name": "小林", "role": "supervisor"})
        await chief.do(f"/operators/{me.operator_id}", 409, name="柏管理", role="operator")
        await chief.do("/operators/nobody", 404, **{**NEW, "name": "小贺", "telegram": ""})
    known = await named(line, "小林")
    assert known is not None
    assert (known.operator_id, known.role, known.status) == ("opr_1", "supervisor", "ready")


async def test_nobody_is_removed_who_holds_somebody_or_is_oneself(line: Line) -> None:
    me = await employ(line.services, "柏管理", Role.ADMINISTRATOR)
    await line.say("我摔倒了，起不来")
    [raised] = await line.escalations()
    await escalation.claim(raised.escalation_id, "opr_1", line.services)
    async with browser(line.services) as chief:
        await chief.enter("柏管理")
        await chief.do("/operators/opr_1/remove", 409)
        await chief.do(f"/operators/{me.operator_id}/remove", 409)
        await escalation.close(raised.escalation_id, "safe", line.services)
        await chief.do("/operators/opr_1/remove")
    assert await named(line, "小林") is None


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
async def test_only_administrators_do_any_of_it(line: Line, role: Role) -> None:
    await employ(line.services, "小许", role)
    async with browser(line.services) as mine:
        await mine.enter("小许")
        assert "/operators" not in await mine.see("/")
        await mine.see("/operators", 403)
        for what in ("/operators/new", "/operators/opr_1", "/operators/opr_1/password", "/operators/opr_1/remove"):
            await mine.do(what, 403, **NEW)


# --- one's own password ----------------------------------------------------------------------------------------


async def test_one_s_own_password_is_changed_by_the_old_one(line: Line) -> None:
    await employ(line.services, "小许")
    new = "院子里的石榴红了"
    async with browser(line.services) as mine, browser(line.services) as elsewhere:
        await mine.enter("小许")
        await elsewhere.enter("小许")
        await mine.see("/my-password")
        wrong = {"old": "不是这一个密码啊", "new": new + "两三颗", "again": new + "两三颗"}
        assert "现在的密码不对" in (await mine.do("/my-password", 422, **wrong)).text
        assert "不一样" in (await mine.do("/my-password", 422, old=PASSWORD, new=new, again="别的")).text
        assert "太短" in (await mine.do("/my-password", 422, old=PASSWORD, new="短短短", again="短短短")).text
        new += "两三颗"
        await mine.do("/my-password", 303, old=PASSWORD, new=new, again=new)
        assert (await mine.client.get("/")).status_code == 303
        assert (await elsewhere.client.get("/")).status_code == 303
        assert (await mine.enter("小许")).status_code == 401
        assert (await mine.enter("小许", new)).status_code == 303


async def test_guessing_the_old_password_is_halted(line: Line) -> None:
    me = await employ(line.services, "小许")
    passwords = QuickPasswords()
    for _ in range(6):
        with pytest.raises(sign_in.NotAllowed):
            await sign_in.change_password(
                me.operator_id, "猜的猜的猜的猜的", "院子里的石榴红了两三颗", passwords, line.services
            )
    with pytest.raises(sign_in.NotAllowed):
        await sign_in.change_password(me.operator_id, PASSWORD, "院子里的石榴红了两三颗", passwords, line.services)
