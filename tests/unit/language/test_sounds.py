import pytest

from language.sounds import fuzzy, fuzzy_syllables, syllables


def test_one_syllable_for_each_character_and_others_as_themselves() -> None:
    assert syllables("绿女a1，好😀") == ["lv", "nv", "a", "1", "，", "hao", "😀"]
    assert syllables("") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("zhu", "zu"),
        ("chi", "ci"),
        ("shi", "si"),
        ("nan", "lan"),
        ("nv", "lv"),
        ("fei", "hei"),
        ("jing", "jin"),
        ("deng", "den"),
        ("zhang", "zan"),
        ("liang", "lian"),
        ("chuang", "cuan"),
    ],
)
def test_sounds_that_are_mixed_up_merge(one: str, other: str) -> None:
    assert fuzzy(one) == fuzzy(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("dong", "don"), ("ba", "pa"), ("zhi", "chi"), ("ren", "len"), ("lan", "len"), ("jin", "jian")],
)
def test_other_sounds_stay_apart(one: str, other: str) -> None:
    assert fuzzy(one) != fuzzy(other)


@pytest.mark.parametrize("syllable", ["n", "m", "ng", "a", "er"])
def test_bare_sounds_are_left_alone(syllable: str) -> None:
    assert fuzzy(syllable) == syllable


def test_mishearings_sound_alike() -> None:
    assert fuzzy_syllables("助浴") == fuzzy_syllables("主语")
    assert fuzzy_syllables("驿站") == fuzzy_syllables("一站")
    assert fuzzy_syllables("护理") == fuzzy_syllables("扶你")
    assert fuzzy_syllables("助浴") != fuzzy_syllables("助餐")


def test_latin_letters_and_marks_are_not_merged() -> None:
    assert fuzzy_syllables("n，f8") == ["n", "，", "f", "8"]
