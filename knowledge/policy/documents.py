"""A document: what it is, how far it may be trusted, and the signs of all its sections."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from knowledge.policy.outline import FOOT, HEAD, SIGNED
from knowledge.policy.shapes import Section, Shape, Statement, Text, Word


class Dates(Shape):
    """Null where the document does not say."""

    issued: date | None
    published: date | None
    effective_from: date | None
    effective_until: date | None


class Document(Shape):
    """One official text, at most one for each place.

    `cited_as` names it in a source line, `source_spoken` in one spoken sentence. `caution` is said beside every
    answer from it. `signed` and `foot` are where its signature block and the website's own words begin.
    """

    place: Word
    title: Text
    issued_by: tuple[Text, ...]
    number: str | None
    dates: Dates
    status: Literal["rule", "plan", "report"]
    scope: Statement
    published_at: Text
    repost: bool
    cited_as: Text
    source_spoken: Text
    caution: Text
    known_faults: tuple[Statement, ...]
    signed: str = ""
    foot: str = ""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    outline: tuple[Section, ...]

    @model_validator(mode="after")
    def _whole(self) -> "Document":
        if len(set(self.outline)) != len(self.outline):
            raise ValueError("the outline gives a section twice")
        if HEAD not in self.outline or bool(self.signed) != (SIGNED in self.outline):
            raise ValueError(f"the outline needs {HEAD}, and {SIGNED} exactly where signed is given")
        if bool(self.foot) != (FOOT in self.outline):
            raise ValueError(f"the outline needs {FOOT} exactly where foot is given")
        return self
