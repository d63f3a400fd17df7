"""What an answer is: for the ear, for the eye, and what it rests on."""

from dataclasses import dataclass, replace
from typing import Any, Literal

Outcome = Literal["answered", "ask_place", "place_not_covered", "not_in_documents", "choose", "handoff"]


@dataclass(frozen=True)
class Citation:
    """One section that the answer rests on; the document is named by its place."""

    document: str
    section: str


@dataclass(frozen=True)
class Answer:
    """`sentences` and `offer` are heard, `text` is read. `cards` are ids, with their `names`; `service` can be booked.

    `details` is the written form for the ear, in portions: each a few short sentences.
    `open` is what the text leaves open, `ask_whom` whom it names. `source` is one spoken sentence on the document,
    to be said once in a conversation, `version` the library's.
    """

    outcome: Outcome
    place: str | None
    sentences: tuple[str, ...]
    offer: str
    text: str
    cards: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    warnings: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    ask_whom: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    service: str | None = None
    source: str = ""
    version: str = ""

    @property
    def spoken(self) -> str:
        """All that is heard: one or two sentences, then one offer."""
        return "".join((*self.sentences, self.offer))

    def as_json(self) -> dict[str, Any]:
        """The promised form."""
        return {
            "outcome": self.outcome,
            "place": self.place,
            "cards": list(self.cards),
            "spoken": self.spoken,
            "text": self.text,
            "citations": [{"document": one.document, "section": one.section} for one in self.citations],
            "warnings": list(self.warnings),
            "open": list(self.open),
            "ask_whom": list(self.ask_whom),
        }

    def of(self, version: str) -> "Answer":
        """The same, marked with the version of the library it was made from."""
        return replace(self, version=version)
