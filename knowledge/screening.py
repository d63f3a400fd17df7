"""Hear an emergency, or the wish for a human being, in what a caller says: by words and by sounds.

Pure and in memory, so that it works when nothing else does. Missing someone in danger is the worst mistake,
alarming operators for nothing the second. `certain` acts at once and comes from phrases alone: one is said, nothing
anywhere in the words makes it doubtful, and something bears it out. Whatever else smells of danger, a phrase in
doubt or a high suspicion, is `possible` and asks one short question.
"""

from dataclasses import dataclass

from knowledge import clauses
from knowledge.clauses import Heard, Place, heard
from knowledge.matching import LEVELS, TIERS, Match, matches
from knowledge.person_wish import bare, sound, wants_person
from knowledge.phrasebook import KINDS, Phrase, Tier, people, phrasebook, suppressors
from knowledge.signs import Sign, apart, signs_in
from knowledge.suspicion import suspicion
from language.text import LONGEST

OVERLAP = 60
"""Characters that two windows of a very long text share."""
ASK = {"no": -2.0, "possible": -3.0, "certain": -6.0}
"""Suspicion (log odds) from which the question is asked, by the highest tier of the phrases said, doubts apart."""
SUSPECTED = "suspected"
ENOUGH_SIGNS, ENOUGH_MIXED_SIGNS = 2, 3
PLEAS = "other"
"""The kind of the signs that only call for help: they bear out others, not each other."""


@dataclass(frozen=True, slots=True)
class ScreenHit:
    """`tier` certain acts at once, possible asks first, None is no emergency; `kind` is set with a tier.

    `wants_person`: the caller asks for a human being. `phrase_id` names the phrase that matched, for tuning;
    it is `suspected` where no phrase did.
    """

    tier: Tier | None = None
    kind: str | None = None
    wants_person: bool = False
    phrase_id: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """`level`: what it comes to; `said`: what the words alone say, before they are doubted."""

    level: int
    kind: str
    phrase_id: str
    said: Tier

    def rank(self) -> tuple[int, int, int]:
        return self.level, LEVELS[self.said], -KINDS.index(self.kind)


def _found(phrase: Phrase, level: int, highest: int = LEVELS["certain"]) -> _Found:
    return _Found(min(level, highest), phrase.kind, phrase.phrase_id, TIERS[level])


def screen(text: str) -> ScreenHit:
    """Screen one utterance of any length, typed or as a recogniser wrote it."""
    hits = [_screen(window) for window in _windows(text)]
    best = max(hits, key=lambda hit: (LEVELS[hit.tier or "no"], hit.phrase_id != SUSPECTED))
    return ScreenHit(best.tier, best.kind, any(hit.wants_person for hit in hits), best.phrase_id)


def warm() -> None:
    """Compile everything ahead of the first caller."""
    clauses.first_words(getattr(suppressors(), name) for name in type(suppressors()).model_fields)
    screen("你好，我想问一下，去年我妈摔倒了，转人工")


def _windows(text: str) -> list[str]:
    step = LONGEST - OVERLAP
    return [text[start : start + LONGEST] for start in range(0, max(1, len(text) - OVERLAP), step)]


def _screen(text: str) -> ScreenHit:
    said = heard(text)
    wish = wants_person(said)
    signs = signs_in(said.text, said.sounds)
    found = _best(said, signs)
    if found is None or found.level < LEVELS["certain"]:
        found = _whole(said) or _asked(said, signs, found)
    if found is None:
        return ScreenHit(wants_person=wish)
    return ScreenHit(TIERS[found.level], found.kind, wish, found.phrase_id)


def phrases_alone(text: str) -> Tier | None:
    """What the phrases say before suspicion is weighed; for tuning."""
    said = heard(text)
    found = _best(said, signs_in(said.text, said.sounds)) or _whole(said)
    return TIERS[found.level] if found else None


