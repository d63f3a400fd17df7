"""What the phrases say about danger, and what is said around them: the same for the decision and for its weights."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from knowledge import clauses
from knowledge.clauses import Heard, Place
from knowledge.matching import LEVELS, Match, matches
from knowledge.phrasebook import KINDS, Phrase, people, suppressors

Words = Literal["nothing", "silenced", "possible", "certain", "clause", "alone"]
FEW = 3
"""Characters that may be said beside a certain phrase for it to stand alone, in its clause or in all that is said."""

AROUND = (
    "past", "recent", "present", "hypothetical", "hypothetical_after", "story", "service", "reassured", "doubt",
    "sudden", "questions",
)  # fmt: skip
"""The lists of `phrases/suppressors.yaml` that tell how something is meant."""


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase, the characters beside it, in all and in its own clause, and the level that this clause leaves of it."""

    phrase: Phrase
    beside: int
    beside_in_clause: int
    level: int

    def rank(self) -> tuple[int, int]:
        """The most certain one first, then the most urgent kind."""
        return self.level, -KINDS.index(self.phrase.kind)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Every phrase that is neither broken nor denied, the lists of words that are said, and whether of a person."""

    found: tuple[Found, ...]
    around: tuple[str, ...]
    of_person: bool

    @property
    def best(self) -> Found | None:
        """The weightiest phrase, None where none is left."""
        left = [one for one in self.found if one.level > 0]
        return max(left, key=Found.rank, default=None)

    @property
    def words(self) -> Words:
        """What the phrases say by themselves."""
        if not self.found:
            return "nothing"
        best = self.best
        if best is None:
            return "silenced"
        if best.level < LEVELS["certain"]:
            return "possible"
        clear = [one for one in self.found if one.level == best.level]
        if min(one.beside for one in clear) <= FEW:
            return "alone"
        return "clause" if min(one.beside_in_clause for one in clear) <= FEW else "certain"


def evidence(said: Heard) -> Evidence:
    """Look for phrases, and for what stands around them."""
    around = tuple(name for name in AROUND if _is_said(name, said.text))
    return Evidence(tuple(_meant(said)), around, clauses.said_in(people(), said.text))


def _is_said(name: str, text: str) -> bool:
    words = suppressors()
    looks_like = getattr(words, f"{name}_not", None)
    return clauses.said_in(getattr(words, name), clauses.mask(looks_like, text) if looks_like else text)


def _meant(said: Heard) -> Iterator[Found]:
    found = matches(said.text, said.sounds)
    denied = {span for match in found for span in clauses.denied(said, match.place)}
    for match in found:
        if not clauses.broken(said, match.place, match.phrase) and not match.place.within(denied):
            yield Found(match.phrase, *_beside(said, match.place), _level(said, match))


def _beside(said: Heard, place: Place) -> tuple[int, int]:
    covered = place.end - place.start
    clause = said.clause(place.end - 1)[1] - said.clause(place.start)[0]
    return len(said.text) - covered, clause - covered


def _level(said: Heard, match: Match) -> int:
    phrase = match.phrase
    if phrase.plain and not clauses.plain(said):
        return 0
    level = min(match.cap, LEVELS[phrase.tier]) - clauses.lowered(said, match.place, phrase.kind)
    return max(0, level - clauses.excepted(said, match.place, phrase))
