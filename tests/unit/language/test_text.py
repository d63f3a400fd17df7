import pytest

from language.text import LONGEST, normalise, spoken


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我 想 约 个 助 浴", "我想约个助浴"),
        ("Ｔｅｌ：１３８ 0000 1234", "tel，13800001234"),
        ("您好,我想问问...", "您好，我想问问。"),
        ("真的吗??!", "真的吗？"),
        ("下午 15：30 来", "下午15:30来"),
        ("37.5 度", "37.5度"),
        ("《办法》（试行）", "办法试行"),
        ("OK 好的", "ok好的"),
        ("wifi box 2", "wifi box 2"),
        ("  \n\t ", ""),
        ("", ""),
        ("a\u200bb", "ab"),
    ],
)
def test_normalise(text: str, expected: str) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("您好，想订 餐。", "您好想订餐"),
        ("😀👍", ""),
        ("？！，", ""),
        ("明天 9 点", "明天9点"),
        ("snake_case", "snakecase"),
    ],
)
def test_spoken(text: str, expected: str) -> None:
    assert spoken(text) == expected


@pytest.mark.parametrize("text", ["我 想 约 个 助 浴", "下午 15：30！！来", "A b，c", "１，０００", "😀 好"])
def test_both_are_settled_after_one_pass(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
    assert spoken(spoken(text)) == spoken(text)


def test_a_very_long_text_is_cut() -> None:
    assert len(normalise("好 " * 100_000)) == LONGEST
