"""What a recogniser makes of an old voice on a bad line: a model of its errors, to train and to test with.

A character is heard as another one of the same sound, of a sound that is easily mixed up, or one sound off; it is
lost, doubled, or a filler slips in; known words turn into other words; there are no marks. Pure: the same text, rate
and seed give the same errors. Runs on Python 3.10 too: Rasa's components use this very file.
"""

import random
from collections.abc import Mapping, Sequence
from functools import lru_cache

from language.sounds import fuzzy_syllables, syllables
from language.text import spoken

Mishearings = Mapping[str, Sequence[str]]
"""A word, and what recognisers write instead."""

_KINDS = ("same", "near", "slip", "lost", "doubled", "filler")
_WEIGHTS = (50, 20, 8, 10, 6, 6)
"""How often each kind of error happens, in percent: recognisers mostly write another word of the same sound."""

_FILLERS = "啊嗯呃那这哎呢"
_WORD_HEARD_WRONG = 2.0
"""A known word is misheard as a whole this many times as often as a character is."""

_INITIAL_PAIRS = ("bp", "dt", "gk", "jq", "zc", "rl", "mn")
_ENDINGS = (("uo", "ou"), ("ei", "ai"), ("ie", "e"), ("an", "en"), ("in", "en"), ("ao", "ou"), ("u", "ou"), ("i", "ei"))


@lru_cache(maxsize=1)
def _common() -> tuple[str, ...]:
    """The 3,755 common characters: level 1 of GB 2312."""
    codes = (bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    found = (code.decode("gb2312", errors="ignore") for code in codes)
    return tuple(char for char in found if char)


@lru_cache(maxsize=1)
def _by_sound() -> tuple[dict[str, str], dict[str, str]]:
    """The common characters by syllable, and by fuzzy syllable."""
    same: dict[str, str] = {}
    near: dict[str, str] = {}
    chars = "".join(_common())
    for char, syllable, fuzzy in zip(chars, syllables(chars), fuzzy_syllables(chars), strict=True):
        same[syllable] = same.get(syllable, "") + char
        near[fuzzy] = near.get(fuzzy, "") + char
    return same, near


@lru_cache(maxsize=8192)
def _slips(char: str) -> str:
    """The common characters whose syllable is one sound off: another first consonant, or another ending."""
    syllable = syllables(char)[0]
    swapped = [
        pair[1 - pair.index(syllable[0])] + syllable[1:]
        for pair in _INITIAL_PAIRS
        if syllable[:1] and syllable[0] in pair
    ]
    for one, other in _ENDINGS:
        for old, new in ((one, other), (other, one)):
            if syllable.endswith(old):
                swapped.append(syllable.removesuffix(old) + new)
    return "".join(_by_sound()[0].get(other, "") for other in swapped)


def _alternatives(char: str, kind: str) -> str:
    if kind == "slip":
        return _slips(char)
    same, near = _by_sound()
    found = same.get(syllables(char)[0], "") if kind == "same" else near.get(fuzzy_syllables(char)[0], "")
    return found.replace(char, "")


def _misheard(char: str, chance: random.Random) -> str:
    kind = chance.choices(_KINDS, _WEIGHTS)[0]
    if kind == "lost":
        return ""
    if kind == "doubled":
        return char * 2
    if kind == "filler":
        return chance.choice(_FILLERS) + char
    others = _alternatives(char, kind) or _alternatives(char, "near")
    return chance.choice(others) if others else ""


def _words(text: str, rate: float, mishearings: Mishearings, chance: random.Random) -> tuple[str, set[int]]:
    """Hear known words wrong; return the text and the places of the characters that are wrong now."""
    wrong: set[int] = set()
    for word, others in mishearings.items():
        place = text.find(word)
        if place >= 0 and chance.random() < min(0.9, rate * _WORD_HEARD_WRONG):
            other = chance.choice(others)
            if len(other) == len(word) and not wrong & set(range(place, place + len(word))):
                text = text[:place] + other + text[place + len(word) :]
                wrong |= {place + i for i, (a, b) in enumerate(zip(word, other, strict=True)) if a != b}
    return text, wrong


def noisy(text: str, rate: float, seed: int | str, mishearings: Mishearings | None = None) -> str:
    """Return `text` as a recogniser might write it with `rate` (0 to 1) of its characters wrong, without marks.

    The number of errors is `rate` times the length, rounded up or down by chance. The same seed gives other errors
    in another text. At rate 0 only the marks are gone.
    """
    heard = spoken(text)
    chance = random.Random(f"{seed}\0{heard}\0{rate}")
    heard, wrong = _words(heard, rate, mishearings or {}, chance)
    wanted = rate * len(heard)
    errors = int(wanted) + (chance.random() < wanted % 1) - len(wrong)
    rest = [place for place in range(len(heard)) if place not in wrong]
    places = set(chance.sample(rest, min(max(errors, 0), len(rest))))
    return "".join(_misheard(char, chance) if place in places else char for place, char in enumerate(heard))
