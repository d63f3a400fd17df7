"""Read when something is wanted, as elders say it, and say a time back. Never silently wrong: what is not
sure is `ambiguous` with the question to ask.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from language.say_time import say_window
from language.text import normalise
from language.time_conventions import TimeConventions
from language.time_days import resolve_days
from language.time_hours import Hours, resolve_hours
from language.time_meanings import (
    WHICH_DAY,
    WHICH_DAYS,
    WHICH_HOUR,
    WHICH_PART,
    Days,
    Later,
    Past,
    Repeat,
    Settled,
    Since,
    TimeWord,
    Unclear,
)
from language.time_repeats import first_time
from language.time_sentence import Said, override, said_times, words_of

__all__ = ["Kind", "TimeConventions", "TimeReading", "merge", "read_time", "say_window"]

Kind = Literal["exact", "range", "recurring", "ambiguous", "past", "not_a_time"]


@dataclass(frozen=True)
class TimeReading:
    """What a text says about when.

    `start` and `end` are set for a range; an exact time has no `end`; for something recurring they are the first
    time that lies ahead, and `rule` is its RRULE of RFC 5545. An ambiguous time has none of them, and `question`
    names what to ask. A past time has `start` and `end` where they are known. `words` are the time words alone,
    and read again they mean the same. `left_open` names what was not said and was filled in by convention, which
    a booking has to ask: which_day, which_part.
    """

    kind: Kind
    start: datetime | None = None
    end: datetime | None = None
    words: str = ""
    question: str | None = None
    rule: str | None = None
    left_open: str | None = None


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


def _reading(said: Said, now: datetime, conventions: TimeConventions) -> TimeReading:
    if not said:
        return TimeReading("not_a_time")
    return replace(_meant(said, now, conventions), words=words_of(said))


def _meant(said: Said, now: datetime, conventions: TimeConventions) -> TimeReading:
    clock = said.get("clock")
    if clock and isinstance(clock.meaning, Later):
        return TimeReading("exact", (now + clock.meaning.delay).replace(second=0, microsecond=0))
    hours = resolve_hours(said.get("part"), clock, said.get("length"), conventions)
    if "rule" in said:
        return _recurring(said, hours, now, conventions)
    day = said.get("day")
    days = resolve_days(day.meaning, now.date(), conventions) if day else None
    if isinstance(days, Past) or (isinstance(days, Days) and days.last < now.date()):
        return _past(days, hours, now, conventions)
    if isinstance(days, Unclear):
        return _ask(days.question)
    if isinstance(hours, Unclear):
        return _ask(hours.question)
    if days:
        return _on_days(days, hours, now, conventions)
    # 晚上 alone may be every night's.
    return _on_no_day(hours, now) if clock and hours else _ask(WHICH_DAY if hours else WHICH_HOUR)


def _ask(question: str) -> TimeReading:
    return TimeReading("ambiguous", question=question)


def _past(days: Settled, hours: Hours | Unclear | None, now: datetime, conventions: TimeConventions) -> TimeReading:
    if isinstance(days, Past) and days.days_ago:
        yesterday = now.date() - timedelta(days=days.days_ago)
        days = Days(yesterday, yesterday)
    if not isinstance(days, Days) or isinstance(hours, Unclear):
        return TimeReading("past")
    return TimeReading("past", *_between(days, hours, now, conventions))


def _between(
    days: Days, hours: Hours | None, now: datetime, conventions: TimeConventions
) -> tuple[datetime, datetime | None]:
    """Start and end; days without hours are the service hours of the first to those of the last."""
    hours = hours or Hours(conventions.service_start, conventions.service_end)
    start = datetime.combine(days.first, hours.start, tzinfo=now.tzinfo)
    return start, datetime.combine(days.last, hours.end, tzinfo=now.tzinfo) if hours.end else None


def _on_days(days: Days, hours: Hours | None, now: datetime, conventions: TimeConventions) -> TimeReading:
    several = days.first != days.last
    if several and hours:
        return _ask(WHICH_DAY)
    start, end = _between(days, hours, now, conventions)
    if (end or start) < now.replace(second=0, microsecond=0):
        return TimeReading("past", start, end) if hours else _ask(WHICH_DAY)
    left_open = WHICH_DAY if several else None if hours else WHICH_PART
    return TimeReading("range" if end else "exact", start, end, left_open=left_open)


def _on_no_day(hours: Hours, now: datetime) -> TimeReading:
    """Hours without a day are today's if those lie ahead."""
    start = datetime.combine(now.date(), hours.start, tzinfo=now.tzinfo)
    end = datetime.combine(now.date(), hours.end, tzinfo=now.tzinfo) if hours.end else None
    if start <= now:
        return _ask(WHICH_DAY)
    return TimeReading("range" if end else "exact", start, end, left_open=WHICH_DAY)


def _recurring(said: Said, hours: Hours | Unclear | None, now: datetime, conventions: TimeConventions) -> TimeReading:
    """A day beside it may only say from when on (从下周开始)."""
    repeat, since = said["rule"].meaning, _since(said.get("day"), now.date(), conventions)
    for part in (repeat, since, hours):
        if isinstance(part, Unclear):
            return _ask(part.question)
    if not isinstance(repeat, Repeat) or not isinstance(since, date):
        return _ask(WHICH_DAYS)
    when = hours if isinstance(hours, Hours) else Hours(conventions.service_start, conventions.service_end)
    first = first_time(repeat.rule, (when.start, when.end), since, now)
    return TimeReading("recurring", *first, rule=repeat.rule, left_open=WHICH_DAY) if first else _ask(WHICH_DAYS)


def _since(day: TimeWord | None, today: date, conventions: TimeConventions) -> date | Unclear:
    if day is None:
        return today
    days = resolve_days(day.meaning.day, today, conventions) if isinstance(day.meaning, Since) else None
    if isinstance(days, Days) and days.last >= today:
        return max(days.first, today)
    return Unclear(WHICH_DAYS)
