"""The emergency screen: nobody in danger missed, operators not alarmed for nothing."""

import csv
import random
import time
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from pydantic import ValidationError

from knowledge.phrasebook import KINDS, PhraseGroup, phrasebook
from knowledge.screening import screen, warm
from language.noise import noisy

DATA = Path(__file__).parents[2] / "data"
NOISE = 0.15
Sentence = tuple[str, str, str, str]


@cache
def sentences(name: str) -> tuple[Sentence, ...]:
    with (DATA / name).open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple((row["text"], row["tier"], row["kind"], row.get("sort") or "") for row in rows)


def unmarked(text: str) -> str:
    """As a recogniser writes it: characters with blanks, no marks."""
    return " ".join(char for char in text if char.isalnum())


def share(hits: Iterable[bool]) -> float:
    found = list(hits)
    return sum(found) / len(found)


def heard(texts: Iterable[str]) -> float:
    """The share that is heard at all."""
    return share(screen(text).tier is not None for text in texts)


def alarms(texts: Iterable[str]) -> float:
    """The share that acts at once."""
    return share(screen(text).tier == "certain" for text in texts)


def emergencies(name: str) -> list[str]:
    return [text for text, tier, _, _ in sentences(name) if tier != "none"]


def harmless(name: str, sort: str = "hard") -> list[str]:
    return [text for text, tier, _, found in sentences(name) if tier == "none" and found in (sort, "")]


def test_the_files_are_large_enough_and_apart() -> None:
    for name, wanted in (("screen_dev.tsv", (300, 1000, 500)), ("screen_blind.tsv", (300, 1000, 500))):
        assert len(emergencies(name)) >= wanted[0]
        assert len(harmless(name)) >= wanted[1]
        assert len(harmless(name, "ordinary")) >= wanted[2]
        assert {kind for _, tier, kind, _ in sentences(name) if tier != "none"} == set(KINDS)
    texts = [{row[0] for row in sentences(f"screen_{name}.tsv")} for name in ("dev", "test", "blind")]
    assert not texts[0] & texts[1]
    assert not texts[0] & texts[2]


@pytest.mark.parametrize("form", [str, unmarked], ids=["typed", "recogniser"])
def test_development_sentences(form: type[str]) -> None:
    """What the weights were learnt from: a check that phrases, signs and weights belong together."""
    assert heard(map(form, emergencies("screen_dev.tsv"))) >= 0.995
    quiet = [form(text) for text in harmless("screen_dev.tsv")]
    assert alarms(quiet) <= 0.005
    assert heard(quiet) <= 0.1
    talk = [form(text) for text in harmless("screen_dev.tsv", "ordinary")]
    assert alarms(talk) <= 0.001
    assert heard(talk) <= 0.02


def test_clear_danger_is_certain_and_rightly_named() -> None:
    rows = [row for row in sentences("screen_dev.tsv") if row[1] == "certain"]
    hits = [(screen(text), kind) for text, _, kind, _ in rows]
    assert share(hit.tier == "certain" for hit, _ in hits) >= 0.75
    assert share(hit.kind == kind for hit, kind in hits) >= 0.97


def test_misheard_development_sentences() -> None:
    assert heard(noisy(text, NOISE, 3) for text in emergencies("screen_dev.tsv")) >= 0.99
    assert alarms(noisy(text, NOISE, 3) for text in harmless("screen_dev.tsv")) <= 0.01


@pytest.mark.parametrize("name", ["screen_test.tsv", "screen_blind.tsv"])
def test_sentences_never_tuned_on(name: str) -> None:
    """For measuring, not for tuning: docs/benchmarks.md has the figures. Write other sentences to tune by."""
    texts, quiet = emergencies(name), harmless(name)
    assert heard(texts) >= 0.985
    assert heard(noisy(text, NOISE, 1) for text in texts) >= 0.98
    assert alarms(quiet) <= 0.007
    assert heard(quiet) <= 0.25


