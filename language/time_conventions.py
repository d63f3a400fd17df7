"""How times are understood here: what `knowledge/times.yaml` fills in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time


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
class PartOfMonth:
    """Days of the month, both included; a negative one counts from its end: `first` -7 is the last seven days."""

    first: int
    last: int


@dataclass(frozen=True)
class FestivalDate:
    """When a festival is: one of a `lunar` or `solar` month and day (-1 the month's last), a solar `term`, or
    `weekday`: month, which one of that month, day of the week from Monday 0.
    """

    lunar: tuple[int, int] | None = None
    solar: tuple[int, int] | None = None
    term: str | None = None
    weekday: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class TimeConventions:
    """How times are understood here. `week_begins` counts from Monday 0; `parts`, `month_parts` and `festivals`
    by the keys that words are read as.
    """

    service_start: time
    service_end: time
    parts: Mapping[str, PartOfDay]
    month_parts: Mapping[str, PartOfMonth]
    festivals: Mapping[str, FestivalDate]
    week_begins: int = 0
