"""Hear an emergency, or the wish for a human being, in what a caller says: by words and by sounds.

Pure and in memory, so that it works when nothing else does. Missing someone in danger is the worst mistake,
alarming operators for nothing the second. Phrases say what may be meant, `suspicion` how likely it is: the surer the
words, the less it takes to act at once (`certain`); whatever else smells of danger is `possible` and asks one short
question.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge import clauses
from knowledge.clauses import Heard, heard
from knowledge.evidence import Evidence, Words, evidence
from knowledge.matching import LEVELS
from knowledge.person_wish import bare, nothing_else, sound, wants_person
from knowledge.phrasebook import Phrase, Tier, phrasebook, suppressors
from knowledge.signs import Sign, signs_in
from knowledge.suspicion import LONGEST_PIECE, likeliest_kind, suspicion
from language.text import LONGEST

OVERLAP = 60
"""Characters that two windows of a very long text share."""
ACT: dict[Words, float] = {
    "nothing": 5.0, "silenced": 5.0, "possible": 5.0, "certain": 3.8, "clause": 3.0, "alone": -1.0,
}  # fmt: skip
"""Suspicion (log odds) from which it is certain, by what the phrases say."""
ASK: dict[Words, float] = {
    "nothing": -2.0, "silenced": -2.5, "possible": -3.0, "certain": -3.0, "clause": -3.0, "alone": -3.0,
}  # fmt: skip
"""Suspicion from which the question is asked."""
ASK_AT_LENGTH = 0.0
"""The same where much is said and no phrase of danger: many words, each a little odd, are seldom a cry."""
SUSPECTED = "suspected"


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
    signs, found = signs_in(said.text, said.sounds), evidence(said)
    tier = _tier(said, signs, found)
    if tier is None and (cry := _whole(said)):
        return ScreenHit(cry.tier, cry.kind, wish, cry.phrase_id)
    if tier is None:
        return ScreenHit(wants_person=wish)
    phrase_id = found.best.phrase.phrase_id if found.best else SUSPECTED
    return ScreenHit(tier, likeliest_kind(said, signs, found), wish, phrase_id)


def _whole(said: Heard) -> Phrase | None:
    """A cry that is the whole utterance: 救, 快."""
    book = phrasebook()
    words = (said.letters, bare(said.letters))
    return next((hit for word in words if (hit := book.whole.get(word) or book.whole_by_sound.get(sound(word)))), None)


def _tier(said: Heard, signs: Sequence[Sign], found: Evidence) -> Tier | None:
    """Who only asks for a person gets one unasked; reports are the dialogue's, unless a phrase is said."""
    words = found.words
    if words == "nothing" and (nothing_else(said) or clauses.said_in(suppressors().reports, said.text)):
        return None
    weight = suspicion(said, signs, found)
    lengthy = words == "nothing" and len(said.text) > LONGEST_PIECE
    ask = ASK_AT_LENGTH if lengthy else ASK[words]
    return "certain" if weight >= ACT[words] else "possible" if weight >= ask else None
