"""Who comes in and who does not; what a browser is told; that every change needs the token of our own pages."""

import re
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute

from console import security
from console.app import PARTS
from console.passwords import Argon2Passwords
from hotline import people, sign_in
from hotline.audit import latest
from hotline.credentials import FREE_FAILURES, IDLE_SECONDS, LOCK_SECONDS, SHIFT_SECONDS
from hotline.errors import NotAllowed, WeakPassword
from hotline.people import Operator
from hotline.sign_in import who
from tests.unit.console.world import PASSWORD, Browser, QuickPasswords, browser, employ
from tests.unit.hotline.conftest import Line

TEMPLATES = Path(security.__file__).with_name("templates")


async def test_who_has_no_password_yet_cannot_come_in(line: Line) -> None:
    async with browser(line.services) as mine:
        assert (await mine.enter("小林")).status_code == 401
        assert (await mine.client.get("/")).headers["location"] == "/sign-in"


async def test_signing_in_and_out(line: Line) -> None:
    await employ(line.services, "小许")
    async with browser(line.services) as mine:
        answer = await mine.enter("小许")
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-warmline=")
        for part in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
            assert part in cookie
        assert "小许" in await mine.see("/")
        await mine.do("/sign-out", 303)
        assert (await mine.client.get("/")).status_code == 303
    assert {e.what for e in await latest(9, line.services)} == {"sign_in", "view_board", "sign_out"}


async def test_on_loopback_the_cookie_may_do_without_https(line: Line) -> None:
    await employ(line.services, "小许")
    async with browser(line.services, plain_http=True) as mine:
        cookie = (await mine.enter("小许")).headers["set-cookie"]
    assert "Secure" not in cookie
    assert "HttpOnly" in cookie


async def test_an_unknown_name_a_wrong_and_a_locked_password_look_alike(line: Line) -> None:
    await employ(line.services, "小许")
    async with browser(line.services) as mine:
        answers = [await mine.enter("没有这个人"), await mine.enter("小许", "错的密码错的密码")]
        for _ in range(FREE_FAILURES):
            await mine.enter("小许", "错的密码错的密码")
        answers.append(await mine.enter("小许"))
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1


async def test_the_lock_ends_by_itself_and_grows(line: Line) -> None:
    await employ(line.services, "小许")
    async with browser(line.services) as mine:
        for _ in range(FREE_FAILURES):
            await mine.enter("小许", "错的密码错的密码")
        assert (await mine.enter("小许")).status_code == 401
        line.clock.pass_seconds(LOCK_SECONDS + 1)
        assert (await mine.enter("小许", "还是错的密码呀")).status_code == 401
        line.clock.pass_seconds(LOCK_SECONDS + 1)
        assert (await mine.enter("小许")).status_code == 401
        line.clock.pass_seconds(LOCK_SECONDS + 1)
        assert (await mine.enter("小许")).status_code == 303


async def test_many_tries_at_once_are_all_counted(line: Line) -> None:
    await employ(line.services, "小许")
    tries = [sign_in.sign_in("小许", "错的密码错的密码", QuickPasswords(), line.services) for _ in range(8)]
    for one in tries:
        with pytest.raises(NotAllowed):
            await one
    async with line.services.reading() as uow:
        known = await uow.operators.all()
        credential = await uow.credentials.require(next(o.operator_id for o in known if o.name == "小许"))
    assert credential.failures == FREE_FAILURES
    assert credential.locked_until is not None


async def test_a_new_password_ends_every_browser_and_unlocks(line: Line) -> None:
    operator = await employ(line.services, "小许")
    async with browser(line.services) as mine:
        await mine.enter("小许")
        await sign_in.set_password(operator.operator_id, "另外一句很长很长的话", QuickPasswords(), line.services)
        assert (await mine.client.get("/")).status_code == 303
        assert (await mine.enter("小许", "另外一句很长很长的话")).status_code == 303


@pytest.mark.parametrize("password", ["短", "1111111111111", "", "长" * 300])
async def test_weak_passwords_are_refused(line: Line, password: str) -> None:
    operator = await employ(line.services, "小许")
    with pytest.raises(WeakPassword):
        await sign_in.set_password(operator.operator_id, password, QuickPasswords(), line.services)


@pytest.mark.parametrize("seconds", [IDLE_SECONDS + 1, SHIFT_SECONDS + 1])
async def test_a_sign_in_ends_by_itself(line: Line, seconds: float) -> None:
    await employ(line.services, "小许")
    async with browser(line.services) as mine:
        await mine.enter("小许")
        line.clock.pass_seconds(seconds)
        assert (await mine.client.get("/")).status_code == 303