def test_ordinary_talk_is_seldom_asked_and_alarms_nobody() -> None:
    talk = harmless("screen_blind.tsv", "ordinary")
    assert alarms(talk) == 0
    assert heard(talk) <= 0.015


@pytest.mark.parametrize("word", ["气", "饿", "热", "笑", "累", "烦", "吓", "急", "愁", "渴", "困"])
def test_an_idiom_is_not_asked_about(word: str) -> None:
    for text in (f"{word}死我了", f"{word}死了", f"{word}死人了", f"快{word}死了", f"可把我{word}死了"):
        assert screen(text).tier is None, text


@pytest.mark.parametrize(
    "text",
    ["瘫痪", "半瘫", "半身不遂多年", "穿衣吃饭要人帮", "大小便失禁", "卧床五年", "家里没人", "我一个人", "坐轮椅"],
)
def test_a_state_told_in_a_form_is_no_event(text: str) -> None:
    assert screen(text).tier is None


def test_what_happens_suddenly_is_an_event() -> None:
    hit = screen("突然半边身子不听使唤")
    assert (hit.tier, hit.kind) == ("certain", "stroke")


@pytest.mark.parametrize("words", ["我想订明天的午饭，要软一点的，", "明天下午三点来洗澡，地址不变，"])
@pytest.mark.parametrize("cry", ["哎呀我妈摔地上了起不来", "救命，有人打我", "我喘不上气了"])
def test_a_cry_in_the_middle_of_talk_acts(words: str, cry: str) -> None:
    for text in (words + cry, cry + "，" + words, unmarked(words + cry)):
        assert screen(text).tier == "certain", text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我 摔 在 厕所 里 起 不 来 了", "fall"),
        ("我妈摔了起不来", "fall"),
        ("昨天摔了到现在起不来", "fall"),
        ("上个月摔过一跤，现在又摔了起不来了", "fall"),
        ("上个月摔过一跤现在又摔了起不来了", "fall"),
        ("半个小时之前我摔倒了", "fall"),
        ("刚才在门口摔了一跤", "fall"),
        ("阿妈 倒了", "fall"),
        ("胸口很疼", "chest_pain"),
        ("主要是胸口疼得厉害", "chest_pain"),
        ("以前没这样过，胸口疼", "chest_pain"),
        ("我爸喘不上气", "breathing"),
        ("老伴叫不醒", "unconscious"),
        ("看电影的时候我妈晕倒了", "unconscious"),
        ("我妈晕倒了怎么办", "unconscious"),
        ("煤气味很大", "gas"),
        ("电视着火了", "fire"),
        ("儿子在打我", "violence"),
        ("不给我饭吃还打我", "violence"),
        ("我现在就不想活了", "suicide"),
        ("救命", "other"),
    ],
)
def test_certain(text: str, kind: str) -> None:
    hit = screen(text)
    assert (hit.tier, hit.kind) == ("certain", kind)
    assert hit.phrase_id


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("救", "other"),
        ("快", "other"),
        ("快快快", "other"),
        ("哎哟", "other"),
        ("疼死了", "other"),
        ("胸口闷", "chest_pain"),
        ("头晕得厉害", "unconscious"),
        ("活着没意思", "suicide"),
        ("我不敢说话", "violence"),
        ("他在旁边", "violence"),
        ("昨天他打我了", "violence"),
        ("他以前打过我，昨天又动手", "violence"),
        ("我爸昨天晕倒过", "unconscious"),
    ],
)
def test_possible(text: str, kind: str) -> None:
    hit = screen(text)
    assert hit.tier is not None
    assert hit.kind == kind


@pytest.mark.parametrize(
    "text", ["甩倒了", "率倒了", "我摔道了", "喘不尚器", "胸扣疼", "救名啊", "叫不星我妈", "煤汽漏了"]
)
def test_homophones_are_heard(text: str) -> None:
    assert screen(text).tier is not None


