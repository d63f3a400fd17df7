"""Find the time words of a text and read each by itself. What is not sure is `Unclear`, never guessed.

The rows of the grammar are tried in order; what one has read is hidden from the next.
"""

import re
from collections.abc import Iterator

from language.time_date_words import DATE_ROWS
from language.time_day_words import DAY_ROWS
from language.time_hour_words import HIDDEN, HOUR_ROWS, LATER_ROWS
from language.time_meanings import (
    WHICH_DAY,
    WHICH_DAYS,
    DayRange,
    DaysAhead,
    Meaning,
    Offset,
    Past,
    Since,
    TimeWord,
    Unclear,
)
from language.time_repeat_words import REPEAT_ROWS

_ROWS = (*LATER_ROWS, *REPEAT_ROWS, *DAY_ROWS, *DATE_ROWS, *HOUR_ROWS)

_SHIFTED = {"前一天": -1, "前一日": -1, "头天": -1, "后一天": 1, "转天": 1}
_TAIL = re.compile(
    rf"(?P<shifted>{'|'.join(_SHIFTED)})|(?P<since>(?:开始|起)(?!床))|"
    "头一天|第二天|那几天|前后几天|前后|左右|上下|前夕|(?:以|之)前|前(?![晌半面天儿台])|(?:以|之|过)后|后(?![晌半天儿日面])"
)
"""What follows a day and moves it; whatever is not understood makes it a question."""

_EVERY_BEFORE = re.compile("(?:每|逢|每逢|每到|每年|每年的|每个)$")
"""Left over before a day: it comes again, in a way that no rule has read."""

_UP_TO = re.compile("到|至|~|-|—")


def _scan(text: str) -> Iterator[TimeWord]:
    left = text.replace(HIDDEN, " ")
    for pattern, read in _ROWS:
        at = 0
        while found := pattern.search(left, at):
            word = _read(found, read(found), left, text) if found.end() > found.start() else None
            at = max(found.end(), at + 1) if word is None else word.end
            if word:
                yield word
                left = left[: word.start] + HIDDEN * (word.end - word.start) + left[word.end :]


def _read(found: re.Match[str], said: tuple[str, Meaning] | None, left: str, text: str) -> TimeWord | None:
    if said is None:
        return None
    (slot, meaning), end = said, found.end()
    if slot == "day" and not isinstance(meaning, Past) and (tail := _TAIL.match(left, end)):
        meaning, end = _moved(meaning, tail), tail.end()
    if slot == "day" and _EVERY_BEFORE.search(left[: found.start()]):
        slot, meaning = "rule", Unclear(WHICH_DAYS)
    return TimeWord(found.start(), end, slot, text[found.start() : end], meaning)


def _moved(day: Meaning, tail: re.Match[str]) -> Meaning:
    if isinstance(day, Unclear):
        return day
    if tail["since"]:
        return Since(day)
    return Offset(day, _SHIFTED[tail["shifted"]]) if tail["shifted"] else Unclear(WHICH_DAY)


def time_words(text: str) -> list[TimeWord]:
    """Return the time words of a `normalise`d text in order of place; 三号到五号 and 去年重阳节 are one word."""
    words: list[TimeWord] = []
    for word in sorted(_scan(text), key=lambda word: word.start):
        both = _one_word(words[-1], word, text) if words else None
        words[-1:] = [both] if both else [*words[-1:], word]
    return words


def _one_word(one: TimeWord, other: TimeWord, text: str) -> TimeWord | None:
    between = text[one.end : other.start]
    if not one.slot == other.slot == "day":
        return None
    if _UP_TO.fullmatch(between):
        meaning: Meaning = DayRange(one.meaning, other.meaning)
    elif one.meaning == Past() and between in ("", "的"):
        meaning = Past()
    elif isinstance(one.meaning, DaysAhead) and between == "的":  # 后天的后天
        meaning = Unclear(WHICH_DAY)
    else:
        return None
    return TimeWord(one.start, other.end, "day", text[one.start : other.end], meaning)
