"""When something that repeats is due for the first time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from dateutil.rrule import rrulestr


def first_time(
    rule: str, hours: tuple[time, time | None], since: date, now: datetime
) -> tuple[datetime, datetime | None] | None:
    """Return start and end of the first occurrence of an RRULE that lies wholly ahead, on or after `since`.

    None for a rule that never comes true (a 30th of February).
    """
    start = datetime.combine(since, hours[0])
    if start < now.replace(tzinfo=None):
        start += timedelta(days=1)
    day = next(iter(rrulestr(rule, dtstart=start)), None)
    if day is None:
        return None
    first = day.replace(tzinfo=now.tzinfo)
    end = datetime.combine(first.date(), hours[1], tzinfo=now.tzinfo) if hours[1] else None
    return first, end
