"""What is told of places: short on the phone, whole in a chat, nothing that is not known."""

from datetime import date

import pytest

from hotline.directory import Nearby, Site
from hotline.place_answers import asks_of_it, details_reply, facilities_reply, first_number, none_reply, sites_reply
from hotline.places import PlacesFound
from knowledge.policy.localities import Facility
from knowledge.policy.shapes import Statement

TODAY = date(2026, 11, 24)


def site(name: str, **known: object) -> Site:
    about = {"place": "津市", "kind": "canteen", "source": "示例名录", "checked_on": date(2026, 10, 1), **known}
    return Site(site_id=f"site_{name}", name=name, **about)  # type: ignore[arg-type]  # the tests give Site's own fields


FULL = site(
    "甲食堂",
    address="示例路1号",
    phone="0736-5550101、0736-5550102",
    hours="11:00-13:00",
    latitude=29.6,
    longitude=111.9,
)
BARE = site("乙食堂")


def found(*sites: Nearby, **about: object) -> PlacesFound:
    return PlacesFound("sites", "津市", ("canteen",), sites=sites, **about)  # type: ignore[arg-type]  # as above


def test_by_phone_two_places_the_nearest_first_and_one_question() -> None:
    told = found(Nearby(FULL, 780.0), Nearby(BARE, 2040.0), Nearby(site("丙食堂"), 5000.0))
    reply = sites_reply(told, "phone", TODAY, offer=True)
    assert reply.text == "最近的是甲食堂，大约八百米，在示例路1号。还有乙食堂，大约两公里，地址没有登记。要听电话吗？"
    assert reply.asks == "wants_phone"
    assert all(len(sentence) <= 30 for sentence in reply.text.split("。"))


def test_in_the_middle_of_something_nothing_is_offered() -> None:
    reply = sites_reply(found(Nearby(FULL)), "phone", TODAY, offer=False)
    assert (reply.text, reply.asks) == ("津市有甲食堂，在示例路1号。", None)


def test_an_old_entry_is_told_with_a_warning_on_both_channels() -> None:
    old = found(Nearby(site("甲食堂", address="示例路1号", checked_on=date(2025, 11, 24))))
    assert "2025年11月核对的" in sites_reply(old, "phone", TODAY, offer=True).text
    assert "过了一年" in sites_reply(old, "telegram", TODAY, offer=True).text
    young = found(Nearby(site("甲食堂", checked_on=date(2025, 11, 25))))
    assert "过了一年" not in sites_reply(young, "telegram", TODAY, offer=True).text


def test_in_a_chat_everything_known_with_its_source_and_what_is_not_registered() -> None:
    text = sites_reply(found(Nearby(FULL), Nearby(BARE)), "telegram", TODAY, offer=True).text
    first, second = text.split("\n2. ")
    for known in ("示例路1号", "0736-5550101", "11:00-13:00", "mlat=29.6&mlon=111.9", "来源：示例名录，2026-10-01核对"):
        assert known in first
    assert "没有登记：地址、电话、开放时间" in second
    assert "mlat" not in second


def test_what_lies_elsewhere_is_said_to_lie_elsewhere() -> None:
    reply = sites_reply(found(Nearby(FULL), area="药山镇", there=False), "phone", TODAY, offer=False)
    assert reply.text.startswith("药山镇没有登记的，津市别处有。")


def test_a_telephone_number_is_said_in_digits_and_a_missing_one_as_missing() -> None:
    text = details_reply([FULL, BARE], "phone", TODAY).text
    assert text.startswith("甲食堂，电话零七三六，五五五，零一零一。开放时间是11:00-13:00。")
    assert "乙食堂的电话没有登记。开放时间没有登记。" in text


@pytest.mark.parametrize("cell", ["0736-1", "0736-1、2", "0736-1/2", "0736-1；2", "0736-1,2"])
def test_the_first_of_several_numbers(cell: str) -> None:
    assert first_number(cell) == "0736-1"


def facility(name: str, state: str, unknown: tuple[str, ...]) -> Facility:
    known = (Statement(says="当时写的。", at=("一(三)",)),)
    return Facility.model_validate(
        {"name": name, "kind": "canteen", "in_division": None, "known": known, "unknown": unknown, "state": state}
    )


def test_a_plan_is_told_as_a_plan_and_only_what_all_lack_is_told_as_lacking() -> None:
    two = (facility("甲中心", "planned", ("建了没有", "地址", "电话")), facility("乙中心", "open", ("地址", "电话")))
    told = PlacesFound("facilities", "津市", ("canteen",), facilities=two)
    reply = facilities_reply(told, "phone", offer=True)
    assert reply.text.startswith(
        "甲中心，文件写的时候只是打算办。乙中心，文件写的时候已经开了。地址、电话，文件里没有写。"
    )
    assert reply.asks == "wants_callback"
    written = facilities_reply(told, "telegram", offer=True)
    assert "建了没有、地址、电话，文件里没有写" in written.text
    assert "依据：" in written.text and "一(三)" in written.text
    assert [choice.says for choice in written.choices] == ["要", "不用"]


def test_nothing_known_is_said_so() -> None:
    assert none_reply(PlacesFound("none", "津市", ("home",))).text == "津市的养老院在哪里，文件里没有写，名录里也没有。"


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("长者食堂送不送饭", True),
        ("敬老院里有没有大夫呀", True),
        ("日间照料中心几点开门", True),
        ("养老院收不收失智的", True),
        ("老年食堂在什么地方", False),
        ("助餐点有哪几家", False),
        ("有没有食堂", False),
        ("咱这有食堂吗", False),
        ("最近的养老院", False),
        ("哪里的养老院有医生", False),
        ("他们送不送饭", False),
    ],
)
def test_what_is_asked_of_a_kind_is_told_from_where_there_is_one(said: str, asks: bool) -> None:
    assert asks_of_it(said) is asks
