"""The lunar calendar, solar terms and public holidays, by lunar_python and chinesecalendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import takewhile

import chinese_calendar
from lunar_python import Lunar, LunarYear, Solar

_ONE_DAY = timedelta(days=1)
_TERM_AFTER_DECEMBER = {"冬至": "DONG_ZHI"}
"""lunar_python's name for the term at the end of the year; 冬至 is the one at its beginning."""


class HolidaysUnknown(LookupError):
    """The holidays of that year were not announced when the calendar was made."""


@lru_cache(maxsize=512)
def lunar_to_solar(year: int, month: int, day: int) -> date | None:
    """Return the date of a lunar day; a leap month is negative, day -1 the month's last. None if there is none."""
    days = days_of_lunar_month(year, month)
    day = days if day == -1 else day
    if not 1 <= day <= days:
        return None
    solar = Lunar.fromYmd(year, month, day).getSolar()
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


@lru_cache(maxsize=256)
def days_of_lunar_month(year: int, month: int) -> int:
    """Return 29 or 30; 0 where that year has no such month."""
    months = LunarYear.fromYear(year).getMonths()
    return next((m.getDayCount() for m in months if m.getYear() == year and m.getMonth() == month), 0)


@lru_cache(maxsize=256)
def lunar_month_of(day: date) -> tuple[int, int]:
    """Return lunar year and month of a date; a leap month is negative."""
    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return lunar.getYear(), lunar.getMonth()


def lunar_months_from(day: date) -> Iterator[tuple[int, int]]:
    """Yield year and month of the lunar month of `day` and of the next eleven or more."""
    year, month = lunar_month_of(day)
    listed = (*LunarYear.fromYear(year).getMonths(), *LunarYear.fromYear(year + 1).getMonths())
    months = list(dict.fromkeys((m.getYear(), m.getMonth()) for m in listed))
    yield from months[months.index((year, month)) :]


def leap_month(year: int) -> int | None:
    """Return the month that comes twice in this lunar year, if any."""
    return LunarYear.fromYear(year).getLeapMonth() or None


@lru_cache(maxsize=256)
def solar_term(year: int, name: str) -> date:
    """Return the date of a solar term (清明) in a calendar year, in China."""
    table = Solar.fromYmd(year, 6, 1).getLunar().getJieQiTable()
    term = table[_TERM_AFTER_DECEMBER.get(name, name)]
    return date(term.getYear(), term.getMonth(), term.getDay())


def days_off(day: date) -> tuple[date, date]:
    """Return the first and last day of the public holiday that `day` is in. Raises HolidaysUnknown."""
    if not _is_off(day):
        raise HolidaysUnknown
    first = min(takewhile(_is_off, (day - n * _ONE_DAY for n in range(30))))
    last = max(takewhile(_is_off, (day + n * _ONE_DAY for n in range(30))))
    return first, last


def _is_off(day: date) -> bool:
    try:
        return chinese_calendar.get_holiday_detail(day)[1] is not None and chinese_calendar.is_holiday(day)
    except NotImplementedError as unknown:
        raise HolidaysUnknown from unknown
