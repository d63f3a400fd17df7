"""What an enquiry about eligibility has come to: kept in one slot, read as rules, facts and the next question."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from knowledge.policy.benefits import Fact
from knowledge.policy.fact_reading import FactReader
from knowledge.policy.loading import Library, current_library
from knowledge.policy.rule_finding import folder_of
from knowledge.policy.rules import Known, Value
from knowledge.policy.verdict_wording import Dialogue
from knowledge.policy.verdicts import Assessor, Verdict
from language.text import normalise

SLOT = "enquiry"
AGE = "age"
NOWHERE = ""
"""Place or rule of an enquiry that we hold nothing about: asking again would not help."""


@dataclass(frozen=True)
class Enquiry:
    """`words` are those it began with, `called` what the caller calls the benefit, `choices` the rules that it may
    be, `again` the fact that the last answer did not settle, `misses` how often the place was not understood.
    `uses_profile`: whether the registered age may be used, None before that was asked. `back_to` is the form that
    it interrupted, `told` that the verdict has been given, `detailed` that more of it has.
    """

    day: str
    words: str = ""
    place: str | None = None
    rule: str | None = None
    called: str | None = None
    choices: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    elder_id: str | None = None
    name: str | None = None
    ages: list[int] | None = None
    uses_profile: bool | None = None
    misses: int = 0
    again: str | None = None
    back_to: str | None = None
    told: bool = False
    detailed: bool = False

    def as_slot(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value is not None}

    @property
    def known(self) -> Known:
        """The facts; JSON has made lists of pairs."""
        return {name: _value(value) for name, value in self.facts.items()}

    @cached_property
    def library(self) -> Library:
        """As the files are now: an officer may have changed one since the last turn."""
        return current_library()

    @cached_property
    def assessor(self) -> Assessor:
        return Assessor(self.library, date.fromisoformat(self.day))

    @property
    def wording(self) -> Dialogue:
        return self.assessor.wording.dialogue

    @cached_property
    def reader(self) -> FactReader:
        return FactReader(self.library.facts(), self.assessor.wording, self.assessor.day.year)

    @cached_property
    def folder(self) -> str | None:
        """Where the rules of the place are; None for a place that no document is about."""
        return folder_of(self.library, self.place) if self.place else None

    @property
    def claims(self) -> bool:
        """Whether it is about who may get something at all (敬老院有没有医生 is not)."""
        named = bool(self.rule or self.choices or self.called)
        return named or any(word in normalise(self.words) for word in self.wording.claims)

    @cached_property
    def verdict(self) -> Verdict:
        """Of the rule that was asked for, with what is known. Only when there is a rule."""
        return self.assessor.assess(self.rule or "", self.known)

    @property
    def asked(self) -> str | None:
        """The fact to ask for next; None when no answer can change the verdict any more."""
        return next(iter(self.verdict.missing_facts), None)

    def fact(self, name: str) -> Fact:
        return self.library.facts()[name]

    @property
    def asks_about_profile(self) -> bool:
        """The age is wanted next, and the registered year of birth settles it."""
        if self.uses_profile is not None or self.asked != AGE or not self.ages:
            return False
        return AGE not in self.with_profile().verdict.missing_facts

    def with_profile(self) -> "Enquiry":
        return replace(self, uses_profile=True, facts={**self.facts, AGE: self.ages})

    @property
    def next_question(self) -> str | None:
        """The slot to be asked for; None when there is something to tell."""
        if self.place is None:
            return "place_asked"
        if self.folder is None or self.rule == NOWHERE:
            return None
        if self.rule is None:
            return "benefit_asked"
        if self.asked is None:
            return None
        return "profile_agreed" if self.asks_about_profile else "fact"


def read_enquiry(slots: Mapping[str, Any]) -> Enquiry | None:
    """The enquiry of a conversation; None when there is none."""
    kept = slots.get(SLOT)
    return Enquiry(**kept) if kept else None


def is_open(kept: Mapping[str, Any] | None) -> bool:
    """Whether what the slot holds is an enquiry without a verdict yet."""
    return bool(kept) and not kept.get("told")


def _value(value: Any) -> Value:
    known: Value = (value[0], value[1]) if isinstance(value, list | tuple) else value
    return known
