"""Where to go: which place words speak of, and what is to be found there. Only what is named, never a guess."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hotline.directory import Nearby, Site, nearest_first
from hotline.outcomes import note
from hotline.ports import Services, UnitOfWork
from hotline.sessions import CallSession
from knowledge.policy.loading import library
from knowledge.policy.localities import Division, Facility
from knowledge.policy.where import elsewhere_in, named
from knowledge.sites import kind_of_service, kind_words_in, kinds_in, near_metres
from knowledge.vocabulary import places
from language.distances import Point
from language.lookup import find
from language.text import spoken

STANDING = ("open", "pilot", "named", "being_built", "planned", "explored")
"""States of a facility, the surest first."""
TELLING = 3
"""Characters from which a word for a kind (幸福院) tells a facility by its name."""

_UNITS = ("片区", "街道", "社区", "镇", "乡", "县", "区", "市", "村")


@dataclass(frozen=True)
class PlaceWish:
    """What is looked for: the caller's words, a service named in them, the place that was asked for, where he is."""

    words: str
    service: str | None = None
    place: str | None = None
    near: Point | None = None


@dataclass(frozen=True)
class PlacesFound:
    """What there is. `sites` are of the city's list, `facilities` of the document; one of both, or neither.

    `area` is the part of the place that was asked for; `there` is False where what was found lies elsewhere in the
    place. `kinds` are keys of sites.yaml, `place` is None where distance alone decided. `elsewhere` is the place named
    that is none of ours.
    """

    outcome: Literal["sites", "facilities", "none", "ask_place", "place_not_covered"]
    place: str | None = None
    kinds: tuple[str, ...] = ()
    area: str | None = None
    there: bool = True
    sites: tuple[Nearby, ...] = ()
    facilities: tuple[Facility, ...] = ()
    elsewhere: str | None = None


def place_in(text: str) -> str | None:
    """The one place that is named, by its own name or a locality of it; None for none or several."""
    ours = named(text).ours
    return ours[0] if len(ours) == 1 else None


def places_in(text: str) -> set[str]:
    """Every place that is named."""
    return set(named(text).ours)


def divisions_in(text: str, place: str) -> list[Division]:
    """The parts of a place that are named, the smallest last; a longer name hides a shorter one inside it."""
    divisions = {division.name: division for division in library().divisions(place)}
    known = {name for one in divisions.values() for name in one.names()}
    for word in {*places()[place].localities} - known:  # everyday names and towns that stand in places.yaml alone
        divisions[word] = Division(name=word, level="community", source="places.yaml")
    names = {name: (("division", one.name),) for one in divisions.values() for name in one.names()}
    found = [divisions[match.key] for match in find(spoken(text), names)]
    return sorted(found, key=lambda one: one.level != "city")


async def find_places(session_id: str, wish: PlaceWish, services: Services) -> PlacesFound:
    """What is known of the places looked for: the city's list first, else what the document names."""
    async with services.unit_of_work() as uow:
        session = await uow.sessions.require(session_id)
        found = await _found(session, wish, uow)
        if found.outcome in ("sites", "facilities"):
            note(session, "answered")
            await uow.commit()
        return found


async def _found(session: CallSession, wish: PlaceWish, uow: UnitOfWork) -> PlacesFound:
    if elsewhere := elsewhere_in(wish.words):
        return PlacesFound("place_not_covered", elsewhere=elsewhere)
    said = places_in(wish.words)
    kinds = kinds_asked(wish)
    if wish.near and not said and (near := await _near(wish.near, kinds, uow)):
        return PlacesFound("sites", kinds=kinds, sites=near)
    place = said.pop() if len(said) == 1 else None if said else wish.place or session.place
    if place is None:
        return PlacesFound("ask_place", kinds=kinds)
    if place not in places():
        return PlacesFound("place_not_covered", elsewhere=place)
    return await _in_place(place, kinds, wish, session, uow)


def kinds_asked(wish: PlaceWish) -> tuple[str, ...]:
    """Kinds by their words, else the kind where the service is to be had; none: of every kind."""
    by_service = kind_of_service(wish.service) if wish.service else None
    return kinds_in(wish.words) or ((by_service,) if by_service else ())


