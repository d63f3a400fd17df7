"""Written numbers as a person says them: telephone numbers, times, dates, money, rooms, counts.

Rules in order, the surest first; each leaves Chinese words, so that a later one finds nothing of it any more.
"""

import re
from collections.abc import Callable, Sequence

from language.counts import say_number
from language.phones import say_digits

_DIGITS = "零一二三四五六七八九"
_PHONE_DIGITS = "零幺二三四五六七八九"
_PARTS = "上午|下午|早上|早晨|清晨|凌晨|中午|傍晚|晚上|夜里|半夜|今晚|明晚|昨晚"
_CHANGES = ((6, "凌晨"), (12, "上午"), (13, "中午"), (18, "下午"), (25, "晚上"))
"""Part of the day before each hour of a 24-hour clock."""

_TWO_OF = (
    "个|位|次|天|年|周|小时|钟头|分钟|秒|点|岁|元|块|毛|角|件|套|项|条|张|份|种|户|家|人|名|口|辆|台|间|斤|公|米|里|"
    "步|句|遍|回|趟|顿|片|粒|颗|瓶|盒|袋|碗|杯|节|段|星期|礼拜|百|千|万|亿"
)
"""After these two is 两; before a month, a floor or a house it stays 二."""
_COUNTED = rf"(?:{_TWO_OF}|平|厘|毫|克|吨|度|多|[日号楼层栋幢室分期级届页路倍成折]|月|[%％℃‰]|人(?!工))"
_SHORT_NUMBERS = r"1(?:10|14|19|20|22)|12\d{3}|1(?:00[01]0|0086|0099)|9[56]\d{3}"
_ASKED_BY = "拨打|拨|打|热线是?|电话是?|号码是?|呼叫|请按|手机是?"
_IDENTIFIED_BY = "尾号是?|分机|短号|验证码是?|编号是?|单号是?|工单号?|工号|账号|卡号|密码是?|[后末]四位是?"
_HOUSE = "单元|号楼|号院|栋|幢|座|门"


def count(number: str, before: str = "") -> str:
    """A whole number as a count; `before` is what follows it: 2 with 个 after it is 两."""
    if len(number) > 8 or (len(number) > 1 and number[0] == "0"):
        return one_by_one(number)
    if number == "2":
        return "两" if re.match(rf"(?:到\d+)?(?:{_TWO_OF})", before) else "二"
    said = say_number(int(number))
    return "两" + said[1:] if said[:2] in ("二千", "二万") else said


def one_by_one(digits: str, names: str = _DIGITS) -> str:
    """Digit by digit."""
    return "".join(names[int(digit)] for digit in digits if digit.isdigit())


def decimal(number: str, before: str = "") -> str:
    """A number with or without a decimal point."""
    whole, _, part = number.partition(".")
    return count(whole, before) if not part else f"{count(whole)}点{one_by_one(part)}"


def _phone(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found["phone"])
    if digits.startswith("400") and len(digits) == 10:
        return "，".join(one_by_one(group, _PHONE_DIGITS) for group in (digits[:3], digits[3:6], digits[6:]))
    return say_digits(digits, one="幺")


def _identity(found: re.Match[str]) -> str:
    digits = found[0]
    groups = (digits[:6], digits[6:10], digits[10:14], digits[14:17])
    last = "艾克斯" if digits[-1] in "xX" else one_by_one(digits[-1], _PHONE_DIGITS)
    return "，".join(one_by_one(group, _PHONE_DIGITS) for group in groups) + last


def _date(found: re.Match[str]) -> str:
    return f"{one_by_one(found[1])}年{count(found[2])}月{count(found[3])}号"


def _time(found: re.Match[str]) -> str:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if hour > 24:
        return f"{count(found['hour'])}点" + (f"{count(found['minute'])}分" if found["minute"] else "")
    sure = hour > 12 or found["hour"].startswith("0") or (hour == 12 and found["minute"] is not None)
    part = found["part"] or (next(name for before, name in _CHANGES if hour < before) if sure else "")
    said = count(str(hour - 12 if 12 < hour else hour), "点")
    return f"{part}{'十二' if hour == 0 and part in ('凌晨', '晚上', '夜里', '半夜') else said}点{_minute(minute)}"


def _minute(minute: int) -> str:
    if minute in (0, 30):
        return "半" if minute else ""
    return f"零{say_number(minute)}分" if minute < 10 else f"{say_number(minute)}分"


def _money(found: re.Match[str]) -> str:
    """元 and 角 are written, 块 and 毛 are said."""
    yuan, _, part = found["sum"].partition(".")
    unit = (found["unit"] or "元").replace("元", "块")
    if len(part) > 2 or unit != "块":
        return decimal(found["sum"], unit) + unit
    return _sum(yuan, part)


def _fen(found: re.Match[str]) -> str:
    return _sum(found[1][:-2], found[1][-2:])


def _sum(yuan: str, part: str) -> str:
    small = "".join(f"{count(n, '个')}{name}" for n, name in zip(part, "毛分", strict=False) if n != "0")
    return f"{count(yuan, '块')}块{small}"


def _fraction(found: re.Match[str]) -> str:
    """1/2 is a half; 120/80 is a blood pressure."""
    above, below = found[1], found[2]
    return f"{count(below)}分之{count(above)}" if int(above) < int(below) else f"{count(above)}，{count(below)}"


def _short(found: re.Match[str]) -> str:
    digits = found["digits"]
    return found["lead"] + (say_digits(digits, one="幺") if len(digits) > 6 else one_by_one(digits, _PHONE_DIGITS))


