"""Every case of tests/policies: what a rule says of a person on a day; and whether the cases see every condition."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.policy.enquiries import Officer
from knowledge.policy.loading import library
from knowledge.policy.rules import holds

FOLDER = Path(__file__).parents[3] / "policies"
LEAST_CASES = 250
KEYS = {
    "who",
    "facts",
    "day",
    "expect",
    "sections",
    "missing",
    "next",
    "amount",
    "payee",
    "warns",
    "no_warning",
    "class",
}


def cases() -> Iterator[dict[str, Any]]:
    """Each with place, rule, day and the number that names it."""
    for path in sorted(FOLDER.glob("*.yaml")):
        file = yaml.safe_load(path.read_text(encoding="utf-8"))
        for rule, listed in file["rules"].items():
            for case in listed:
                yield {"day": file["day"], **case, "place": file["place"], "rule": f"{path.stem}/{rule}"}


CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']}-{case['who']}")
def test_a_case(case: dict[str, Any]) -> None:
    officer = Officer(library(), case["day"])
    verdict = officer.answer(case["place"], case["rule"], case["facts"])
    assert verdict.verdict == case["expect"], [reason.text for reason in verdict.reasons]
    assert {reason.document for reason in verdict.reasons} <= {case["place"]}
    seen = {
        "sections": sorted({reason.section for reason in verdict.reasons}),
        "missing": sorted(verdict.missing_facts),
        "next": next(iter(verdict.missing_facts), None),
        "amount": verdict.amount.value if verdict.amount else None,
        "payee": verdict.payee,
        "class": [member.rule_id.partition("/")[2] for member in verdict.members],
    }
    for key in seen.keys() & case.keys():
        wanted = sorted(case[key]) if key in ("sections", "missing") else case[key]
        assert seen[key] == wanted, key
    warnings = "\n".join(verdict.warnings)
    assert case.get("warns", "") in warnings
    assert "no_warning" not in case or case["no_warning"] not in warnings


def test_there_are_enough_and_every_rule_has_some() -> None:
    assert len(CASES) >= LEAST_CASES
    assert {case["rule"] for case in CASES} == {*library().benefits(), *library().groups()}
    assert [case["who"] for case in CASES if not case.keys() - {"place", "rule"} <= KEYS] == []
    assert all(isinstance(case["day"], date) for case in CASES)


def test_every_condition_is_seen_to_hold_and_not_to_hold() -> None:
    seen: dict[tuple[str, int], set[Any]] = defaultdict(set)
    for case in CASES:
        if case["rule"] in library().benefits():
            known = Officer(library(), case["day"]).facts(case["rule"], case["facts"])
            version = library().benefits()[case["rule"]].versions[-1]
            for number, leaf in enumerate(version.when.leaves()):
                seen[case["rule"], number].add(holds(leaf, known))
    missing = [
        f"{rule}: {library().benefits()[rule].versions[-1].when.leaves()[number].reason}"
        for (rule, number), outcomes in seen.items()
        if not {True, False} <= outcomes
    ]
    assert missing == []


def test_every_rule_is_seen_with_an_open_fact_and_before_its_beginning() -> None:
    open_ones = {case["rule"] for case in CASES if case["expect"] in ("unknown", "possible")}
    begins = {rule: document for rule, document in _begin_dates().items()}
    early = {case["rule"] for case in CASES if case["rule"] in begins and case["day"] < begins[case["rule"]]}
    assert set(begins) - open_ones == set()
    assert set(begins) - early == set()


def _begin_dates() -> dict[str, date]:
    """The first day that the text or its publication gives."""
    found = {}
    for rule, benefit in library().benefits().items():
        dates = library().documents()[rule.partition("/")[0]].dates
        begins = benefit.versions[0].from_ or dates.issued or dates.published
        assert begins is not None
        found[rule] = begins
    return found
