"""Hear that a caller wants a human being: 人工 and its many ways, misheard ones included."""

from functools import cache

from knowledge.clauses import Heard, mask, said_in
from knowledge.phrasebook import person_words
from language.sounds import fuzzy_syllables


def wants_person(said: Heard) -> bool:
    """True for the wish for a human being anywhere in the words; not for 人工关节 and the like."""
    if nothing_else(said):
        return True
    words, (_, inside) = person_words(), _person_sounds()
    shown = mask(words.mask, said.marked)
    return said_in(words.words, shown) or any(word in f" {sound(shown)} " for word in inside)


def nothing_else(said: Heard) -> bool:
    """True when the wish for a human being is all that is said (有人吗, 人工人工)."""
    return sound(bare(said.letters)) in _person_sounds()[0]


def bare(letters: str) -> str:
    """The utterance without politeness, fillers and repetition (快快快, 人工人工)."""
    rest = letters
    for word in _polite():
        rest = rest.replace(word, "") or rest
    for size in range(1, len(rest) // 2 + 1):
        if rest == rest[:size] * (len(rest) // size):
            return rest[:size]
    return rest


def sound(text: str) -> str:
    """How a text sounds, as one string: for comparing whole utterances."""
    return " ".join(fuzzy_syllables(text))


@cache
def _polite() -> tuple[str, ...]:
    return tuple(sorted(person_words().polite, key=len, reverse=True))


@cache
def _person_sounds() -> tuple[frozenset[str], tuple[str, ...]]:
    """How the whole utterances and the words that may be misheard sound."""
    words = person_words()
    return frozenset(map(sound, words.whole)), tuple(f" {sound(word)} " for word in words.sounds)
