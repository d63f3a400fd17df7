"""When the line rings people by itself, how often, and how operators are rung one after the other: `ringing.yaml`."""

from datetime import datetime, time, timedelta
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from knowledge.yaml_files import load
from language.text import spoken


class Hours(BaseModel):
    """Part of every day, half open, by the hotline's clock."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    from_: time = Field(alias="from")
    until: time

    def hold(self, moment: datetime) -> bool:
        """Whether the moment is within them."""
        return self.from_ <= moment.time() < self.until

    def next_open(self, moment: datetime) -> datetime:
        """The moment itself, or when they begin next."""
        if self.hold(moment):
            return moment
        opens = moment.replace(hour=self.from_.hour, minute=self.from_.minute, second=0, microsecond=0)
        return opens if moment < opens else opens + timedelta(days=1)


class CallbackRinging(BaseModel):
    """How promised callbacks are rung; durations in seconds, tries by number."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hours: Hours
    first_after_seconds: float = Field(ge=0)
    ring_seconds: float = Field(gt=0)
    tries: int = Field(ge=1)
    every_seconds: float = Field(gt=0)
    contact_tries: int = Field(ge=0)
    overdue_after_seconds: float = Field(ge=0)
    people_before_seconds: float = Field(ge=0)


class OperatorRinging(BaseModel):
    """How operators are rung for what is no emergency; all in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ring_seconds: float = Field(gt=0)
    again_seconds: float = Field(gt=0)
    rest_seconds: float = Field(gt=0)
    offer_callback_seconds: float = Field(gt=0)


class Ringing(BaseModel):
    """The whole of `ringing.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    callbacks: CallbackRinging
    operators: OperatorRinging
    mailbox: tuple[str, ...]


@cache
def ringing() -> Ringing:
    """The convention, read once."""
    return Ringing.model_validate(load("ringing.yaml"))


def is_mailbox(words: str) -> bool:
    """Whether only a machine answers a telephone so."""
    said = spoken(words)
    return any(phrase in said for phrase in ringing().mailbox)
