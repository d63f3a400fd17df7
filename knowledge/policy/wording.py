"""How policy answers are worded: `policies/wording.yaml`."""

from pydantic import Field

from knowledge.policy.shapes import Aspect, Commitment, Pattern, Shape, Text, Word


class Dialogue(Shape):
    """What only a conversation says and understands."""

    more_words: tuple[Word, ...]
    register_words: tuple[Word, ...]
    neither_words: tuple[Word, ...]
    ask_place_again: Text
    ask_choice_again: Text
    ask_on: Text
    ask_on_register: Text
    ask_register: Text
    label_more: Word
    label_register: Word
    label_neither: Word
    label_no: Word


class Wording(Shape):
    """Sentences, and the words by which the question and the commitment are known."""

    markers: dict[Commitment, tuple[Word, ...]]
    past: tuple[Word, ...]
    not_cash: tuple[Word, ...]
    open_words: tuple[Word, ...]
    never: tuple[Word, ...]
    aspects: dict[Aspect, tuple[Word, ...]]
    aspect_patterns: dict[Aspect, tuple[Pattern, ...]]
    not_given: dict[Aspect, Text]
    firm: frozenset[Aspect]
    number_patterns: tuple[Pattern, ...]
    counted: dict[Word, tuple[Word, ...]]
    fee_words: tuple[Word, ...]
    grant_words: tuple[Word, ...]
    ask_place: Text
    ask_which_place: Text
    place_not_covered: Text
    not_in_documents: Text
    not_in_any: Text
    no_such_thing: Text
    not_said_of: Text
    place_does_not_say: Text
    ask_whom: Text
    not_for_persons: Text
    choose: Text
    or_: str = Field(alias="or")
    offer_more: Text
    offer_register: Text
    offer_person: Text
    handoff: Text
    expired: Text
    source: Text
    text_who: Text
    text_how: Text
    text_open: Text
    text_ask_whom: Text
    text_warning: Text
    dialogue: Dialogue
