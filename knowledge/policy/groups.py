"""A group: rules of one place in order of precedence, where the first one that fits is the answer."""

from typing import Annotated

from pydantic import Field

from knowledge.policy.shapes import Shape, Statement, Word


class Group(Shape):
    """One file of groups/<place>/. `members` are rule files of the same place, the first to be tried first;
    `gives` says what the order means, `none_fits` what is said when no member fits.
    """

    name: Word
    words: Annotated[tuple[Word, ...], Field(min_length=1)]
    members: Annotated[tuple[str, ...], Field(min_length=2)]
    gives: Statement
    none_fits: Statement
