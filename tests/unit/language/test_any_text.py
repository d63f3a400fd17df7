"""Whatever is said or typed, the readers answer and do not fail."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.vocabulary import lookup_words, time_conventions
from language.addresses import read_address
from language.lookup import find
from language.names import read_name
from language.numbers import read_age, read_last_four, read_number, read_phone
from language.sounds import fuzzy_syllables
from language.text import normalise, spoken
from language.time_sentence import find_time_words
from language.times import merge, read_time

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PIECES = (
    "今 明 后 大 天 儿个 早 晚 上午 下午 晌午 中午 一 二 三 五 九 十 廿 零 百 年 月 号 日 点 半 刻 分 "
    "周 星期 礼拜 下 上 这 个 到 过 不 不行 改到 不对 是 初 农历 末 每 后 前 小时 : - ， 。 1 2 3 0 15 30 "
    "每 隔 次 一三五 阳历 正月 腊月 闰 廿三 二月 重阳节 国庆 除夕 放假 头一天 前一天 底 旬 "
    "半个 钟头 差 以后 以前 开始 的 明年 去年 "
    "路 村 楼 岁 多 王 李 叫 我 给 大爷 电话 尾号 😀"
).split()


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join) | st.text(max_size=60))
@example("")
@example("一" * 500)
@example("十点" * 250)
@example("0" * 500)
def test_nothing_fails(text: str) -> None:
    conventions = time_conventions()
    reading = read_time(text, NOW, conventions)
    assert (reading.question is not None) == (reading.kind == "ambiguous")
    assert (reading.start is not None) or reading.kind not in ("exact", "range")
    assert reading.kind != "range" or (reading.start and reading.end and reading.start < reading.end)
    merge(reading, text, NOW, conventions)
    for read in (find_time_words, read_phone, read_last_four, read_age, read_number, read_name, read_address):
        read(text)
    assert len(fuzzy_syllables(text)) == len(text)
    find(text, lookup_words())
    assert normalise(normalise(text)) == normalise(text)
    assert spoken(spoken(text)) == spoken(text)


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=10).map("".join))
def test_the_words_of_a_sure_time_mean_it_again(text: str) -> None:
    reading = read_time(text, NOW, time_conventions())
    if reading.kind in ("exact", "range", "recurring"):
        again = read_time(reading.words, NOW, time_conventions())
        assert replace(again, words="") == replace(reading, words="")


@pytest.mark.parametrize("text", ["", "嗯", "😀", "..."])
def test_nothing_said_is_nothing_read(text: str) -> None:
    readers = (find_time_words, read_phone, read_last_four, read_age, read_number, read_name, read_address)
    assert [read(text) for read in readers] == [None] * len(readers)