async def _near(point: Point, kinds: Sequence[str], uow: UnitOfWork) -> tuple[Nearby, ...]:
    sites = await uow.directory.around(*point, near_metres(), kinds)
    return tuple(one for one in nearest_first(sites, point) if one.metres is not None and one.metres <= near_metres())


async def _in_place(
    place: str, kinds: tuple[str, ...], wish: PlaceWish, session: CallSession, uow: UnitOfWork
) -> PlacesFound:
    area = _area(wish.words, place)
    sites = await uow.directory.of(place, kinds)
    here = [site for site in sites if area is None or area.holds(site)]
    facilities = named_facilities(place, kinds, wish.words)
    facilities_here = [one for one in facilities if area is None or area.has(one)]
    nothing = PlacesFound("none", place, kinds, area.name if area else None, there=bool(here or facilities_here))
    if here or (sites and not facilities_here):
        ordered = await _ordered(here or sites, wish.near, session, uow)
        return replace(nothing, outcome="sites", sites=ordered)
    if facilities:
        return replace(nothing, outcome="facilities", facilities=tuple(facilities_here or facilities))
    return nothing


def named_facilities(place: str, kinds: Sequence[str], words: str) -> list[Facility]:
    """What the document names: those called by name, by word or by what is in their name, else those of the kinds;
    the surest first.
    """
    said, every = spoken(words), library().facilities(place)
    said_whole = [word for word in kind_words_in(words) if len(word) >= TELLING]
    called = [
        one
        for one in every
        if any(name in said for name in (one.name, *one.words)) or any(word in one.name for word in said_whole)
    ]
    fitting = called or [one for one in every if not kinds or one.kind in kinds]
    return sorted(fitting, key=lambda one: STANDING.index(one.state))


@dataclass(frozen=True)
class _Area:
    """A part of a place, with the divisions in it and every name that tells of it in an address."""

    name: str
    divisions: frozenset[str]
    names: tuple[str, ...]
    is_small: bool

    def holds(self, site: Site) -> bool:
        told = f"{site.area or ''} {site.address or ''} {site.name}"
        return any(name in told for name in self.names)

    def has(self, facility: Facility) -> bool:
        """It lies in the area, or is there for a community that the text names with it."""
        if facility.in_division in self.divisions:
            return True
        return self.is_small and any(name in part.says for part in facility.known for name in self.names)


def _area(text: str, place: str) -> _Area | None:
    """The smallest part of the place that is named."""
    named = divisions_in(text, place)
    if not named:
        return None
    inside = [named[-1], *(one for one in library().divisions(place) if one.within == named[-1].name)]
    names = dict.fromkeys(name for one in inside for name in _stems(one))
    is_small = named[-1].level in ("town", "community")
    return _Area(named[-1].name, frozenset(one.name for one in inside), tuple(names), is_small)


def _stems(division: Division) -> tuple[str, ...]:
    """Its names, and each without its last word where enough is left: 容东片区 is 容东."""
    stems = (name.removesuffix(end) for name in division.names() for end in _UNITS if name.endswith(end))
    return (*division.names(), *(stem for stem in stems if len(stem) > 1))


async def _ordered(
    sites: Sequence[Site], near: Point | None, session: CallSession, uow: UnitOfWork
) -> tuple[Nearby, ...]:
    """The nearest first; without a point, those in the part of the place where the elder is registered."""
    if near:
        return tuple(nearest_first(sites, near))
    elder_id = session.elder_id or session.identified_elder_id
    elder = await uow.elders.get(elder_id) if elder_id else None
    home = _area(elder.address, elder.place) if elder and elder.address and elder.place else None
    return tuple(Nearby(site) for site in sorted(sites, key=lambda one: home is not None and not home.holds(one)))


async def sites_again(site_ids: Sequence[str], services: Services) -> list[Site]:
    """The sites just told of, for what else is asked about them; those that have gone from the list are left out."""
    async with services.unit_of_work() as uow:
        found = [await uow.directory.get(one) for one in site_ids]
    return [site for site in found if site is not None]