def _plain(found: re.Match[str]) -> str:
    whole, after = found[0], found.string[found.end() : found.end() + 8]
    if "." in whole:
        return decimal(whole)
    long = len(whole) >= 5 and not whole.endswith("000") and not re.match(_COUNTED, after)
    return one_by_one(whole, _PHONE_DIGITS) if long else count(whole, after)


_NUMBER = r"\d+(?:\.\d+)?"
_CALLED = re.compile(
    r"(?:尾号|号码|电话|手机|[打拨]|热线)[是为：:，]?(?:[零〇一二三四五六七八九幺]{3,}+，?+)++(?![年十百千万])"
)
"""A telephone number in words. Possessive: a long run of digits must not be tried in every way."""

_RULES: Sequence[tuple[str, Callable[[re.Match[str]], str]]] = (
    (r"(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)", lambda found: found[0].replace(",", "")),
    (r"(?<!\d)[1-9]\d{16}[\dxX](?!\d)", _identity),
    (r"(?<!\d)((?:19|20)\d\d)[-/.](0?[1-9]|1[0-2])[-/.](0?[1-9]|[12]\d|3[01])(?!\d)", _date),
    (
        r"(?<!\d)(?:\+?86[- ]?)?(?P<phone>1[3-9]\d[- ]?\d{4}[- ]?\d{4}|400[- ]?\d{3}[- ]?\d{4}|"
        r"0\d{2,3}[- ]?\d{7,8})(?!\d)",
        _phone,
    ),
    (rf"(?P<lead>(?:{_IDENTIFIED_BY})[：:， ]?)(?P<digits>\d{{2,}})(?!\d)", _short),
    (rf"(?P<lead>(?:{_ASKED_BY})[：:， ]?)(?P<phone>\d{{6,8}})(?![\d.]|{_COUNTED})", lambda f: f["lead"] + _phone(f)),
    (rf"(?P<lead>(?:{_ASKED_BY})[：:， ]?)(?P<digits>\d{{3,5}})(?![\d.]|{_COUNTED})", _short),
    (rf"(?P<lead>(?<![\d.年月]))(?P<digits>{_SHORT_NUMBERS})(?![\d.,:：/]|{_COUNTED})", _short),
    (r"(?<!\d)\d{1,4}(?:-\d{1,4}){2,}(?!\d)", lambda found: "杠".join(map(_part_of_house, found[0].split("-")))),
    (rf"(?<=[\d元块点分半时日号月岁天%℃度])\s*(?:[-~～—–]{{1,2}}|至)\s*(?=\d|{_PARTS})", lambda _: "到"),
    (
        rf"(?P<part>{_PARTS})?\s*(?<![\d.])(?P<hour>\d{{1,2}})(?:[:：](?P<minute>[0-5]\d)(?:[:：][0-5]\d)?(?!\d))",
        _time,
    ),
    (
        rf"(?P<part>{_PARTS})?(?<![\d.第])(?P<hour>\d{{1,2}})[点时](?![候间段])"
        r"(?:(?P<minute>[0-5]?\d)(?:分(?!钟)|(?!\d|[个位]))|(?!\d))",
        _time,
    ),
    (r"(?<!\d)((?:19|20)\d\d)(?=年|版|届)", lambda found: one_by_one(found[1])),
    (r"(?<!\d)(\d\d)(?=年(?:出?生|属))", lambda found: one_by_one(found[1])),
    (rf"[¥￥]\s*(?P<sum>{_NUMBER})(?P<unit>[万亿]?[元块])?", _money),
    (rf"(?P<sum>{_NUMBER})(?P<unit>[百千万亿]*[元块])", _money),
    (r"(?<![\d.])(\d{4,8})分(?![钟之])", _fen),
    (rf"({_NUMBER})[%％]", lambda found: f"百分之{decimal(found[1])}"),
    (rf"({_NUMBER})‰", lambda found: f"千分之{decimal(found[1])}"),
    (rf"(?<![\d\w])[-−]({_NUMBER})(?=度|℃)", lambda found: f"零下{decimal(found[1])}"),
    (rf"(?<![\d\w])[-−]({_NUMBER})", lambda found: f"负{decimal(found[1])}"),
    (r"(?<![\d.])(\d{1,3})/(\d{1,3})(?![\d.])", _fraction),
    (rf"({_HOUSE})\s?(\d{{3,4}})(?!\d)", lambda found: found[1] + one_by_one(found[2])),
    (r"(?<!\d)(\d{3,4})(?=室|房|病房|号房)", lambda found: one_by_one(found[1])),
    (r"(?<!\d)(\d{3})(?=路(?:公交|车|汽车|公共))", lambda found: one_by_one(found[1], _PHONE_DIGITS)),
    (r"第(\d+)", lambda found: "第" + say_number(int(found[1])) if len(found[1]) < 9 else "第" + one_by_one(found[1])),
    (_NUMBER, _plain),
    (rf"((?:{_PARTS})(?:[^，。到]*)到)(?:上午|下午|晚上)", lambda found: _without_repeated_part(found)),
)
_COMPILED = [(re.compile(pattern), say) for pattern, say in _RULES]


def _part_of_house(digits: str) -> str:
    return one_by_one(digits) if len(digits) > 2 else count(digits)


def _without_repeated_part(found: re.Match[str]) -> str:
    """下午两点到下午四点 is 下午两点到四点."""
    part = found[0][-2:]
    return found[1] if found[1].startswith(part) else found[0]


def say_numbers(text: str) -> str:
    """`text` with every Arabic digit (0-9) in Chinese words."""
    for pattern, say in _COMPILED:
        text = pattern.sub(say, text)
    return text


def say_one_as_yao(text: str) -> str:
    """In telephone numbers that stand in words already, 一 is said 幺."""
    return _CALLED.sub(lambda found: found[0].replace("一", "幺"), text)
