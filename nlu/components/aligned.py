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

    The characters are found again in the original one after another; one that was made (the 2 of ㎡) has the
    place of the one before.
    """
    text = normalise(original)
    places: list[int] = []
    place = -1
    for char in text:
        place = _place_of(char, original, place)
        places.append(place)
    return Aligned(text, tuple(places))


_SKIPPED = ("", "，", "。", "？", "！")


def _place_of(char: str, original: str, last: int) -> int:
    """Search behind `last`, over what `normalise` leaves out; `last` again where `char` is not there."""
    for place in range(last + 1, len(original)):
        shape = normalise(original[place])
        if char in shape:
            return place
        if shape not in _SKIPPED:
            break
    return max(last, 0)
