"""Sums of money as they are said: 三千二, 两万五, 四五百, 三块五, 八百多."""

import re

from language.counts import NUMERALS, parse_count
from language.text import normalise

FEN = {"元": 100, "块": 100, "角": 10, "毛": 10, "分": 1}
_DIGIT = "一二三四五六七八九"
_UNIT = "[十百千万]"
_COUNT = rf"(?:\d{{1,8}}(?:\.\d{{1,2}})?万?|[{NUMERALS}]+)"
_VAGUE = "(?:多|几|来|好几|大几)"
_TWO = re.compile(rf"(?P<low>[{_DIGIT}两])(?P<high>[{_DIGIT}])(?P<unit>{_UNIT}{{1,2}})(?:块|元)?")
_PARTS = re.compile(
    rf"(?P<yuan>{_COUNT})(?P<more>{_VAGUE})?(?:(?P<mark>块|元)钱?(?P<more_after>多)?)?"
    rf"(?:(?P<jiao>[{_DIGIT}两\d])(?P<jiao_mark>[角毛])?(?:(?P<fen>[{_DIGIT}\d])分?)?)?"
)
_SMALL = re.compile(rf"(?<![块元])(?P<count>[{_DIGIT}两\d])(?P<unit>[角毛])")
_EACH = re.compile("[一每]个?(?:月|年|人|次|天|小时|钟头)|一共")
_ABOUT = re.compile(r"(?:大概|大约|差不多|不到|将近|快|左右|上下|出头|以上|以下|超过|约莫)")


def read_sum(text: str) -> tuple[int, int] | None:
    """Return the least and the most that the one sum in `text` may be, in fen; None without a sure one.

    两万五 is one value twice; 四五百 is 400 to 500 yuan, 八百多 is 800 to 900. Two different sums, and words like
    大概 and 不到, are not guessed.
    """
    text = _EACH.sub("，", normalise(text))
    if _ABOUT.search(text):
        return None
    found = {one for one in _sums(text) if one}
    return found.pop() if len(found) == 1 else None


def _sums(text: str) -> list[tuple[int, int] | None]:
    """What is called 块 or 元 is money; without that, any number may be."""
    rest = _TWO.sub("。", text)
    parts = [*_PARTS.finditer(rest)]
    marked = [part for part in parts if part["mark"]]
    small = [_jiao(found) for found in _SMALL.finditer(rest)] if not marked else []
    return [*(_between(found) for found in _TWO.finditer(text)), *(small or [_whole(part) for part in marked or parts])]


def _between(found: re.Match[str]) -> tuple[int, int] | None:
    """三四千; 三五百 is no range but a way of speaking."""
    low, high = (parse_count(found[name] + found["unit"]) for name in ("low", "high"))
    step = parse_count("一" + found["unit"])
    return (low * 100, high * 100) if low and high and step and high == low + step else None


def _jiao(found: re.Match[str]) -> tuple[int, int] | None:
    value = parse_count(found["count"])
    return (value * FEN[found["unit"]],) * 2 if value else None


def _whole(found: re.Match[str]) -> tuple[int, int] | None:
    fen = _yuan(found["yuan"])
    if fen is None:
        return None
    if found["more"] or found["more_after"]:
        return fen, fen + _step(found["yuan"]) * 100
    if found["mark"] and found["jiao"]:
        fen += 10 * (parse_count(found["jiao"]) or 0) + (parse_count(found["fen"]) or 0 if found["fen"] else 0)
    return fen, fen


def _yuan(words: str) -> int | None:
    """Fen of a count of yuan: 三千二 is 3200 yuan, 1.5万 15000."""
    times = 10_000 if words.endswith("万") and words[0].isdigit() else 1
    figures = words.removesuffix("万") if times > 1 else words
    if re.fullmatch(r"\d+(?:\.\d+)?", figures):
        whole, _, part = figures.partition(".")
        return (int(whole) * 100 + int(part.ljust(2, "0") or 0)) * times
    value = parse_count(words)
    return None if value is None else value * 100


def _step(words: str) -> int:
    """八百多 is less than nine hundred: the last unit that was said, in yuan."""
    digits = words.rstrip("0")
    if words.isdigit():
        return int("1" + "0" * (len(words) - len(digits)))
    unit = parse_count("一" + words[-1]) if words[-1] in "十百千万" else 1
    return unit or 1
