"""Replies as messages and buttons."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render import LongChoices, claim_keyboard, keyboard, label_of, message_parts, numbered, units
from hotline.sessions import Choice, Reply


def test_short_buttons_share_a_row_and_long_ones_have_their_own() -> None:
    choices = [Choice("上午", "a"), Choice("下午", "b"), Choice("请护理员先打电话", "c"), Choice("不用", "d")]
    markup = keyboard(choices, LongChoices())
    assert markup is not None
    rows = [[button.text for button in row] for row in markup.inline_keyboard]
    assert rows == [["上午", "下午"], ["请护理员先打电话"], ["不用"]]


def test_no_choices_no_keyboard() -> None:
    assert keyboard([], LongChoices()) is None


@given(st.lists(st.text(min_size=1, max_size=80), min_size=1, max_size=8))
def test_every_button_fits_and_says_all_of_it(says: list[str]) -> None:
    long = LongChoices()
    markup = keyboard([Choice("选", text) for text in says], long)
    assert markup is not None
    buttons = [button for row in markup.inline_keyboard for button in row]
    for button, text in zip(buttons, says, strict=True):
        data = str(button.callback_data)
        assert len(data.encode()) <= 64
        assert long.says(data, "选") == text


def test_a_long_choice_forgotten_says_its_label() -> None:
    before = LongChoices()
    markup = keyboard([Choice("就这个", "很长" * 40)], before)
    assert markup is not None
    data = str(markup.inline_keyboard[0][0].callback_data)
    assert label_of(markup, data) == "就这个"
    assert LongChoices().says(data, "就这个") == "就这个"


def test_the_memory_of_long_choices_is_bounded() -> None:
    long = LongChoices()
    first = long.keep("头一个" * 20)
    for number in range(2000):
        long.keep(f"{number}" * 30)
    assert long.says("key:" + first, "标签") == "标签"


def test_a_button_is_found_by_its_data() -> None:
    markup = claim_keyboard("esc_0123456789abcdef")
    assert label_of(markup, "claim:esc_0123456789abcdef") == "我来接"
    assert label_of(markup, "claim:esc_other") is None
    assert label_of(None, "say:x") is None


@given(st.text(alphabet="天气。，\n 好😀a", max_size=400))
def test_parts_fit_and_lose_only_spaces(text: str) -> None:
    parts = message_parts(text, limit=50)
    assert all(0 < units(part) <= 50 for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize(("text", "first"), [("一二三。四五六七八", "一二三。"), ("一二三四\n五六七八九", "一二三四")])
def test_a_cut_comes_after_a_sentence_or_a_line(text: str, first: str) -> None:
    assert message_parts(text, limit=6)[0] == first


def test_numbered_lines_for_the_terminal() -> None:
    reply = Reply("您要哪天？", choices=(Choice("明天", "明天"), Choice("后天", "后天")))
    assert numbered(reply).split() == ["您要哪天？", "1.", "明天", "2.", "后天"]
