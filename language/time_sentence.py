"""What a whole sentence says about time: which of its time words count after 不行, 不对 and 改到.

Needs no calendar, so that Rasa's components can use it.
"""

import re
from dataclasses import replace
from itertools import groupby

from language.text import normalise
from language.time_joining import joined
from language.time_meanings import (
    WHICH_DAY,
    WHICH_DAYS,
    WHICH_HOUR,
    WHICH_PART,
    Later,
    Past,
    TimeWord,
    Together,
    Unclear,
)
from language.time_words import time_words

Said = dict[str, TimeWord]
"""By slot (day, rule, part, clock, length), the one word that counts."""

_QUESTION = {"day": WHICH_DAY, "rule": WHICH_DAYS, "part": WHICH_PART, "clock": WHICH_HOUR, "length": WHICH_HOUR}
_SHORT_DAYS = ("今", "明", "后")
"""As in 今早 and 明晚: without the part of day they are no words."""
_REFUSED_BEFORE = re.compile(r"(?:(?<!是)不是|不要|别|除了|不在|不约)(?:在|约|说)?$")
_REFUSED_AFTER = re.compile(
    "(?:的?话?|我|俺|她|他|可|那天|有点|家里|都|就)?"
    "(?:不行(?!吗)|不成|没空|没时间|没工夫|没人|不方便|不在|有事|来不了|去不了|不能|不得闲|不凑巧|不合适|别来|不要|以外|之外)"
)
_CORRECTED = re.compile(
    r"不对|啊不|哦不|噢不|不不|说?错了|改[到成为在]|换[到成]|挪[到成]|推迟?到|提前到|应该是|我是说|还是(?=[^，。]*吧)"
)


def said_times(text: str) -> Said:
    """Return the times that a `normalise`d text asks for. Two that differ make the slot `Unclear`."""
    words = time_words(text)
    cuts = [cut.start() for cut in _CORRECTED.finditer(text)]
    said: Said = {}
    for _, group in groupby(words, key=lambda word: sum(cut < word.start for cut in cuts)):
        said = override(said, _unite(_wanted(list(group), text)))
    return said


def override(earlier: Said, later: Said) -> Said:
    """Let `later` words stand in for `earlier` ones, and drop what no longer goes with them."""
    kept = dict(earlier)
    if "clock" in later and isinstance(later["clock"].meaning, Later):
        return later
    if "part" in later and "clock" not in later and ("part" in kept or {*kept} & {*later} & {"day"}):
        kept.pop("clock", None)
    if "clock" in kept and isinstance(kept["clock"].meaning, Later):
        kept.pop("clock")
    if "rule" in later and "day" not in later:
        kept.pop("day", None)
    if "day" in later and "rule" not in later:
        kept.pop("rule", None)
    if "day" in kept and "day" in later and (both := joined(kept["day"], later["day"])):
        later = {**later, "day": both}
    return {**kept, **later}


def words_of(said: Said) -> str:
    """The words that count, put together so that they mean the same again (今早不行，中午 is 今天中午)."""
    words = [said[slot].words for slot in _QUESTION if slot in said]
    if len(words) < 2:
        return "".join(words)
    full = [f"{words[0]}天" if words[0] in _SHORT_DAYS else words[0], *words[1:]]
    possible = ("".join(words), "".join(full), "，".join(full), "。".join(full))
    return next((together for together in possible if _same(said_times(together), said)), possible[-1])


def _same(one: Said, other: Said) -> bool:
    return {slot: word.meaning for slot, word in one.items()} == {slot: word.meaning for slot, word in other.items()}


def find_time_words(text: str) -> str | None:
    """Return the time words of `text`, day first; None if there are none, or they only speak of the past or of how
    long something takes.
    """
    said = said_times(normalise(text))
    day = said.get("day")
    if (day and isinstance(day.meaning, Past)) or said.keys() == {"length"}:
        return None
    return words_of(said) or None


def _wanted(words: list[TimeWord], text: str) -> list[TimeWord]:
    """Leave out times that are refused.

    明天上午没空，下午吧 still means tomorrow; 明天不行 leaves the day open.
    """
    wanted: list[TimeWord] = []
    refused: list[TimeWord] = []
    context: list[TimeWord] = []
    for cluster in _clusters(words, text):
        before, after = text[: cluster[0].start], text[cluster[-1].end :]
        if _REFUSED_BEFORE.search(before) or _REFUSED_AFTER.match(after):
            refused += cluster
            context += cluster[:-1]
        else:
            wanted += cluster
    if not refused or any(word.slot == "day" for word in wanted):
        return wanted
    if wanted:
        slots = {word.slot for word in wanted}
        wanted += [word for word in context if word.slot not in slots]
    settled = {word.slot for word in wanted}
    return wanted + [_open(word) for word in refused if word.slot == "day" and word.slot not in settled] or [
        _open(word) for word in refused
    ]


def _open(word: TimeWord) -> TimeWord:
    """The slot of a refused word, without the word: it has to be asked again."""
    return replace(word, words="", meaning=Unclear(_QUESTION[word.slot]))


def _clusters(words: list[TimeWord], text: str) -> list[list[TimeWord]]:
    """Group words that stand together (明天上午九点)."""
    clusters: list[list[TimeWord]] = []
    for word in words:
        if clusters and text[clusters[-1][-1].end : word.start] in ("", "的", "，", "那天"):
            clusters[-1].append(word)
        else:
            clusters.append([word])
    return clusters


def _unite(words: list[TimeWord]) -> Said:
    said: Said = {}
    for slot in _QUESTION:
        here = [word for word in words if word.slot == slot]
        here = [word for word in here if not isinstance(word.meaning, Past)] or here
        here = [word for word in here if not _around_now(word)] or here
        if len(here) == 2 and (both := joined(*here)):
            here = [both]
        if here:
            said[slot] = _one(here, slot)
    return said


def _around_now(word: TimeWord) -> bool:
    """这两天 tells how things are; beside a day that is named it asks for nothing."""
    return isinstance(word.meaning, Unclear) and word.words.startswith(("这", "最近", "近"))


def _one(words: list[TimeWord], slot: str) -> TimeWord:
    """Several day words may still name one day; two different parts or clock times have to be asked."""
    meanings = tuple(dict.fromkeys(word.meaning for word in words))
    if len(meanings) == 1:
        return words[0]
    start, end = words[0].start, words[-1].end
    meaning = Together(meanings) if slot == "day" else Unclear(_QUESTION[slot])
    return TimeWord(start, end, slot, "，".join(dict.fromkeys(word.words for word in words)), meaning)