@pytest.mark.parametrize(
    "text",
    [
        "上个月摔过一跤想租轮椅",
        "去年冬天，我妈摔了一跤",
        "没摔",
        "没有摔倒，就是问问",
        "不疼了，没事",
        "万一摔倒了怎么办",
        "能不能装防摔的扶手",
        "电视里说有个老人摔倒了",
        "气死我了",
        "笑死",
        "累死了",
        "手机摔坏了",
        "吓死人了",
        "忙死了",
        "防走失手环怎么领",
        "燃气费怎么交",
        "煤气灶坏了想修",
        "血压高想咨询",
        "心脏病能报销吗",
        "消防检查",
        "止血药",
        "中风后康复训练",
        "打我电话",
        "打我手机就行",
        "救命恩人",
        "不用叫救护车",
        "你好",
        "",
        "。。。",
    ],
)
def test_nothing(text: str) -> None:
    assert screen(text).tier is None


def test_a_negated_part_does_not_silence_what_stands_beside_it() -> None:
    assert screen("我没发烧，就是胸口疼").tier == "certain"
    assert screen("活着没啥意思，想喝药走了算了").tier == "certain"
    assert screen("没摔，是我老伴叫不醒").kind == "unconscious"


def test_emergency_and_operator_are_both_reported() -> None:
    hit = screen("救命，给我转人工")
    assert (hit.tier, hit.kind, hit.wants_person) == ("certain", "other", True)


@pytest.mark.parametrize(
    "text",
    [
        "人工", "人工人工", "转 人 工", "请转人工，谢谢", "人公",
        "仁工", "银工", "我要真人", "找个人跟我说", "话务员在吗",
        "接线员", "客服", "给我找你们的人说话", "别让机器跟我说",
        "我不想跟机器人说话", "转人公", "你们那有人吗", "有人吗",
    ],
)  # fmt: skip
def test_wants_a_person(text: str) -> None:
    hit = screen(text)
    assert hit.wants_person
    assert hit.tier is None


@pytest.mark.parametrize(
    "text",
    ["您好", "您好啊", 
        "人工关节多少钱", "人工耳蜗有补贴吗", "人工费怎么算", "人工湖",
        "你是人工智能吗", "人工呼吸", "人工心脏", "人工晶体",
        "人工增雨", "不要人工", "找个人来打扫卫生", "换人工膝关节", "我妈一个人在家", "残疾人工作怎么找",
    ],
)  # fmt: skip
def test_does_not_want_a_person(text: str) -> None:
    assert not screen(text).wants_person


def test_an_emergency_deep_in_a_long_message_is_found() -> None:
    assert screen("今天天气不错，我去公园走了走。" * 150 + "我爸晕过去了").kind == "unconscious"
    assert screen("好" * 470 + "我爸晕过去了，叫不醒" + "好" * 700).tier == "certain"


def test_any_text_is_survived() -> None:
    chance = random.Random(7)
    for _ in range(200):
        screen("".join(chr(chance.randrange(1, 0x2FFFF)) for _ in range(40) if chance.random() < 0.9))


def test_fast_enough_to_stand_before_everything_else() -> None:
    warm()
    texts = [text for name in ("screen_blind.tsv", "screen_test.tsv") for text, *_ in sentences(name)]
    for text in texts:
        screen(text)
    taken = []
    for text in texts:
        start = time.thread_time()
        screen(text)
        taken.append(time.thread_time() - start)
    taken.sort()
    # Processor time, so that a busy machine does not decide.
    assert taken[len(taken) // 2] < 0.0005
    assert taken[int(len(taken) * 0.99)] < 0.002


def test_every_kind_has_phrases_and_a_label() -> None:
    assert set(phrasebook().labels) == set(KINDS)
    assert len(KINDS) == 15


@pytest.mark.parametrize(
    "group",
    [
        {},
        {"words": ["摔"], "parts": ["摔", "地上"]},
        {"parts": ["摔"]},
        {"parts": ["摔|", "地上"]},
        {"words": ["摔"], "tier": "sure"},
        {"words": ["摔"], "unles": ["碗"]},
    ],
)
def test_a_wrong_entry_is_refused(group: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PhraseGroup.model_validate(group)
