"""What phrases and signs together say about danger: nothing, possible or certain.

Certain needs three things: a phrase that is certain, nothing near it that makes it doubtful, and something that
bears it out. Signs alone are certain only where they are several, about a person, and beside the hint of a phrase.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from knowledge import clauses
from knowledge.clauses import Heard, Place
from knowledge.matching import LEVELS, TIERS, Match, matches
from knowledge.phrasebook import KINDS, Phrase, people
from knowledge.signs import Sign, apart

Words = Literal["silenced", "possible", "certain"]

ENOUGH_SIGNS, ENOUGH_MIXED_SIGNS = 2, 3
"""Signs of one kind, or of several kinds, that bear each other out."""
PLEAS = "other"
"""The kind of the signs that only call for help: they bear out others, not each other."""


@dataclass(frozen=True, slots=True)
class Found:
    """`level`: what it comes to; `words`: what the phrase says by itself, doubts apart."""

    level: int
    kind: str
    phrase_id: str
    words: Words

    def rank(self) -> tuple[int, int]:
        """The most certain one first, then the most urgent kind."""
        return self.level, -KINDS.index(self.kind)


def evidence(said: Heard, signs: list[Sign]) -> Found | None:
    """The weightiest thing found; at level 0 where a phrase was said of the past, on television and the like."""
    found = list(_meant(said))
    heard = [(match, level) for match, level in found if level > 0]
    hits = [of_phrase(match.phrase, level, LEVELS["possible"]) for match, level in heard]
    clear = [match for match, level in heard if level == LEVELS["certain"]]
    hits += _certain(said, clear, [match for match, _ in heard], _telling(said, signs))
    hits += [Found(0, m.phrase.kind, m.phrase.phrase_id, "silenced") for m, _ in found if not m.phrase.plain]
    return max(hits, key=Found.rank, default=None)


def of_phrase(phrase: Phrase, level: int, highest: int = LEVELS["certain"]) -> Found:
    """A phrase said at `level`, which may count for at most `highest`."""
    return Found(min(level, highest), phrase.kind, phrase.phrase_id, TIERS[level])


def _meant(said: Heard) -> Iterator[tuple[Match, int]]:
    """The phrases that are neither broken nor denied, each with its level, 0 or less where it is silenced."""
    found = matches(said.text, said.sounds)
    denied = {span for match in found for span in clauses.denied(said, match.place)}
    for match in found:
        if not clauses.broken(said, match.place, match.phrase) and not match.place.within(denied):
            yield match, _level(said, match)


def _level(said: Heard, match: Match) -> int:
    phrase = match.phrase
    if phrase.plain and not clauses.plain(said):
        return 0
    level = min(match.cap, LEVELS[phrase.tier]) - clauses.lowered(said, match.place, phrase.kind)
    return level - clauses.excepted(said, match.place, phrase)


def _certain(said: Heard, clear: list[Match], hinted: list[Match], signs: list[Sign]) -> list[Found]:
    """Phrases that are borne out; where one is only hinted at, signs about a person that bear each other out."""
    beside = [(sign.start, sign.end) for sign in signs]
    beside += [(match.place.start, match.place.end) for match in hinted if not match.phrase.plain]
    sure = [match for match in clear if not clauses.doubtful(said, match.place) and _borne_out(said, match, beside)]
    if sure:
        return [of_phrase(match.phrase, LEVELS["certain"]) for match in sure]
    kind = _kind_of_signs(signs) if hinted and clauses.said_in(people(), said.text) else None
    if kind is None or clauses.doubtful(said, Place(((signs[0].start, signs[-1].end),))):
        return []
    return [Found(LEVELS["certain"], kind, f"{kind}-signs", "certain")]


def _kind_of_signs(signs: list[Sign]) -> str | None:
    """The kind of which there are enough signs, or which has most of many signs of several kinds."""
    telling = [sign for sign in signs if sign.group != PLEAS]
    counts = {kind: apart([s for s in telling if s.group == kind]) for kind in {sign.group for sign in telling}}
    kind = max(counts, key=lambda kind: (counts[kind], -KINDS.index(kind)), default=None)
    if kind and (counts[kind] >= ENOUGH_SIGNS or apart(telling) >= ENOUGH_MIXED_SIGNS):
        return kind
    return None


def _borne_out(said: Heard, match: Match, others: list[tuple[int, int]]) -> bool:
    """True when hardly more than the phrase is said, or a plea, the present, a sign or a phrase stands beside it."""
    beside = (span for span in others if not any(a < span[1] and span[0] < b for a, b in match.place.spans))
    return clauses.alone(said, match.place) or clauses.pressing(said, match.place) or any(beside)


def _telling(said: Heard, signs: list[Sign]) -> list[Sign]:
    """The strong signs that are written right and not denied."""
    strong = (sign for sign in signs if sign.sort == "strong" and sign.right and sign.end - sign.start > 1)
    return [sign for sign in strong if not clauses.denied(said, Place(((sign.start, sign.end),)))]
