"""Which date a festival means, and which days are off around it, seen from today."""

from __future__ import annotations

from datetime import date, timedelta

from language import calendars
from language.time_conventions import FestivalDate, TimeConventions
from language.time_meanings import WHICH_DAY, WHICH_HOLIDAY, WHICH_YEAR, Days, Festival, Holiday, Settled, Unclear, Year


def resolve_festival(said: Festival, today: date, conventions: TimeConventions) -> Settled:
    """Return the coming one, unless a year was said."""
    rule = conventions.festivals[said.key]
    if said.year.said():
        return _in_said_year(rule, said.year, today)
    dates = (_date(rule, year) for year in (today.year - 1, today.year, today.year + 1))
    found = next((found for found in dates if found and found >= today), None)
    return Days(found, found) if found else Unclear(WHICH_DAY)


def _in_said_year(rule: FestivalDate, said: Year, today: date) -> Settled:
    """Around the lunar new year, people and calendars count years differently: what is not sure is asked."""
    year = said.year or today.year + (said.ahead or 0)
    found = _date(rule, year)
    lunar_month = rule.lunar[0] if rule.lunar else None
    if not found or lunar_month == 12 or (lunar_month == 1 and found < today):
        return Unclear(WHICH_YEAR)
    return Days(found, found)


def resolve_holiday(said: Holiday, today: date, conventions: TimeConventions) -> Settled:
    """Return the days off, or the one that was named; which_holiday while they are not announced."""
    try:
        days = _days_off(said.festival, today, conventions)
    except calendars.HolidaysUnknown:
        return Unclear(WHICH_HOLIDAY)
    if said.nth is None:
        return days
    one = days.last if said.nth == -1 else days.first + timedelta(days=said.nth - 1)
    return Days(one, one) if one <= days.last else Unclear(WHICH_DAY)


def _days_off(said: Festival, today: date, conventions: TimeConventions) -> Days:
    rule = conventions.festivals[said.key]
    year = said.year.year or today.year + (said.year.ahead or 0)
    for possible in (year,) if said.year.said() else (year, year + 1):
        found = _date(rule, possible)
        first, last = calendars.days_off(found) if found else (today, today)
        if found and (last >= today or said.year.said()):
            return Days(first, last)
    raise calendars.HolidaysUnknown


def _date(rule: FestivalDate, year: int) -> date | None:
    """Return the festival of a calendar year, or of a lunar year where the date is lunar."""
    if rule.lunar:
        return calendars.lunar_to_solar(year, *rule.lunar)
    if rule.solar:
        return date(year, *rule.solar)
    if rule.term:
        return calendars.solar_term(year, rule.term)
    return _nth_weekday(year, *rule.weekday) if rule.weekday else None


def _nth_weekday(year: int, month: int, nth: int, weekday: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7, weeks=nth - 1)
