"""Which cards answer a question: the best one, two that are alike, or none."""

from dataclasses import dataclass

from knowledge.policy.index import Entry, Hit, Index
from knowledge.policy.questions import Asked, Topic

ENOUGH = 6.4
"""Score below which nothing was found; with ALIKE and FITTING set on tests/policies/questions/dev, see decisions.md."""
SURE = 2 * ENOUGH
"""Score from which words are taken for a question about a card, though nothing else says that they ask for one."""
ALIKE = 0.84
"""Share of the best score from which a second card is as good."""
FITTING = 1.15
"""What a card gains that says what is asked for."""

OFFERED = 3
"""Cards that are offered to choose from."""


@dataclass(frozen=True)
class Found:
    """Cards for a question, the best first: one answers, two are a choice. None: `missing` is what no card has."""

    entries: tuple[Entry, ...]
    missing: Topic | None = None


def choose(asked: Asked, place: str | None, index: Index) -> Found:
    """Look in one place, or in all of them for None."""
    topics = index.reader.topics.known
    holding = index.holding(place)
    absent = asked.topics - holding.topics
    needed = frozenset(key for key in asked.topics if topics[key].named)
    if needed & absent or (absent and absent == asked.topics and holding.words.isdisjoint(index.words(asked))):
        return Found((), topics[min(needed & absent or absent)])
    hits = [_fitted(hit, asked) for hit in index.search(asked, place) if needed <= hit.entry.topics]
    return Found(_best(sorted(hits, key=lambda hit: -hit.score)))


def surely(asked: Asked, index: Index) -> bool:
    """Whether the words are about a card of some place, beyond doubt."""
    hits = index.search(asked, None)
    return bool(hits) and hits[0].score >= SURE and bool(choose(asked, None, index).entries)


def _fitted(hit: Hit, asked: Asked) -> Hit:
    fits = any(aspect in hit.entry.card.gives for aspect in asked.aspects)
    return Hit(hit.entry, hit.score * FITTING) if fits else hit


def _best(hits: list[Hit]) -> tuple[Entry, ...]:
    if not hits or hits[0].score < ENOUGH:
        return ()
    alike = [hit.entry for hit in hits if hit.score >= hits[0].score * ALIKE]
    return tuple(alike[:OFFERED])
