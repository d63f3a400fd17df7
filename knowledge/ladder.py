"""The ladder of an escalation, read from `ladder.yaml`: whom to tell, and after how many seconds."""

from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from knowledge.yaml_files import load

Urgencies = Literal["now", "today", "soon"]

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
    scale: float = 1.0

    def scaled(self, scale: float) -> "Ladder":
        """The same ladder with every wait multiplied by `scale`; rung names keep the unscaled seconds."""
        return self.model_copy(update={"scale": scale})

    def rung(self, number: int) -> Rung:
        """Rung `number`, counted from 0; past the last one it repeats it, later and later."""
        last = len(self.rungs) - 1
        base = self.rungs[min(number, last)]
        seconds = base.after_seconds + max(0, number - last) * self.then_every_seconds
        return base.model_copy(update={"after_seconds": seconds * self.scale, "name": f"{seconds:g}s"})


@cache
def ladders() -> dict[str, Ladder]:
    """By urgency: now, today, soon."""
    return dict(TypeAdapter(dict[Urgencies, Ladder]).validate_python(load("ladder.yaml")).items())
