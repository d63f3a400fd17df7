"""A dataclass as plain JSON values and back: how the spool keeps what the database would not take."""

from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar

T = TypeVar("T")


def as_record(item: Any) -> dict[str, Any]:
    """The fields of a dataclass; datetimes become ISO 8601. What a mapper keeps on the object stays out."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in vars(item).items()
        if not name.startswith("_")
    }


def from_record(kind: type[T], record: dict[str, Any]) -> T:
    """The inverse: ISO strings become datetimes where the field is one. Raises TypeError or ValueError."""
    times = {f.name for f in fields(kind) if "datetime" in str(f.type)}  # type: ignore[arg-type]  # a dataclass
    values = {n: datetime.fromisoformat(v) if n in times and isinstance(v, str) else v for n, v in record.items()}
    return kind(**values)
