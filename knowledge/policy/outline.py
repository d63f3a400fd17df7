"""The sections of a Chinese official text and their signs: 三(四)1 is part three, item (四), sub-item 1."""

import re

HEAD, SIGNED, FOOT = "文首", "落款", "页尾"
"""What stands before part 一, the signature block, and what a website put below the text."""

SIGN = re.compile(r"(文首|落款|页尾|[一二三四五六七八九十]+(?:[(][一二三四五六七八九十]+[)])?(?:[1-9]\d?)?)\Z")

_PART = re.compile(r"([一二三四五六七八九十]+)、")
_ITEM = re.compile(r"[(（]([一二三四五六七八九十]+)[)）]")
_SUB_ITEM = re.compile(r"(\d{1,2})[.．、](?!\d)")


def sections(text: str, signed: str, foot: str = "") -> dict[str, str]:
    """Every section's own text by its sign, in the order of `text`.

    A heading stands at the beginning of a line. `signed` and `foot` are the beginnings of the lines where the
    signature block and the website's own words begin; empty if there is none.
    """
    found: dict[str, list[str]] = {HEAD: []}
    part = item = ""
    sign = HEAD
    for line in map(str.strip, text.splitlines()):
        if foot and line.startswith(foot):
            sign = FOOT
        elif sign == FOOT or (part and signed and line.startswith(signed)):
            sign = sign if sign == FOOT else SIGNED
        elif sign != SIGNED:
            part, item, sign = _next(line, part, item, sign)
        found.setdefault(sign, []).append(line)
    return {sign: "\n".join(lines) for sign, lines in found.items()}


def _next(line: str, part: str, item: str, sign: str) -> tuple[str, str, str]:
    if match := _PART.match(line):
        return match[1], "", match[1]
    if part and (match := _ITEM.match(line)):
        return part, f"({match[1]})", f"{part}({match[1]})"
    if item and (match := _SUB_ITEM.match(line)):
        return part, item, f"{part}{item}{match[1]}"
    return part, item, sign


def within(sign: str) -> list[str]:
    """The section itself and what it lies in, the nearest first: 三(四)1, 三(四), 三."""
    if sign in (HEAD, SIGNED, FOOT):
        return [sign]
    item = sign.rstrip("0123456789")
    return list(dict.fromkeys([sign, item, item.partition("(")[0]]))
