"""Facts as callers say them: asked, unasked, unclear; and as officers write them."""

import pytest

from knowledge.policy.fact_reading import FactReader, WrongValue
from knowledge.policy.loading import library
from knowledge.policy.rules import UNKNOWN, Value


@pytest.fixture(scope="module")
def reader() -> FactReader:
    return FactReader(library().facts(), library().one("benefits/wording.yaml"), 2026)


@pytest.mark.parametrize(
    ("name", "said", "value"),
    [
        ("age", "八十二", 82),
        ("age", "四四年生的", (81, 82)),
        ("age", "记不太准，七十多吧", (70, 79)),
        ("self_care", "不用，自己都行", "能自理"),
        ("self_care", "不是失能，是半失能", "半失能"),
        ("self_care", "样样都要人", "失能"),
        ("economic_hardship", "困难", True),
        ("economic_hardship", "不太困难", False),
        ("economic_hardship", "挺困难的", True),
        ("economic_hardship", "还可以吧", False),
        ("low_income", "有低保", True),
        ("low_income", "没有低保", False),
        ("low_income", "没办低保", False),
        ("lives_alone", "是的", True),
        ("lives_alone", "跟老伴一起住", False),
        ("lives_alone", "她不是一个人住", False),
        ("destitute", "不是", False),
        ("destitute", "没错", True),
        ("lhasa_hukou", "这个我不清楚", UNKNOWN),
        ("self_care", "说不准", UNKNOWN),
        ("monthly_services", "六百五十", 650),
        ("town", "汪家桥那边", "汪家桥街道"),
        ("xiongan_community", "容东的南文营", "南文营社区"),
    ],
)
def test_an_answer_is_read(reader: FactReader, name: str, said: str, value: Value) -> None:
    assert reader.answer(name, said) == value


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("economic_hardship", "要交什么材料吗"),
        ("lives_alone", "是不是要去登记"),
        ("assessed", "评估要多少钱"),
        ("age", "明天上午九点"),
        ("self_care", "要的"),
        ("town", "住在毛里湖，以前在三洲驿"),
        ("destitute", "有件事我想问问你们那个食堂今天开门"),
    ],
)
def test_what_answers_nothing_is_not_read(reader: FactReader, name: str, said: str) -> None:
    assert reader.answer(name, said) is None


def test_facts_are_heard_in_one_breath_and_only_those_looked_for(reader: FactReader) -> None:
    said = "我妈八十一了，瘫痪，一个人住，没有低保，想申请那个床位"
    told = reader.told(("age", "self_care", "lives_alone", "low_income", "disability"), said)
    assert told == {"age": 81, "self_care": "失能", "lives_alone": True, "low_income": False}
    assert reader.told(("disability",), said) == {}


def test_the_age_in_a_benefits_name_is_nobodys_age(reader: FactReader) -> None:
    assert reader.told(("age",), "八十岁以上的高龄津贴我能领吗") == {}


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("age", "82", 82),
        ("age", "八十二", 82),
        ("age", "80-89", (80, 89)),
        ("age", "unknown", UNKNOWN),
        ("self_care", "瘫痪", "失能"),
        ("economic_hardship", "是", True),
        ("economic_hardship", "false", False),
        ("economic_hardship", "没有", False),
        ("economic_hardship", "不知道", UNKNOWN),
        ("basic_service_client", "是", True),
    ],
)
def test_an_officer_writes_a_value(reader: FactReader, name: str, written: str, value: Value) -> None:
    assert reader.value(name, written) == value


@pytest.mark.parametrize(
    ("name", "written", "allowed"),
    [
        ("age", "很老", "周岁 as a number"),
        ("age", "-3", "周岁 as a number"),
        ("age", "nan", "周岁 as a number"),
        ("age", "89-80", "周岁 as a number"),
        ("self_care", "还行", "能自理, 半失能, 失能"),
        ("economic_hardship", "也许", "是, 否, 不知道"),
    ],
)
def test_a_value_that_a_fact_cannot_have_names_those_it_can(
    reader: FactReader, name: str, written: str, allowed: str
) -> None:
    with pytest.raises(WrongValue, match=allowed):
        reader.value(name, written)
