"""Words for the time of day: 头晌, 三点一刻, 差十分四点, 九点以后, 半个钟头后, 两小时, 半夜."""

import re
from datetime import timedelta

from language.time_meanings import (
    WHICH_HOUR,
    Clock,
    ClockRange,
    From,
    Later,
    Length,
    Part,
    Unclear,
    Until,
)
from language.time_rows import Read, Row, asks, group, one_of, rows
from language.time_vocabulary import AFTER, BEFORE, DIGIT, PART, PART_WORDS, START, N, count

HIDDEN = "\x00"
"""Stands for each character of a word that has been read."""

_NOT_MORE = rf"(?![\d十{DIGIT}个人块岁号天位月])"
_MINUTE = (
    rf"(?:(?:半|[一二三1-3]刻|\d\d分?|\d分|[零过][{DIGIT}]分?|过?[十{DIGIT}]{{2,3}}分?|"
    rf"过?[{DIGIT}]分|过?十分?){_NOT_MORE})"
)
_CLOCK = rf"(?:(?:[01]?\d|2[0-3]):[0-5]\d(?!\d)|{N}点(?:钟|整)?{_MINUTE}?(?:钟|整)?)"
_NO_DEGREE = "(?<![早晚快慢多少大小轻重高低好有差近远清吃喝])"
_NO_POINT = rf"(?![{DIGIT}两]点(?:意见|要求|建议|问题|想法|意思|要说|好处|水)|一点(?:儿|也|都|不|没|疼|用|事|小|点))"
_A_BIT = "[儿也都不没疼用事小点空意问力劲饭活钱胃精血水药办心]|东西|时间"
"""After 一点, none of these tells the time: 明天一点空也没有."""
_QUARTERS = {"": 0, "半": 30, "一刻": 15, "二刻": 30, "三刻": 45, "1刻": 15, "2刻": 30, "3刻": 45}

_HOURS = "(?:小时|钟头)"
_LENGTH = (
    rf"(?:(?P<half>半)个?{_HOURS}|(?P<hours>{N})个?(?P<and_half>半)?{_HOURS}(?:零|又)?(?:(?P<minutes>{N})分钟?)?|"
    rf"(?P<only_minutes>{N})分钟|(?P<quarters>{N})刻钟)"
)
_SEVERAL_HOURS = rf"(?:个把|[几好]几?个?|[{DIGIT}两]{{2}}个?|{N}个?多|{N}来个?){_HOURS}"

_ASKED = one_of(
    "半夜 大半夜 半夜三更 三更半夜 后半夜 前半夜 深夜 夜里 黑夜 黑价 黑下 今夜 明夜 凌晨 半晌午 点把钟 几点都 零点 "
    "天黑前 天黑以前 天黑之前 天黑后 天黑以后 天一黑 天亮前 天亮后 天亮以后 天一亮 "
    "下班后 下班以后 下班之后 放学后 放学以后 午觉后 午休后 睡醒午觉 睡了午觉 睡完午觉 歇了晌 "
    "一会儿 等会儿 待会儿 等会 待会 一会 过会儿 这个时候 这时候 这个点 同一时间"
)
_NOT_AT_NIGHT = "(?![吃睡尿咳疼难])"
_MEAL = "(?:早|午|晚|晌|早起|中午|晌午|晚上)饭"


def read_clock(words: str) -> Clock | None:
    """Read 三点一刻, 15:00 or 九点二十; None if the figures are no time of day from 01:00 on."""
    hour_words, _, minute_words = words.replace(":", "点").partition("点")
    said = minute_words.lstrip("钟整").removeprefix("过").rstrip("钟整").removesuffix("分")
    hour, said = count(hour_words), said.removeprefix("零") if len(said) > 1 else said
    minute = _QUARTERS[said] if said in _QUARTERS else count(said)
    if not (0 < hour < 24 and 0 <= minute < 60):
        return None
    padded = ":" in words and hour_words.startswith("0")
    return Clock(hour, minute, full_day=hour > 12 or padded)


def _clock(found: re.Match[str]) -> Read:
    return "clock", read_clock(found["clock"]) or Unclear(WHICH_HOUR)


def _short_of(found: re.Match[str]) -> Read:
    clock = read_clock(found["clock"])
    minutes = _QUARTERS.get(found["short"]) or count(found["short"].removesuffix("分"))
    if clock is None or clock.minute or not 0 < minutes < 60:
        return "clock", Unclear(WHICH_HOUR)
    return "clock", Clock(clock.hour, full_day=clock.full_day, minutes_short=minutes)


def _range(found: re.Match[str]) -> Read:
    first = found["start"] if re.search("[点:]", found["start"]) else found["start"] + "点"
    start, end = read_clock(first), read_clock(found["end"])
    if start is None or end is None:
        return "clock", Unclear(WHICH_HOUR)
    return "clock", ClockRange(start, end, PART_WORDS.get(found["part"] or ""))


