"""The live board, and the event stream that every page listens to."""

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from console.entrance import Hotline, SignedIn
from console.frame import inside
from console.live import SECTIONS, Live, stream
from console.pages import page
from hotline import board
from hotline.attendance import attend
from hotline.audit import note_deed
from hotline.sign_in import still_present

router = APIRouter()


@router.get("/")
async def board_page(present: SignedIn, services: Hotline) -> Response:
    """As it stands now; the stream goes on from there."""
    await note_deed(present.operator.operator_id, "view_board", "", services)
    seen = await board.look(services)
    return page("board.html", board=seen, operators=seen.operators, **inside(present, "/", ",".join(SECTIONS)))


@router.get("/events")
async def events(request: Request, present: SignedIn, services: Hotline, show: str = "", watch: str = "") -> Response:
    """What changes: alarms for every page, the sections that this one shows, and the contact it watches."""
    live: Live = request.app.state.live
    wants = frozenset(show.split(",")) & SECTIONS.keys()

    async def may_go_on() -> bool:
        await attend(present.operator.operator_id, services)
        return await still_present(present.sign_in.sign_in_id, services)

    await attend(present.operator.operator_id, services)
    return StreamingResponse(
        stream(live, wants, watch, may_go_on), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )
