"""The model of a recogniser's errors."""

import pytest

from language.noise import noisy
from language.sounds import fuzzy_syllables
from language.text import spoken

TEXT = "我想给我妈妈预约后天下午的上门洗澡服务，家里没有人帮忙，麻烦你们安排一个有耐心的师傅"


def edits(one: str, other: str) -> int:
    """Levenshtein's distance."""
    row = list(range(len(other) + 1))
    for number, a in enumerate(one, 1):
        last, row[0] = row[0], number
        for place, b in enumerate(other, 1):
            last, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, last + (a != b))
    return row[-1]


@pytest.mark.parametrize("rate", [0.1, 0.15, 0.2, 0.3])
def test_so_many_characters_are_wrong(rate):
    plain = spoken(TEXT)
    wrong = sum(edits(plain, noisy(TEXT, rate, seed)) for seed in range(200))
    assert wrong / (200 * len(plain)) == pytest.approx(rate, abs=0.01)


def test_the_same_seed_gives_the_same_errors_and_another_one_others():
    assert noisy(TEXT, 0.2, 1) == noisy(TEXT, 0.2, 1)
    assert len({noisy(TEXT, 0.2, seed) for seed in range(20)}) == 20


def test_without_noise_only_the_marks_are_gone():
    assert noisy(TEXT, 0, 7) == spoken(TEXT)


def test_most_errors_sound_alike():
    alike = 0
    for seed in range(200):
        heard = noisy("预约洗澡", 0.25, seed)
        alike += len(heard) == 4 and fuzzy_syllables(heard) == fuzzy_syllables("预约洗澡")
    assert 100 < alike < 180


def test_known_words_turn_into_their_mishearings():
    made = {noisy("我要约助浴", 0.2, seed, {"助浴": ["主语"]}) for seed in range(50)}
    assert "我要约主语" in made


@pytest.mark.parametrize("text", ["", "？！", "A1", "㐀㐁"])
def test_any_text_is_taken(text):
    assert isinstance(noisy(text, 0.5, 0), str)
