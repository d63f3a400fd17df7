"""Whether two addresses sound alike: 杨光小区3号楼501 and 威海市阳光小区三号楼五零一."""

import re

from language.addresses import has_house
from language.counts import DIGITS, NUMERALS, parse_count
from language.sounds import fuzzy_syllables
from language.text import spoken

_NUMBER = re.compile(rf"\d+|[{NUMERALS}幺]+")
_NOISE = re.compile("[的座]|单元|号楼|号院|室|楼|栋|幢|号")
"""Said or left out as it comes; names and numbers tell addresses apart."""

SHORTEST = 4
"""Sounds and numbers; with fewer (三号楼) many homes are alike."""


def same_address(said: str, known: str) -> bool:
    """True if `said` names a house and sounds like `known`, or like its end from some word on."""
    heard, registered = _sounds(said), _sounds(known)
    long_enough = has_house(said) and len(heard) >= SHORTEST
    return long_enough and registered[-len(heard) :] == heard


def _sounds(address: str) -> list[str]:
    """One sound for each character, and each number in figures."""
    parts: list[str] = []
    at = 0
    text = spoken(address)
    for number in _NUMBER.finditer(text):
        parts += fuzzy_syllables(_NOISE.sub("", text[at : number.start()]))
        parts.append(_figures(number[0]))
        at = number.end()
    return parts + fuzzy_syllables(_NOISE.sub("", text[at:]))


def _figures(words: str) -> str:
    """五零一 and 五百零一 are 501."""
    if all(char in DIGITS or char.isdigit() for char in words):
        return "".join(DIGITS.get(char, char) for char in words)
    value = parse_count(words)
    return words if value is None else str(value)
