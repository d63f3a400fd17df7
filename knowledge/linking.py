"""How codes for relatives are made and how often they may be tried: `linking.yaml`."""

from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from knowledge.yaml_files import load
from language.text import spoken


class LinkingPlan(BaseModel):
    """Digits of a code, minutes that it is valid, tries within so many minutes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asked_by: tuple[str, ...]
    code_digits: int = Field(ge=6, le=8)
    valid_minutes: int = Field(ge=1)
    tries_per_chat: int = Field(ge=1)
    tries_in_all: int = Field(ge=1)
    window_minutes: int = Field(ge=1)


@cache
def linking_plan() -> LinkingPlan:
    """The convention, read once."""
    return LinkingPlan.model_validate(load("linking.yaml"))


def asks_for_code(text: str) -> bool:
    """Whether the words ask for a code."""
    return any(word in spoken(text) for word in linking_plan().asked_by)
