"""A verdict: what a rule in force on a day says of an elder, as far as the facts are known. Never a promise."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from knowledge.policy.benefits import Amount, Benefit, Fact, Version
from knowledge.policy.documents import Document
from knowledge.policy.groups import Group
from knowledge.policy.loading import Library
from knowledge.policy.rules import Decided, Known, Outcome, deciding, holds, open_facts, still_matter
from knowledge.policy.shapes import Payee, Statement
from knowledge.policy.verdict_wording import VerdictWording

Answer = Literal["likely", "possible", "unlikely", "unknown"]


@dataclass(frozen=True)
class Reason:
    """In our own words what decided, and the section of the document that asks for it."""

    text: str
    document: str
    section: str


@dataclass(frozen=True)
class Judged:
    """One rule on one day: its version in force, or why there is none."""

    rule_id: str
    benefit: Benefit
    document: Document
    version: Version
    not_in_force: str
    outcome: Outcome
    decided: tuple[Decided, ...]


@dataclass(frozen=True)
class Verdict:
    """What we can say of one rule, or of a group of rules, and what it rests on.

    `likely`: every condition is met; `unlikely`: one is not; `possible`: the rest is for an official, or nobody
    knows it; `unknown`: `missing_facts` can still change the answer, the most telling first. `members` are the
    rules that decided, for a group those that still come into question.
    """

    place: str
    rule_id: str
    name: str
    verdict: Answer
    missing_facts: tuple[str, ...]
    members: tuple[Judged, ...]
    reasons: tuple[Reason, ...]
    amount: Amount | None
    payee: Payee
    gives: Statement
    open: tuple[str, ...]
    ask_whom: tuple[str, ...]
    warnings: tuple[str, ...]
    rule_version: str
    day: date


@dataclass(frozen=True)
class Assessor:
    """Judges rules of `library` on `day`."""

    library: Library
    day: date

    @cached_property
    def wording(self) -> VerdictWording:
        wording: VerdictWording = self.library.one("benefits/wording.yaml")
        return wording

    @cached_property
    def facts(self) -> dict[str, Fact]:
        return self.library.facts()

    def assess(self, rule_id: str, known: Known) -> Verdict:
        """The verdict of a rule such as jinshi/home_beds, or of a group such as lasa/classes. Raises KeyError."""
        group = self.library.groups().get(rule_id)
        if group is None:
            return self._one(rule_id, known)
        return self._group(rule_id, group, known)

    def question(self, name: str) -> str | None:
        """How the caller is asked for a fact; None for one that only an official can judge."""
        return self.facts[name].asks

    def asks_about(self, rule_id: str) -> tuple[str, ...]:
        """The facts of a rule or group in the order of its files, judged ones too. Raises KeyError."""
        group, folder = self.library.groups().get(rule_id), rule_id.partition("/")[0]
        members = [f"{folder}/{member}" for member in group.members] if group else [rule_id]
        versions = [self._version(self.library.benefits()[member]) for member in members]
        return tuple(dict.fromkeys(leaf.fact for one in versions for leaf in one.when.leaves() if leaf.fact))

    def record(self, verdict: Verdict) -> dict[str, Any]:
        """Plain JSON values, with the next question; where the text gives no amount, `open` says so."""
        words, missing = self.wording, verdict.missing_facts
        return {
            "place": verdict.place,
            "benefit": verdict.rule_id.partition("/")[2],
            "verdict": verdict.verdict,
            "missing_facts": list(missing),
            "question": self.question(missing[0]) if missing else None,
            "reasons": [vars(reason) for reason in verdict.reasons],
            "amount": verdict.amount.model_dump(mode="json") if verdict.amount else None,
            "payee": verdict.payee,
            "open": [*verdict.open, *([] if verdict.amount else [words.no_amount_in_english])],
            "ask_whom": list(verdict.ask_whom),
            "warnings": list(verdict.warnings),
            "rule_version": verdict.rule_version,
        }

    # --- one rule ----------------------------------------------------------------------------------------

    def _one(self, rule_id: str, known: Known) -> Verdict:
        judged = self._judged(rule_id, known)
        when = judged.version.when
        missing: tuple[str, ...] = ()
        if not judged.not_in_force:
            missing = still_matter(lambda facts: holds(when, facts), known, open_facts([when], known, self.facts))
        return Verdict(
            place=judged.document.place,
            rule_id=rule_id,
            name=judged.benefit.name,
            verdict=_answer(judged.outcome, missing),
            missing_facts=missing,
            members=(judged,),
            reasons=tuple(dict.fromkeys(self._reasons(judged, missing))),
            amount=judged.version.amount,
            payee=judged.benefit.payee,
            gives=judged.version.gives,
            open=(*judged.benefit.open, *self._no_amount(judged.version)),
            ask_whom=tuple(one.says for one in judged.benefit.ask_whom),
            warnings=self._warnings(judged),
            rule_version=self._rule_version(rule_id, judged.version),
            day=self.day,
        )

    def _judged(self, rule_id: str, known: Known) -> Judged:
        benefit = self.library.benefits()[rule_id]
        document = self.library.documents()[rule_id.partition("/")[0]]
        version = self._version(benefit)
        why_not = self._not_in_force(version, document)
        outcome = False if why_not else holds(version.when, known)
        if outcome and not self._surely_published(version, document):
            outcome = None
        decided = () if why_not else deciding(version.when, known)
        return Judged(rule_id, benefit, document, version, why_not, outcome, tuple(filter(self._is_told, decided)))

    def _is_told(self, one: Decided) -> bool:
        """What nobody has asked the caller yet has decided nothing."""
        return one.outcome is not None or one.asked or self.facts[one.test.fact or ""].judged

    def _version(self, benefit: Benefit) -> Version:
        """The version in force on the day, else the last one that had begun, else the first."""
        begun = [one for one in benefit.versions if one.from_ is None or one.from_ <= self.day]
        return (begun or [benefit.versions[0]])[-1]

    def _not_in_force(self, version: Version, document: Document) -> str:
        """Why the version does not hold on the day; empty if it does."""
        dates = document.dates
        begins = version.from_ or dates.effective_from or dates.issued
        ends = min((day for day in (version.until, dates.effective_until) if day), default=None)
        if begins and self.day < begins:
            words = self.wording.not_yet if version.from_ else self.wording.issued_later
            return words.format(date=self.date(begins))
        if ends and self.day > ends:
            return self.wording.ended.format(date=self.date(ends))
        return ""

    def _surely_published(self, version: Version, document: Document) -> bool:
        """A text without a date of its own holds for certain only from the day it was published."""
        published = document.dates.published
        return bool(version.from_ or document.dates.issued) or published is None or published <= self.day

    def date(self, day: date) -> str:
        """A date in words."""
        return self.wording.date.format(year=day.year, month=day.month, day=day.day)

    # --- what it rests on --------------------------------------------------------------------------------

    def _reasons(self, judged: Judged, missing: Sequence[str]) -> Iterator[Reason]:
        """What is still to be asked is no reason yet."""
        place = judged.document.place
        if judged.not_in_force:
            yield from (Reason(judged.not_in_force, place, sign) for sign in judged.version.gives.at)
        for one in judged.decided:
            if one.outcome is not None or one.test.fact not in missing:
                yield from (Reason(self._said(one), place, sign) for sign in one.test.at or ())

    def _said(self, one: Decided) -> str:
        """The test in our own words, with how it came out."""
        words, fact = self.wording, self.facts[one.test.fact or ""]
        if one.outcome is None:
            said = words.judged if fact.judged else words.not_known
        elif one.against:
            said = words.excludes if one.outcome else words.not_excluded
        else:
            said = words.met if one.outcome else words.not_met
        return said.format(reason=one.test.reason)

    def _no_amount(self, version: Version) -> tuple[str, ...]:
        return () if version.amount else (self.wording.no_amount,)

    def _warnings(self, judged: Judged) -> tuple[str, ...]:
        words, benefit, target = self.wording, judged.benefit, judged.version.target
        published = judged.document.dates.published
        found = [judged.not_in_force, words.commitments.get(benefit.commitment, "")]
        if target and target.by < self.day:
            found.append(words.expired.format(date=self.date(target.by)))
        if benefit.payee == "provider":
            found.append(words.for_providers)
        if published and not self._surely_published(judged.version, judged.document):
            found.append(words.before_published.format(date=self.date(published)))
        return tuple(dict.fromkeys(filter(None, (*found, *benefit.warnings, judged.document.caution))))

    def _rule_version(self, rule_id: str, version: Version) -> str:
        since = version.from_.isoformat() if version.from_ else "undated"
        return f"{rule_id}@{since}#{self.library.digest(f'benefits/{rule_id}.yaml')}"

    # --- a group of rules --------------------------------------------------------------------------------

    def _group(self, group_id: str, group: Group, known: Known) -> Verdict:
        folder = group_id.partition("/")[0]
        judged = [self._judged(f"{folder}/{member}", known) for member in group.members]
        in_force = [one for one in judged if not one.not_in_force]
        conditions = [one.version.when for one in in_force]

        def decide(facts: Known) -> tuple[Outcome, ...]:
            return tuple(_up_to_first(holds(when, facts) for when in conditions))

        missing = still_matter(decide, known, open_facts(conditions, known, self.facts))
        outcomes = list(_up_to_first(one.outcome for one in judged))
        possible = [one for one, outcome in zip(judged, outcomes, strict=False) if outcome is not False]
        candidates = tuple(possible or judged)
        passed_over = [one for one in judged[: len(outcomes)] if one not in candidates]
        reasons = [reason for one in (*candidates, *passed_over) for reason in self._reasons(one, missing)]
        return Verdict(
            place=judged[0].document.place,
            rule_id=group_id,
            name=group.name,
            verdict=_answer(_one_left(outcomes), missing),
            missing_facts=missing,
            members=candidates if possible else (),
            reasons=tuple(dict.fromkeys(reasons)),
            amount=None,
            payee="none",
            gives=group.gives if possible else group.none_fits,
            open=_once(text for one in candidates for text in (*one.benefit.open, *self._no_amount(one.version))),
            ask_whom=_once(whom.says for one in candidates for whom in one.benefit.ask_whom),
            warnings=_once(text for one in candidates for text in self._warnings(one)),
            rule_version=self._group_version(group_id, judged),
            day=self.day,
        )

    def _group_version(self, group_id: str, judged: Sequence[Judged]) -> str:
        members = "+".join(self.library.digest(f"benefits/{one.rule_id}.yaml")[:6] for one in judged)
        return f"{group_id}@undated#{self.library.digest(f'groups/{group_id}.yaml')}+{members}"


def _answer(outcome: Outcome, missing: Sequence[str]) -> Answer:
    if missing:
        return "unknown"
    return "possible" if outcome is None else "likely" if outcome else "unlikely"


def _up_to_first(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Those that matter: what comes after one that certainly fits is never reached."""
    for outcome in outcomes:
        yield outcome
        if outcome:
            return


def _one_left(outcomes: Sequence[Outcome]) -> Outcome:
    """True when one fits and nothing before it may; False when none may."""
    left = [outcome for outcome in outcomes if outcome is not False]
    return False if not left else True if left == [True] else None


def _once(texts: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
