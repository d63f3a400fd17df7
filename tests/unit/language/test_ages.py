"""Ages as they are said, as the youngest and the oldest they may mean."""

import pytest

from language.ages import read_ages


@pytest.mark.parametrize(
    ("said", "ages"),
    [
        ("八十二", (82, 82)),
        ("我妈今年八十二了", (82, 82)),
        ("满六十了", (60, 60)),
        ("都九十啦", (90, 90)),
        ("我妈八十一了，瘫痪", (81, 81)),
        ("八十多岁", (80, 89)),
        ("七十好几了", (70, 79)),
        ("八十出头", (80, 89)),
        ("虚岁八十一", (79, 80)),
        ("她六十岁，虚岁", (58, 59)),
        ("四四年生的", (81, 82)),
        ("五九年的", (66, 67)),
        ("1944年出生", (81, 82)),
        ("一九四四年的", (81, 82)),
        ("快八十了", (75, 79)),
        ("差两个月八十", (75, 79)),
        ("不到六十", (55, 59)),
    ],
)
def test_an_age_is_read_as_far_as_it_is_said(said: str, ages: tuple[int, int]) -> None:
    assert read_ages(said, 2026) == ages


@pytest.mark.parametrize(
    "said",
    [
        "明天上午九点",
        "八十岁以上的高龄津贴",
        "电话13800001111",
        "三个人",
        "有三个了",
        "两千多块",
        "属虎",
        "二〇三〇年的",
        "一百五十岁",
        "",
    ],
)
def test_what_is_no_age_is_not_taken_for_one(said: str) -> None:
    assert read_ages(said, 2026) is None
