"""The real clock."""

from datetime import datetime
from zoneinfo import ZoneInfo


class SystemClock:
    """The present in the hotline's time zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def now(self) -> datetime:
        return datetime.now(self._zone)
