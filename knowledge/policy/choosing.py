"""Which cards answer a question: the best one, two that are alike, or none."""

from dataclasses import dataclass, replace

from knowledge.policy.index import Entry, Hit, Index
from knowledge.policy.questions import Asked, Topic

ENOUGH = 8.0
"""Score below which nothing was found; as those below, set on tests/policies/questions/dev and dev2."""
SOMETHING = ENOUGH / 3
"""Score from which words have to do with a card at all."""
SURE = 2 * ENOUGH
"""Score from which words are taken for a question about a card, though nothing else says that they ask for one."""
ALIKE = 0.72
"""Share of the best score from which a second card is as good."""
NO_LESS = 0.5
"""Share of the best score of all places that the place's own best card needs, unless it speaks of as much of what is
asked: below it, the matter is not its own."""
BESIDES = 0.5
"""The same for a card that speaks of something asked that the best card does not speak of."""
NAMED = 0.25
"""What the name of a locality counts, where the question is about something else."""
FITTING = 1.15
"""What a card gains that says what is asked for."""
COVERING = 0.5
"""What a card gains that speaks of all topics of the question; of a part of them, a part of it."""

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
    matter = index.search(replace(asked, content=asked.matter), place)
    if not _is_here(matter, asked, place, index):
        return Found(())
    hits = matter if asked.matter == asked.content else _nudged(matter, index.search(asked, place))
    fitting = [_fitted(hit, asked) for hit in hits if needed <= hit.entry.topics]
    return Found(_best(sorted(fitting, key=lambda hit: -hit.score), asked.topics))


def _nudged(matter: list[Hit], content: list[Hit]) -> list[Hit]:
    """The matter decides; where the caller lives only tells apart what is alike (毛里湖的食堂 is a canteen)."""
    named = {hit.entry.card_id: hit.score for hit in content}
    scores = ((hit, named.get(hit.entry.card_id, 0.0)) for hit in matter)
    return [Hit(hit.entry, hit.score + NAMED * max(0.0, score - hit.score)) for hit, score in scores]


def _is_here(hits: list[Hit], asked: Asked, place: str | None, index: Index) -> bool:
    """Whether it is about something of this place, not what only another place's cards are about."""
    if _most(hits) < ENOUGH:
        return False
    anywhere = hits if place is None else index.search(replace(asked, content=asked.matter), None)
    best, ours = anywhere[0], hits[0]
    spoken_of = len(asked.topics & ours.entry.topics)
    as_good = 0 < spoken_of >= len(asked.topics & best.entry.topics)
    return as_good or ours.score >= NO_LESS * best.score


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
    covered = len(asked.topics & hit.entry.topics) / max(1, len(asked.topics))
    return Hit(hit.entry, hit.score * (FITTING if fits else 1.0) * (1 + COVERING * covered))


def _best(hits: list[Hit], topics: frozenset[str]) -> tuple[Entry, ...]:
    if not hits:
        return ()
    best = hits[0]
    more = topics - best.entry.topics
    alike = [hit.entry for hit in hits if hit.score >= best.score * (BESIDES if more & hit.entry.topics else ALIKE)]
    return tuple(alike[:OFFERED])
