"""Which date a lunar day means, seen from today."""

from __future__ import annotations

from datetime import date

from language import calendars
from language.time_meanings import WHICH_DAY, WHICH_YEAR, Days, LunarDay, Past, Settled, Unclear, Year


def resolve_lunar(said: LunarDay, today: date) -> Settled:
    """Return the coming one, unless a year was said. A month that comes twice has to be asked."""
    if said.month is None:
        return _coming_day(said.day, today)
    year, _ = calendars.lunar_month_of(today)
    if said.year.said():
        years = {said.year.year} if said.year.year else {today.year + _ahead(said.year), year + _ahead(said.year)}
        dates = {_date(year, said) for year in years if year}
        return _one(dates, today)
    return next((found for y in (year, year + 1) if not _is_over(found := _one({_date(y, said)}, today))), _unclear())


def _ahead(year: Year) -> int:
    return year.ahead or 0


def _coming_day(day: int, today: date) -> Settled:
    for year, month in list(calendars.lunar_months_from(today))[:4]:
        found = calendars.lunar_to_solar(year, month, day)
        if found and found >= today:
            return Days(found, found)
    return _unclear()


def _date(year: int, said: LunarDay) -> date | None:
    month = said.month or 0
    doubled = calendars.leap_month(year) == month
    if doubled != said.leap:
        return None
    return calendars.lunar_to_solar(year, -month if said.leap else month, said.day)


def _one(dates: set[date | None], today: date) -> Settled:
    """The one date there is; in January 明年正月 may be either of two."""
    if len(dates) != 1 or not (found := dates.pop()):
        return Unclear(WHICH_YEAR) if dates else _unclear()
    return Days(found, found) if found >= today else Past()


def _is_over(settled: Settled) -> bool:
    return isinstance(settled, Past)


def _unclear() -> Unclear:
    return Unclear(WHICH_DAY)
