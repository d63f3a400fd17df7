"""Who may come in: the cookie, the token of a change, the roles; and the pages of signing in and out."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from console.frame import inside
from console.pages import page
from hotline import sign_in
from hotline.audit import note_deed
from hotline.credentials import SHIFT_SECONDS
from hotline.errors import NotAllowed, StoreUnavailable, WeakPassword
from hotline.people import Role
from hotline.ports import Passwords, Services
from hotline.sign_in import Present

TOKEN_HEADER = "x-csrf-token"
TOKEN_FIELD = "csrf"
RANK = {Role.OPERATOR: 0, Role.SUPERVISOR: 1, Role.ADMINISTRATOR: 2}


@dataclass(frozen=True)
class Door:
    """How the console's cookie is kept. `plain_http`: without Secure, for loopback only."""

    services: Services
    passwords: Passwords
    plain_http: bool = False

    @property
    def cookie(self) -> str:
        """The prefix lets a browser take it only with Secure and for this host alone."""
        return "warmline" if self.plain_http else "__Host-warmline"


class NeedsSignIn(Exception):
    """Nobody is signed in with this browser."""


class Refused(Exception):
    """Signed in, but not for this, or not by a page of ours."""


def door_of(request: Request) -> Door:
    """What `make_console` was given."""
    door: Door = request.app.state.door
    return door


def services_of(request: Request) -> Services:
    return door_of(request).services


async def signed_in(request: Request) -> Present:
    """Who asks; every request that changes something has to bring the token of his pages."""
    door = door_of(request)
    present = await sign_in.who(request.cookies.get(door.cookie, ""), door.services)
    if present is None:
        raise NeedsSignIn
    if request.method != "GET" and not sign_in.is_right_token(await _token(request), present.sign_in):
        raise Refused
    return present


async def _token(request: Request) -> str:
    given = request.headers.get(TOKEN_HEADER)
    return given if given is not None else str((await request.form()).get(TOKEN_FIELD, ""))


def at_least(role: Role) -> Callable[[Present], Awaitable[Present]]:
    """A dependency: that role or a higher one."""

    async def ranked(present: Annotated[Present, Depends(signed_in)]) -> Present:
        if not has_rank(present, role):
            raise Refused
        return present

    return ranked


def has_rank(present: Present, role: Role) -> bool:
    return RANK[Role(present.operator.role)] >= RANK[role]


SignedIn = Annotated[Present, Depends(signed_in)]
Supervisor = Annotated[Present, Depends(at_least(Role.SUPERVISOR))]
Administrator = Annotated[Present, Depends(at_least(Role.ADMINISTRATOR))]
Hotline = Annotated[Services, Depends(services_of)]

router = APIRouter()


@router.get("/sign-in")
async def sign_in_page(request: Request) -> Response:
    door = door_of(request)
    if await sign_in.who(request.cookies.get(door.cookie, ""), door.services) is not None:
        return RedirectResponse("/", 303)
    return page("sign_in.html", wrong=False, trouble=False)


@router.post("/sign-in")
async def enter(request: Request, name: Annotated[str, Form()] = "", password: Annotated[str, Form()] = "") -> Response:
    door = door_of(request)
    try:
        secret, known = await sign_in.sign_in(name.strip(), password, door.passwords, door.services)
    except NotAllowed:
        return page("sign_in.html", 401, wrong=True, trouble=False)
    except StoreUnavailable:
        return page("sign_in.html", 503, wrong=False, trouble=True)
    await note_deed(known.operator_id, "sign_in", "", door.services)
    answer = RedirectResponse("/", 303)
    answer.set_cookie(
        door.cookie, secret, max_age=int(SHIFT_SECONDS), path="/",
        secure=not door.plain_http, httponly=True, samesite="strict",
    )  # fmt: skip
    return answer


@router.post("/sign-out")
async def leave(request: Request, present: SignedIn) -> Response:
    door = door_of(request)
    await note_deed(present.operator.operator_id, "sign_out", "", door.services)
    await sign_in.sign_out(present.sign_in.sign_in_id, door.services)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(door.cookie, path="/", secure=not door.plain_http, httponly=True, samesite="strict")
    return answer


@router.get("/present", status_code=204)
async def is_present(request: Request) -> Response:
    """Whether this browser still is signed in: for a page whose stream was refused."""
    door = door_of(request)
    there = await sign_in.who(request.cookies.get(door.cookie, ""), door.services) is not None
    return Response(status_code=204 if there else 401)


@router.get("/my-password")
async def my_password_page(present: SignedIn) -> Response:
    return page("my_password.html", wrong="", **inside(present, ""))


@router.post("/my-password")
async def change_my_password(
    request: Request,
    present: SignedIn,
    old: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Afterwards every browser of the operator signs in anew, this one too."""
    door, me = door_of(request), present.operator.operator_id
    await note_deed(me, "change_password", "", door.services)
    wrong = "" if new == again else "两次写的新密码不一样。"
    try:
        if not wrong:
            await sign_in.change_password(me, old, new, door.passwords, door.services)
            return RedirectResponse("/sign-in", 303)
    except NotAllowed:
        wrong = "现在的密码不对。连着错五次，要等一会儿才能再试。"
    except WeakPassword:
        wrong = "新密码太短或者太简单：最少十个字，别总用同几个字。"
    return page("my_password.html", 422, wrong=wrong, **inside(present, ""))


def to_sign_in(request: Request) -> Response:
    """A page goes there; a part of a page takes the whole page there."""
    if "hx-request" in request.headers:
        return HTMLResponse("", 401, {"HX-Redirect": "/sign-in"})
    return RedirectResponse("/sign-in", 303)
