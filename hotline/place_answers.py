"""How places are told: short for the ear, whole for the eye, and what is not known said to be so."""

from collections.abc import Iterable, Sequence
from datetime import date

from hotline.directory import Nearby, Site
from hotline.places import PlacesFound
from hotline.sessions import Channel, Choice, Reply
from knowledge.policy.documents import Document
from knowledge.policy.loading import library
from knowledge.policy.localities import Facility
from knowledge.sites import asks_of_kind, near_metres, old_days, site_kinds, tell
from knowledge.wording import choice, map_link
from language.counts import say_number
from language.distances import say_distance
from language.phones import say_digits
from language.text import spoken

MOST_SPOKEN, MOST_WRITTEN = 2, 5
"""Places told in one answer."""


def kinds_label(kinds: Sequence[str]) -> str:
    """老年食堂, 养老院和…; of every kind if none is named."""
    return "、".join(site_kinds()[kind].label for kind in kinds) or tell("any_kind")


def sites_reply(found: PlacesFound, channel: str, today: date, *, offer: bool) -> Reply:
    """Sites of the city's list. With `offer` one question more, on the phone for the telephone number."""
    if channel == Channel.PHONE:
        told = found.sites[:MOST_SPOKEN]
        asked = tell("ask_phone") if offer else ""
        text = _not_there(found) + "".join(_site_spoken(one, n, found) for n, one in enumerate(told))
        return Reply(text + _old_spoken(told, today) + asked, "place_sites", asks="wants_phone" if offer else None)
    return Reply(_sites_written(found, today, hint=offer), "place_sites")


def _not_there(found: PlacesFound) -> str:
    return "" if found.there or not found.area else tell("not_there", area=found.area, place=found.place or "")


def _site_spoken(one: Nearby, number: int, found: PlacesFound) -> str:
    address = one.site.address or one.site.area
    facts = {
        "name": one.site.name,
        "address": tell("address_spoken", address=address) if address else tell("no_address_spoken"),
    }
    distance = "" if one.metres is None else say_distance(one.metres)
    if number:
        return tell("also_spoken", distance=tell("distance_spoken", distance=distance) if distance else "", **facts)
    if distance:
        return tell("nearest_spoken", distance=distance, **facts)
    return tell("one_spoken", place=one.site.place, **facts)


def _is_old(site: Site, today: date) -> bool:
    return (today - site.checked_on).days >= old_days()


def _old_spoken(told: Iterable[Nearby], today: date) -> str:
    old = [one.site.checked_on for one in told if _is_old(one.site, today)]
    return tell("old_spoken", day=f"{min(old).year}年{min(old).month}月") if old else ""


def details_reply(sites: Sequence[Site], channel: str, today: date) -> Reply:
    """Telephone and opening hours of the sites just told."""
    if channel != Channel.PHONE:
        found = PlacesFound("sites", sites=tuple(Nearby(site) for site in sites))
        return Reply("\n".join(_entries(found, today)), "place_details")
    return Reply("".join(_details_spoken(site) for site in sites[:MOST_SPOKEN]), "place_details")


def _details_spoken(site: Site) -> str:
    digits = say_digits(first_number(site.phone)) if site.phone else ""
    number = tell("phone_spoken", name=site.name, digits=digits) if digits else ""
    hours = tell("hours_spoken", hours=site.hours) if site.hours else tell("no_hours_spoken")
    return (number or tell("no_phone_spoken", name=site.name)) + hours


def first_number(phone: str) -> str:
    """The first of several numbers in one cell."""
    for mark in "、,，;；/":
        phone = phone.partition(mark)[0]
    return phone


# --- read ------------------------------------------------------------------------------------------------


def _sites_written(found: PlacesFound, today: date, *, hint: bool) -> str:
    near = any(one.metres is not None and one.metres <= near_metres() for one in found.sites)
    kinds, count = kinds_label(found.kinds), len(found.sites)
    head = (
        tell("head_near", kinds=kinds) if near else tell("head", place=found.place or "", kinds=kinds, count=str(count))
    )
    lines = [_not_there(found) + head, *_entries(found, today)]
    if count > MOST_WRITTEN and not near:
        lines.append(tell("more", count=str(count - MOST_WRITTEN)))
    if hint and not near and any(one.site.point for one in found.sites):
        lines.append(tell("send_location"))
    return "\n".join(lines)


