"""Which place a question is about: what it names, and nothing that it does not."""

import pytest

from knowledge.policy.where import named, sounds_like_place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("城关区有没有老年食堂", "拉萨"),
        ("金谷社区的老人", "雄安"),
        ("毛里湖那边", "津市"),
        ("赣州的津贴", "江西"),
        ("乳山市", "威海"),
        ("津市市", "津市"),
        ("湖南常德津市", "津市"),
    ],
)
def test_a_locality_names_its_place(text: str, place: str) -> None:
    assert named(text).ours == (place,)
    assert not named(text).elsewhere


@pytest.mark.parametrize("city", ["天津", "天津市", "北京", "长沙", "上海市", "西宁", "日照市"])
def test_another_city_is_elsewhere_and_never_ours(city: str) -> None:
    words = named(f"{city}的老人怎么办")
    assert words.ours == ()
    assert words.elsewhere == (city.removesuffix("市"),)


def test_two_places_are_both_named() -> None:
    assert named("拉萨和雄安哪个好").ours == ("拉萨", "雄安")


def test_a_region_names_the_place_in_it_but_is_none() -> None:
    assert named("山东的老人").regions == (("威海",),)
    assert named("山东威海").ours == ("威海",)
    assert named("山东威海").regions == ()


def test_where_somebody_works_or_comes_from_is_not_asked_about() -> None:
    assert named("儿子在北京打工").elsewhere == ()
    assert named("我户口在四川").elsewhere == ()
    assert named("我户口在四川").passing == ("四川",)


@pytest.mark.parametrize(
    "text", ["理发大理石", "兰州市城关区", "江西路上的", "我平安新年", "关于都有哪些补贴", "快乐平安"]
)
def test_no_place_is_read_into_other_words(text: str) -> None:
    assert named(text).ours == ()


def test_a_short_answer_is_read_by_its_sound() -> None:
    assert sounds_like_place("金市") == "津市"
    assert sounds_like_place("是熊安") == "雄安"
    assert sounds_like_place("我也不知道这是哪里呀") is None
