"""One escalation: all that is known of it, and what an operator may do."""

from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, Response

from console.entrance import Hotline, Refused, SignedIn, Supervisor, has_rank
from console.frame import inside
from console.packet import packet_values, refreshed
from console.pages import go, notice, page
from console.wording import labels
from hotline import assignment, booking, callbacks, conversation, escalation, family, handoff, notes, reaching
from hotline.audit import note_deed
from hotline.booking import BookVisit
from hotline.callbacks import NewCallback
from hotline.errors import NotAllowed, NotFound, TimeTaken
from hotline.notes import NoteKind
from hotline.outcomes import closings
from hotline.people import Role
from hotline.ports import Delivery
from hotline.sign_in import Present
from knowledge import vocabulary

router = APIRouter(prefix="/escalations/{escalation_id}")

LONGEST_WORDS = 1000
Words = Annotated[str, Form(max_length=LONGEST_WORDS)]


async def holding(escalation_id: str, present: SignedIn, services: Hotline) -> Present:
    """Whoever has taken it over, or a supervisor: nobody else acts for a caller."""
    async with services.reading() as uow:
        raised = await uow.escalations.require(escalation_id)
    if raised.claimed_by != present.operator.operator_id and not has_rank(present, Role.SUPERVISOR):
        raise Refused
    return present


Holder = Annotated[Present, Depends(holding)]


@router.get("")
async def escalation_page(escalation_id: str, present: SignedIn, services: Hotline) -> Response:
    await note_deed(present.operator.operator_id, "view_escalation", escalation_id, services)
    packet = await handoff.packet(escalation_id, services)
    around = inside(present, "", watch=packet.escalation.session_id)
    return page("escalation.html", **around, **packet_values(packet, present, services))


@router.get("/live")
async def live_part(escalation_id: str, present: SignedIn, services: Hotline, key: str = "") -> Response:
    """What has changed since; the forms only when others may be filled in now."""
    return HTMLResponse(await refreshed(escalation_id, key, present, services))


@router.post("/claim")
async def claim(escalation_id: str, present: SignedIn, services: Hotline) -> Response:
    me = present.operator.operator_id
    await note_deed(me, "claim", escalation_id, services)
    await escalation.claim(escalation_id, me, services, in_console=True)
    return go(f"/escalations/{escalation_id}")


@router.post("/reopen")
async def reopen(escalation_id: str, present: SignedIn, services: Hotline) -> Response:
    """A relative has stood it down, and the operator is not content."""
    await note_deed(present.operator.operator_id, "reopen", escalation_id, services)
    return go(f"/escalations/{(await family.reopen(escalation_id, services)).escalation_id}")


@router.post("/decline")
async def decline(escalation_id: str, present: SignedIn, services: Hotline, reason: Annotated[str, Form()]) -> Response:
    if reason not in labels("decline"):
        raise NotFound
    me = present.operator.operator_id
    await note_deed(me, "decline", escalation_id, services)
    await assignment.decline(escalation_id, me, reason, services)
    return go("/")


@router.post("/reassign")
async def reassign(escalation_id: str, present: Supervisor, services: Hotline, to: Annotated[str, Form()]) -> Response:
    me = present.operator.operator_id
    await note_deed(me, "reassign", escalation_id, services)
    await assignment.reassign(escalation_id, to, me, services)
    return go(f"/escalations/{escalation_id}")


@router.post("/say")
async def say(
    escalation_id: str, present: Holder, services: Hotline, text: Words, key: Annotated[str, Form()] = ""
) -> Response:
    me = present.operator.operator_id
    async with services.reading() as uow:
        session_id = (await uow.escalations.require(escalation_id)).session_id
    await note_deed(me, "say", escalation_id, services)
    if not text.strip() or not await conversation.operator_says(me, text.strip(), services, session_id):
        return notice("这句话没有送到：您手上没有这个来电人，或者对方暂时收不到。", 409)
    return HTMLResponse(await refreshed(escalation_id, key, present, services))


@router.post("/note")
async def add_note(
    escalation_id: str, present: Holder, services: Hotline, text: Words, key: Annotated[str, Form()] = ""
) -> Response:
    me = present.operator.operator_id
    await note_deed(me, "note", escalation_id, services)
    if text.strip():
        await notes.add_note(escalation_id, me, NoteKind.NOTE, text.strip(), services)
    return HTMLResponse(await refreshed(escalation_id, key, present, services))


