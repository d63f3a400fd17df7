"""Column types: moments that stay aware, and telephone numbers that are equal however they are written."""

import re
from datetime import UTC, datetime
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator

DEFAULT_ZONE = ZoneInfo("Asia/Shanghai")

_zones: "WeakKeyDictionary[Dialect, ZoneInfo]" = WeakKeyDictionary()


def set_zone(dialect: Dialect, zone: ZoneInfo) -> None:
    """Let every moment read through this engine's dialect come back in `zone`."""
    _zones[dialect] = zone


class Moment(TypeDecorator[datetime]):
    """An aware datetime: kept as UTC, given back in the zone of the database object that reads it.

    Raises ValueError for a naive datetime.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A datetime without a time zone can't be stored; pass an aware one.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(_zones.get(dialect, DEFAULT_ZONE))


def phone_digits(number: str) -> str:
    """A number as it is kept: digits only, without the country code 86. Empty when there are no digits."""
    digits = re.sub(r"\D", "", number, flags=re.ASCII)
    written = re.sub(r"[^\d+]", "", number, flags=re.ASCII)
    for prefix in ("+86", "0086"):
        if written.startswith(prefix):
            return digits.removeprefix("00").removeprefix("86")
    return digits[2:] if re.fullmatch(r"861\d{10}", digits) else digits


def phone_spellings(number: str) -> list[str]:
    """The ways a trunk or an app may write the number of one line."""
    digits = phone_digits(number)
    return [number, digits, f"+86{digits}", f"86{digits}", f"0086{digits}"] if digits else []


class Phone(TypeDecorator[str]):
    """A number in a profile, kept by `phone_digits` and compared the same way."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else phone_digits(value) or None
