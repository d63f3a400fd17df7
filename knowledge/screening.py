"""Hear an emergency, or the wish for a human being, in what a caller says: by words and by sounds.

Pure and in memory, so that it works when nothing else does. Missing someone in danger is the worst mistake,
alarming operators for nothing the second: a clear case is `certain` and acts at once; anything doubtful is
`possible` and asks one short question.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from knowledge import clauses
from knowledge.clauses import Heard, Place, heard
from knowledge.phrasebook import (
    KINDS,
    SHORTEST_BY_SOUND,
    Phrase,
    Phrasebook,
    Tier,
    person_words,
    phrasebook,
    suppressors,
)
from language.sounds import fuzzy_syllables
from language.text import LONGEST, normalise, spoken

LEVELS: dict[str, int] = {"no": 0, "possible": 1, "certain": 2}
TIERS: dict[int, Tier] = {1: "possible", 2: "certain"}
OVERLAP = 60
"""Characters that two windows of a very long text share."""
LONG_ENOUGH_FOR_CERTAIN = 4
"""Syllables from which a phrase that sounds right is certain when half of it is written right too."""
FIXED = frozenset("不没别")
"""Characters that must be heard right: one of them wrong turns the meaning round."""


@dataclass(frozen=True, slots=True)
class ScreenHit:
    """`tier` certain acts at once, possible asks first, None is no emergency; `kind` is set with a tier.

    `wants_person`: the caller asks for a human being. `phrase_id` names the phrase that matched, for tuning.
    """

    tier: Tier | None = None
    kind: str | None = None
    wants_person: bool = False
    phrase_id: str | None = None


@dataclass(frozen=True, slots=True)
class _Spot:
    start: int
    end: int
    right: int

    @property
    def exact(self) -> bool:
        return self.right == self.end - self.start


@dataclass(frozen=True, slots=True)
class _Found:
    level: int
    phrase: Phrase

    def rank(self) -> tuple[int, int]:
        return self.level, -KINDS.index(self.phrase.kind)


def screen(text: str) -> ScreenHit:
    """Screen one utterance of any length, typed or as a recogniser wrote it."""
    hits = [_screen(window) for window in _windows(text)]
    best = max(hits, key=lambda hit: LEVELS[hit.tier or "no"])
    return ScreenHit(best.tier, best.kind, any(hit.wants_person for hit in hits), best.phrase_id)


def warm() -> None:
    """Compile everything ahead of the first caller."""
    clauses.first_words(getattr(suppressors(), name) for name in type(suppressors()).model_fields)
    screen("你好，我想问一下，去年我妈摔倒了，转人工")


def _windows(text: str) -> list[str]:
    step = LONGEST - OVERLAP
    return [text[start : start + LONGEST] for start in range(0, max(1, len(text) - OVERLAP), step)]


def _screen(text: str) -> ScreenHit:
    wants_person = _wants_person(text)
    found = _best(heard(text)) or _whole(text)
    if found is None:
        return ScreenHit(wants_person=wants_person)
    return ScreenHit(TIERS[found.level], found.phrase.kind, wants_person, found.phrase.phrase_id)


# --- phrases in the words ----------------------------------------------------------------------------------


def _best(said: Heard) -> _Found | None:
    book = phrasebook()
    sounds = fuzzy_syllables(said.text)
    spots = _spots(said.text, sounds, book)
    matches = [*_matches(spots, book), *_slips(said.text, sounds, book)]
    denied = {span for _, place, _ in matches for span in clauses.denied(said, place)}
    best: _Found | None = None
    for phrase, place, cap in matches:
        if clauses.broken(said, place, phrase) or place.within(denied):
            continue
        found = _judged(said, phrase, place, cap)
        if found and (best is None or found.rank() > best.rank()):
            best = found
    return best


def _spots(text: str, sounds: list[str], book: Phrasebook) -> dict[str, list[_Spot]]:
    """Every place where a part sounds like something in the text."""
    spots: dict[str, list[_Spot]] = {}
    for start in range(len(sounds)):
        node = book.root
        for end in range(start, len(sounds)):
            following = node.after.get(sounds[end])
            if following is None:
                break
            node = following
            for word in node.ends:
                right = _right(word, text[start : end + 1])
                spots.setdefault(word, []).append(_Spot(start, end + 1, right))
    return spots


def _right(word: str, said: str) -> int:
    """How many characters are the very ones meant."""
    return sum(meant == heard_as for meant, heard_as in zip(word, said, strict=False))


def _matches(spots: dict[str, list[_Spot]], book: Phrasebook) -> Iterator[tuple[Phrase, Place, int]]:
    """Each phrase found, where, and the highest level that the likeness of its sound allows."""
    for word, places in spots.items():
        for phrase in book.starting_with.get(word, ()):
            for first in places:
                for chain in _chains(phrase, 1, (first,), spots):
                    cap = _cap(phrase, chain)
                    if cap:
                        yield phrase, Place(tuple((spot.start, spot.end) for spot in chain)), cap


def _chains(
    phrase: Phrase, part: int, chain: tuple[_Spot, ...], spots: dict[str, list[_Spot]]
) -> Iterator[tuple[_Spot, ...]]:
    """Continue a chain of parts in order, each at most `within` characters behind the one before."""
    if part == len(phrase.parts):
        yield chain
        return
    least, most = chain[-1].end, chain[-1].end + phrase.within
    for word in phrase.parts[part]:
        for spot in spots.get(word, ()):
            if least <= spot.start <= most:
                yield from _chains(phrase, part + 1, (*chain, spot), spots)


def _cap(phrase: Phrase, chain: tuple[_Spot, ...]) -> int:
    if all(spot.exact for spot in chain):
        return LEVELS["certain"]
    if phrase.sound is not None:
        return LEVELS[phrase.sound]
    length = sum(spot.end - spot.start for spot in chain)
    right = sum(spot.right for spot in chain)
    if length >= LONG_ENOUGH_FOR_CERTAIN and right * 2 >= length:
        return LEVELS["certain"]
    lone = any(spot.end - spot.start == 1 and not spot.exact for spot in chain)
    return LEVELS["possible"] if length >= SHORTEST_BY_SOUND + lone else 0


def _slips(text: str, sounds: list[str], book: Phrasebook) -> Iterator[tuple[Phrase, Place, int]]:
    """Long phrases with exactly one syllable wrong."""
    for place in range(len(sounds) - 1):
        for word, offset in book.slips.get((sounds[place], sounds[place + 1]), ()):
            start = place - offset
            if start >= 0 and _one_slip(word, text[start : start + len(word)]):
                for phrase in book.starting_with[word]:
                    yield phrase, Place(((start, start + len(word)),)), LEVELS["possible"]


def _one_slip(word: str, said: str) -> bool:
    if len(said) != len(word):
        return False
    pairs = zip(fuzzy_syllables(word), fuzzy_syllables(said), strict=True)
    wrong = [place for place, (meant, heard_as) in enumerate(pairs) if meant != heard_as]
    # The first syllable carries the meaning: 牙疼得厉害 is not 头疼得厉害.
    if len(wrong) != 1 or wrong[0] == 0 or FIXED & {word[wrong[0]], said[wrong[0]]}:
        return False
    return _right(word, said) * 2 >= len(word)


def _judged(said: Heard, phrase: Phrase, place: Place, cap: int) -> _Found | None:
    if clauses.excepted(said, place, phrase) or (phrase.plain and not clauses.plain(said)):
        return None
    level = min(cap, LEVELS[phrase.tier]) - clauses.lowered(said, place, phrase.kind)
    return _Found(level, phrase) if level > 0 else None


# --- whole utterances, and the wish for a human being -------------------------------------------------------


@cache
def _polite() -> tuple[str, ...]:
    return tuple(sorted(person_words().polite, key=len, reverse=True))


def _bare(text: str) -> str:
    """The utterance without politeness, fillers and repetition (快快快, 人工人工)."""
    rest = spoken(text).replace(" ", "")
    for word in _polite():
        rest = rest.replace(word, "") or rest
    for size in range(1, len(rest) // 2 + 1):
        if rest == rest[:size] * (len(rest) // size):
            return rest[:size]
    return rest


def _whole(text: str) -> _Found | None:
    book = phrasebook()
    for word in (spoken(text).replace(" ", ""), _bare(text)):
        phrase = book.whole.get(word) or book.whole_by_sound.get(_sound(word))
        if phrase:
            return _Found(LEVELS[phrase.tier], phrase)
    return None


@cache
def _person_sounds() -> tuple[frozenset[str], tuple[str, ...]]:
    """How the whole utterances and the words that may be misheard sound."""
    words = person_words()
    return frozenset(map(_sound, words.whole)), tuple(f" {_sound(word)} " for word in words.sounds)


def _sound(text: str) -> str:
    return " ".join(fuzzy_syllables(text))


def _wants_person(text: str) -> bool:
    words, (whole, inside) = person_words(), _person_sounds()
    if _sound(_bare(text)) in whole:
        return True
    said = clauses.mask(words.mask, normalise(text).replace(" ", ""))
    if any(word in said for word in words.words):
        return True
    sounds = f" {_sound(said)} "
    return any(word in sounds for word in inside)
