"""Places: the divisions of a jurisdiction and the facilities that its document names."""

from typing import Literal

from pydantic import model_validator

from knowledge.policy.shapes import Shape, Statement, Text, Word

Kind = Literal["station", "centre", "canteen", "day_care", "home", "medical", "shelter", "office", "other"]


class Division(Shape):
    """A city, county, new district, town or village. `within` is the division that it lies in, as far as that is known.

    `words` are other names inside the place. `sure` are those of all its names that tell the place by themselves.
    """

    name: Word
    level: Literal["city", "county", "new_district", "town", "community"]
    words: tuple[Word, ...] = ()
    sure: tuple[Word, ...] = ()
    within: str | None = None
    code: str | None = None
    source: Text

    @model_validator(mode="after")
    def _sure_of_its_own(self) -> "Division":
        if strange := {*self.sure} - {self.name, *self.words}:
            raise ValueError(f"sure holds {'、'.join(strange)}, which is neither name nor words")
        return self

    def names(self) -> tuple[str, ...]:
        """The name and the other names."""
        return (self.name, *self.words)


class Facility(Shape):
    """A facility that the text names. What is not said (address, phone, hours, price) stands in `unknown`."""

    name: Word
    kind: Kind
    words: tuple[Word, ...] = ()
    in_division: str | None
    known: tuple[Statement, ...]
    unknown: tuple[Text, ...]
    state: Literal["open", "pilot", "being_built", "planned", "explored", "named"]


class Divisions(Shape):
    """One file of divisions/: the cities and county-level units of a place, from a kept list."""

    place: Word
    divisions: tuple[Division, ...]


class Locality(Shape):
    """One file of places/: divisions and facilities that the text names."""

    place: Word
    divisions: tuple[Division, ...]
    facilities: tuple[Facility, ...]
