"""Find known words in a text: the longest at each place, without overlaps inside one entity."""

from collections.abc import Mapping
from dataclasses import dataclass

Meanings = tuple[tuple[str, str], ...]
"""What a word names: pairs of entity and key. An empty key names nothing: it hides the shorter words of
that entity inside the word (天津市 is not 津市)."""


@dataclass(frozen=True)
class Match:
    """A known word from `start` up to `end` in the text searched."""

    start: int
    end: int
    entity: str
    key: str
    words: str


class WordTable(dict[str, Meanings]):
    """Words and their meanings; `lengths` are those of the words by their first character, the longest first."""

    def __init__(self, words: Mapping[str, Meanings]) -> None:
        super().__init__(words)
        lengths: dict[str, set[int]] = {}
        for word in words:
            lengths.setdefault(word[:1], set()).add(len(word))
        self.lengths = {first: tuple(sorted(known, reverse=True)) for first, known in lengths.items()}


def find(text: str, words: Mapping[str, Meanings]) -> list[Match]:
    """Return the matches in order of place. Two entities may share or overlap words; one entity may not.

    `text` is searched as it is: give it `normalise`d, or `spoken` where marks may fall inside a word.
    """
    table = words if isinstance(words, WordTable) else WordTable(words)
    matches: list[Match] = []
    taken: dict[str, int] = {}
    for start, first in enumerate(text):
        for length in table.lengths.get(first, ()):
            end = start + length
            for entity, key in table.get(text[start:end], ()) if end <= len(text) else ():
                if taken.get(entity, 0) > start:
                    continue
                taken[entity] = end
                if key:
                    matches.append(Match(start, end, entity, key, text[start:end]))
    return matches
