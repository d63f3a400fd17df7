"""Whole numbers as Chinese words, both ways."""

import re

DIGITS = {"零": "0", "〇": "0", "一": "1", "幺": "1", "二": "2", "两": "2", "三": "3", "四": "4"}
DIGITS |= {"五": "5", "六": "6", "七": "7", "八": "8", "九": "9"}
NUMERALS = "零〇一二两三四五六七八九十百千万亿廿卅"
"""The characters that Chinese counts are written with."""

_NAMES = "零一二三四五六七八九"
_UNITS = {"十": 10, "百": 100, "千": 1000}
_SHORTENED = re.compile(r"([百千万])([一二三四五六七八九])$")
_NEXT_LOWER = {"百": "十", "千": "百", "万": "千"}


def say_number(number: int) -> str:
    """Say 0 to 99,999,999 as a count: 82 is 八十二, 105 is 一百零五."""
    if number >= 10_000:
        rest = number % 10_000
        gap = "零" if 0 < rest < 1000 else ""
        return say_number(number // 10_000) + "万" + gap + (_say_section(rest) if rest else "")
    said = _say_section(number) or "零"
    return said[1:] if said.startswith("一十") else said


def say_count(number: int, measure: str) -> str:
    """So many of something: 两位, 十二分钟."""
    return f"{'两' if number == 2 else say_number(number)}{measure}"


def _say_section(number: int) -> str:
    """Say 1 to 9999 in full, 15 as 一十五; nothing for 0."""
    said = ""
    for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, number = divmod(number, size)
        if digit:
            said += _NAMES[digit] + unit
        elif said and number and not said.endswith("零"):
            said += "零"
    return said


def parse_count(words: str) -> int | None:
    """Read one whole number, Arabic or Chinese (两百, 廿三, 三百五); None unless it is well formed."""
    if words.isascii():
        return int(words) if words.isdigit() and len(words) <= 8 else None
    plain = words.replace("两", "二").replace("〇", "零").replace("廿", "二十").replace("卅", "三十")
    plain = re.sub(r"(?<=[百千万零])十", "一十", plain)
    if plain.startswith("一十"):
        plain = plain[1:]
    plain = _SHORTENED.sub(lambda cut: cut[1] + cut[2] + _NEXT_LOWER[cut[1]], plain)
    value = _evaluate(plain)
    # Saying the value again must give the same words: this refuses 七十三四, 十八十九, 一百零 and the like.
    well_formed = value is not None and plain.replace("零十", "零一十") == say_number(value)
    return value if well_formed else None


def _evaluate(plain: str) -> int | None:
    total = section = digit = 0
    for char in plain:
        if char in _NAMES:
            digit = _NAMES.index(char)
        elif char in _UNITS:
            section += (digit or 1) * _UNITS[char]
            digit = 0
        elif char == "万":
            total, section, digit = (section + digit) * 10_000, 0, 0
        else:
            return None
    value = total + section + digit
    return value if value < 100_000_000 else None
