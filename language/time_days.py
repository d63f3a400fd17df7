"""Which day or days a day word means, seen from today."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from language.time_conventions import TimeConventions
from language.time_festivals import resolve_festival, resolve_holiday
from language.time_lunar import resolve_lunar
from language.time_meanings import (
    WHICH_CALENDAR,
    WHICH_DAY,
    WHICH_DAYS,
    WHICH_WEEK,
    WHICH_YEAR,
    DayRange,
    Days,
    DaysAhead,
    EitherCalendar,
    Festival,
    Holiday,
    LunarDay,
    Meaning,
    Month,
    MonthDay,
    MonthsAhead,
    Offset,
    Past,
    Settled,
    Together,
    Unclear,
    Week,
    Weekday,
    Weekend,
)

_HALF_A_YEAR = timedelta(days=183)
_SATURDAY = 5


def resolve_days(meaning: Meaning, today: date, conventions: TimeConventions) -> Settled:
    """Return the days, or that they are past or have to be asked."""
    resolve = _RESOLVERS.get(type(meaning))
    return resolve(meaning, today, conventions) if resolve else Unclear(WHICH_DAY)


def _one(day: date | None) -> Settled:
    return Days(day, day) if day else Unclear(WHICH_DAY)


def _as_said(said: Past | Unclear, *_: Any) -> Settled:
    return said


def _which_calendar(*_: Any) -> Settled:
    return Unclear(WHICH_CALENDAR)


def _ahead(said: DaysAhead, today: date, _: TimeConventions) -> Settled:
    return _one(today + timedelta(days=said.days))


def _months_ahead(said: MonthsAhead, today: date, _: TimeConventions) -> Settled:
    return _one(_date(*_month_after(today, said.months), today.day))


def _week_start(today: date, week: int, conventions: TimeConventions) -> date:
    return today - timedelta(days=(today.weekday() - conventions.week_begins) % 7) + timedelta(weeks=week)


def _weekday(said: Weekday, today: date, conventions: TimeConventions) -> Settled:
    """A bare weekday is the coming one; said on that very day it may be today or a week on."""
    if said.week is None:
        days = (said.weekday - today.weekday()) % 7
        return _one(today + timedelta(days=days)) if days else Unclear(WHICH_WEEK)
    first = _week_start(today, said.week, conventions)
    return _one(first + timedelta(days=(said.weekday - conventions.week_begins) % 7))


def _week(said: Week, today: date, conventions: TimeConventions) -> Settled:
    first = _week_start(today, said.week, conventions)
    return Days(first, first + timedelta(days=6))


def _weekend(said: Weekend, today: date, conventions: TimeConventions) -> Settled:
    first = _week_start(today, said.week or 0, conventions)
    saturday = first + timedelta(days=(_SATURDAY - first.weekday()) % 7)
    if said.week is None and today >= saturday:
        return Unclear(WHICH_WEEK)
    return Days(saturday, saturday + timedelta(days=1))


def _solar(said: MonthDay, today: date, _: TimeConventions) -> Settled:
    """The coming one where month or year is left out. In November, 1月5号 is next year's; 10月3号 is asked."""
    if said.month is None:
        ahead = (1 if said.day < today.day else 0) if said.months_ahead is None else said.months_ahead
        return _one(_date(*_month_after(today, ahead), said.day))
    year = said.year.year or today.year + (said.year.ahead or 0)
    meant = _date(year, said.month, said.day)
    if said.year.said() or not meant or meant >= today:
        return _one(meant)
    return _one(_date(year + 1, said.month, said.day)) if today - meant > _HALF_A_YEAR else Unclear(WHICH_YEAR)


