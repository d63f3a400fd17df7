"""What is said to someone in danger: short, sourced, and never a promise that only a person can make."""

import pytest
from pydantic import ValidationError

from knowledge.phrasebook import KINDS, phrasebook
from knowledge.safety import LONGEST_NUMBER_SENTENCE, LONGEST_SENTENCE, Guidance, Line, common, guidance
from knowledge.yaml_files import KnowledgeError

ALL = (*KINDS, "abuse", "fraud")
PROMISES = (
    "马上到", "马上就到", "已经派", "派人", "救护车正在", "正在赶",
    "在路上", "已经出发", "马上来", "马上就来", "就来了", "很快就到",
    "一会儿就到", "有人去了", "人去了", "放心",
)  # fmt: skip
MEDICAL = ("吃药", "服用", "毫克", "硝酸甘油", "阿司匹林", "救心丸", "打针", "催吐", "降压药")


def spoken_by(kind: str) -> list[str]:
    advice = guidance(kind)
    return [
        advice.first,
        *(line.text for line in advice.lines),
        *(question.text for question in advice.questions),
    ]


@pytest.mark.parametrize("kind", ALL)
def test_every_kind_has_guidance_with_sources(kind: str) -> None:
    advice = guidance(kind)
    assert advice.kind == kind
    for line in advice.lines:
        assert line.source.title
        assert line.source.publisher
        assert line.checked_on or line.to_check
        assert line.source.url or line.source.number or line.to_check


@pytest.mark.parametrize("kind", KINDS)
def test_labels_agree_with_the_phrases(kind: str) -> None:
    assert guidance(kind).label == phrasebook().labels[kind]


@pytest.mark.parametrize("kind", ALL)
def test_sentences_are_short(kind: str) -> None:
    assert not [sentence for sentence in spoken_by(kind) if len(sentence) > LONGEST_SENTENCE]


def test_common_sentences_are_short() -> None:
    for key, sentence in common().items():
        limit = LONGEST_NUMBER_SENTENCE if key in {"second_phone", "alone", "alone_no_number"} else LONGEST_SENTENCE
        assert len(sentence.format(number="120")) <= limit, key


@pytest.mark.parametrize("words", [*PROMISES])
def test_nothing_promises_that_help_is_coming(words: str) -> None:
    said = [sentence for kind in ALL for sentence in spoken_by(kind)] + list(common().values())
    assert not [sentence for sentence in said if words in sentence]


def test_no_medicine_is_advised() -> None:
    said = [sentence for kind in ALL for sentence in spoken_by(kind)]
    assert not [sentence for sentence in said if any(word in sentence for word in MEDICAL)]


def test_a_person_has_taken_over_is_said_only_there() -> None:
    said = {key for key, sentence in common().items() if "接手" in sentence and "没有人接手" not in sentence}
    assert said == {"claimed"}


def test_questions_are_one_at_a_time() -> None:
    for kind in ALL:
        assert all(question.text.count("？") == 1 for question in guidance(kind).questions)


@pytest.mark.parametrize("kind", ["violence", "abuse"])
def test_who_may_be_overheard_is_asked_quietly(kind: str) -> None:
    advice = guidance(kind)
    assert advice.quiet
    assert advice.national_number == "110"
    assert "safe_to_ring" in {question.asks for question in advice.questions}
    assert not [s for s in spoken_by(kind) for word in ("打人", "打您", "打你", "家暴", "暴力", "虐待") if word in s]


def test_violence_is_answered_by_yes_or_no() -> None:
    for question in guidance("violence").questions:
        assert question.text.endswith("吗？")
        assert not any(word in question.text for word in ("哪", "谁", "什么", "怎么", "几"))


@pytest.mark.parametrize(
    ("kind", "number"), [("fall", "120"), ("fire", "119"), ("gas", "119"), ("missing_person", "110")]
)
def test_national_numbers(kind: str, number: str) -> None:
    assert guidance(kind).national_number == number


def test_two_ways_to_the_national_number() -> None:
    assert "120" in common()["second_phone"].format(number="120")
    assert "全国" in common()["second_phone"]
    assert "挂断" in common()["alone"]
    assert "打回来" in common()["alone"]


def test_gas_is_left_before_anything_is_dialled() -> None:
    assert "屋外" in guidance("gas").first
    assert "开关" in guidance("gas").first


@pytest.mark.parametrize(
    "key",
    "calling_now second_phone alone danger_question after_no says_ok still_there still_with_you claimed "
    "nobody_ready trouble".split(),
)
def test_the_conversation_finds_its_sentences(key: str) -> None:
    assert common()[key]


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KnowledgeError):
        guidance("earthquake")


def test_a_line_says_whether_it_was_checked() -> None:
    source = {"title": "t", "publisher": "p"}
    with pytest.raises(ValidationError):
        Line.model_validate({"text": "先别动。", "source": source, "checked_on": None})
    with pytest.raises(ValidationError):
        Line.model_validate({"text": "先别动。", "source": source, "checked_on": "2026-11-21", "to_check": True})
    with pytest.raises(ValidationError):
        Guidance.model_validate({"kind": "fall"})
