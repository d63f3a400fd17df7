"""A row of the grammar: a pattern, and what it reads as."""

from __future__ import annotations

import re
from collections.abc import Callable

from language.time_meanings import Meaning, Past, Unclear

Read = tuple[str, Meaning] | None
"""The slot and the meaning; None: no time after all."""

Reader = Callable[[re.Match[str]], Read]
Row = tuple[re.Pattern[str], Reader]


def rows(*lines: tuple[str, Reader]) -> tuple[Row, ...]:
    """Compile the lines of a table."""
    return tuple((re.compile(pattern), reader) for pattern, reader in lines)


def group(found: re.Match[str], name: str) -> str:
    """Return what the group caught; nothing where the pattern has no such group."""
    return found.groupdict().get(name) or ""


def asks(slot: str, question: str) -> Reader:
    """Make a reader of words that can't be settled without asking."""
    return lambda _: (slot, Unclear(question))


def over(_: re.Match[str]) -> Read:
    """Read words that only speak of what is behind us."""
    return "day", Past()


def one_of(words: str) -> str:
    """Return a pattern of words separated by blanks, the longest first."""
    return "(?:" + "|".join(sorted(words.split(), key=len, reverse=True)) + ")"
