"""Normalised text that remembers where each of its characters came from.

Rasa counts an entity's place in the text it was given, while words are looked up in text that is half-width,
lower case and without the blanks a recogniser puts between words. Imports nothing of Rasa.
"""

from __future__ import annotations

from dataclasses import dataclass

from language.text import normalise


@dataclass(frozen=True)
class Aligned:
    """`text` is what is searched; `places[i]` is where its character i stands in the original."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the part of the original that `text[start:end]` came from; `end` must be above `start`."""
        return self.places[start], self.places[end - 1] + 1


def align(original: str) -> Aligned:
    """Return `original` in the form that `language.text.normalise` gives, with the places kept.

    The characters of the result are found again in the original one after another; where they cannot be
    (a mark that was unified), the place is that of the character before.
    """
    text = normalise(original)
    places: list[int] = []
    at = 0
    for char in text:
        at = _next_place(original, char, at)
        places.append(min(at, max(len(original) - 1, 0)))
    return Aligned(text, tuple(places))


def _next_place(original: str, char: str, at: int) -> int:
    for place in range(at, len(original)):
        if char in normalise(original[place]):
            return place
    return at
