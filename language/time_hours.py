"""Which hours are meant by a part of the day, a clock time, or both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from language.time_meanings import WHICH_HOUR, WHICH_PART, Clock, ClockRange, Part, TimeWord, Unclear


@dataclass(frozen=True)
class PartOfDay:
    """`start` to `end`: what the part alone means. `clock_from` to `clock_to`, both included: clock times
    that people say with it (早上十点).
    """

    start: time
    end: time
    clock_from: time
    clock_to: time


@dataclass(frozen=True)
class TimeConventions:
    """How times are understood here. `week_begins` counts from Monday 0; `parts` by key of `PART_WORDS`."""

    service_start: time
    service_end: time
    parts: Mapping[str, PartOfDay]
    week_begins: int = 0


@dataclass(frozen=True)
class Hours:
    """A time of day, with an `end` if it is a stretch."""

    start: time
    end: time | None = None


def resolve_hours(part: TimeWord | None, clock: TimeWord | None, conventions: TimeConventions) -> Hours | Unclear:
    """Return the hours, or what to ask: which_part before which_hour."""
    for word in (part, clock):
        if word and isinstance(word.meaning, Unclear):
            return word.meaning
    said_part = conventions.parts[part.meaning.key] if part and isinstance(part.meaning, Part) else None
    if clock and isinstance(clock.meaning, Clock):
        return _only(_moments(clock.meaning, said_part, conventions))
    if clock and isinstance(clock.meaning, ClockRange):
        return _stretch(clock.meaning, said_part, conventions)
    return Hours(said_part.start, said_part.end) if said_part else Unclear(WHICH_PART)


def _readings(clock: Clock) -> list[time]:
    """Both halves of the day that a clock time may lie in; midnight is never one of them."""
    as_said = time(clock.hour, clock.minute)
    return [as_said] if clock.full_day or clock.hour >= 12 else [as_said, time(clock.hour + 12, clock.minute)]


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
