"""Scenarios side by side, and those that are no telephone call."""

from typing import Any

import pytest

from bootstrap.scenario.answers import Answers
from bootstrap.scenario.apart import not_by_call, plays_beside_others, with_own_numbers
from bootstrap.scenario.script import Contact, Scenario, Step

LINKED: dict[str, Any] = {
    "name": "a daughter",
    "caller": {"number": "13800001111", "linked_elder": "赵秀英"},
    "given": {
        "elders": [{"name": "赵秀英", "phone": "13800002222", "contacts": [{"name": "女儿", "number": "13800001111"}]}],
        "orders": [{"elder": "赵秀英", "service": "bathing", "start": "2026-11-25T15:00:00+08:00"}],
    },
    "turns": ["打13900003333", {"keys": "0"}],
    "then": [{"turns": ["你好"]}],
    "expect": {"callbacks": [{"number": "13800001111"}], "said": ["尾号一一一一"]},
}


def test_every_number_of_a_scenario_is_changed_alike_and_keeps_its_last_four() -> None:
    own = with_own_numbers(Scenario.model_validate(LINKED), 7)
    assert own.caller.number == own.given.elders[0].contacts[0].phone == "13800071111"
    assert own.given.elders[0].phone == "13800072222"
    assert own.turns[0].say == "打13900073333"
    assert own.expect == {"callbacks": [{"number": "13800071111"}], "said": ["尾号一一一一"]}
    assert own.contacts()[1].caller.number == "13800071111"
    assert own.given.orders[0].start.isoformat() == "2026-11-25T15:00:00+08:00"


def test_two_scenarios_share_no_number() -> None:
    script = Scenario.model_validate(LINKED)
    assert with_own_numbers(script, 1).caller.number != with_own_numbers(script, 2).caller.number


def _changed(**given: Any) -> Scenario:
    return Scenario.model_validate({**LINKED, "given": {**LINKED["given"], **given}})


def test_operators_of_its_own_or_an_unknown_caller_among_elders_play_alone() -> None:
    assert plays_beside_others(Scenario.model_validate(LINKED))
    assert not plays_beside_others(_changed(ready_operators=["小林"]))
    assert not plays_beside_others(_changed(supervisors=["何班长"]))
    assert not plays_beside_others(Scenario.model_validate({**LINKED, "caller": {"number": "13900003333"}}))
    assert plays_beside_others(Scenario.model_validate({"caller": {"number": "13900003333"}, "turns": ["你好"]}))


@pytest.mark.parametrize(("given", "why"), [({"rasa": "down"}, "rasa"), ({"database": "full"}, "database")])
def test_faults_are_named_as_not_playable_by_call(given: dict[str, str], why: str) -> None:
    assert why in (not_by_call(_changed(**given)) or "")


def test_what_a_telephone_cannot_do_is_named() -> None:
    twice = Scenario.model_validate({**LINKED, "turns": [{"say": "你好", "twice": True}]})
    assert "twice" in (not_by_call(twice) or "")
    assert not_by_call(Scenario.model_validate(LINKED)) is None


def test_answers_are_used_up() -> None:
    answers = Answers({"when": ["明天", "后天"], "confirm": "对"})
    assert [answers.to("when") for _ in range(3)] == ["明天", "后天", None]
    assert [answers.to("confirm") for _ in range(4)] == ["对", "对", "对", None]
    assert answers.to("other") is None
    assert answers.to(None) is None


def test_all_that_a_caller_may_say_is_known_before_he_rings() -> None:
    contact = Contact(
        turns=[Step(say="你好"), Step(silence_seconds=5), Step(press="对"), Step(say="你好")],
        answers={"when": ["明天", 3], "who": "我妈", "phone": None},
    )
    assert contact.words() == ["你好", "对", "明天", "3", "我妈"]
