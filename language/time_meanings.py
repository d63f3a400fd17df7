"""What a time word says, before a calendar or the service hours are asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

WHICH_DAY, WHICH_WEEK = "which_day", "which_week"
WHICH_PART, WHICH_HOUR = "which_part", "which_hour"


@dataclass(frozen=True)
class DaysAhead:
    """So many days after today."""

    days: int


@dataclass(frozen=True)
class Weekday:
    """`weekday` counts from Monday 0; `week` from this one 0, None where no week was said."""

    weekday: int
    week: int | None = None


@dataclass(frozen=True)
class MonthDay:
    """A solar date. `month` and the calendar `year` are None where not said.

    `years_ahead` is for 今年 (0) and 明年 (1), `months_ahead` for 本月 (0) and 下个月 (1).
    """

    day: int
    month: int | None = None
    year: int | None = None
    years_ahead: int | None = None
    months_ahead: int | None = None


@dataclass(frozen=True)
class Week:
    """A week with no day named, counted from this one 0."""

    week: int


@dataclass(frozen=True)
class Past:
    """A day that is always behind us (昨天, 上个月)."""


@dataclass(frozen=True)
class Part:
    """A part of the day, by its key in the conventions."""

    key: str


@dataclass(frozen=True)
class Clock:
    """Hour 1–23 and minute as said; `full_day` when written on a 24-hour clock (15点, 08:00)."""

    hour: int
    minute: int = 0
    full_day: bool = False


@dataclass(frozen=True)
class ClockRange:
    """From one clock time to another; `end_part` is the part of day said before the end, if any."""

    start: Clock
    end: Clock
    end_part: str | None = None


@dataclass(frozen=True)
class Later:
    """After a while, counted from now."""

    delay: timedelta


@dataclass(frozen=True)
class Unclear:
    """It looks like a time and is not understood (过两天, 初八, 三点多): `question` has to be asked."""

    question: str


@dataclass(frozen=True)
class Together:
    """Several day words in one sentence (明天，星期四): sure only if they agree on one date."""

    days: tuple[Meaning, ...]


Day = DaysAhead | Weekday | MonthDay | Week | Past | Together
Meaning = Day | Part | Clock | ClockRange | Later | Unclear


@dataclass(frozen=True)
class TimeWord:
    """One word of a text; `slot` (day, part or clock) is what it settles. `start` and `end` are offsets."""

    start: int
    end: int
    slot: str
    words: str
    meaning: Meaning
