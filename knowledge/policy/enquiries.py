"""One question of eligibility as an officer writes it: place, rule and facts by their words, checked and answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge.policy.fact_reading import FactReader, WrongValue
from knowledge.policy.loading import Library
from knowledge.policy.rule_finding import find_rules, folder_of, rules_of
from knowledge.policy.rules import Value
from knowledge.policy.verdicts import Assessor, Verdict
from knowledge.vocabulary import benefits
from language.text import spoken


class BadEnquiry(Exception):
    """Something that was asked for is not there; the message names what is."""


@dataclass(frozen=True)
class Officer:
    """Answers from `library` as of `day`."""

    library: Library
    day: date

    @property
    def assessor(self) -> Assessor:
        return Assessor(self.library, self.day)

    def folder(self, place: str | None) -> str:
        """The folder of a place. Raises BadEnquiry."""
        folder = folder_of(self.library, place or "")
        if folder is None:
            known = ", ".join(document.place for document in self.library.documents().values())
            raise BadEnquiry(f"no documents of {place or 'no place'}; there are: {known}")
        return folder

    def rule(self, folder: str, benefit: str | None) -> str:
        """The rule by file name, name, or a word for it. Raises BadEnquiry when none or several fit."""
        names = rules_of(self.library, folder)
        wanted = spoken(benefit or "")
        exact = [rule for rule, name in names.items() if wanted in (rule, rule.partition("/")[2], spoken(name))]
        by_id = [rule for rule in names if benefit in (rule, rule.partition("/")[2])]
        found = by_id or exact or find_rules(self.library, folder, benefit or "")
        if not found and benefit and benefit in benefits():
            found = [rule for rule in benefits()[benefit].rules if rule in names]
        if len(found) != 1:
            listed = ", ".join(f"{rule.partition('/')[2]} ({names[rule]})" for rule in found or names)
            raise BadEnquiry(
                f"{benefit or 'no benefit'} names {'several' if found else 'no'} rules; there are: {listed}"
            )
        return found[0]

    @property
    def reader(self) -> FactReader:
        return FactReader(self.library.facts(), self.assessor.wording, self.day.year)

    def facts(self, rule_id: str, given: Mapping[str, Any]) -> dict[str, Value]:
        """Values out of words. Raises BadEnquiry for a fact that the rule does not know, or a value it can't have."""
        reader, of_rule = self.reader, self.assessor.asks_about(rule_id)
        values: dict[str, Value] = {}
        for name, text in given.items():
            if name not in reader.facts:  # one that this rule does not ask about does no harm
                raise BadEnquiry(f"no fact {name}; {rule_id} asks about: {', '.join(of_rule)}")
            try:
                values[name] = text if isinstance(text, bool) else reader.value(name, str(text))
            except WrongValue as error:
                raise BadEnquiry(f"{error}") from None
        return values

    def answer(self, place: str | None, benefit: str | None, given: Mapping[str, Any]) -> Verdict:
        """The verdict. Raises BadEnquiry."""
        rule_id = self.rule(self.folder(place), benefit)
        return self.assessor.assess(rule_id, self.facts(rule_id, given))