def _month(said: Month, today: date, conventions: TimeConventions) -> Settled:
    """A month or a part of it; a part said alone (月底) is this month's unless that is over."""
    if said.month is None:
        days = _portion(*_month_after(today, said.months_ahead or 0), said.portion, conventions)
        return Unclear(WHICH_DAY) if said.months_ahead is None and days.last < today else days
    year = said.year.year or today.year + (said.year.ahead or 0)
    days = _portion(year, said.month, said.portion, conventions)
    if said.year.said() or days.last >= today:
        return days
    if today - days.last > _HALF_A_YEAR:
        return _portion(year + 1, said.month, said.portion, conventions)
    return Unclear(WHICH_YEAR)


def _portion(year: int, month: int, key: str | None, conventions: TimeConventions) -> Days:
    length = monthrange(year, month)[1]
    portion = conventions.month_parts[key] if key else None
    first, last = (portion.first, portion.last) if portion else (1, length)
    first, last = (day if day > 0 else length + 1 + day for day in (first, last))
    return Days(date(year, month, first), date(year, month, min(last, length)))


def _lunar(said: LunarDay, today: date, _: TimeConventions) -> Settled:
    return resolve_lunar(said, today)


def _shifted(said: Offset, today: date, conventions: TimeConventions) -> Settled:
    day = resolve_days(said.day, today, conventions)
    if not isinstance(day, Days) or day.first != day.last:
        return day if isinstance(day, Unclear) else Unclear(WHICH_DAY)
    return _one(day.first + timedelta(days=said.days))


def _span(said: DayRange, today: date, conventions: TimeConventions) -> Settled:
    """The end is counted from the start where it leaves out week or month: 下周一到周三."""
    if _working_week(said):
        return Unclear(WHICH_DAYS)
    first = resolve_days(said.first, today, conventions)
    if not isinstance(first, Days):
        return first if isinstance(first, Unclear) else Unclear(WHICH_DAY)
    last = resolve_days(said.last, first.first if _is_bare(said.last) else today, conventions)
    sure = isinstance(last, Days) and first.first < last.last
    return Days(first.first, last.last) if sure and isinstance(last, Days) else Unclear(WHICH_DAY)


def _is_bare(day: Meaning) -> bool:
    if isinstance(day, Weekday):
        return day.week is None
    return isinstance(day, MonthDay) and day.month is None and day.months_ahead is None


def _working_week(said: DayRange) -> bool:
    """周一到周五 may be a habit or days of one week."""
    first, last = said.first, said.last
    if not (isinstance(first, Weekday) and isinstance(last, Weekday)):
        return False
    return first.week is None and first.weekday == 0 and last.weekday >= _SATURDAY - 1


def _agreed(said: Together, today: date, conventions: TimeConventions) -> Settled:
    """Return the one date that all words name; weeks and months have to hold it, a bare weekday to fall on it."""
    bare = {day.weekday for day in said.days if isinstance(day, Weekday) and day.week is None}
    others = [day for day in said.days if not (isinstance(day, Weekday) and day.week is None)]
    found = [resolve_days(day, today, conventions) for day in others]
    days = [day for day in found if isinstance(day, Days)]
    dates = {day.first for day in days if day.first == day.last}
    if len(days) < len(found) or len(dates) != 1:
        return Unclear(WHICH_DAY)
    (one,) = dates
    held = all(day.first <= one <= day.last for day in days) and bare <= {one.weekday()}
    return Days(one, one) if held else Unclear(WHICH_DAY)


def _month_after(day: date, months: int) -> tuple[int, int]:
    years, month = divmod(day.month - 1 + months, 12)
    return day.year + years, month + 1


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_RESOLVERS: dict[type, Callable[[Any, date, TimeConventions], Settled]] = {
    DaysAhead: _ahead,
    MonthsAhead: _months_ahead,
    Weekday: _weekday,
    Week: _week,
    Weekend: _weekend,
    MonthDay: _solar,
    Month: _month,
    LunarDay: _lunar,
    EitherCalendar: _which_calendar,
    Festival: resolve_festival,
    Holiday: resolve_holiday,
    Offset: _shifted,
    DayRange: _span,
    Together: _agreed,
    Past: _as_said,
    Unclear: _as_said,
}
