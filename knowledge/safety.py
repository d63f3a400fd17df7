"""What the line says to someone in danger until a person takes over: fixed sentences with their sources."""

from datetime import date
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from knowledge.yaml_files import load

LONGEST_SENTENCE = 30
"""Characters of a spoken sentence."""
LONGEST_NUMBER_SENTENCE = 40
"""Characters of the sentences that explain the two ways to 120, 119 and 110."""


class Source(BaseModel):
    """The public text a line rests on: a link, or the number of its clause or standard."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    url: str | None = None
    number: str | None = None


class Line(BaseModel):
    """One spoken sentence. `checked_on`: the day it was read in the source; without it `to_check` is true."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(min_length=2, max_length=LONGEST_SENTENCE)
    source: Source
    checked_on: date | None
    to_check: bool = False

    @model_validator(mode="after")
    def _checked_or_to_check(self) -> "Line":
        if self.to_check == (self.checked_on is not None):
            raise ValueError("give checked_on, or null with to_check: true")
        return self


class Question(BaseModel):
    """One short question; `asks` names the fact wanted: where, alone, door, since, out, safe_to_ring ..."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(min_length=2, max_length=LONGEST_SENTENCE)
    asks: str | None = None


class Guidance(BaseModel):
    """One kind: `first` at once, then `lines` in order, and `questions`, one short one at a time.

    `quiet`: the caller may be overheard; questions are yes or no, and nothing names the matter.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    label: str
    national_number: Literal["120", "119", "110"] | None
    first: str = Field(min_length=2, max_length=LONGEST_SENTENCE)
    lines: tuple[Line, ...] = Field(min_length=1)
    questions: tuple[Question, ...] = Field(min_length=1)
    quiet: bool = False


@cache
def guidance(kind: str) -> Guidance:
    """The sentences for an emergency kind, `abuse` or `fraud`.

    Raises KnowledgeError for an unknown kind and pydantic.ValidationError for a wrong file.
    """
    return Guidance.model_validate(load(f"guidance/{kind}.yaml"))


@cache
def common() -> dict[str, str]:
    """The sentences shared by every kind, by key; `second_phone` and `alone` are formatted with `number`."""
    return TypeAdapter(dict[str, str]).validate_python(load("guidance/common.yaml"))


@cache
def facts() -> dict[str, tuple[str, ...]]:
    """Words that tell a fact about a caller in danger without its question, by fact."""
    return TypeAdapter(dict[str, tuple[str, ...]]).validate_python(load("guidance/facts.yaml"))
