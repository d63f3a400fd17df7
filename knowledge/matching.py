"""Find the emergency phrases in a caller's words, by sound: where they stand and how surely they were said."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.clauses import Place
from knowledge.phrasebook import SHORTEST_BY_SOUND, Phrase, Phrasebook, Tier, phrasebook
from language.sounds import fuzzy_syllables

LEVELS: dict[str, int] = {"no": 0, "possible": 1, "certain": 2}
TIERS: dict[int, Tier] = {1: "possible", 2: "certain"}
LONG_ENOUGH_FOR_CERTAIN = 4
"""Syllables from which a phrase that sounds right is certain when half of it is written right too."""
FIXED = frozenset("不没别")
"""Characters that must be heard right: one of them wrong turns the meaning round."""


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase, where its parts stand, and the highest level that the likeness of its sound allows."""

    phrase: Phrase
    place: Place
    cap: int


@dataclass(frozen=True, slots=True)
class _Spot:
    start: int
    end: int
    right: int

    @property
    def exact(self) -> bool:
        return self.right == self.end - self.start


def matches(text: str, sounds: Sequence[str]) -> list[Match]:
    """Every phrase found in a text without marks, of which `sounds` are the fuzzy syllables."""
    book = phrasebook()
    spots = _spots(text, sounds, book)
    return [*_in_parts(spots, book), *_slips(text, sounds, book)]


def _spots(text: str, sounds: Sequence[str], book: Phrasebook) -> dict[str, list[_Spot]]:
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


def _in_parts(spots: dict[str, list[_Spot]], book: Phrasebook) -> Iterator[Match]:
    for word, places in spots.items():
        for phrase in book.starting_with.get(word, ()):
            if any(later.isdisjoint(spots) for later in phrase.later):
                continue
            for first in places:
                for chain in _chains(phrase, 1, (first,), spots):
                    cap = _cap(phrase, chain)
                    if cap:
                        yield Match(phrase, Place(tuple((spot.start, spot.end) for spot in chain)), cap)


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


def _slips(text: str, sounds: Sequence[str], book: Phrasebook) -> Iterator[Match]:
    """Long phrases with exactly one syllable wrong."""
    for place in range(len(sounds) - 1):
        for word, offset in book.slips.get((sounds[place], sounds[place + 1]), ()):
            start = place - offset
            if start >= 0 and _one_slip(word, text[start : start + len(word)]):
                for phrase in book.starting_with[word]:
                    yield Match(phrase, Place(((start, start + len(word)),)), LEVELS["possible"])


def _one_slip(word: str, said: str) -> bool:
    if len(said) != len(word):
        return False
    pairs = zip(fuzzy_syllables(word), fuzzy_syllables(said), strict=True)
    wrong = [place for place, (meant, heard_as) in enumerate(pairs) if meant != heard_as]
    # The first syllable carries the meaning: 牙疼得厉害 is not 头疼得厉害.
    if len(wrong) != 1 or wrong[0] == 0 or FIXED & {word[wrong[0]], said[wrong[0]]}:
        return False
    return _right(word, said) * 2 >= len(word)
