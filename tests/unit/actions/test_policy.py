"""What a caller's words mean when asked which place, which of two things, and what next."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from actions.heard import Heard
from actions.policy import NONE_NEEDED, SLOT, Talk, read_talk
from actions.policy_forms import PolicyForm

CHOICES = Talk(
    question="上门服务的政策",
    wants="choice",
    cards=["jinshi/project_visits", "jinshi/four_visits"],
    names=["提升行动的上门服务", "每月四次上门服务试点"],
)


def heard(text: str, requested: str, intent: str = "inform", channel: str = "phone") -> Heard:
    now = datetime(2026, 11, 26, 9, tzinfo=UTC)
    return Heard("ses", "trn", now, channel, text, intent, (), {}, None, requested, True, "policy_form")


async def understood(turn: Heard, talk: Talk) -> dict[str, Any]:
    return await PolicyForm().understand(turn, {SLOT: talk.as_slot()}, None)  # type: ignore[arg-type]  # not used


@pytest.mark.parametrize(
    ("text", "place"), [("雄安", "雄安"), ("我在城关区呢", "拉萨"), ("天津的", "天津"), ("金市", "津市")]
)
async def test_a_place_by_name_locality_or_sound(text: str, place: str) -> None:
    found = await understood(heard(text, "policy_place"), Talk("家庭医生", "place"))
    assert found["policy_place"] == place


async def test_no_place_is_asked_for_once_more_and_then_given_up() -> None:
    talk = Talk("家庭医生", "place")
    again = await understood(heard("我说不上来", "policy_place", "nlu_fallback"), talk)
    assert read_talk(again).tries == 1
    assert await understood(heard("就这里", "policy_place"), replace(talk, tries=1)) == {"policy_place": ""}


async def test_another_wish_interrupts() -> None:
    assert await understood(heard("想约个助浴", "policy_place", "book_service"), Talk("家庭医生", "place")) == {}


async def test_a_new_question_with_its_place_takes_the_old_ones_place() -> None:
    turn = heard("津市的康复辅具租赁怎么弄", "policy_place", "ask_policy")
    found = await understood(turn, Talk("家庭医生", "place"))
    assert read_talk(found).question == turn.text


@pytest.mark.parametrize(
    ("text", "intent", "card"),
    [
        ("第二个", "inform", "jinshi/four_visits"),
        ("提升行动的上门服务", "ask_policy", "jinshi/project_visits"),
        ("一个月四次那个", "inform", "jinshi/four_visits"),
        ("都不是", "deny", ""),
        ("不用了", "deny", NONE_NEEDED),
    ],
)
async def test_choosing_by_number_by_name_and_by_words(text: str, intent: str, card: str) -> None:
    assert await understood(heard(text, "policy_choice", intent), CHOICES) == {"policy_choice": card}


@pytest.mark.parametrize(
    ("text", "intent", "channel", "step"),
    [
        ("详细说说", "louder", "phone", "more"),
        ("接着说", "request_operator", "phone", "more"),
        ("好", "affirm", "phone", "more"),
        ("好", "affirm", "terminal", "register"),
        ("帮我登记", "out_of_scope", "phone", "register"),
        ("不用", "deny", "phone", "no"),
        ("那要多少钱", "out_of_scope", "phone", "about"),
    ],
)
async def test_what_to_do_next_whatever_the_model_makes_of_it(text: str, intent: str, channel: str, step: str) -> None:
    talk = Talk("食堂", "next", card="jinshi/canteen", left=["一", "二"] if channel == "phone" else [])
    assert await understood(heard(text, "policy_next", intent, channel), talk) == {"policy_next": step}


async def test_a_new_question_is_no_answer_to_the_offer() -> None:
    talk = Talk("食堂", "next", card="jinshi/canteen", left=["一"])
    assert await understood(heard("家庭医生怎么签约", "policy_next", "ask_policy"), talk) == {}


def test_the_form_asks_for_what_is_wanted_only() -> None:
    form = PolicyForm()
    assert form.next_slot({SLOT: CHOICES.as_slot()}) == "policy_choice"
    assert form.next_slot({SLOT: CHOICES.as_slot(), "policy_choice": ""}) is None
    assert form.next_slot({}) is None