def _open_ended(found: re.Match[str]) -> Read:
    clock = read_clock(found["clock"])
    if clock is None:
        return "clock", Unclear(WHICH_HOUR)
    return "clock", From(clock) if group(found, "after") else Until(clock)


def _part(found: re.Match[str]) -> Read:
    return "part", Part(PART_WORDS[found["part"]])


def _short_part(found: re.Match[str]) -> Read:
    return "part", Part("early" if found[0] == "早" else "evening")


def _length(found: re.Match[str]) -> timedelta | None:
    """None for figures that are no number (三四个小时)."""
    said = [count(words) for name in ("hours", "minutes", "only_minutes", "quarters") if (words := group(found, name))]
    if any(many < 1 for many in said):
        return None
    hours = count(found["hours"]) if found["hours"] else 0
    minutes = 30 if found["half"] or found["and_half"] else 0
    minutes += sum(count(found[name]) for name in ("minutes", "only_minutes") if found[name])
    minutes += 15 * count(found["quarters"]) if found["quarters"] else 0
    return timedelta(hours=hours, minutes=minutes)


def _later(found: re.Match[str]) -> Read:
    delay = _length(found)
    return "clock", Later(delay) if delay else Unclear(WHICH_HOUR)


def _takes(found: re.Match[str]) -> Read:
    length = _length(found)
    return ("length", Length(length)) if length else None


_ask = asks("clock", WHICH_HOUR)

LATER_ROWS: tuple[Row, ...] = rows(
    (rf"(?:再?过)?{_SEVERAL_HOURS}(?:{AFTER})?|{_LENGTH}(?:之内|以内|内)", _ask),
    (rf"{START}{_LENGTH}{AFTER}", _later),
    (rf"再?过{_LENGTH}", _later),
    (rf"(?:推迟|提前|延后|往[前后]推?|晚|早){_LENGTH}", _ask),
)
"""Counted from now; these go before everything that counts days."""

HOUR_ROWS: tuple[Row, ...] = rows(
    (rf"{_ASKED}{_NOT_AT_NIGHT}|晚[一些]?点儿?(?=再|来|打|给|$)", _ask),
    (rf"(?:吃(?:完|过|了|罢))?{_MEAL}(?:以|之)?[前后]|吃(?:完|过|了|罢){_MEAL}", _ask),
    (rf"(?:差|缺|欠)(?P<short>一刻|{N}分?)钟?(?:到|就|不到)?(?P<clock>{N}点)(?![{DIGIT}半零]|过(?![来去]))", _short_of),
    (rf"{START}(?P<clock>{N}点)钟?(?:差|缺|欠)(?P<short>一刻|{N}分?)钟?", _short_of),
    (r"(?<!\d)0?0[点:]\d*|2[4-9][点:]\d*|二十[四五六七八九]点", _ask),
    (
        rf"{_NO_DEGREE}{_NO_POINT}{START}(?:{N}来点|{N}点钟?(?:半?多|来钟|几分|[差缺][^，。]{{1,3}}分?)|"
        rf"{N}点{N}点|{N}，{N}点|十?[{DIGIT}两]{{2}}点钟?|{N}点[{DIGIT}](?=$|[，。？！]))|差[^，。]{{1,3}}{N}点",
        _ask,
    ),
    (rf"(?:不到|快到?|将近|刚过|过了|最晚|最迟|最早){_CLOCK}|{_CLOCK}(?:不到|出头|刚过)", _ask),
    (rf"{START}(?P<start>{_CLOCK}|{N})[到至~—-](?P<part>{PART})?(?P<end>{_CLOCK})", _range),
    (rf"{START}{_NO_DEGREE}{_NO_POINT}(?P<clock>{_CLOCK})(?:左右)?(?:(?P<after>{AFTER})|{BEFORE})", _open_ended),
    (rf"(?:{PART})儿?(?:{AFTER}|{BEFORE})", _ask),
    (rf"(?P<part>{PART})儿?(?![好饭])", _part),
    (
        rf"(?<={HIDDEN})[早晚](?![点一些餐饭])|(?<![\u4e00-\u9fff])[早晚](?=十?[三四五六七八九十]点|\d{{1,2}}[点:])",
        _short_part,
    ),
    (
        rf"(?<={HIDDEN})一点(?!{_A_BIT})(?!{_MINUTE}|钟|整)|^一点(?=$|[，。？！吧])",
        lambda _: ("clock", Clock(1)),
    ),
    (rf"{START}{_NO_DEGREE}{_NO_POINT}(?!一点(?!钟|整|{_MINUTE}))(?P<clock>{_CLOCK})", _clock),
    (rf"(?<![钱块元多]){START}{_LENGTH}(?![多几前]|的?钱)", _takes),
)
"""In order, the more particular first."""
