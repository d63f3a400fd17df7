"""What a time word says, before a calendar or the service hours are asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

WHICH_DAY, WHICH_WEEK, WHICH_CALENDAR, WHICH_YEAR = "which_day", "which_week", "which_calendar", "which_year"
WHICH_HOLIDAY, WHICH_DAYS = "which_holiday", "which_days"
WHICH_PART, WHICH_HOUR = "which_part", "which_hour"
QUESTIONS = frozenset(
    {WHICH_DAY, WHICH_WEEK, WHICH_CALENDAR, WHICH_YEAR, WHICH_HOLIDAY, WHICH_DAYS, WHICH_PART, WHICH_HOUR}
)
"""All that may have to be asked about a time."""


@dataclass(frozen=True)
class DaysAhead:
    """So many days after today."""

    days: int


@dataclass(frozen=True)
class MonthsAhead:
    """The same day so many months on."""

    months: int


@dataclass(frozen=True)
class Weekday:
    """`weekday` counts from Monday 0; `week` from this one 0, None where no week was said."""

    weekday: int
    week: int | None = None


@dataclass(frozen=True)
class Year:
    """The calendar `year`, or so many `ahead` (今年 0, 明年 1); both None: the coming one."""

    year: int | None = None
    ahead: int | None = None

    def said(self) -> bool:
        return self != Year()


@dataclass(frozen=True)
class MonthDay:
    """A solar date. `month` is None where not said; `months_ahead` is for 本月 (0) and 下个月 (1)."""

    day: int
    month: int | None = None
    year: Year = Year()
    months_ahead: int | None = None


@dataclass(frozen=True)
class Month:
    """A solar month, or a `portion` of it by its key in the conventions (月初, 下旬)."""

    month: int | None = None
    year: Year = Year()
    months_ahead: int | None = None
    portion: str | None = None


@dataclass(frozen=True)
class LunarDay:
    """A lunar date: 腊月二十三, 初八. `month` is None where not said; `leap` for 闰六月."""

    day: int
    month: int | None = None
    year: Year = Year()
    leap: bool = False


@dataclass(frozen=True)
class EitherCalendar:
    """A month and day that are called neither lunar nor solar (三月十八), or a day alone (下个月十五)."""

    day: int
    month: int | None = None
    year: Year = Year()
    months_ahead: int | None = None


@dataclass(frozen=True)
class CalendarName:
    """农历 or 阳历 said alone, as an answer."""

    lunar: bool


@dataclass(frozen=True)
class Festival:
    """A festival or solar term by its key in the conventions."""

    key: str
    year: Year = Year()


@dataclass(frozen=True)
class Holiday:
    """The days off around a festival: the `nth` of them, -1 the last, None all."""

    festival: Festival
    nth: int | None = None


@dataclass(frozen=True)
class Week:
    """A week with no day named, counted from this one 0."""

    week: int


@dataclass(frozen=True)
class Weekend:
    """Saturday and Sunday; `week` as in `Weekday`."""

    week: int | None = None


@dataclass(frozen=True)
class Past:
    """A day that is behind us; `days_ago` where it is known (昨天 1, 上个月 None)."""

    days_ago: int | None = None


@dataclass(frozen=True)
class Part:
    """A part of the day, by its key in the conventions."""

    key: str


@dataclass(frozen=True)
class Clock:
    """Hour 1–23 and minute as said; `full_day` when written on a 24-hour clock (15点, 08:00).

    `minutes_short`: so many minutes before it (差十分四点).
    """

    hour: int
    minute: int = 0
    full_day: bool = False
    minutes_short: int = 0


@dataclass(frozen=True)
class ClockRange:
    """From one clock time to another; `end_part` is the part of day said before the end, if any."""

    start: Clock
    end: Clock
    end_part: str | None = None


@dataclass(frozen=True)
class From:
    """A clock time and whatever comes after it (九点以后)."""

    clock: Clock


@dataclass(frozen=True)
class Until:
    """The time before a clock time (十点以前)."""

    clock: Clock


@dataclass(frozen=True)
class Later:
    """After a while, counted from now."""

    delay: timedelta


@dataclass(frozen=True)
class Length:
    """How long something takes (两个小时)."""

    length: timedelta


@dataclass(frozen=True)
class Repeat:
    """Again and again: the `rule` is an RRULE of RFC 5545 without a start."""

    rule: str


@dataclass(frozen=True)
class Unclear:
    """It looks like a time and is not understood (过两天, 三点多): `question` has to be asked."""

    question: str


@dataclass(frozen=True)
class Together:
    """Several day words in one sentence (明天，星期四): sure only if they agree on one date."""

    days: tuple[Meaning, ...]


@dataclass(frozen=True)
class DayRange:
    """From one day to another (三号到五号)."""

    first: Meaning
    last: Meaning


@dataclass(frozen=True)
class Offset:
    """So many days after another day (重阳节前一天: -1)."""

    day: Meaning
    days: int


@dataclass(frozen=True)
class Since:
    """From a day on (从下周开始): the start of something that repeats."""

    day: Meaning


Day = (
    DaysAhead
    | MonthsAhead
    | Weekday
    | MonthDay
    | Month
    | LunarDay
    | EitherCalendar
    | CalendarName
    | Festival
    | Holiday
    | Week
    | Weekend
    | Past
    | Together
    | DayRange
    | Offset
    | Since
)
Meaning = Day | Part | Clock | ClockRange | From | Until | Later | Length | Repeat | Unclear


@dataclass(frozen=True)
class Days:
    """What a day word comes to: the days from `first` to `last`, both included."""

    first: date
    last: date


Settled = Days | Past | Unclear
"""What a day word comes to, once a calendar was asked."""


@dataclass(frozen=True)
class TimeWord:
    """One word of a text; `slot` is what it settles: day, rule, part, clock or length. `start` and `end` are
    offsets.
    """

    start: int
    end: int
    slot: str
    words: str
    meaning: Meaning
