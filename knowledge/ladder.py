"""Whom to tell of an escalation and when, and when to ring a caller back: `ladder.yaml`."""

from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from knowledge.yaml_files import load

Group = Literal["ready_operators", "supervisors", "all_operators", "first_contact", "contacts"]


class Rung(BaseModel):
    """One step: `after_seconds` counts from the moment the escalation was raised."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    after_seconds: float = Field(ge=0)
    tell: tuple[Group, ...]
    investigate: bool = False
    name: str = ""


class Ladder(BaseModel):
    """Rungs in order; after the last, its groups are told again every `then_every_seconds` without end."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rungs: tuple[Rung, ...] = Field(min_length=1)
    then_every_seconds: float = Field(gt=0)
    abandoned_after_seconds: float = Field(default=120, gt=0)
    scale: float = 1.0

    def scaled(self, scale: float) -> "Ladder":
        """The same ladder with every wait multiplied by `scale`; rung names keep the unscaled seconds."""
        return self.model_copy(update={"scale": scale})

    @property
    def longest_wait(self) -> float:
        """The longest time from one rung to the next, in seconds of this scale."""
        return max(self.rung(n).after_seconds - self.rung(n - 1).after_seconds for n in range(1, len(self.rungs) + 1))

    def rung(self, number: int) -> Rung:
        """Rung `number`, counted from 0; past the last one it repeats it, later and later."""
        last = len(self.rungs) - 1
        base = self.rungs[min(number, last)]
        seconds = base.after_seconds + max(0, number - last) * self.then_every_seconds
        return base.model_copy(update={"after_seconds": seconds * self.scale, "name": f"{seconds:g}s"})


class RingBack(BaseModel):
    """When the line rings somebody back who was cut off in danger; all in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ring_seconds: float = Field(gt=0)
    after_seconds: tuple[float, ...] = Field(min_length=1)
    then_every_seconds: float = Field(gt=0)

    def wait_seconds(self, tries: int) -> float:
        """From the start of the latest try (before the first: from the promise) to the next."""
        if tries < len(self.after_seconds):
            return self.after_seconds[tries] + (self.ring_seconds if tries else 0)
        return self.then_every_seconds


class _File(BaseModel):
    """The whole of `ladder.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    now: Ladder
    today: Ladder
    soon: Ladder
    ring_back: RingBack


@cache
def _file() -> _File:
    return _File.model_validate(load("ladder.yaml"))


@cache
def ladders() -> dict[str, Ladder]:
    """By urgency: now, today, soon."""
    return {"now": _file().now, "today": _file().today, "soon": _file().soon}


def ring_back() -> RingBack:
    """How a caller in danger is rung back."""
    return _file().ring_back
