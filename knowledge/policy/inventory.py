"""The list of everything the documents were found to speak of, and of what is left out for good reason."""

from typing import Literal

from knowledge.policy.shapes import RowId, Section, Shape, Text


class Row(Shape):
    """A system, service or rule: who needs an answer about it (`priority`), and where it stands."""

    title: Text
    at: tuple[Section, ...]
    priority: Literal["core", "useful", "background", "rule"]


class Inventory(Shape):
    """`policies/inventory.yaml`: rows by place and id."""

    places: dict[str, dict[RowId, Row]]


class LeftOut(Shape):
    """`policies/not-for-callers.yaml`: background rows that concern only officials, each with the reason."""

    rows: dict[RowId, Text]
