"""Telephone numbers as they are typed and said, and how to say them back."""

import re

from language.counts import DIGITS
from language.text import normalise

_DIGIT = r"(?:\d|[零〇一幺二两三四五六七八九](?![十百千万点岁个]))"
_BETWEEN = r"(?:[-，。/ ~]|嗯|啊|呃|额|哦|然后|再是|后面是)"
_RUN = re.compile(rf"{_DIGIT}(?:{_BETWEEN}{{0,3}}{_DIGIT})*")
_GROUP = re.compile(r"(?:\d|[零〇一幺二两三四五六七八九])+")
_REPEATED = re.compile(r"([二两三四五六])个([零〇一幺二三四五六七八九\d])")
_MOBILE = re.compile(r"(?:86)?(1[3-9][0-9]{9})")
_LANDLINE = re.compile(r"0[0-9]{9,11}|[2-9][0-9]{6,7}")
_SHORT = re.compile(r"(?:短号|小号|分机)[^\d零〇一幺二两三四五六七八九]{0,3}(\S{3,6})")
_NOT_DIGITS = re.compile(r"[^\d零〇一幺二两三四五六七八九\u4e00-\u9fff]")
MOST_BESIDE = 8
"""Characters beside the digits up to which a turn is taken for a part of a number."""
_CORRECTION = re.compile(r"不对|错了|不是|改成|应该是")
_LAST_FOUR = re.compile(r"(?:尾号|后四位|末四位|最后四[个位]?|后面四[个位]?|后4位|末4位)")


def _written(words: str) -> str:
    return "".join(DIGITS.get(char, char) for char in words)


def _unfold(text: str) -> str:
    """Write 三个八 as 888, as numbers are read aloud, and 最后四位 without a digit of its own."""
    text = _LAST_FOUR.sub("尾号", text)
    return _REPEATED.sub(lambda said: _written(said[2]) * int(_written(said[1])), text)


def _groups(run: str) -> list[str]:
    return [_written(group) for group in _GROUP.findall(run)]


def _phone_in(groups: list[str]) -> str | None:
    """Return the last mobile, else the last landline, that whole groups next to each other make up."""
    joined = ["".join(groups[i:j]) for j in range(len(groups), 0, -1) for i in range(j)]
    for pattern in (_MOBILE, _LANDLINE):
        for digits in joined:
            if found := pattern.fullmatch(digits):
                return found[1] if pattern is _MOBILE else digits
    return None


def read_phone(text: str) -> str | None:
    """Return a mobile or landline number from typed or spoken digits, as digits only; else None.

    A whole number said after a correction wins. A corrected group takes the place of the last one if it is as long,
    or of the last four digits where it is called so; any other partial correction, or two different numbers, are
    not guessed. Numbers of three to six digits count only where they are called 短号, 小号 or 分机.
    """
    text = _unfold(normalise(text))
    phone, _ = _listen(text)
    return phone or _read_short(text)


def phone_begun(text: str) -> str | None:
    """Return the groups of a number that is not complete yet, as digits with ， between (139，0000); else None."""
    text = _unfold(normalise(text))
    phone, groups = _listen(text)
    count = len("".join(groups))
    beside = len(_NOT_DIGITS.sub("", text)) - count
    return "，".join(groups) if phone is None and 3 <= count <= 10 and beside <= MOST_BESIDE else None


def _listen(text: str) -> tuple[str | None, list[str]]:
    """The number, if there is a sure one, and the groups said, after corrections."""
    phone: str | None = None
    groups: list[str] = []
    end = 0
    for run in _RUN.finditer(text):
        said, between = _groups(run[0])[-24:], text[end : run.start()]
        end = run.end()
        corrected = bool(_CORRECTION.search(between))
        amended = _amended(groups, said, between) if corrected else None
        found = (_phone_in(amended) if amended else None) or _phone_in(said)
        if phone and not corrected and found not in (None, phone):
            return None, []  # two numbers: which one is meant has to be asked
        groups = amended or (said if corrected or not groups else [*groups, *said])
        if found or (phone and corrected):
            phone = found
    return phone, groups


def _amended(groups: list[str], said: list[str], between: str) -> list[str] | None:
    """The groups with what was corrected in its place; None where that is not sure."""
    before = "".join(groups)
    if _LAST_FOUR.search(between) and len("".join(said)) == 4 < len(before):
        return [before[:-4] + "".join(said)]
    return [*groups[:-1], *said] if groups and len(groups[-1]) == len(said[0]) else None


def _read_short(text: str) -> str | None:
    if not (cue := _SHORT.search(text)):
        return None
    digits = _RUN.match(cue[1])
    number = "".join(_groups(digits[0])) if digits else ""
    return number if 3 <= len(number) <= 6 else None


def read_last_four(text: str) -> str | None:
    """Return the last four digits of a number: said alone, after 尾号, or of a whole number; else None."""
    text = _unfold(normalise(text))
    if cue := _LAST_FOUR.search(text):
        text = text[cue.end() :]
    elif phone := read_phone(text):
        return phone[-4:]
    runs = [run for run in _RUN.finditer(text) if text[run.end() : run.end() + 1] not in ("年", "块", "元")]
    fours = [digits for run in runs if len(digits := "".join(_groups(run[0]))) == 4]
    if len(set(fours)) > 1 and not _CORRECTION.search(text):
        return None
    return fours[-1] if fours else None


def say_digits(number: str, *, one: str = "一") -> str:
    """Group the digits of `number` for reading back: 13800001234 is 一三八，零零零零，一二三四.

    `one` is how 1 is said: 幺 on the phone.
    """
    digits = "".join(char for char in number if char.isdigit())
    names = f"零{one}二三四五六七八九"
    return "，".join("".join(names[int(digit)] for digit in group) for group in _spoken_groups(digits))


def _spoken_groups(digits: str) -> list[str]:
    if len(digits) == 11 and digits.startswith("1"):
        return [digits[:3], digits[3:7], digits[7:]]
    if digits.startswith("0") and len(digits) >= 10:
        area = 3 if digits[1] in "12" else 4
        return [digits[:area], *_spoken_groups(digits[area:])]
    if len(digits) in (6, 7):
        return [digits[:3], digits[3:]]
    if len(digits) <= 5:
        return [digits] if digits else []
    return [digits[i : i + 4] for i in range(0, len(digits), 4)]
