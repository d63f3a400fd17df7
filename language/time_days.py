"""Which date a day word means, seen from today."""

from datetime import date, timedelta

from language.time_meanings import (
    WHICH_DAY,
    WHICH_WEEK,
    DaysAhead,
    Meaning,
    MonthDay,
    Past,
    Together,
    Unclear,
    Weekday,
)

_HALF_A_YEAR = timedelta(days=183)


def resolve_day(meaning: Meaning, today: date, week_begins: int) -> date | Past | Unclear:
    """Return the date, or that it is past or has to be asked. `week_begins` counts from Monday 0."""
    if isinstance(meaning, DaysAhead):
        return today + timedelta(days=meaning.days)
    if isinstance(meaning, Weekday):
        return _weekday(meaning, today, week_begins)
    if isinstance(meaning, MonthDay):
        return _solar_date(meaning, today) or Unclear(WHICH_DAY)
    if isinstance(meaning, Together):
        return _agreed(meaning, today, week_begins)
    if isinstance(meaning, (Past, Unclear)):
        return meaning
    return Unclear(WHICH_DAY)


def _agreed(said: Together, today: date, week_begins: int) -> date | Unclear:
    """Return the one date that all words name; a bare weekday beside a date only has to fall on it."""
    bare = {day.weekday for day in said.days if isinstance(day, Weekday) and day.week is None}
    others = [day for day in said.days if not (isinstance(day, Weekday) and day.week is None)]
    dates = {resolve_day(day, today, week_begins) for day in others}
    one = dates.pop() if len(dates) == 1 else None
    return one if isinstance(one, date) and bare <= {one.weekday()} else Unclear(WHICH_DAY)


def _weekday(said: Weekday, today: date, week_begins: int) -> date | Unclear:
    """A bare weekday is the coming one; said on that very day it may be today or a week on."""
    if said.week is None:
        days = (said.weekday - today.weekday()) % 7
        return today + timedelta(days=days) if days else Unclear(WHICH_WEEK)
    first = today - timedelta(days=(today.weekday() - week_begins) % 7)
    return first + timedelta(days=(said.weekday - week_begins) % 7, weeks=said.week)


def _solar_date(said: MonthDay, today: date) -> date | None:
    """Return the date meant, the coming one where month or year is left out; None if there is none."""
    if said.month is None:
        return _day_of_month(said, today)
    year = said.year or today.year + (said.years_ahead or 0)
    meant = _date(year, said.month, said.day)
    open_year = said.year is None and said.years_ahead is None
    # In November, 1月5号 is next year's; 10月3号 has just gone by and is not moved a year on.
    if open_year and meant and today - meant > _HALF_A_YEAR:
        return _date(year + 1, said.month, said.day)
    return meant


def _day_of_month(said: MonthDay, today: date) -> date | None:
    ahead = said.months_ahead
    if ahead is None:
        ahead = 1 if said.day < today.day else 0
    years, month = divmod(today.month - 1 + ahead, 12)
    return _date(today.year + years, month + 1, said.day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
