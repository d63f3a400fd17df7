"""Two requests in one breath."""

from __future__ import annotations

import pytest

from nlu.components.requests import parts, requests

WISHES = {"约": "book_service", "津贴": "ask_policy", "摔": "report_emergency", "谢": "thanks"}


def judge(text: str) -> tuple[str, float]:
    return next(((intent, 0.9) for word, intent in WISHES.items() if word in text), ("inform", 0.3))


def wanted(text: str) -> list[str]:
    return [one.intent for one in requests(text, judge, sure=0.6)]


@pytest.mark.parametrize(
    "text",
    ["我要约洗澡 顺便问问津贴", "我要约洗澡，再问一下津贴", "我要约洗澡另外津贴怎么领", "我要约洗澡 对了 津贴怎么领"],
)
def test_both_are_kept_in_the_order_they_were_said(text):
    assert wanted(text) == ["book_service", "ask_policy"]


def test_danger_goes_first():
    assert wanted("我要约洗澡 另外我妈摔了起不来") == ["report_emergency", "book_service"]


@pytest.mark.parametrize("text", ["我要约洗澡 明天下午", "我要约洗澡", "我要约洗澡 另外谢谢你们", "顺便", ""])
def test_one_request_is_one(text):
    assert wanted(text) == []


def test_the_parts_are_stretches_of_the_text_as_given():
    text = "我要约洗澡，另外津贴怎么领"
    assert [text[start:end] for start, end in parts(text)][-1] == "津贴怎么领"