def _best(said: Heard, signs: list[Sign]) -> _Found | None:
    """What the phrases and signs make of it: the most certain one, the most urgent kind first."""
    found = _said(said)
    hits = [_found(match.phrase, level, LEVELS["possible"]) for match, level in found]
    certain = [match for match, level in found if level == LEVELS["certain"]]
    hits += _certain(said, certain, _telling(said, signs), bool(found))
    return max(hits, key=_Found.rank, default=None)


def _certain(said: Heard, found: list[Match], signs: list[Sign], hinted: bool) -> list[_Found]:
    """Phrases that something bears out; where one is only hinted at, signs about a person that bear each other out."""
    clear = [match for match in found if not clauses.doubtful(said, match.place) and _borne_out(said, match, signs)]
    if clear:
        return [_found(match.phrase, LEVELS["certain"]) for match in clear]
    kind = _kind_of_signs(signs) if hinted and clauses.said_in(people(), said.text) else None
    if kind is None or clauses.doubtful(said, Place(((signs[0].start, signs[-1].end),))):
        return []
    return [_Found(LEVELS["certain"], kind, f"{kind}-signs", "certain")]


def _kind_of_signs(signs: list[Sign]) -> str | None:
    """The kind of which there are enough signs, or which has most of many signs of several kinds."""
    telling = [sign for sign in signs if sign.group != PLEAS]
    counts = {kind: apart([s for s in telling if s.group == kind]) for kind in {sign.group for sign in telling}}
    kind = max(counts, key=lambda kind: (counts[kind], -KINDS.index(kind)), default=None)
    if kind and (counts[kind] >= ENOUGH_SIGNS or apart(telling) >= ENOUGH_MIXED_SIGNS):
        return kind
    return None


def _borne_out(said: Heard, match: Match, signs: list[Sign]) -> bool:
    """True when hardly more than the phrase is said, or a plea, the present or another sign stands beside it."""
    beside = (sign for sign in signs if not any(a < sign.end and sign.start < b for a, b in match.place.spans))
    return clauses.alone(said, match.place) or clauses.pressing(said, match.place) or any(beside)


def _telling(said: Heard, signs: list[Sign]) -> list[Sign]:
    """The strong signs that are written right and not denied."""
    strong = (sign for sign in signs if sign.sort == "strong" and sign.right and sign.end - sign.start > 1)
    return [sign for sign in strong if not clauses.denied(said, Place(((sign.start, sign.end),)))]


def _said(said: Heard) -> list[tuple[Match, int]]:
    """The phrases that are meant: neither broken, denied nor silenced, each with its level."""
    found = matches(said.text, said.sounds)
    denied = {span for match in found for span in clauses.denied(said, match.place)}
    meant = [m for m in found if not clauses.broken(said, m.place, m.phrase) and not m.place.within(denied)]
    levels = ((match, _level(said, match)) for match in meant)
    return [(match, level) for match, level in levels if level > 0]


def _level(said: Heard, match: Match) -> int:
    phrase = match.phrase
    if phrase.plain and not clauses.plain(said):
        return 0
    level = min(match.cap, LEVELS[phrase.tier]) - clauses.lowered(said, match.place, phrase.kind)
    return level - clauses.excepted(said, match.place, phrase)


def _asked(said: Heard, signs: list[Sign], found: _Found | None) -> _Found | None:
    """Whether the question is asked, and about what."""
    suspected = suspicion(said, signs)
    if suspected.weight < ASK[found.said if found else "no"]:
        return None
    return found or _Found(LEVELS["possible"], suspected.kind, SUSPECTED, "possible")


def _whole(said: Heard) -> _Found | None:
    """A cry that is the whole utterance: 救, 快."""
    book = phrasebook()
    for word in (said.letters, bare(said.letters)):
        phrase = book.whole.get(word) or book.whole_by_sound.get(sound(word))
        if phrase:
            return _found(phrase, LEVELS[phrase.tier])
    return None
