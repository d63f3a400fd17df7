"""Places: the divisions of a jurisdiction and the facilities that its document names."""

from typing import Literal

from knowledge.policy.shapes import Shape, Statement, Text, Word

Kind = Literal["station", "centre", "canteen", "day_care", "home", "medical", "shelter", "office", "other"]


class Division(Shape):
    """A county-level division, a new district, town or village. `at` is null where no text names it."""

    name: Word
    level: Literal["city", "county", "new_district", "town", "community"]
    words: tuple[Word, ...] = ()
    code: str | None = None
    source: Text


class Facility(Shape):
    """A facility that the text names. What is not said (address, phone, hours, price) stands in `unknown`."""

    name: Word
    kind: Kind
    words: tuple[Word, ...] = ()
    in_division: str | None
    known: tuple[Statement, ...]
    unknown: tuple[Text, ...]
    state: Literal["open", "pilot", "being_built", "planned", "explored", "named"]


class Locality(Shape):
    """One file of places/."""

    place: Word
    divisions: tuple[Division, ...]
    facilities: tuple[Facility, ...]
