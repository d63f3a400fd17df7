"""Which cards answer a question: the best one, two that are alike, or none."""

from dataclasses import dataclass, replace

from knowledge.policy.index import Entry, Hit, Index
from knowledge.policy.questions import Asked, Topic

ENOUGH = 8.0
"""Score below which nothing was found; with ALIKE and FITTING set on tests/policies/questions/dev, see decisions.md."""
SOMETHING = ENOUGH / 3
"""Score from which words have to do with a card at all."""
SURE = 2 * ENOUGH
"""Score from which words are taken for a question about a card, though nothing else says that they ask for one."""
ALIKE = 0.76
"""Share of the best score from which a second card is as good."""
NO_LESS = 0.5
"""Share of the best score of all places that the place's own best card needs: below it, the matter is not its own."""
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
    hits = index.search(asked, place)
    if not _is_here(hits, asked, place, index):
        return Found(())
    fitting = [_fitted(hit, asked) for hit in hits if needed <= hit.entry.topics]
    return Found(_best(sorted(fitting, key=lambda hit: -hit.score)))


def _is_here(hits: list[Hit], asked: Asked, place: str | None, index: Index) -> bool:
    """Whether it is about something of this place: not its mere name, nor what another place's cards are about."""
    named = hits if asked.matter == asked.content else index.search(replace(asked, content=asked.matter), place)
    if _most(named) < ENOUGH:
        return False
    return place is None or _most(hits) >= NO_LESS * _most(index.search(asked, None))


def _most(hits: list[Hit]) -> float:
    return max((hit.score for hit in hits), default=0.0)


def speaks(asked: Asked, index: Index) -> bool:
    """Whether any card of any place has something to do with the words."""
    return _most(index.search(replace(asked, content=asked.matter), None)) >= SOMETHING


def surely(asked: Asked, index: Index) -> bool:
    """Whether the words are about a card of some place, beyond doubt."""
    hits = index.search(asked, None)
    return bool(hits) and hits[0].score >= SURE and bool(choose(asked, None, index).entries)


def _fitted(hit: Hit, asked: Asked) -> Hit:
    fits = any(aspect in hit.entry.card.gives for aspect in asked.aspects)
    return Hit(hit.entry, hit.score * FITTING) if fits else hit


def _best(hits: list[Hit]) -> tuple[Entry, ...]:
    if not hits:
        return ()
    alike = [hit.entry for hit in hits if hit.score >= hits[0].score * ALIKE]
    return tuple(alike[:OFFERED])
