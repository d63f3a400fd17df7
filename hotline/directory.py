"""名录: a city's own list of places to go to, kept beside what the documents name."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from hotline.ports import Services, UnitOfWork
from language.distances import Point, metres_between


@dataclass
class Site:
    """网点: one place of the list. `kind` is a key of sites.yaml; `source` and `checked_on` say who vouches for it.

    Latitude and longitude are in degrees, WGS-84; None where the list gives none.
    """

    site_id: str
    place: str
    name: str
    kind: str
    source: str
    checked_on: date
    area: str | None = None
    address: str | None = None
    phone: str | None = None
    hours: str | None = None
    services: str | None = None
    latitude: float | None = None
    longitude: float | None = None

    @property
    def point(self) -> Point | None:
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)


@dataclass(frozen=True)
class Nearby:
    """附近网点: a site and how far it is as the crow flies; `metres` is None where that can't be known."""

    site: Site
    metres: float | None = None


def site_id(place: str, kind: str, name: str, area: str | None) -> str:
    """The same for the same site in every list, so that a list can be read in again."""
    key = "\n".join((place, kind, name, area or ""))
    return f"site_{hashlib.sha256(key.encode()).hexdigest()[:16]}"


async def take_in(sites: Sequence[Site], services: Services, *, replace_all: bool, write: bool) -> dict[str, int]:
    """Add what is new and change what differs; how many were added, changed, unchanged and removed.

    With `replace_all`, sites of the same place and kind that are not among `sites` are removed. Without `write`
    nothing is kept.
    """
    counts = Counter(added=0, changed=0, unchanged=0, removed=0)
    async with services.unit_of_work() as uow:
        for site in sites:
            counts[await _put(site, uow)] += 1
        if replace_all:
            counts["removed"] = await _remove_others(sites, uow)
        if write:
            await uow.commit()
    return dict(counts)


async def _put(site: Site, uow: UnitOfWork) -> str:
    stored = await uow.directory.get(site.site_id)
    if stored is None:
        uow.directory.add(replace(site))
        return "added"
    names = [field.name for field in fields(Site) if getattr(stored, field.name) != getattr(site, field.name)]
    for name in names:
        setattr(stored, name, getattr(site, name))
    return "changed" if names else "unchanged"


async def _remove_others(sites: Sequence[Site], uow: UnitOfWork) -> int:
    listed = {site.site_id for site in sites}
    gone = 0
    for place, kind in sorted({(site.place, site.kind) for site in sites}):
        for known in await uow.directory.of(place, (kind,)):
            if known.site_id not in listed:
                await uow.directory.remove(known.site_id)
                gone += 1
    return gone


async def listing(place: str | None, kinds: Sequence[str], near: Point | None, services: Services) -> list[Nearby]:
    """The sites of a place (None: of all) and of these kinds (none: of all), the nearest first."""
    async with services.unit_of_work() as uow:
        return nearest_first(await uow.directory.of(place, kinds), near)


def nearest_first(sites: Sequence[Site], near: Point | None) -> list[Nearby]:
    """By distance from `near`, those without coordinates last; without `near` as they stand."""
    found = [Nearby(site, metres_between(near, site.point) if near and site.point else None) for site in sites]
    return sorted(found, key=lambda one: (one.metres is None, one.metres or 0.0)) if near else found
