"""What every kind of policy file is made of: statements with their sections, figures, commitments."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from knowledge.policy.outline import SIGN
from language.text import spoken

Commitment = Literal["done", "rule", "ordered", "target", "pilot", "explored", "encouraged", "planned", "named"]
"""What the verb of the text commits to: 已建成; 一条规则; 建立, 落实; a dated goal; 试点; 探索, 争取; 鼓励,
支持, 可; 下一步, 即将; only named."""
Payee = Literal["none", "person", "service", "provider", "works"]
"""Who gets the money of the card. service: spent on a service that the person receives; works: on building or
fitting, both never as cash in hand."""
Aspect = Literal[
    "what", "who", "how", "amount", "price", "when", "where", "address", "how_often", "list", "phone", "hours",
    "documents", "free_places", "how_long",
]  # fmt: skip
"""What a caller may want to know of a thing. price: what the client pays; amount: money or size that is given;
where: an area or a body, address: the street."""


def _section(sign: str) -> str:
    if not isinstance(sign, str) or not SIGN.match(sign):
        raise ValueError(f"{sign!r} is no section sign; write 三(四)1, with half-width brackets")
    return sign


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _heard(word: object) -> str:
    if not isinstance(word, str) or not word or spoken(word) != word:
        raise ValueError(f"write {word!r} as it is heard: {spoken(str(word))!r}")
    return word


def _pattern(pattern: object) -> re.Pattern[str]:
    try:
        return re.compile(str(pattern))
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from error


Section = Annotated[str, BeforeValidator(_section)]
Sections = Annotated[tuple[Section, ...], BeforeValidator(_listed), Field(min_length=1)]
Word = Annotated[str, BeforeValidator(_heard)]
Text = Annotated[str, Field(min_length=2)]
Pattern = Annotated[re.Pattern[str], BeforeValidator(_pattern)]
RowId = Annotated[str, Field(pattern=r"^(B-)?[A-Z]{2}-\d{2}$")]


class Shape(BaseModel):
    """Frozen, and refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Statement(Shape):
    """One thing that is said, `at` the sections it rests on."""

    says: Text
    at: Sections


class Target(Shape):
    """A date that the text sets itself; past it, every answer says so."""

    by: date
    at: Sections


class Figure(Shape):
    """A number of the text. `as_written` is the shortest stretch of the text that shows it with its unit."""

    what: Text
    value: float
    unit: Annotated[str, Field(min_length=1)]
    bound: Literal["exactly", "about", "at_least", "at_most", "over"] = "exactly"
    as_written: Annotated[str, Field(min_length=1, max_length=24)]
    at: Sections
