"""The directory of sites, as `hotline.ports` asks for it."""

from collections.abc import Sequence
from math import cos, radians

from sqlalchemy import ColumnElement, delete, select

from hotline.directory import Site
from store import tables as t
from store.repositories import Base

METRES_PER_DEGREE = 111_195.0
"""Of latitude; of longitude at the equator."""


class Directory(Base[Site]):
    kind = Site

    async def of(self, place: str | None, kinds: Sequence[str] = ()) -> list[Site]:
        return await self._where([*([t.directory.c.place == place] if place else []), *_of_kinds(kinds)])

    async def around(self, latitude: float, longitude: float, metres: float, kinds: Sequence[str] = ()) -> list[Site]:
        d, north = t.directory.c, metres / METRES_PER_DEGREE
        east = north / max(0.01, cos(radians(latitude)))
        square = [
            d.latitude.between(latitude - north, latitude + north),
            d.longitude.between(longitude - east, longitude + east),
        ]
        return await self._where([*square, *_of_kinds(kinds)])

    async def remove(self, site_id: str) -> None:
        await self._work.change(delete(t.directory).where(t.directory.c.site_id == site_id))

    async def _where(self, conditions: Sequence[ColumnElement[bool]]) -> list[Site]:
        d = t.directory.c
        return await self._work.all(select(Site).where(*conditions).order_by(d.place, d.kind, d.name, d.site_id))


def _of_kinds(kinds: Sequence[str]) -> list[ColumnElement[bool]]:
    return [t.directory.c.kind.in_(kinds)] if kinds else []
