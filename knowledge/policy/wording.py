"""How policy answers are worded: `policies/wording.yaml`."""

from pydantic import Field

from knowledge.policy.shapes import Aspect, Commitment, Shape, Text, Word


class Wording(Shape):
    """Sentences, and the words by which the question and the commitment are known."""

    markers: dict[Commitment, tuple[Word, ...]]
    past: tuple[Word, ...]
    not_cash: tuple[Word, ...]
    never: tuple[Word, ...]
    aspects: dict[Aspect, tuple[Word, ...]]
    not_given: dict[Aspect, Text]
    ask_place: Text
    place_not_covered: Text
    not_in_documents: Text
    choose: Text
    or_: str = Field(alias="or")
    offer: Text
    offer_person: Text
    handoff: Text
    expired: Text
    source: Text
