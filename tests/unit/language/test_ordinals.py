"""Which of several a caller chooses."""

import pytest

from language.ordinals import read_choice


@pytest.mark.parametrize(
    ("text", "count", "number"),
    [
        ("第二个", 3, 2), ("头一个", 2, 1), ("2", 2, 2), ("前面那个", 3, 1),
        ("后面那个吧", 2, 2), ("后面那个", 3, None),
        ("最后一个", 3, 3), ("第三个", 2, None), ("都不是", 2, None), ("我要助浴", 2, None),
    ],
)  # fmt: skip
def test_one_of_several(text: str, count: int, number: int | None) -> None:
    assert read_choice(text, count) == number
