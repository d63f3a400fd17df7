"""One row of a city's list of sites: which values its fields take."""

import re
from datetime import date
from typing import Annotated, Any
from unicodedata import normalize

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator

import store.mapping as _mapping  # noqa: F401  # before the first Site is made, or it can't be stored
from hotline.directory import Site, site_id
from knowledge.sites import datums, kinds_in, site_kinds
from knowledge.vocabulary import lookup_words, places
from language.lookup import find
from language.text import spoken
from store.coordinates import to_wgs84

NORTH, EAST = (17.0, 54.0), (73.0, 136.0)
"""Degrees between which China lies; the two do not overlap, so that exchanged ones are noticed."""

_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]0{1,2}:00(?::00)?)?\Z")
_PHONE = re.compile(r"[\d()+\-/、，,;；转 ]*\d{3}[\d()+\-/、，,;；转 ]*\Z")


def _kind(value: str) -> str:
    """A key (canteen), or words that name one kind only."""
    named = (value.lower(),) if value.lower() in site_kinds() else kinds_in(value)
    if len(named) != 1:
        known = ", ".join(f"{key} {kind.label}" for key, kind in site_kinds().items())
        raise ValueError(f"names {'no' if not named else 'more than one'} type; one of {known}")
    return named[0]


def _day(value: str) -> date:
    if not (found := _DATE.match(value)):
        raise ValueError("a day such as 2026-11-01 is needed")
    return date(*map(int, found.groups()))


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise ValueError("degrees with a decimal point are needed, such as 29.6537") from None


def _phone(value: str) -> str:
    plain = normalize("NFKC", value)
    if not _PHONE.match(plain):
        raise ValueError("no telephone number")
    return plain


def _datum(value: str) -> str:
    named = [key for key, words in datums().items() if value.lower() in words]
    if not named:
        known = "、".join(word for words in datums().values() for word in words)
        raise ValueError(f"one of {known} is needed; others (百度 bd09) have to be converted first")
    return named[0]


def _both(value: str) -> tuple[float, float]:
    """Either order: which number is which can be seen from its size."""
    parts = [_number(part) for part in re.split(r"[,，;；\s]+", value) if part]
    if len(parts) != 2:
        raise ValueError("two numbers are needed, such as 29.6537,91.1322")
    return (parts[0], parts[1]) if parts[0] < parts[1] else (parts[1], parts[0])


class SiteRow(BaseModel):
    """Empty cells are None. `datum` tells whether coordinates have to be brought to WGS-84."""

    model_config = ConfigDict(extra="forbid")

    name: str
    type: Annotated[str, AfterValidator(_kind)]
    place: str | None = None
    area: str | None = None
    address: str | None = None
    lat: Annotated[float, BeforeValidator(_number)] | None = None
    lon: Annotated[float, BeforeValidator(_number)] | None = None
    coordinates: Annotated[tuple[float, float], BeforeValidator(_both)] | None = None
    datum: Annotated[str, AfterValidator(_datum)] | None = None
    phone: Annotated[str, AfterValidator(_phone)] | None = None
    hours: str | None = None
    services: str | None = None
    source: str
    checked_on: Annotated[date, BeforeValidator(_day)]

    @model_validator(mode="after")
    def _somewhere(self) -> "SiteRow":
        if (self.lat is None) != (self.lon is None):
            raise ValueError("lat and lon go together")
        if self.point is None:
            return self
        north, east = self.point
        if NORTH[0] <= east <= NORTH[1] and EAST[0] <= north <= EAST[1]:
            raise ValueError(f"lat {north} and lon {east} are exchanged")
        if not (NORTH[0] <= north <= NORTH[1] and EAST[0] <= east <= EAST[1]):
            raise ValueError(f"lat {north}, lon {east} is not in China")
        return self

    @property
    def point(self) -> tuple[float, float] | None:
        """As it stands in the row."""
        return self.coordinates or (None if self.lat is None or self.lon is None else (self.lat, self.lon))


def as_site(row: SiteRow, place: str | None, datum: str, today: date) -> Site:
    """A row as a site. `place` and `datum` hold where the row says nothing. Raises ValueError."""
    if row.checked_on > today:
        raise ValueError(f"checked_on: {row.checked_on} is still to come")
    where = _place(row, place)
    point = row.point
    if point and (row.datum or datum) == "gcj02":
        point = to_wgs84(*point)
    return Site(
        site_id=site_id(where, row.type, row.name, row.area),
        place=where,
        name=row.name,
        kind=row.type,
        source=row.source,
        checked_on=row.checked_on,
        area=row.area,
        address=row.address,
        phone=row.phone,
        hours=row.hours,
        services=row.services,
        latitude=round(point[0], 6) if point else None,
        longitude=round(point[1], 6) if point else None,
    )


def _place(row: SiteRow, place: str | None) -> str:
    """The row's own, else the one given for the list, else the one that area, address and name speak of."""
    told = {match.key for text in (row.area, row.address, row.name) for match in _places_in(text)}
    said = {match.key for match in _places_in(row.place)} if row.place else {place} if place else told
    if len(said) != 1:
        raise ValueError(f"place: which of {'、'.join(places())}? Fill in the column, or give --place")
    chosen: Any = said.pop()
    if told and chosen not in told:
        raise ValueError(f"place: {chosen} does not go with {'、'.join(sorted(told))}, which its area or address names")
    return str(chosen)


def _places_in(text: str | None) -> list[Any]:
    return [match for match in find(spoken(text or ""), lookup_words()) if match.entity == "place"]
