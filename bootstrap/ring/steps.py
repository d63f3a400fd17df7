"""What a simulated caller does, as it is written on the command line or in a file: one step after the other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from bootstrap.reading import SettingsError

What = Literal["say", "over", "press", "silence", "hang-up"]


@dataclass(frozen=True)
class Step:
    """`say`: when the line has finished speaking; `over`: while it still speaks; `press`: keys; `silence`: seconds."""

    what: What
    words: str = ""
    seconds: float = 0.0


_STEP = re.compile(r"(say|over|press|silence|hang-?up)(?::(.*))?", re.DOTALL)
_KEYS = re.compile(r"[0-9*#]+")


def read_steps(texts: Sequence[str]) -> list[Step]:
    """Every step; a text that names none is said. Raises SettingsError."""
    return [_step(text.strip()) for text in texts if text.strip()]


def read_script(path: Path) -> list[Step]:
    """One step a line; empty lines and lines that begin with # are passed over. Raises SettingsError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} can't be read: {type(error).__name__}") from None
    return read_steps([line for line in lines if not line.lstrip().startswith("#")])


def _step(text: str) -> Step:
    found = _STEP.fullmatch(text)
    if found is None:
        return Step("say", text)
    what, rest = found[1], (found[2] or "").strip()
    if what == "press" and not _KEYS.fullmatch(rest):
        raise SettingsError(f"{text!r}: keys are 0-9, * and #, as in press:1")
    if what == "silence":
        return Step("silence", seconds=_seconds(text, rest))
    if what in ("say", "over") and not rest:
        raise SettingsError(f"{text!r}: nothing to say")
    return Step("hang-up") if what.startswith("hang") else Step(cast(What, what), rest)


def _seconds(text: str, rest: str) -> float:
    try:
        seconds = float(rest.removesuffix("s"))
    except ValueError:
        raise SettingsError(f"{text!r}: seconds are needed, as in silence:8") from None
    if not 0 < seconds <= 600:
        raise SettingsError(f"{text!r}: 0 to 600 seconds")
    return seconds
