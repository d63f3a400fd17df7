"""A card: one thing a caller may ask about, as far as the document of its place speaks of it."""

from typing import Annotated

from pydantic import Field, model_validator

from knowledge.policy.outline import FOOT
from knowledge.policy.shapes import (
    Aspect,
    Commitment,
    Figure,
    Payee,
    RowId,
    Section,
    Shape,
    Statement,
    Target,
    Text,
    Word,
)


class Card(Shape):
    """One file of policies/<place>/.

    `words` are the everyday words for the thing, `covers` the rows of inventory.yaml it answers for. `spoken`
    is one or two short sentences for the ear, `written` the whole in our own words. `gives` are the questions
    it answers; to every other question the answer is that the document does not say. `open` names what the text
    leaves open, `ask_whom` whom it names. `benefit` is the rule file that decides who may get it. `private`: about
    an illness that is not to be named aloud or in a chat; the caller gets a person.
    """

    name: Word
    words: Annotated[tuple[Word, ...], Field(min_length=3)]
    covers: Annotated[tuple[RowId, ...], Field(min_length=1)]
    commitment: Commitment
    payee: Payee
    target: Target | None = None
    spoken: Annotated[tuple[Statement, ...], Field(min_length=1, max_length=2)]
    written: Annotated[tuple[Statement, ...], Field(min_length=1)]
    who: tuple[Statement, ...] = ()
    how: tuple[Statement, ...] = ()
    figures: tuple[Figure, ...] = ()
    gives: tuple[Aspect, ...]
    open: tuple[Text, ...] = ()
    ask_whom: tuple[Statement, ...] = ()
    warnings: tuple[Text, ...] = ()
    benefit: str | None = None
    service: str | None = None
    private: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> "Card":
        if self.target is None and self.commitment == "target":
            raise ValueError("a target needs its date: target: {by: 2023-06-30, at: 二(一)}")
        if len(set(self.words)) != len(self.words):
            raise ValueError("words gives one word twice")
        if any(FOOT in statement.at for statement in self.statements()):
            raise ValueError(f"{FOOT} holds a website's words, not the document's: nothing may rest on it")
        for aspect, field in (("who", self.who), ("how", self.how)):
            if (aspect in self.gives) != bool(field):
                raise ValueError(f"gives names {aspect} exactly where the field {aspect} is filled")
        return self

    def statements(self) -> tuple[Statement, ...]:
        """Everything it says, with sections."""
        return (*self.spoken, *self.written, *self.who, *self.how, *self.ask_whom)

    def sections(self) -> tuple[Section, ...]:
        """Every section it rests on, in order of use."""
        used = [sign for part in self.statements() for sign in part.at]
        used += [sign for figure in self.figures for sign in figure.at]
        used += self.target.at if self.target else ()
        return tuple(dict.fromkeys(used))
