"""Three-valued logic, which tests decided, and which facts are still worth asking."""

from typing import Any

import pytest

from knowledge.policy.benefits import Condition, Fact
from knowledge.policy.rules import UNKNOWN, Known, deciding, holds, open_facts, still_matter

FACTS = {
    "age": Fact(kind="number", unit="周岁", asks="多大岁数？"),
    "poor": Fact(kind="yes_no", asks="困难吗？"),
    "alone": Fact(kind="yes_no", asks="一个人住吗？"),
    "care": Fact(kind="choice", asks="要人帮吗？", choices={"能自理": (), "半失能": (), "失能": ()}),
    "very_old": Fact(kind="yes_no", judged=True),
}


def test_(name: str, **test: Any) -> dict[str, Any]:
    return {"fact": name, "reason": "有个条件", "at": "一", **test}


test_.__test__ = False  # type: ignore[attr-defined]  # a maker of conditions
POOR, ALONE, OLD = test_("poor", **{"is": True}), test_("alone", **{"is": True}), test_("very_old", **{"is": True})
SIXTY, HELPLESS = test_("age", at_least=60), test_("care", one_of=["半失能", "失能"])


def condition(**parts: Any) -> Condition:
    return Condition.model_validate(parts)


def ask(when: Condition, known: Known) -> tuple[str, ...]:
    return still_matter(lambda facts: holds(when, facts), known, open_facts([when], known, FACTS))


@pytest.mark.parametrize(
    ("parts", "known", "outcome"),
    [
        ({"all": [POOR, ALONE]}, {"poor": True, "alone": True}, True),
        ({"all": [POOR, ALONE]}, {"poor": False}, False),
        ({"all": [POOR, ALONE]}, {"poor": True}, None),
        ({"all": [POOR, ALONE]}, {"poor": True, "alone": UNKNOWN}, None),
        ({"any": [POOR, ALONE]}, {"alone": True}, True),
        ({"any": [POOR, ALONE]}, {"poor": False}, None),
        ({"any": [POOR, ALONE]}, {"poor": False, "alone": False}, False),
        ({"not": POOR}, {"poor": False}, True),
        ({"not": POOR}, {"poor": UNKNOWN}, None),
        (SIXTY, {"age": 60}, True),
        (SIXTY, {"age": 59.5}, False),
        (SIXTY, {"age": (60, 69)}, True),
        (SIXTY, {"age": (50, 59)}, False),
        (SIXTY, {"age": (58, 61)}, None),
        (test_("age", at_least=60, below=80), {"age": 80}, False),
        (test_("age", at_least=60, below=80), {"age": (60, 79)}, True),
        (test_("poor", **{"is": False}), {"poor": False}, True),
        (HELPLESS, {"care": "能自理"}, False),
    ],
)
def test_an_outcome_is_certain_or_open(parts: dict[str, Any], known: Known, outcome: bool | None) -> None:
    assert holds(condition(**parts), known) is outcome


def test_only_what_can_change_the_outcome_is_asked() -> None:
    when = condition(all=[POOR, {"any": [ALONE, HELPLESS]}])
    assert ask(when, {}) == ("poor", "care", "alone")
    assert ask(when, {"alone": True}) == ("poor",)
    assert ask(when, {"poor": False}) == ()
    assert set(ask(when, {"poor": True})) == {"alone", "care"}


def test_the_fact_that_decides_most_comes_first_and_equals_keep_their_order() -> None:
    assert ask(condition(all=[{"any": [ALONE, HELPLESS]}, POOR]), {})[0] == "poor"
    assert ask(condition(all=[ALONE, POOR]), {}) == ("alone", "poor")


def test_a_fact_that_stands_twice_is_looked_at_as_one() -> None:
    when = condition(any=[{"all": [POOR, ALONE]}, {"all": [{"not": POOR}, ALONE]}])
    assert ask(when, {}) == ("alone",)  # whether poor or not makes no difference


def test_beside_a_judged_fact_only_a_no_can_still_decide() -> None:
    assert ask(condition(all=[OLD, POOR]), {}) == ("poor",)
    assert ask(condition(all=[OLD, POOR]), {"poor": UNKNOWN}) == ()
    assert ask(condition(all=[{"any": [OLD, ALONE]}, POOR]), {"poor": UNKNOWN}) == ()


def test_a_number_is_asked_for_again_only_where_a_limit_lies_between() -> None:
    assert ask(condition(**SIXTY), {"age": (55, 64)}) == ("age",)
    assert ask(condition(**SIXTY), {"age": (60, 69)}) == ()
    assert ask(condition(**SIXTY), {"age": UNKNOWN}) == ()


def test_what_failed_decides_else_what_holds_and_what_is_open() -> None:
    when = condition(all=[POOR, {"any": [ALONE, OLD]}, {"not": HELPLESS}])

    def decided(**known: Any) -> list[tuple[str | None, bool | None, bool]]:
        return [(one.test.fact, one.outcome, one.against) for one in deciding(when, known)]

    assert decided(poor=False, alone=True) == [("poor", False, False)]
    assert decided(poor=True, alone=True, care="失能") == [("care", True, True)]
    met = [("poor", True, False), ("alone", True, False), ("care", False, True)]
    assert decided(poor=True, alone=True, care="能自理") == met
    assert decided(poor=True, alone=False, care="能自理")[1] == ("very_old", None, False)
