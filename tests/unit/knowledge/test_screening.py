"""The emergency screen: nobody in danger missed, operators not alarmed for nothing."""

import csv
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pydantic import ValidationError
from pypinyin import lazy_pinyin

from knowledge.phrasebook import KINDS, PhraseGroup, phrasebook
from knowledge.screening import screen, warm

DATA = Path(__file__).parents[2] / "data"
NOISE = 0.15
Sentence = tuple[str, str, str]


@cache
def sentences(name: str) -> tuple[Sentence, ...]:
    with (DATA / name).open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple((row["text"], row["tier"], row["kind"]) for row in rows)


@cache
def homophones() -> dict[str, list[str]]:
    """Common characters (GB 2312) by toneless sound."""
    by_sound: dict[str, list[str]] = defaultdict(list)
    for code in range(0x4E00, 0x9FA6):
        try:
            chr(code).encode("gb2312")
        except UnicodeEncodeError:
            continue
        by_sound[lazy_pinyin(chr(code))[0]].append(chr(code))
    return by_sound


def misheard(text: str, chance: random.Random) -> str:
    return "".join(
        chance.choice(homophones()[lazy_pinyin(char)[0]])
        if "\u4e00" <= char <= "\u9fa5" and chance.random() < NOISE
        else char
        for char in text
    )


def unmarked(text: str) -> str:
    """As a recogniser writes it: characters with blanks, no marks."""
    return " ".join(char for char in text if char.isalnum())


def recall(found: Iterator[str | None]) -> float:
    tiers = list(found)
    return sum(tier is not None for tier in tiers) / len(tiers)


def emergencies(name: str) -> list[str]:
    return [text for text, tier, _ in sentences(name) if tier != "none"]


def harmless(name: str) -> list[str]:
    return [text for text, tier, _ in sentences(name) if tier == "none"]


def test_the_development_file_is_large_enough() -> None:
    assert len(emergencies("screen_dev.tsv")) >= 300
    assert len(harmless("screen_dev.tsv")) >= 600
    assert {kind for _, tier, kind in sentences("screen_dev.tsv") if tier != "none"} == set(KINDS)
    assert not {t for t, _, _ in sentences("screen_dev.tsv")} & {t for t, _, _ in sentences("screen_test.tsv")}


@pytest.mark.parametrize("form", [str, unmarked], ids=["typed", "recogniser"])
def test_development_sentences(form: type[str]) -> None:
    texts = emergencies("screen_dev.tsv")
    missed = [text for text in texts if screen(form(text)).tier is None]
    assert len(missed) <= 0.01 * len(texts), missed
    quiet = harmless("screen_dev.tsv")
    tiers = {text: screen(form(text)).tier for text in quiet}
    assert sum(tier == "certain" for tier in tiers.values()) <= 0.005 * len(quiet), tiers
    assert sum(tier is not None for tier in tiers.values()) <= 0.05 * len(quiet), tiers


def test_clear_danger_is_certain_and_rightly_named() -> None:
    rows = [row for row in sentences("screen_dev.tsv") if row[1] == "certain"]
    hits = [(screen(text), kind) for text, _, kind in rows]
    assert sum(hit.tier == "certain" for hit, _ in hits) >= 0.95 * len(rows)
    assert sum(hit.kind == kind for hit, kind in hits) >= 0.93 * len(rows)


@pytest.mark.parametrize("seed", range(3))
def test_misheard_development_sentences(seed: int) -> None:
    chance = random.Random(seed)
    texts = [misheard(text, chance) for text in emergencies("screen_dev.tsv")]
    assert recall(screen(text).tier for text in texts) >= 0.95
    quiet = [misheard(text, chance) for text in harmless("screen_dev.tsv")]
    assert sum(screen(text).tier == "certain" for text in quiet) <= 0.03 * len(quiet)


def test_sentences_never_tuned_on() -> None:
    """Measured once when written: recall 94.7 %, certain for nothing 5.8 %, possible for nothing 14.9 %.

    These sentences are not for tuning: write others for that.
    """
    texts, quiet = emergencies("screen_test.tsv"), harmless("screen_test.tsv")
    assert len(texts) >= 150
    assert len(quiet) >= 150
    assert recall(screen(text).tier for text in texts) >= 0.93
    assert sum(screen(text).tier == "certain" for text in quiet) <= 0.07 * len(quiet)


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
    texts = [text for name in ("screen_dev.tsv", "screen_test.tsv") for text, _, _ in sentences(name)]
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
