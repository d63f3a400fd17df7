import pytest

from knowledge.policy.loading import library
from knowledge.policy.where import elsewhere_in
from knowledge.sites import columns, kind_of_service, kinds_in, site_kinds
from knowledge.vocabulary import services


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("哪儿有社区食堂", ("canteen",)),
        ("养老服务中心怎么走", ("centre",)),
        ("养老服务站", ("station",)),
        ("日间照料中心", ("day_care",)),
        ("敬老院和食堂", ("home", "canteen")),
        ("社区卫生服务中心", ("medical",)),
        ("今天天气好", ()),
    ],
)
def test_the_longest_word_tells_the_kind(text: str, kinds: tuple[str, ...]) -> None:
    assert kinds_in(text) == kinds


def test_services_of_kinds_exist_and_lead_there() -> None:
    named = {service for kind in site_kinds().values() for service in kind.services}
    assert named <= set(services())
    assert kind_of_service("meal") == "canteen"
    assert kind_of_service("wish") is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("天津的食堂", "天津"), ("在天津市", "天津"), ("北京有没有", "北京"), ("长沙市的", "长沙"),
        ("津市的食堂", None), ("上海路的食堂", None), ("江西南昌", None), ("我从北京搬到雄安", None), ("食堂", None),
    ],
)  # fmt: skip
def test_a_place_that_is_none_of_ours_is_noticed(text: str, place: str | None) -> None:
    assert elsewhere_in(text) == place


def test_no_heading_means_two_columns() -> None:
    headings = [word for name, words in columns().items() for word in (name, *words)]
    assert len(headings) == len({*headings})


@pytest.mark.parametrize(("place", "counties"), [("拉萨", 8), ("雄安", 3), ("威海", 4), ("江西", 101), ("津市", 1)])
def test_every_county_of_the_kept_list_is_there(place: str, counties: int) -> None:
    """江西 has 100; the list still has 湾里区, which is part of 新建区 since 2019 (docs/decisions.md)."""
    listed = [one for one in library().divisions(place) if one.level == "county" and one.code]
    assert len(listed) == counties
    assert len({one.code for one in listed}) == counties
    assert all(one.source.startswith("jionlp 1.5.27") for one in listed)


def test_the_cities_of_a_province_hold_its_counties() -> None:
    divisions = library().divisions("江西")
    cities = {one.name for one in divisions if one.level == "city"}
    assert len(cities) == 11
    assert {one.within for one in divisions if one.level == "county"} == cities
