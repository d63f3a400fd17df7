"""Two day words said apart that make one day: 下个礼拜 … 星期三, 下个月 … 五号, 三月十八 … 农历的."""

from __future__ import annotations

from dataclasses import replace

from language.time_meanings import (
    CalendarName,
    EitherCalendar,
    LunarDay,
    Meaning,
    Month,
    MonthDay,
    TimeWord,
    Week,
    Weekday,
    Weekend,
)

_WEEK_PREFIX = {0: "这", 1: "下", 2: "下下"}


def joined(one: TimeWord, other: TimeWord) -> TimeWord | None:
    """Return the two as one word that reads as what they mean together; None if they don't belong together."""
    for wide, day in ((one, other), (other, one)):
        if both := _both(wide, day):
            words, meaning = both
            return replace(day, words=words, meaning=meaning)
    return None


def _both(wide: TimeWord, day: TimeWord) -> tuple[str, Meaning] | None:
    match wide.meaning, day.meaning:
        case ((Week(week) | Weekend(int(week))), Weekday(weekday, None)):
            return _WEEK_PREFIX[week] + day.words, Weekday(weekday, week)
        case Month(portion=None) as month, MonthDay(number, None, _, None):
            return wide.words + day.words, MonthDay(number, month.month, month.year, month.months_ahead)
        case CalendarName(lunar=True), EitherCalendar(number, int(month), year):
            return wide.words + day.words, LunarDay(number, month, year)
        case CalendarName(lunar=False), EitherCalendar(number, month, year, ahead):
            return wide.words + day.words, MonthDay(number, month, year, ahead)
    return None
