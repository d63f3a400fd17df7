"""Which of several: 第一个, 第2个, 头一个, 二, 后面那个."""

import re

from language.text import spoken

_DIGITS = {c: n for n, c in enumerate("一二三四五六七八九", start=1)} | {"两": 2}
_ORDINAL = re.compile(r"第?([一二两三四五六七八九1-9])[个项条]?")

_FIRST, _SECOND, _LAST = ("前面", "前头", "头一", "前一", "前者"), ("后面", "后头", "后一", "后者"), ("最后", "末了")


def read_choice(text: str, count: int) -> int | None:
    """The number from 1 of the item that is chosen among `count`; None when the text names none of them.

    前面 is the first, 最后 the last; 后面 tells only one of two.
    """
    words = spoken(text)
    number = read_ordinal(text)
    if number is None and words.startswith(_FIRST):
        number = 1
    elif number is None and (words.startswith(_LAST) or (count == 2 and words.startswith(_SECOND))):
        number = count
    return number if number is not None and 1 <= number <= count else None


def read_ordinal(text: str) -> int | None:
    """The number of the item in a list, from 1; None when the text names none or is more than that."""
    words = spoken(text)
    if words.startswith(("头一个", "头个", "前一个")):
        return 1
    found = re.search(r"第([一二两三四五六七八九1-9])", words) or _ORDINAL.fullmatch(words)
    if found is None:
        return None
    return _DIGITS.get(found[1]) or int(found[1])
