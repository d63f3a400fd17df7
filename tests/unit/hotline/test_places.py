"""What is found where: words before the profile, the list before the documents, distance before both, no guess."""

from datetime import date
from typing import Any

import pytest

from hotline.directory import Site, site_id
from hotline.places import PlacesFound, PlaceWish, divisions_in, find_places, place_in, places_in, sites_again
from tests.unit.hotline.conftest import Line

HERE = (39.05, 116.00)


async def listed(line: Line, *sites: dict[str, Any]) -> None:
    async with line.services.unit_of_work() as uow:
        for about in sites:
            full = {"place": "雄安", "kind": "canteen", "source": "s", "checked_on": date(2026, 10, 1), **about}
            key = site_id(full["place"], full["kind"], full["name"], full.get("area"))
            uow.directory.add(Site(site_id=key, **full))
        await uow.commit()


async def found(line: Line, words: str, **wish: Any) -> PlacesFound:
    """As the elder of 雄安 asks."""
    await line.say("你好")
    session = await line.session()
    assert session is not None
    return await find_places(session.session_id, PlaceWish(words, **wish), line.services)


def names(answer: PlacesFound) -> list[str]:
    return [one.site.name for one in answer.sites] or [one.name for one in answer.facilities]


async def test_the_profile_tells_the_place_and_words_go_before_it(line: Line) -> None:
    await listed(line, {"name": "甲"}, {"name": "乙", "place": "威海"})
    assert names(await found(line, "食堂在哪")) == ["甲"]
    assert names(await found(line, "威海的食堂在哪")) == ["乙"]
    assert names(await found(line, "食堂在哪", place="威海")) == ["乙"]


async def test_two_places_in_one_breath_are_asked_back_and_a_strange_one_is_not_answered(line: Line) -> None:
    await listed(line, {"name": "甲"})
    assert (await found(line, "雄安和威海的食堂")).outcome == "ask_place"
    assert (await found(line, "天津的食堂")).outcome == "place_not_covered"
    assert (await found(line, "食堂在哪", place="北京")).outcome == "place_not_covered"


async def test_the_part_of_town_that_is_named_comes_alone(line: Line) -> None:
    await listed(line, {"name": "甲", "area": "容西"}, {"name": "乙", "address": "容东片区1号"}, {"name": "丙"})
    answer = await found(line, "容西片区的食堂")
    assert (names(answer), answer.there) == (["甲"], True)
    answer = await found(line, "安新县的食堂")
    assert (set(names(answer)), answer.area, answer.there) == ({"甲", "乙", "丙"}, "安新县", False)


async def test_a_city_holds_its_counties(line: Line) -> None:
    await listed(
        line, {"name": "甲", "place": "江西", "area": "红谷滩区"}, {"name": "乙", "place": "江西", "area": "章贡区"}
    )
    assert names(await found(line, "南昌的食堂")) == ["甲"]


async def test_the_part_where_the_elder_lives_comes_first_and_the_rest_after(line: Line) -> None:
    async with line.services.unit_of_work() as uow:
        elder = await uow.elders.require("eld_1")
        elder.address = "容西片区示例社区3号楼"
        await uow.commit()
    await listed(line, {"name": "甲"}, {"name": "乙", "area": "容西片区"})
    assert names(await found(line, "食堂在哪")) == ["乙", "甲"]


async def test_a_point_decides_without_a_place_and_only_what_is_near_counts(line: Line) -> None:
    await listed(
        line,
        {"name": "远", "latitude": 39.5, "longitude": 116.0},
        {"name": "二", "latitude": 39.05, "longitude": 116.02, "place": "威海"},
        {"name": "一", "latitude": 39.05, "longitude": 116.01},
        {"name": "院", "kind": "home", "latitude": 39.05, "longitude": 116.0},
    )
    answer = await found(line, "食堂", near=HERE)
    assert (names(answer), answer.place) == (["一", "二"], None)
    far = await found(line, "食堂", near=(20.0, 100.0))
    assert (set(names(far)), far.place) == ({"一", "远"}, "雄安")
    assert names(await found(line, "威海的食堂", near=HERE)) == ["二"]


async def test_the_list_goes_before_the_document_and_the_document_before_nothing(line: Line) -> None:
    answer = await found(line, "津市的长者食堂")
    assert (answer.outcome, names(answer)) == ("facilities", ["社区长者食堂"])
    await listed(line, {"name": "甲", "place": "津市"})
    answer = await found(line, "津市的长者食堂")
    assert (answer.outcome, names(answer)) == ("sites", ["甲"])
    assert (await found(line, "津市的避暑点")).outcome == "none"


async def test_what_the_document_names_in_a_part_of_town(line: Line) -> None:
    here = await found(line, "毛里湖的养老院")
    assert (names(here), here.there) == (["毛里湖康养中心"], True)
    elsewhere = await found(line, "药山镇的养老院")
    assert (elsewhere.there, "毛里湖康养中心" in names(elsewhere)) == (False, True)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("雄安的幸福院在哪", ["雄县龙湾农村互助幸福院"]),
        ("雄县的幸福院在哪", ["雄县龙湾农村互助幸福院"]),
        ("雄县的养老院有吗", ["雄县民政事业服务中心"]),
        ("容东的驿站", ["容东片区养老驿站"]),
        ("南文社区的老年食堂", ["容东片区老年食堂"]),
    ],
)
async def test_what_the_document_of_a_place_names_in_the_words_of_callers(
    line: Line, words: str, expected: list[str]
) -> None:
    assert names(await found(line, words)) == expected


async def test_a_service_leads_to_its_kind(line: Line) -> None:
    await listed(line, {"name": "甲"}, {"name": "乙", "kind": "home"})
    assert names(await found(line, "去哪儿", service="meal")) == ["甲"]


async def test_only_an_answer_counts_as_answered(line: Line) -> None:
    await found(line, "津市的避暑点")
    session = await line.session()
    assert session is not None and session.outcome is None
    await found(line, "津市的长者食堂")
    session = await line.session()
    assert session is not None and session.outcome == "answered"


async def test_sites_that_have_gone_from_the_list_are_not_told_again(line: Line) -> None:
    await listed(line, {"name": "甲"})
    key = site_id("雄安", "canteen", "甲", None)
    assert [one.name for one in await sites_again([key, "site_gone"], line.services)] == ["甲"]


@pytest.mark.parametrize(
    ("text", "place", "inside"),
    [
        ("我住文登", "威海", "文登区"), ("南昌县", "江西", "南昌县"), ("南昌西湖区", "江西", "西湖区"),
        ("昝岗那边", "雄安", "昝岗"), ("毛里湖", "津市", "毛里湖镇"),
    ],
)  # fmt: skip
def test_parts_of_places(text: str, place: str, inside: str) -> None:
    assert place_in(text) == place
    assert divisions_in(text, place)[-1].name == inside


def test_a_name_of_several_cities_tells_no_place() -> None:
    assert places_in("西湖区") == set()
    assert places_in("东湖区") == set()
    assert places_in("拉萨和津市") == {"拉萨", "津市"}
