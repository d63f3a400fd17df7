"""The console as one ASGI application: what is served where, and what each error looks like."""

import logging
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles

from console import board, callbacks, calls, cases, changes, duty, entrance, escalations, orders, records, report, staff
from console.entrance import Door, NeedsSignIn, Refused
from console.live import Live
from console.pages import notice, page
from console.security import Guard
from hotline.errors import AlreadyClaimed, NotFound, StoreUnavailable

log = logging.getLogger(__name__)

STATIC = Path(__file__).with_name("static")
PARTS = (
    entrance.router,
    board.router,
    escalations.router,
    callbacks.router,
    calls.router,
    cases.router,
    changes.router,
    duty.router,
    records.router,
    orders.router,
    report.router,
    staff.router,
)

Handler = Callable[[Request, Exception], Awaitable[Response]]


def make_console(door: Door) -> FastAPI:
    """The application. It keeps nothing between requests but what it reads again: any number of it may run."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.door = door
    app.state.live = Live(door.services)
    for part in PARTS:
        app.include_router(part)
    app.add_api_route("/health", _health)
    app.mount("/static", StaticFiles(directory=STATIC))
    for kind, handle in _ERRORS.items():
        app.add_exception_handler(kind, handle)
    app.add_middleware(Guard)
    return app


async def _health() -> dict[str, str]:
    return {"status": "ok"}


async def _needs_sign_in(request: Request, error: Exception) -> Response:
    return entrance.to_sign_in(request)


def _says(status: int, title: str, text: str) -> Handler:
    """For a part of a page one sentence, shown above it; else a page of its own."""

    async def handle(request: Request, error: Exception) -> Response:
        if "hx-request" in request.headers:
            return HTMLResponse(text, status, {"HX-Retarget": "#notice", "HX-Reswap": "innerHTML"})
        return page("message.html", status, title=title, text=text)

    return handle


async def _fault(request: Request, error: Exception) -> Response:
    place = traceback.extract_tb(error.__traceback__)[-1]
    log.error("%s in %s:%s", type(error).__name__, Path(place.filename).name, place.lineno)
    return await _says(500, "出错了", "没办成，程序出了错。请再试一次；还不行，用命令行或电话处理。")(request, error)


async def _taken(request: Request, error: Exception) -> Response:
    """Somebody else was quicker; he is named."""
    assert isinstance(error, AlreadyClaimed)
    async with request.app.state.door.services.reading() as uow:
        operator = await uow.operators.get(error.operator_id) if error.operator_id else None
    return notice(f"已由{operator.name}先接手了。" if operator else "这一件已经结束了。", 409)


_ERRORS: dict[type[Exception] | int, Handler] = {
    NeedsSignIn: _needs_sign_in,
    Refused: _says(403, "不能这样做", "您的岗位不能做这一步，或者页面已经过期。请刷新页面再试。"),
    AlreadyClaimed: _taken,
    NotFound: _says(404, "没有这条记录", "没有找到，可能已经删除。"),
    404: _says(404, "没有这一页", "没有这一页。"),
    StoreUnavailable: _says(503, "数据库暂时用不了", "没办成：数据库暂时用不了，请过几秒再试。求助照常会通知大家。"),
    Exception: _fault,
}
