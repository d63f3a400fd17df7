"""Which of several: 第一个, 第2个, 头一个, 二."""

import re

from language.text import spoken

_DIGITS = {c: n for n, c in enumerate("一二三四五六七八九", start=1)} | {"两": 2}
_ORDINAL = re.compile(r"第?([一二两三四五六七八九1-9])[个项条]?")


def read_ordinal(text: str) -> int | None:
    """The number of the item in a list, from 1; None when the text names none or is more than that."""
    words = spoken(text)
    if words.startswith(("头一个", "头个", "前一个")):
        return 1
    found = re.search(r"第([一二两三四五六七八九1-9])", words) or _ORDINAL.fullmatch(words)
    if found is None:
        return None
    return _DIGITS.get(found[1]) or int(found[1])
