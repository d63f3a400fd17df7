"""How verdicts are worded: `benefits/wording.yaml`."""

from pydantic import Field

from knowledge.policy.shapes import Commitment, Shape, Text, Word


class Spoken(Shape):
    """The one or two sentences of a verdict; {braces} are filled in."""

    about: Text
    likely: Text
    possible: Text
    not_known: Text
    unlikely: Text
    unlikely_any: Text
    excluded: Text
    decides: Text
    decides_after: Text
    official: Text
    provider: Text
    provider_likely: Text
    past: Text
    class_likely: Text
    class_possible: Text


class Dialogue(Shape):
    """What the conversation says beside the verdict, and the words it listens for."""

    ask_place: Text
    ask_place_again: Text
    ask_benefit: Text
    ask_which: Text
    confirm_age: Text
    label_yes: str
    label_no: str
    label_unknown: str
    label_detail: str
    label_register: str
    label_person: str
    offer: Text
    offer_written: Text
    no_rule: Text
    no_place: Text
    noted: Text
    claims: tuple[Word, ...]
    detail: tuple[Word, ...]
    register_: tuple[Word, ...] = Field(alias="register")


class Written(Shape):
    """Headings of the written form."""

    gives: Text
    amount: Text
    warnings: Text
    open: Text
    ask_whom: Text
    source: Text


class VerdictWording(Shape):
    """Sentences of reasons, warnings, the spoken and the written verdict; words for yes, no and not knowing."""

    met: Text
    not_met: Text
    excludes: Text
    not_excluded: Text
    judged: Text
    not_known: Text
    no_amount: Text
    no_amount_in_english: Text
    for_providers: Text
    not_yet: Text
    issued_later: Text
    ended: Text
    before_published: Text
    expired: Text
    commitments: dict[Commitment, Text]
    short_commitments: dict[Commitment, Text]
    verdicts: dict[str, Text]
    and_: str = Field(alias="and")
    or_: str = Field(alias="or")
    date: Text
    unknown: tuple[Word, ...]
    says_yes: tuple[Word, ...]
    says_no: tuple[Word, ...]
    questions: tuple[Word, ...]
    fillers: tuple[Word, ...]
    negations: tuple[Word, ...]
    spoken: Spoken
    dialogue: Dialogue
    written: Written
