"""Which hours are meant by a part of the day, a clock time, or both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta

from language.time_conventions import PartOfDay, TimeConventions
from language.time_meanings import (
    WHICH_HOUR,
    WHICH_PART,
    Clock,
    ClockRange,
    From,
    Length,
    Part,
    TimeWord,
    Unclear,
    Until,
)

_NOON = time(12)


@dataclass(frozen=True)
class Hours:
    """A time of day, with an `end` if it is a stretch."""

    start: time
    end: time | None = None


def resolve_hours(
    part: TimeWord | None, clock: TimeWord | None, length: TimeWord | None, conventions: TimeConventions
) -> Hours | Unclear | None:
    """Return the hours, or what to ask: which_part before which_hour; None where no hours were said."""
    for word in (part, clock):
        if word and isinstance(word.meaning, Unclear):
            return word.meaning
    hours = _hours(part, clock, conventions)
    if length and isinstance(length.meaning, Length) and isinstance(hours, Hours) and hours.end is None:
        return _lasting(hours.start, length.meaning.length)
    return hours


def _hours(part: TimeWord | None, clock: TimeWord | None, conventions: TimeConventions) -> Hours | Unclear | None:
    said_part = conventions.parts[part.meaning.key] if part and isinstance(part.meaning, Part) else None
    if clock is None:
        return Hours(said_part.start, said_part.end) if said_part else None
    if isinstance(clock.meaning, Clock):
        return _only(_moments(clock.meaning, said_part, conventions))
    if isinstance(clock.meaning, ClockRange):
        return _stretch(clock.meaning, said_part, conventions)
    if isinstance(clock.meaning, (From, Until)):
        return _open_ended(clock.meaning, said_part, conventions)
    return Unclear(WHICH_HOUR)


def _lasting(start: time, length: timedelta) -> Hours | Unclear:
    minutes = start.hour * 60 + start.minute + int(length.total_seconds() // 60)
    return Hours(start, time(*divmod(minutes, 60))) if minutes < 24 * 60 else Unclear(WHICH_HOUR)


def _readings(clock: Clock) -> list[time]:
    """Both halves of the day that a clock time may lie in; midnight is never one of them."""
    minutes = clock.hour * 60 + clock.minute - clock.minutes_short
    as_said = time(*divmod(minutes, 60))
    if clock.full_day or clock.hour > 12 or as_said >= _NOON:
        return [as_said]
    return [as_said, time(as_said.hour + 12, as_said.minute)]


def _moments(clock: Clock, part: PartOfDay | None, conventions: TimeConventions) -> list[time]:
    """A part of the day settles it, else the service hours; 20:00 in full is taken as said."""
    readings = _readings(clock)
    if part:
        return [moment for moment in readings if part.clock_from <= moment <= part.clock_to]
    if clock.hour > 12:
        return readings
    return [moment for moment in readings if conventions.service_start <= moment < conventions.service_end]


def _only(moments: list[time]) -> Hours | Unclear:
    return Hours(moments[0]) if len(moments) == 1 else Unclear(WHICH_PART)


def _stretch(said: ClockRange, part: PartOfDay | None, conventions: TimeConventions) -> Hours | Unclear:
    start = _only(_moments(said.start, part, conventions))
    if isinstance(start, Unclear):
        return start
    end_part = conventions.parts[said.end_part] if said.end_part else None
    ends = _moments(said.end, end_part, conventions) if end_part else _readings(said.end)
    later = [moment for moment in ends if moment > start.start]
    return Hours(start.start, later[0]) if later else Unclear(WHICH_HOUR)


def _open_ended(said: From | Until, part: PartOfDay | None, conventions: TimeConventions) -> Hours | Unclear:
    """Up to the end of the part or of the day. 下午四点以前 leaves open whether the morning would do."""
    moment = _only(_moments(said.clock, part, conventions))
    if isinstance(moment, Unclear):
        return moment
    if isinstance(said, From):
        start, end = moment.start, part.end if part else conventions.service_end
    else:
        start, end = part.start if part else conventions.service_start, moment.start
        if start > conventions.service_start:
            return Unclear(WHICH_HOUR)
    return Hours(start, end) if start < end else Unclear(WHICH_HOUR)
