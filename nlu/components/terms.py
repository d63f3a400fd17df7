"""An utterance as terms to count: n-grams and pairs of characters and of fuzzy syllables. Imports nothing of Rasa."""

from __future__ import annotations

import re

from language.sounds import fuzzy_syllables
from language.text import spoken

_UNIT = re.compile(r"\d+|[a-z]+|[^\W\d_a-z]")
NUMBER = "0"
"""Stands for any run of digits: which number it is does not tell what is wanted."""
START, END = "^", "$"
"""Stand before and behind the utterance: 好 alone is consent, 好 at the beginning of many words seldom is."""
REACH = 4
"""How far apart the two units of a pair may stand: 改 and 到 still belong together in 改一下到."""


def characters(text: str) -> list[str]:
    """Return the characters that are heard; Latin words and digit runs count as one."""
    return [NUMBER if unit.isdigit() else unit for unit in _UNIT.findall(spoken(text))]


def sounds(text: str) -> list[str]:
    """Return the fuzzy syllables of `characters`: 助餐 and 主餐 sound the same."""
    return [fuzzy_syllables(unit)[0] if len(unit) == 1 else unit for unit in characters(text)]


def ngrams(units: list[str], shortest: int, longest: int) -> list[str]:
    """Return every run of `shortest` to `longest` units, the two ends of the utterance being units too."""
    marked = [START, *units, END]
    return [
        " ".join(marked[start : start + size])
        for size in range(shortest, longest + 1)
        for start in range(len(marked) - size + 1)
    ]


def pairs(units: list[str], reach: int = REACH) -> list[str]:
    """Return every two units with at least one and less than `reach` others between them, the ends included."""
    marked = [START, *units, END]
    return [
        f"{first}~{second}" for start, first in enumerate(marked) for second in marked[start + 2 : start + 1 + reach]
    ]
