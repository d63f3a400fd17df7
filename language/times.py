"""Read when something is wanted, as elders say it, and say a time back. Never silently wrong: what is not
sure is `ambiguous` with the question to ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from language.say_time import say_window
from language.text import normalise
from language.time_days import resolve_day
from language.time_hours import Hours, TimeConventions, resolve_hours
from language.time_meanings import WHICH_DAY, Later, Past, TimeWord, Unclear
from language.time_sentence import Said, override, said_times

__all__ = [
    "Kind",
    "TimeConventions",
    "TimeReading",
    "find_time_words",
    "merge",
    "read_time",
    "say_window",
]

_SHORT_DAYS = ("今", "明", "后")
"""As in 今早 and 明晚: without the part of day they are no words."""

Kind = Literal["exact", "range", "ambiguous", "past", "not_a_time"]


@dataclass(frozen=True)
class TimeReading:
    """What a text says about when.

    `start` and `end` are set for a range; an exact time has no `end`; an ambiguous one has neither, and
    `question` names what to ask: which_day, which_week, which_part or which_hour. A past time has `start`
    and `end` where they are known. `words` are the time words alone, and read again they mean the same.
    """

    kind: Kind
    start: datetime | None = None
    end: datetime | None = None
    words: str = ""
    question: str | None = None


def read_time(text: str, now: datetime, conventions: TimeConventions) -> TimeReading:
    """Read the time in `text` as said at `now`, in the time zone of `now`, which must be aware."""
    if now.tzinfo is None:
        raise ValueError("read_time needs an aware `now`")
    return _reading(said_times(normalise(text)), now, conventions)


def merge(previous: TimeReading | None, text: str, now: datetime, conventions: TimeConventions) -> TimeReading:
    """Read `text` as an answer or correction to `previous`: what it leaves out is kept from there."""
    said = said_times(normalise(text))
    earlier = said_times(previous.words) if previous else {}
    if previous and previous.kind == "past" and "day" in said:
        earlier = {slot: word for slot, word in earlier.items() if slot != "day"}
    return _reading(override(earlier, said), now, conventions)


def find_time_words(text: str) -> str | None:
    """Return the time words of `text`, day first; None if there are none or they only speak of the past."""
    said = said_times(normalise(text))
    day = said.get("day")
    return None if day and isinstance(day.meaning, Past) else _words(said) or None


def _words(said: Said) -> str:
    """The words that count, put together so that they mean the same again (今早不行，中午 is 今天中午)."""
    words = [said[slot].words for slot in ("day", "part", "clock") if slot in said]
    joined = "".join(words)
    if words and words[0] in _SHORT_DAYS and said_times(joined).keys() != said.keys():
        return f"{words[0]}天{''.join(words[1:])}"
    return joined


def _reading(said: Said, now: datetime, conventions: TimeConventions) -> TimeReading:
    if not said:
        return TimeReading("not_a_time")
    words = _words(said)
    clock = said.get("clock")
    if clock and isinstance(clock.meaning, Later):
        return TimeReading("exact", (now + clock.meaning.delay).replace(second=0, microsecond=0), words=words)
    day = _day(said.get("day"), now.date(), conventions)
    hours = resolve_hours(said.get("part"), clock, conventions)
    over = isinstance(day, Past) or (isinstance(day, date) and day < now.date())
    if isinstance(day, Past) or (over and isinstance(hours, Unclear)):
        return TimeReading("past", words=words)
    if isinstance(day, Unclear):
        return TimeReading("ambiguous", words=words, question=day.question)
    if isinstance(hours, Unclear):
        return TimeReading("ambiguous", words=words, question=hours.question)
    return _placed(day, hours, words, now)


def _day(word: TimeWord | None, today: date, conventions: TimeConventions) -> date | Past | Unclear:
    return Unclear(WHICH_DAY) if word is None else resolve_day(word.meaning, today, conventions.week_begins)


def _placed(day: date, hours: Hours, words: str, now: datetime) -> TimeReading:
    """Put the hours on the day. What is over is past; a stretch that has begun starts at `now`."""
    start = datetime.combine(day, hours.start, tzinfo=now.tzinfo)
    end = datetime.combine(day, hours.end, tzinfo=now.tzinfo) if hours.end else None
    present = now.replace(second=0, microsecond=0)
    if end is None:
        return TimeReading("exact" if start >= present else "past", start, None, words)
    if end <= present:
        return TimeReading("past", start, end, words)
    return TimeReading("range", max(start, present), end, words)
