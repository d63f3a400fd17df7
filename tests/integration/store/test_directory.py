"""The city's list in the database: read in again, replaced, looked up around a point."""

from dataclasses import replace
from datetime import date

from hotline.directory import Site, nearest_first, site_id
from store.database import Database


def site(name: str, **known: object) -> Site:
    about = {"place": "雄安", "kind": "canteen", "source": "示例名录", "checked_on": date(2026, 10, 1), **known}
    key = site_id(str(about["place"]), str(about["kind"]), name, None)
    return Site(site_id=key, name=name, **about)  # type: ignore[arg-type]  # the tests give Site's own fields


async def keep(database: Database, *sites: Site) -> None:
    async with database.unit_of_work() as uow:
        for one in sites:
            uow.directory.add(one)
        await uow.commit()


async def test_sites_are_found_by_place_and_kind(database: Database) -> None:
    await keep(database, site("甲"), site("乙", kind="home"), site("丙", place="津市"))
    async with database.unit_of_work() as uow:
        assert [one.name for one in await uow.directory.of("雄安")] == ["甲", "乙"]
        assert [one.name for one in await uow.directory.of("雄安", ("home",))] == ["乙"]
        assert len(await uow.directory.of(None)) == 3


async def test_around_a_point_every_place_counts_and_nothing_far_away(database: Database) -> None:
    near, next_place = (
        site("近", latitude=39.05, longitude=116.01),
        site("邻", place="威海", latitude=39.06, longitude=116.0),
    )
    await keep(database, near, next_place, site("远", latitude=39.5, longitude=116.0), site("无"))
    async with database.unit_of_work() as uow:
        around = await uow.directory.around(39.05, 116.0, 5000, ("canteen",))
        none = await uow.directory.around(39.05, 116.0, 5000, ("home",))
    assert [one.site.name for one in nearest_first(around, (39.05, 116.0))] == ["近", "邻"]
    assert none == []


async def test_a_site_without_coordinates_comes_last_and_its_distance_is_not_known() -> None:
    ordered = nearest_first([site("无"), site("近", latitude=39.05, longitude=116.01)], (39.05, 116.0))
    assert [one.metres is None for one in ordered] == [False, True]


def test_the_id_is_that_of_place_kind_name_and_area() -> None:
    assert site("甲").site_id == site("甲", phone="1").site_id
    assert len({site_id("a", "b", "c", None), site_id("a", "b", "d", None), site_id("a", "b", "c", "e")}) == 3
    assert replace(site("甲"), phone="1").site_id == site("甲").site_id
