"""Rules checked by machine: actions, forms, slots and responses in code and in the domain are the same."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.base import FORM_SLOTS
from actions.executor import executor
from knowledge.vocabulary import services

ROOT = Path(__file__).parents[3]
INTENTS = set(
    "greet goodbye thanks affirm deny repeat slower louder wait start_over stop_current request_operator"
    " request_callback bot_identity chitchat out_of_scope report_emergency report_abuse ask_policy"
    " check_eligibility find_place book_service query_booking change_booking cancel_booking"
    " request_welfare_check pause_visits update_profile complain rate_service query_case volunteer inform".split()
)


@cache
def domain() -> dict[str, Any]:
    """All domain files as one."""
    merged: dict[str, Any] = {"intents": [], "actions": [], "slots": {}, "forms": {}, "responses": {}, "entities": []}
    for path in sorted((ROOT / "nlu" / "domain").glob("*.yml")):
        for key, value in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            if isinstance(merged.get(key), list):
                merged[key] += value
            elif isinstance(merged.get(key), dict):
                assert not merged[key].keys() & value.keys(), f"{path.name}: twice in {key}"
                merged[key].update(value)
    return merged


def code() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "actions").glob("*.py")))


def test_the_intents_are_exactly_those_promised() -> None:
    assert set(domain()["intents"]) == INTENTS | {"nlu_fallback"}
    examples = {
        block["intent"]
        for path in (ROOT / "nlu" / "data" / "examples").glob("*.yml")
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    }
    assert examples == INTENTS


def test_every_action_is_in_the_domain_and_back() -> None:
    assert set(executor().actions) == set(domain()["actions"])


def test_every_form_has_its_validation() -> None:
    assert {f"validate_{form}" for form in domain()["forms"]} <= set(executor().actions)


def test_every_slot_that_is_set_exists() -> None:
    assert set(FORM_SLOTS) <= set(domain()["slots"])
    for form in domain()["forms"].values():
        assert set(form["required_slots"]) <= set(domain()["slots"])


@pytest.mark.parametrize("name", sorted(set(re.findall(r'"(utter_[a-z_]+)"', code()))))
def test_every_response_named_in_code_exists(name: str) -> None:
    assert name in domain()["responses"]


def test_every_response_is_used_and_plain() -> None:
    rules = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "nlu" / "data" / "rules").glob("*.yml"))
    asked = {f"utter_ask_{slot}" for slot in domain()["slots"]} | {
        f"utter_ask_{form}_{slot}" for form, about in domain()["forms"].items() for slot in about["required_slots"]
    }
    for name, variants in domain()["responses"].items():
        used = name in code() + rules or name in asked or name.startswith("utter_case_")
        assert used, f"{name} is said by nobody"
        for variant in variants:
            assert not re.search(r"[a-zA-Z]", re.sub(r"\{\w+\}", "", variant["text"])), name
            assert all(len(part) <= 30 for part in re.split(r"[。？！；]", variant["text"]) if "{" not in part), name
            assert set(variant.get("metadata", {})) <= {"asks", "then"}, name
            assert variant.get("metadata", {}).get("then", "listen") in ("listen", "hand_over", "hang_up"), name


def test_buttons_say_plain_words() -> None:
    for variants in domain()["responses"].values():
        for variant in variants:
            assert not any(button["payload"].startswith("/") for button in variant.get("buttons", []))


def test_every_service_can_be_asked_for() -> None:
    assert len(services()) == 20
