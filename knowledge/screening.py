"""Hear an emergency, or the wish for a human being, in what a caller says: by words and by sounds.

Pure and in memory, so that it works when nothing else does. Missing someone in danger is the worst mistake,
alarming operators for nothing the second. `certain` acts at once and comes from phrases and signs alone
(`evidence.py`). Whatever else smells of danger, a phrase in doubt or a high suspicion, is `possible` and asks one
short question.
"""

from dataclasses import dataclass

from knowledge import clauses
from knowledge.clauses import Heard, heard
from knowledge.evidence import Found, evidence, of_phrase
from knowledge.matching import LEVELS, TIERS
from knowledge.person_wish import bare, nothing_else, sound, wants_person
from knowledge.phrasebook import Tier, phrasebook, suppressors
from knowledge.signs import Sign, signs_in
from knowledge.suspicion import suspicion
from language.text import LONGEST

OVERLAP = 60
"""Characters that two windows of a very long text share."""
ASK = {"nothing": -2.0, "reported": -0.5, "silenced": -0.5, "possible": -3.0, "certain": -6.0}
"""Suspicion (log odds) from which the question is asked, by what the phrases say, doubts apart."""
SUSPECTED = "suspected"


@dataclass(frozen=True, slots=True)
class ScreenHit:
    """`tier` certain acts at once, possible asks first, None is no emergency; `kind` is set with a tier.

    `wants_person`: the caller asks for a human being. `phrase_id` names the phrase that matched, for tuning;
    it is `suspected` where no phrase did, and ends in `-signs` where several signs did.
    """

    tier: Tier | None = None
    kind: str | None = None
    wants_person: bool = False
    phrase_id: str | None = None


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
    found = evidence(said, signs)
    if found is None or found.level < LEVELS["certain"]:
        found = _whole(said) or _asked(said, signs, found)
    if found is None:
        return ScreenHit(wants_person=wish)
    return ScreenHit(TIERS[found.level], found.kind, wish, found.phrase_id)


def _whole(said: Heard) -> Found | None:
    """A cry that is the whole utterance: 救, 快."""
    book = phrasebook()
    for word in (said.letters, bare(said.letters)):
        phrase = book.whole.get(word) or book.whole_by_sound.get(sound(word))
        if phrase:
            return of_phrase(phrase, LEVELS[phrase.tier])
    return None


def _asked(said: Heard, signs: list[Sign], found: Found | None) -> Found | None:
    """Whether the question is asked, and about what. Who only asks for a person gets one without it."""
    if found is None and nothing_else(said):
        return None
    words = found.words if found else "reported" if clauses.said_in(suppressors().reports, said.text) else "nothing"
    suspected = suspicion(said, signs)
    if suspected.weight < ASK[words]:
        return None
    if found and found.level:
        return found
    return Found(LEVELS["possible"], suspected.kind, SUSPECTED, "possible")