@router.post("/ring")
async def ring(escalation_id: str, present: Holder, services: Hotline, key: Annotated[str, Form()] = "") -> Response:
    me = present.operator.operator_id
    await note_deed(me, "ring", escalation_id, services)
    delivery = await _allowed(reaching.ring_my_phone(escalation_id, me, services))
    if delivery is None:
        return notice("不能拨：您没有接手，或者对方不能回拨。", 409)
    shown = {
        "sent": "您的电话接通了，按 1 和来电人说话。",
        "sending": "正在响您的电话，接起来，按 1 和来电人说话。",
        "no_channel": "您没有登记话机，请用自己的电话拨号码。",
    }
    return notice(shown.get(delivery.state, "您的电话没响成：占线，或者电话线路现在不通。请用自己的电话拨号码。"))


@router.post("/family/{contact_id}")
async def tell_family(escalation_id: str, contact_id: str, present: Holder, services: Hotline) -> Response:
    me = present.operator.operator_id
    await note_deed(me, "tell_family", escalation_id, services)
    delivery = await _allowed(reaching.tell_relative(escalation_id, contact_id, me, services))
    if delivery is None:
        return notice("这一件不能告诉家属。", 409)
    sent = delivery.state == "sent"
    return notice(
        "已发消息，请他马上联系老人。" if sent else "消息没发到：他没有绑定 Telegram，或者发不出去。请打电话。"
    )


@router.post("/callback")
async def promise(
    escalation_id: str,
    present: Holder,
    services: Hotline,
    form: Annotated[str, Form()],
    minutes: Annotated[int, Form(ge=0, le=60 * 24 * 7)],
    number: Annotated[str, Form(max_length=40)] = "",
    text: Words = "",
    key: Annotated[str, Form()] = "",
) -> Response:
    await note_deed(present.operator.operator_id, "promise_callback", escalation_id, services)
    async with services.reading() as uow:
        session = await uow.sessions.require((await uow.escalations.require(escalation_id)).session_id)
    at = session.now(services.clock.now()) + timedelta(minutes=minutes)
    wanted = NewCallback(
        f"console:{form}", "operator", number=number.strip() or None, at=at, words=text.strip() or None
    )
    await callbacks.promise(session.session_id, wanted, services)
    return HTMLResponse(await refreshed(escalation_id, key, present, services))


@router.post("/book")
async def book(
    escalation_id: str,
    present: Holder,
    services: Hotline,
    form: Annotated[str, Form()],
    service: Annotated[str, Form()],
    starts: Annotated[datetime, Form()],
    name: Annotated[str, Form(min_length=1, max_length=40)],
    phone: Annotated[str, Form(max_length=40)] = "",
    address: Annotated[str, Form(max_length=200)] = "",
    text: Words = "",
    key: Annotated[str, Form()] = "",
) -> Response:
    if service not in vocabulary.services():
        raise NotFound
    await note_deed(present.operator.operator_id, "book", escalation_id, services)
    packet = await handoff.packet(escalation_id, services)
    elder, starts_at = packet.elder, starts.replace(tzinfo=services.clock.now().tzinfo)
    same = elder is not None and elder.name == name.strip()
    command = BookVisit(
        packet.escalation.session_id, f"console:{form}", service, starts_at, booking.window_end(service, starts_at),
        name.strip(), phone.strip() or None, address.strip() or None, elder.elder_id if elder and same else None,
        note=text.strip() or None,
    )  # fmt: skip
    try:
        await booking.book(command, services)
    except TimeTaken:
        return notice("这个时间已经约了别的服务，请换个时间。", 409)
    return HTMLResponse(await refreshed(escalation_id, key, present, services))


@router.post("/hand-back")
async def hand_back(escalation_id: str, present: Holder, services: Hotline) -> Response:
    me = present.operator.operator_id
    async with services.reading() as uow:
        session_id = (await uow.escalations.require(escalation_id)).session_id
    await note_deed(me, "hand_back", escalation_id, services)
    if not await conversation.hand_back(me, services, session_id):
        return notice("您手上没有这个来电人。", 409)
    return go("/")


@router.post("/close")
async def close(
    escalation_id: str, present: Holder, services: Hotline, outcome: Annotated[str, Form()], text: Words = ""
) -> Response:
    if outcome not in closings(chosen_only=True):
        raise NotFound
    me = present.operator.operator_id
    await note_deed(me, "close", escalation_id, services)
    if text.strip():
        await notes.add_note(escalation_id, me, NoteKind.CLOSED, text.strip(), services)
    await escalation.close(escalation_id, outcome, services)
    return go("/")


async def _allowed(work: Awaitable[Delivery]) -> Delivery | None:
    """None when it may not be done."""
    try:
        return await work
    except NotAllowed:
        return None
