"""What a recogniser makes of speech over a bad line: a small model of its errors, to learn and to measure by.

Of the characters that go wrong most keep their sound (摔 率), some a sound close to it (难 蓝), some are dropped,
some doubled, a few become anything. Marks are not heard. The sounds are those that `language.sounds` reads.
"""

from collections import defaultdict
from functools import cache
from random import Random

from language.sounds import fuzzy, syllables

SAME_SOUND, NEAR_SOUND, DROPPED, DOUBLED = 0.65, 0.82, 0.89, 0.96
"""Upper ends of the shares of errors, in this order; what is left becomes any other character."""


def misheard(text: str, error_rate: float, chance: Random) -> str:
    """Return `text` without marks and with about `error_rate` (0 to 1) of its Chinese characters wrong."""
    return "".join(
        _wrong(char, chance) if _chinese(char) and chance.random() < error_rate else char
        for char in text
        if char.isalnum()
    )


def _chinese(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fa5"


def _wrong(char: str, chance: Random) -> str:
    by_sound, by_near_sound, every = _common()
    sound, share = syllables(char)[0], chance.random()
    if share < SAME_SOUND:
        return _another(char, by_sound[sound], chance)
    if share < NEAR_SOUND:
        return _another(char, by_near_sound[fuzzy(sound)], chance)
    if share < DROPPED:
        return ""
    return char * 2 if share < DOUBLED else chance.choice(every)


def _another(char: str, alike: tuple[str, ...], chance: Random) -> str:
    others = [other for other in alike if other != char]
    return chance.choice(others) if others else char


Alike = dict[str, tuple[str, ...]]


@cache
def _common() -> tuple[Alike, Alike, tuple[str, ...]]:
    """The common characters (first level of GB 2312) by sound, by near sound, and all."""
    by_sound: dict[str, list[str]] = defaultdict(list)
    by_near_sound: dict[str, list[str]] = defaultdict(list)
    # Two bytes each: rows 16 to 55, 94 characters a row, five places at the end empty.
    codes = [bytes((row, place)) for row in range(0xB0, 0xD8) for place in range(0xA1, 0xFF)][:-5]
    every = tuple(code.decode("gb2312") for code in codes)
    for char in every:
        sound = syllables(char)[0]
        by_sound[sound].append(char)
        by_near_sound[fuzzy(sound)].append(char)
    return _fixed(by_sound), _fixed(by_near_sound), every


def _fixed(lists: dict[str, list[str]]) -> Alike:
    return defaultdict(tuple, {key: tuple(value) for key, value in lists.items()})
