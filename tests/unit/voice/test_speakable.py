import re
from pathlib import Path

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.speakable import LONGEST_SENTENCE, sentences, speakable
from voice.spoken_numbers import count

DATA = Path(__file__).parents[2] / "data" / "speakable.tsv"
SPOKEN = [line.split("\t") for line in DATA.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def test_there_are_enough_examples() -> None:
    assert len(SPOKEN) >= 60


@pytest.mark.parametrize(("written", "said"), SPOKEN)
def test_numbers_are_said_as_people_say_them(written: str, said: str) -> None:
    assert speakable(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("您家120平方米。", "您家一百二十平方米。"),
        ("110岁的老人", "一百一十岁的老人"),
        ("119号楼", "一百一十九号楼"),
        ("打120时，把瓶子上的字念给他们。", "打幺二零时，把瓶子上的字念给他们。"),
        ("三号楼二单元五零一", "三号楼二单元五零一"),
        ("给赵秀英约助浴，明天，十一月二十四号", "给赵秀英约助浴，明天，十一月二十四号"),
        ("号码一三八，零零零零，一二三四。对吗？", "号码幺三八，零零零零，幺二三四。对吗？"),
        ("一九五八年一月一号", "一九五八年一月一号"),
        ("一心一意，三三两两", "一心一意，三三两两"),
        ("3-2-501", "三杠二杠五零一"),
        ("101路公交车", "幺零幺路公交车"),
        ("等了24小时", "等了二十四小时"),
        ("30分钟", "三十分钟"),
        ("考了100分", "考了一百分"),
        ("血压120/80", "血压一百二十，八十"),
        ("10:30见", "十点半见"),
        ("00:30", "凌晨十二点半"),
        ("3点见", "三点见"),
        ("3点钟", "三点钟"),
        ("什么时候", "什么时候"),
        ("身份证11010119580101123X", "身份证幺幺零幺零幺，幺九五八，零幺零幺，幺二三艾克斯"),
        ("面积90㎡，离这儿3km", "面积九十平方米，离这儿三公里"),
        ("A座", "诶座"),
    ],
)
def test_context_decides(written: str, said: str) -> None:
    assert speakable(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("**注意**：请看[这里](https://example.com/a?b=1)", "注意：请看这里"),
        ("好的👍 https://example.com/x", "好的"),
        ("说“人工”，或者按零。", "说人工，或者按零。"),
        ("您好!请问,您要办什么事?", "您好！请问，您要办什么事？"),
        ("- 洗澡\n- 做饭", "洗澡。做饭"),
        ("等一下……好了", "等一下。好了"),
        ("", ""),
        ("👍", ""),
        ("。。。", ""),
    ],
)
def test_what_is_not_said_is_dropped_and_pauses_stay(written: str, said: str) -> None:
    assert speakable(written) == said


@given(
    st.text(
        alphabet=st.sampled_from("打电话号码尾第年月日点分元块岁个人楼单元0123456789一二三十百.:-/%,，。？ ()¥+xA\n"),
        max_size=40,
    )
)
def test_nothing_but_characters_and_pauses_and_twice_is_once(text: str) -> None:
    said = speakable(text)
    assert re.fullmatch(r"[\u3400-\u9fff，。？！；：、]*", said)
    assert speakable(said) == said


@given(st.text(max_size=60))
def test_any_text_can_be_said(text: str) -> None:
    assert re.fullmatch(r"[\u3400-\u9fff，。？！；：、]*", speakable(text))


@given(st.integers(min_value=3, max_value=99_999_999))
def test_counts_agree_with_cn2an(number: int) -> None:
    assert cn2an.cn2an(count(str(number)).replace("两", "二"), "strict") == number


def test_sentences_are_cut_at_stops_and_keep_their_words() -> None:
    text = "您好，这里是暖线。您说“人工”或者按零，就找值班人员。您要办什么事？"
    assert sentences(text) == ["您好，这里是暖线。", "您说“人工”或者按零，就找值班人员。", "您要办什么事？"]
    assert sentences("  。 ") == []


def test_a_stop_inside_of_quotes_ends_nothing() -> None:
    assert sentences("说“救命！”就行。好。") == ["说“救命！”就行。", "好。"]


def test_long_sentences_are_cut_at_commas_but_not_in_a_number() -> None:
    text = "约好了：明天，十一月二十四号，星期二，下午三点，助浴，请您准备好，"
    text += "电话一三八，零零零零，一二三四，地址是阳光小区三号楼。"
    pieces = sentences(text)
    assert "".join(pieces) == text and len(pieces) > 1
    assert all(len(piece) <= LONGEST_SENTENCE for piece in pieces)
    assert any("一三八，零零零零，一二三四" in piece for piece in pieces)


@given(st.lists(st.sampled_from(["3.5", "1,200元", "15:30", "今天", "，", "。", "138 0000 1234", "好"]), max_size=30))
def test_sentences_never_cut_a_number(parts: list[str]) -> None:
    for piece in sentences("的".join(parts)):
        assert not re.search(r"\d[,.:]$", piece) and not re.match(r"[.,:]\d", piece)