def _entries(found: PlacesFound, today: date) -> list[str]:
    shown = found.sites[:MOST_WRITTEN]
    return ["\n".join(_entry(one, number, today)) for number, one in enumerate(shown, start=1)]


def _entry(one: Nearby, number: int, today: date) -> list[str]:
    site, lines = one.site, [tell("entry", number=str(number), name=one.site.name)]
    if one.metres is not None:
        lines.append(tell("entry_distance", distance=say_distance(one.metres)))
    known = {"address": site.address or site.area, "phone": site.phone, "hours": site.hours}
    lines += [tell(f"entry_{name}", **{name: _one_line(value)}) for name, value in known.items() if value]
    if site.services:
        lines.append(tell("entry_services", services=_one_line(site.services)))
    if missing := [tell(f"field_{name}") for name, value in known.items() if not value]:
        lines.append(tell("entry_missing", fields="、".join(missing)))
    if site.point:
        lines.append(tell("entry_map", link=map_link(str(site.latitude), str(site.longitude))))
    lines.append(tell("entry_source", source=site.source, day=site.checked_on.isoformat()))
    return [*lines, tell("old")] if _is_old(site, today) else lines


def _one_line(text: str) -> str:
    return " ".join(text.split())


# --- what the document names ----------------------------------------------------------------------------------


def facilities_reply(found: PlacesFound, channel: str, *, offer: bool) -> Reply:
    """Facilities that the document names, and what it does not say of them. With `offer`: may a person find out?"""
    asked = tell("ask_callback") if offer else ""
    asks = "wants_callback" if offer else None
    if channel == Channel.PHONE:
        return Reply(_facilities_spoken(found) + asked, "place_facilities", asks=asks)
    choices = (Choice(*choice("please")), Choice(*choice("no_thanks"))) if offer else ()
    text = "\n".join(part for part in (_facilities_written(found), asked) if part)
    return Reply(text, "place_facilities", choices=choices, asks=asks)


def _facilities_spoken(found: PlacesFound) -> str:
    told = found.facilities[:MOST_SPOKEN]
    total = len(found.facilities)
    unknown = [one for one in told[0].unknown if all(one in other.unknown for other in told)][:MOST_SPOKEN]
    sentences = [
        "" if found.there or not found.area else tell("facility_not_there_spoken", area=found.area),
        *(tell(f"state_{one.state}", name=one.name) for one in told),
        tell("facility_total_spoken", count=say_number(total)) if total > len(told) else "",
        tell("facility_unknown", unknown="、".join(unknown)) if unknown else "",
    ]
    return "".join(sentences)


def _facilities_written(found: PlacesFound) -> str:
    document = document_of(found.place or "")
    away = not found.there and found.area
    head = (
        tell("facility_not_there", area=found.area or "")
        if away
        else tell("facility_head", place=found.place or "", kinds=kinds_label(found.kinds))
    )
    lines = [head, *(_facility_written(one, n) for n, one in enumerate(found.facilities[:MOST_WRITTEN], start=1))]
    sections = dict.fromkeys(sign for one in found.facilities[:MOST_WRITTEN] for part in one.known for sign in part.at)
    if document:
        source: str = library().one("policies/wording.yaml").source
        lines += [document.caution, source.format(document=document.cited_as, sections="、".join(sections))]
    return "\n".join(lines)


def _facility_written(one: Facility, number: int) -> str:
    known = "".join(statement.says for statement in one.known)
    unknown = tell("facility_unknown", unknown="、".join(one.unknown)) if one.unknown else ""
    return f"{tell('entry', number=str(number), name=one.name)}：{known}{unknown}"


def document_of(place: str) -> Document | None:
    """The one document of a place."""
    return next((one for one in library().documents().values() if one.place == place), None)


def asks_for_details(text: str) -> bool:
    """Whether telephone numbers or opening hours are asked for."""
    return _asks(text, "phone", "hours")


def asks_of_it(text: str) -> bool:
    """Whether something is asked of such a place (食堂送不送饭), not where there is one."""
    return asks_of_kind(text) and not _asks(text, "where", "address", "list")


def _asks(text: str, *aspects: str) -> bool:
    words = library().one("policies/wording.yaml").aspects
    return any(word in spoken(text) for aspect in aspects for word in words[aspect])


def none_reply(found: PlacesFound) -> Reply:
    """Neither the document nor the list knows of any."""
    return Reply(tell("none", place=found.place or "", kinds=kinds_label(found.kinds)), "place_none")
