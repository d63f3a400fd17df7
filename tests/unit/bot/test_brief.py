"""What the claimer reads: the last ten exchanges, what is known, and what must not be done."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.brief import EXCHANGES, LONGEST, brief_text
from bot.wording import section
from hotline.escalation import Escalation
from hotline.handoff import Packet
from hotline.people import Elder
from hotline.sessions import Turn
from knowledge.phrasebook import KINDS
from knowledge.safety import facts, guidance

NOON = datetime(2026, 5, 6, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def turn(number: int, said: str, reply: str = "嗯") -> Turn:
    return Turn(f"t{number}", "s", number, f"u{number}", said, NOON + timedelta(minutes=number), reply)


def packet(*turns: Turn, may_ring: bool = True, **more: Any) -> Packet:
    raised = Escalation("esc_7", "s", "t1", 1, more.pop("kind", "fall"), "now", NOON, number="13800009999", **more)
    elder = Elder("e", "钱玉珍", "13800009998", "威海", "示例路9号")
    return Packet(raised, may_ring, "小林", None, turns, (), (), elder, (), (), (), (), ())


def test_the_last_ten_exchanges_with_their_times() -> None:
    lines = brief_text(packet(*(turn(n, f"第{n}句") for n in range(1, 15)))).splitlines()
    said = [line for line in lines if "来电人：" in line]
    assert len(said) == EXCHANGES
    assert said[0] == "12:05 来电人：第5句" and said[-1] == "12:14 来电人：第14句"


def test_the_known_facts_are_named_in_chinese() -> None:
    text = brief_text(packet(turn(1, "喂"), known={"where": "厨房地上", "door": "反锁了"}, caller_says_ok=True))
    assert "- 在哪儿：厨房地上\n- 门能不能打开：反锁了" in text
    assert "没事" in text
    assert "跌倒" in text and "esc_7" in text


@pytest.mark.parametrize("kind", [*sorted(KINDS), "abuse", "fraud"])
def test_every_fact_that_is_asked_for_has_a_name(kind: str) -> None:
    asked = {question.asks for question in guidance(kind).questions if question.asks}
    assert {*asked, *facts()} <= set(section("fact"))


def test_what_must_not_be_done_is_said_first() -> None:
    private = packet(turn(1, "喂"), may_ring=False, kind="violence", tell_family=False)
    lines = brief_text(private).splitlines()
    assert "不要回拨" in lines[2] and "家属" in lines[3]
    safe = brief_text(replace(private, may_ring=True))
    assert "不要回拨" not in safe and "不要告诉家属" in safe
    assert "不要" not in brief_text(packet(turn(1, "喂")))


def test_number_and_address_stay_out_of_telegram() -> None:
    text = brief_text(packet(turn(1, "喂")))
    assert not any(secret in text for secret in ("13800009999", "13800009998", "示例路", "钱玉珍"))


def test_silence_and_a_wall_of_words_and_braces() -> None:
    text = brief_text(packet(turn(1, "", ""), turn(2, "哎" * 3000), turn(3, "{0}\n{x}")))
    assert "（没说话）" in text
    assert "哎" * LONGEST + "…" in text and "哎" * (LONGEST + 1) not in text
    assert "{0} {x}" in text
    assert "没有说过话" in brief_text(packet())