async def test_who_goes_on_working_stays_until_the_shift_is_over(line: Line) -> None:
    await employ(line.services, "小许")
    secret, _ = await sign_in.sign_in("小许", PASSWORD, QuickPasswords(), line.services)
    for _ in range(int(SHIFT_SECONDS // 3600)):
        assert await who(secret, line.services) is not None
        line.clock.pass_seconds(3600)
    line.clock.pass_seconds(1)
    assert await who(secret, line.services) is None


async def test_a_removed_operator_is_out_at_once(line: Line) -> None:
    operator = await employ(line.services, "小许")
    async with browser(line.services) as mine:
        await mine.enter("小许")
        await people.remove_operator(operator.operator_id, line.services)
        assert (await mine.client.get("/")).status_code == 303


async def test_the_secret_itself_is_not_kept(line: Line) -> None:
    await employ(line.services, "小许")
    secret, known = await sign_in.sign_in("小许", PASSWORD, QuickPasswords(), line.services)
    assert secret not in (known.sign_in_id, known.csrf)
    assert await who(known.sign_in_id, line.services) is None


# --- changes -------------------------------------------------------------------------------------------


def changing_paths() -> list[str]:
    routes = [route for part in PARTS for route in part.routes if isinstance(route, APIRoute)]
    return sorted({r.path for r in routes if r.methods - {"GET", "HEAD"}} - {"/sign-in"})


@pytest.mark.parametrize("path", changing_paths())
async def test_no_change_without_the_token(line: Line, path: str) -> None:
    await employ(line.services, "小许")
    await line.say("我摔倒了，起不来")
    raised = (await line.escalations())[0].escalation_id
    there = path.replace("{status}", "away").replace("{escalation_id}", raised).replace("{", "").replace("}", "")
    async with browser(line.services) as mine:
        await mine.enter("小许")
        for headers in ({}, {"X-CSRF-Token": "wrong"}, {"X-CSRF-Token": ""}):
            answer = await mine.client.post(there, headers=headers)
            assert answer.status_code == 403, (there, headers)


@pytest.mark.parametrize("path", changing_paths())
async def test_no_change_without_signing_in(line: Line, path: str) -> None:
    raised = "esc_1"
    there = path.replace("{status}", "away").replace("{escalation_id}", raised).replace("{", "").replace("}", "")
    async with browser(line.services) as mine:
        answer = await mine.client.post(there, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in")


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://elsewhere.test"}]
)
async def test_another_site_s_page_changes_nothing_and_signs_nobody_in(line: Line, headers: dict[str, str]) -> None:
    await employ(line.services, "小许")
    async with browser(line.services) as mine:
        fields = {"name": "小许", "password": PASSWORD}
        answer = await mine.client.post("/sign-in", data=fields, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


async def test_one_s_own_page_is_let_through(line: Line) -> None:
    await employ(line.services, "小许")
    async with browser(line.services) as mine:
        own = {"Origin": "https://console.test", "Sec-Fetch-Site": "same-origin"}
        answer = await mine.client.post("/sign-in", data={"name": "小许", "password": PASSWORD}, headers=own)
    assert answer.status_code == 303


# --- what every answer carries ---------------------------------------------------------------------------


async def answers(mine: Browser) -> list[httpx.Response]:
    paths = ("/", "/sign-in", "/nowhere", "/health", "/static/console.css")
    return [await mine.client.get(path) for path in paths]


async def test_every_answer_carries_the_headers_and_no_script_stands_in_a_page(line: Line) -> None:
    await employ(line.services, "小许")
    async with browser(line.services) as mine:
        for answer in [*await answers(mine), await mine.enter("小许"), *await answers(mine)]:
            for name, value in security.HEADERS.items():
                assert answer.headers[name] == value
            assert "onclick" not in answer.text
            assert "<script>" not in answer.text
    assert "unsafe" not in security.POLICY


async def test_pages_are_kept_by_no_cache(line: Line) -> None:
    async with browser(line.services) as mine:
        assert (await mine.client.get("/sign-in")).headers["cache-control"] == "no-store"


async def test_a_name_with_markup_stays_a_name(line: Line) -> None:
    await employ(line.services, "<b>小许</b>")
    async with browser(line.services) as mine:
        await mine.enter("<b>小许</b>")
        assert "<b>小许" not in await mine.see("/")


async def test_one_s_own_status(line: Line) -> None:
    operator = await employ(line.services, "小许")
    async with browser(line.services) as mine:
        await mine.enter("小许")
        await mine.do("/my-status/busy")
        assert "在岗</span>" in await mine.see("/")  # the others
        await mine.do("/my-status/asleep", 422)
    async with line.services.reading() as uow:
        stored: Operator = await uow.operators.require(operator.operator_id)
    assert stored.status == "busy"


async def test_argon2_takes_the_right_password_alone() -> None:
    passwords = Argon2Passwords()
    kept = await passwords.hashed(PASSWORD)
    assert kept.startswith("$argon2id$")
    assert await passwords.fits(PASSWORD, kept)
    assert not await passwords.fits(PASSWORD + "x", kept)
    assert not await passwords.fits(PASSWORD, None)
    assert not await passwords.fits(PASSWORD, "not a hash")


def test_a_form_sent_before_its_script_is_there_puts_no_words_into_an_address() -> None:
    """`dialog` outside of a dialog does nothing; without it a browser would send the fields by GET."""
    forms = 0
    for path in TEMPLATES.glob("*.html"):
        for form in re.findall(r"<form[^>]*>", path.read_text(encoding="utf-8")):
            forms += 1
            if "hx-post" in form:
                assert 'method="dialog"' in form, (path.name, form)
            else:
                assert re.search(
                    r'method="(post|get)" action="/(sign-in|sign-out|my-password|search|orders|report)"', form
                ), form
    assert forms > 10
