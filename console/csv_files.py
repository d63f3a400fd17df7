"""Tables for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that a spreadsheet takes for a formula."""


def as_csv(columns: Sequence[str], rows: Iterable[Any]) -> bytes:
    """UTF-8 with a mark for spreadsheets; the first row names the columns."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(getattr(row, name)) for name in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    text = str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text
