"""Looking up elders and escalations; adding and correcting records."""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from console.entrance import Hotline, SignedIn
from console.frame import inside
from console.pages import page, render
from console.wording import label
from hotline import linking, register
from hotline.audit import note_deed
from hotline.errors import WrongField
from hotline.people import Elder, FamilyContact
from hotline.profile_changes import AskedChange
from knowledge.vocabulary import places, relations
from knowledge.vocabulary import services as service_words

router = APIRouter()

Text = Annotated[str, Form(max_length=400)]


@router.get("/search")
async def search(present: SignedIn, services: Hotline, q: str = "") -> Response:
    await note_deed(present.operator.operator_id, "search", "", services)
    found = await register.search(q[:60], services)
    return page("search.html", q=q[:60], found=found, now=services.clock.now(), **inside(present, "/search"))


@router.get("/elders/new")
async def new_elder(present: SignedIn, services: Hotline) -> Response:
    return page("elder_new.html", elder=Elder("", ""), places=list(places()), **inside(present, "/search"))


@router.get("/elders/{elder_id}")
async def elder_page(elder_id: str, present: SignedIn, services: Hotline, saved: bool = False) -> Response:
    await note_deed(present.operator.operator_id, "view_elder", elder_id, services)
    dossier = await register.dossier(elder_id, services)
    return page("elder.html", now=services.clock.now(), saved=saved, **_shown(dossier), **inside(present, "/search"))


def _shown(dossier: register.Dossier) -> dict[str, Any]:
    return {
        "d": dossier,
        "elder": dossier.elder,
        "changes": [AskedChange(one, dossier.elder) for one in dossier.changes],
        "places": list(places()),
        "relations": {**{code: word.label for code, word in relations().items()}, "other": "其他"},
        "service_labels": {code: one.label for code, one in service_words().items()},
    }


@router.post("/elders/{elder_id}")
async def save_elder(
    elder_id: str,
    present: SignedIn,
    services: Hotline,
    name: Text = "",
    phone: Text = "",
    place: Text = "",
    address: Text = "",
    birth_year: Annotated[str, Form(max_length=4)] = "",
    key_holder: Text = "",
    conditions: Text = "",
    devices: Text = "",
    care_group: Text = "",
) -> Response:
    """With the id `new` somebody new."""
    known = "" if elder_id == "new" else elder_id
    await note_deed(present.operator.operator_id, "change_elder" if known else "add_elder", known, services)
    if birth_year.strip() and not birth_year.strip().isdecimal():
        return _wrong("birth_year")
    year = int(birth_year) if birth_year.strip() else None
    wanted = Elder(known, name, phone, place, address, year, key_holder, conditions, devices, care_group)
    try:
        saved = await register.save_elder(wanted, services)
    except WrongField as wrong:
        return _wrong(wrong.field)
    return HTMLResponse("", headers={"HX-Redirect": f"/elders/{saved.elder_id}?saved=1"})


@router.post("/elders/{elder_id}/contacts")
async def save_contact(
    elder_id: str,
    present: SignedIn,
    services: Hotline,
    contact_id: Text = "",
    name: Text = "",
    relation: Text = "other",
    phone: Text = "",
    rank: Annotated[int, Form(ge=1, le=9)] = 1,
    emergency: Annotated[str, Form(max_length=2)] = "",
) -> Response:
    await note_deed(present.operator.operator_id, "change_contact", contact_id or elder_id, services)
    wanted = FamilyContact(contact_id, elder_id, name, relation, phone, None, bool(emergency), rank)
    try:
        await register.save_contact(wanted, services)
    except WrongField as wrong:
        return _wrong(wrong.field)
    return HTMLResponse("", headers={"HX-Redirect": f"/elders/{elder_id}?saved=1"})


@router.post("/elders/{elder_id}/link-code")
async def give_link_code(elder_id: str, present: SignedIn, services: Hotline, contact_id: Text = "") -> Response:
    """For this relative, or for one who is not registered; shown once."""
    me = present.operator.operator_id
    await note_deed(me, "give_link_code", contact_id or elder_id, services)
    code = await linking.give_code(elder_id, me, services, contact_id or None)
    return HTMLResponse(render("link_code.html", code=code), headers={"Cache-Control": "no-store"})


@router.post("/elders/{elder_id}/unlink")
async def unlink(elder_id: str, present: SignedIn, services: Hotline, contact_id: Text = "") -> Response:
    await note_deed(present.operator.operator_id, "unlink", contact_id or elder_id, services)
    await linking.unlink_contact(elder_id, contact_id or None, services)
    return HTMLResponse("", headers={"HX-Redirect": f"/elders/{elder_id}"})


def _wrong(field: str) -> Response:
    text = f"没有存：{label('field', field)}填得不对，请改一改。"
    return HTMLResponse(text, 422, {"HX-Retarget": "#notice", "HX-Reswap": "textContent"})
