"""Numbers as they are said: counts, ages, telephone numbers. Vague ones (七十多) are never guessed."""

import re

from language.counts import DIGITS, NUMERALS, parse_count
from language.phones import read_last_four, read_phone, say_digits
from language.text import normalise

__all__ = ["read_age", "read_last_four", "read_number", "read_phone", "say_digits"]

_RUN = re.compile(rf"\d+|[{NUMERALS}]+")
_VAGUE_AFTER = re.compile(r"多|几|来[个岁天]|好几|出头|左右|上下|以上|以下|往上|开外|不到|点[一二三四五六七八九]|\.\d")
_VAGUE_BEFORE = re.compile(r"(?:几|好几|不到|大概|大约|差不多|差不离|将近|快要?|奔|约莫|至少|最少|超过|第)$")


def _is_vague(text: str, start: int, end: int) -> bool:
    return bool(_VAGUE_AFTER.match(text, end) or _VAGUE_BEFORE.search(text[:start]))


def read_number(text: str) -> int | None:
    """Return the one number in `text`; None for none, several different, vague or malformed ones.

    Three or more digits said one by one (一二零) are read together.
    """
    text = normalise(text)
    values: set[int | None] = set()
    for run in _RUN.finditer(text):
        words = run[0]
        if len(words) >= 3 and all(char in DIGITS for char in words):
            words = "".join(DIGITS[char] for char in words)
        values.add(None if _is_vague(text, *run.span()) else parse_count(words))
    return values.pop() if len(values) == 1 else None


_AGE = re.compile(rf"(\d+|[{NUMERALS}]+)个?(?:周岁|虚岁|岁)")
_AGE_CUED = re.compile(
    rf"(?:今年|年纪|年龄|岁数|高寿|虚岁|周岁)(?:都|已经|是|有)?(\d+|[{NUMERALS}]+)(?![年月号个次回天块\d{NUMERALS}])"
)
_AGE_ALONE = re.compile(rf"^(?:是|有|她|他|我)?(\d+|[{NUMERALS}]+)(?:了|啦|啊|呢)?[。！]?$")
OLDEST = 125
"""Years; above it a number is not taken for an age."""


def read_age(text: str) -> int | None:
    """Return the age in years that `text` gives (八十二, 82岁); None if vague, absent or two differ."""
    text = normalise(text)
    found = [*_AGE.finditer(text)] or [*_AGE_CUED.finditer(text)] or [*_AGE_ALONE.finditer(text)]
    ages: set[int | None] = set()
    for match in found:
        vague = _is_vague(text, match.start(1), match.end(1)) or _VAGUE_AFTER.match(text, match.end())
        ages.add(None if vague else parse_count(match[1]))
    age = ages.pop() if len(ages) == 1 else None
    return age if age and age <= OLDEST else None
