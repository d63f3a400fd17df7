"""Find the time words of a text and read each by itself. What is not sure is `Unclear`, never guessed.

Patterns are tried in order, the more particular first; what one has read is hidden from the next.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

from language.counts import parse_count
from language.time_meanings import (
    WHICH_DAY,
    WHICH_HOUR,
    Clock,
    ClockRange,
    DaysAhead,
    Later,
    Meaning,
    MonthDay,
    Part,
    Past,
    TimeWord,
    Unclear,
    Week,
    Weekday,
)

PART_WORDS = {
    word: key
    for key, words in {
        "early": "一大早 一早 大清早 大早上 清早 清晨 早晨 早上 早起",
        "morning": "上午 头晌午 头晌 前晌 前半晌 上半天",
        "noon": "晌午头 大中午 中午 晌午 正午 午间",
        "afternoon": "下午 过了晌午 过了中午 过晌午 过晌 后晌 下半晌 后半晌 下半天 午后",
        "dusk": "傍晚 傍黑天 傍黑 天擦黑 擦黑 黄昏",
        "evening": "大晚上 晚上 晚间 夜晚",
    }.items()
    for word in words.split()
}
"""Everyday words for the parts of a day and the part each names."""

_HIDDEN = "\x00"
_DIGIT = "一二三四五六七八九"
_N = rf"(?:\d{{1,2}}|[两十廿{_DIGIT}]{{1,3}})"
_START = rf"(?<![\d.:零〇幺两十百千{_DIGIT}周期拜])"
_WEEK = "(?:周|星期|礼拜)"
_AFTER = "(?:以后|之后|过后|后)"
_PART = "|".join(sorted(PART_WORDS, key=len, reverse=True))
_NOT_MORE = rf"(?![\d十{_DIGIT}个人块岁号天位月])"
_MINUTE = (
    rf"(?:(?:半|[一二三]刻|\d\d分?|\d分|[零过][{_DIGIT}]分?|过?[十{_DIGIT}]{{2,3}}分?|"
    rf"过?[{_DIGIT}]分|过?十分?){_NOT_MORE})"
)
_HOUR = rf"(?:{_N}点(?:钟|整)?{_MINUTE}?(?:钟|整)?)"
_CLOCK = rf"(?:(?:[01]?\d|2[0-3]):[0-5]\d(?!\d)|{_HOUR})"
_NO_DEGREE = "(?<![早晚快慢多少大小轻重高低好有差近远清吃喝])"
_NO_POINT = rf"(?![{_DIGIT}两]点(?:意见|要求|建议|问题|想法|意思|要说|好处|水)|一点(?:儿|也|都|不|没|疼|用|事|小|点))"

_LUNAR = "[一二三四五六七八九十正腊冬闰月初廿]{0,7}"
_HOLIDAYS = (
    "大?年三十|除夕|春节|过完?年|元宵节?|清明节?|端午节?|中秋节?|重阳节?|国庆节?|元旦|劳动节|"
    "五一(?:节|假期|期间)|十一(?:长假|假期|期间)|(?<![关季环])节[前后]|开春|入[春夏秋冬]|立[春夏秋冬]|冬至|夏至"
)
_UNCLEAR_FIRST = (
    rf"大大后[天儿日]个?|赶明(?:儿个|儿|个|天)?|明后两?天|(?:农历|阴历|旧历|老历){_LUNAR}[号日]?|(?:腊月|正月|冬月|闰.月){_LUNAR}|"
    rf"{_START}{_N}[号日](?:左右|前后|以前|之前|以后|之后|前|后(?!天|儿))|{_START}{_N}[号日]?[到至~-]{_N}[号日]|"
    rf"{_WEEK}[{_DIGIT}日天][到至~-]{_WEEK}?[{_DIGIT}日天]|(?:大后|今|明|后)[天日](?:以前|之前|以后|之后|过后)|"
    rf"{_WEEK}[{_DIGIT}日天](?:以前|之前|以后|之后|过后)|每个?(?:天|日|周|星期|礼拜|月)[{_DIGIT}日天末]?"
)
_UNCLEAR_DAY = (
    rf"[这过隔]个?(?:一?两|[几些三四五])天{_AFTER}?|过(?:些日子|一?阵子?|段时间|几日)|改[天日]|回头|哪天都|随时|"
    rf"(?:这|大)?周末|{_WEEK}末|双休日|工作日|月[初中底末]|[上中下]旬|年[底前后](?!纪|龄)|(?<![今明后昨前])天天|隔[一两]?天|隔三差五|过[一两几]个?(?:星期|礼拜|周|月)|"
    rf"{_HOLIDAYS}|(?<![当起最])(?:大?年)?初[十{_DIGIT}]|"
    rf"(?:推迟|提前|延后|往[前后]推?|晚|早)个?{_N}(?:天|个?(?:星期|礼拜))|"
    rf"{_N}个?(?:星期|礼拜|周|月){_AFTER}|半个月{_AFTER}|{_N}天(?:之内|以内|内)|"
    rf"{_START}{_N}月份?(?:[十廿{_DIGIT}]{{1,3}}(?![\d十{_DIGIT}号日个点岁]))?|"
    rf"(?:[这本]个?|下下?个?)月(?:初?[十廿{_DIGIT}]{{1,3}}(?![\d号日点]))?|"
    "尽快|越[快早]越好|(?:现在|马上|立刻|这会儿)就?(?:来|过来|派)|[明后]年"
)
_UNCLEAR_HOUR = (
    rf"大?半夜|凌晨|[后前]半夜|今夜|夜里|深夜|点把钟|几点都|零点|{_START}{_N}来点|"
    rf"[早午晚晌]饭(?:以|之)?[前后]|下班(?:以|之)?后|(?<!\d)0?0[点:]\d*|差[^，。]{{1,3}}{_N}点|"
    rf"{_START}{_N}点钟?(?:半?多|来钟|几分|{_AFTER}(?![天儿日])|以前|之前|前|[差缺][^，。]{{1,3}}分?)|{_START}{_N}点{_N}点|"
    rf"{_START}{_N}，{_N}点|{_START}十?[{_DIGIT}两]{{2}}点钟?|{_START}{_N}点[{_DIGIT}](?=$|[，。？！])|"
    rf"晚[一些]?点儿?(?=再|来|打|给)|(?:推迟|提前|延后|往[前后]推?|晚|早)(?:半|{_N})个?半?(?:小时|钟头)"
)
_PAST = (
    rf"大?前天|大?前儿个?|昨[天日晚夜]|昨儿个?|(?<![半今深])夜来个?|(?<![早晚])上上?个?月(?:{_N}[号日])?|"
    rf"[去前]年|上上?个?{_WEEK}(?![{_DIGIT}日天1-7])|前[几两些]天"
)
_NAMES = ("一1", "二2", "三3", "四4", "五5", "六6", "日天7")
_WEEKDAYS = {name: weekday for weekday, names in enumerate(_NAMES) for name in names}
_WEEKS = {None: None, "上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_RELATIVE = {"今": 0, "明": 1, "后": 2, "大后": 3}
_QUARTERS = {"": 0, "半": 30, "一刻": 15, "二刻": 30, "三刻": 45}

_Read = tuple[str, Meaning] | None
_Reader = Callable[[re.Match[str]], _Read]


def _count(words: str) -> int:
    value = parse_count(words)
    return -1 if value is None else value


def _unclear_day(_: re.Match[str]) -> _Read:
    return "day", Unclear(WHICH_DAY)


def _unclear_hour(_: re.Match[str]) -> _Read:
    return "clock", Unclear(WHICH_HOUR)


def _past(_: re.Match[str]) -> _Read:
    return "day", Past()


def _weekday(found: re.Match[str]) -> _Read:
    return "day", Weekday(_WEEKDAYS[found["name"]], _WEEKS[found["week"]])


def _week(found: re.Match[str]) -> _Read:
    return "day", Week(_WEEKS[found["week"]] or 0)


def _relative(found: re.Match[str]) -> _Read:
    return "day", DaysAhead(_RELATIVE[found["day"] or found["short"]])


def _days_later(found: re.Match[str]) -> _Read:
    days = _count(found["count"])
    return "day", DaysAhead(days) if days > 0 else Unclear(WHICH_DAY)


def _month_day(found: re.Match[str]) -> _Read:
    day, month = _count(found["day"]), _count(found["month"]) if found["month"] else None
    if not 1 <= day <= 31:
        return None if month is None else ("day", Unclear(WHICH_DAY))
    if month is not None and not 1 <= month <= 12:
        return "day", Unclear(WHICH_DAY)
    year = int(found["year"]) if found["year"] else None
    years_ahead = {"今": 0, "明": 1}.get(found["near_year"] or "")
    months_ahead = {"这": 0, "本": 0, "下": 1, "下下": 2}.get(found["near_month"] or "")
    return "day", MonthDay(day, month, year, years_ahead, months_ahead)


def _part(found: re.Match[str]) -> _Read:
    return "part", Part(PART_WORDS[found[0]])


def _short_part(found: re.Match[str]) -> _Read:
    return "part", Part("early" if found[0] == "早" else "evening")


def read_clock(words: str) -> Clock | None:
    """Read 三点一刻, 15:00 or 九点二十; None if the figures are no time of day from 01:00 on."""
    hour_words, _, minute_words = words.replace(":", "点").partition("点")
    said = minute_words.lstrip("钟整").removeprefix("过").rstrip("钟整").removesuffix("分")
    hour, said = _count(hour_words), said.removeprefix("零") if len(said) > 1 else said
    minute = _QUARTERS[said] if said in _QUARTERS else _count(said)
    if not (0 < hour < 24 and 0 <= minute < 60):
        return None
    padded = ":" in words and hour_words.startswith("0")
    return Clock(hour, minute, full_day=hour > 12 or padded)


def _clock(found: re.Match[str]) -> _Read:
    return "clock", read_clock(found[0]) or Unclear(WHICH_HOUR)


def _clock_range(found: re.Match[str]) -> _Read:
    first = found["start"] if re.search("[点:]", found["start"]) else found["start"] + "点"
    start, end = read_clock(first), read_clock(found["end"])
    if start is None or end is None:
        return "clock", Unclear(WHICH_HOUR)
    return "clock", ClockRange(start, end, PART_WORDS.get(found["part"] or ""))


def _later(found: re.Match[str]) -> _Read:
    whole = 0 if found["count"] == "半" else _count(found["count"])
    amount = whole + (0.5 if found["count"] == "半" or found["half"] else 0)
    unit = timedelta(minutes=1) if found["unit"] == "分钟" else timedelta(hours=1)
    return "clock", Later(amount * unit) if amount > 0 else Unclear(WHICH_HOUR)


_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (rf"{_START}(?P<count>半|{_N})个?(?P<half>半)?(?P<unit>小时|钟头|分钟){_AFTER}", _later),
        (rf"(?<!过){_START}(?P<count>{_N})天{_AFTER}(?!天)", _days_later),
        (_UNCLEAR_FIRST, _unclear_day),
        (
            rf"(?<![几两每])(?<!每个)(?<![{_DIGIT}两几]个)(?<![一两])(?P<week>上上|上|这|本|下下|下)?个?{_WEEK}"
            rf"(?P<name>[一二三四五六日天]|[1-7](?!\d))(?![次回趟百千岁])",
            _weekday,
        ),
        (_NO_DEGREE + _NO_POINT + f"(?:{_UNCLEAR_HOUR})", _unclear_hour),
        (rf"{_START}(?P<start>{_CLOCK}|{_N})[到至~—-](?P<part>{_PART})?(?P<end>{_CLOCK})", _clock_range),
        (
            rf"{_START}(?:(?P<year>20\d\d)年|(?P<near_year>[今明])年)?(?:(?P<month>{_N})月份?|(?P<near_month>下下|下|[这本])个?月的?)?"
            rf"(?<![路街巷弄道院楼栋里村区园苑胡同牌家住元第{_DIGIT}\d])(?P<day>{_N})[号日]"
            rf"(?![楼院门栋幢线室房床病码铺子用常游元]|\d{{1,4}}(?![\d:点])|三餐|\d*单元|[十{_DIGIT}]{{1,3}}(?:单元|号[楼院]|栋|室|楼))",
            _month_day,
        ),
        (_UNCLEAR_DAY, _unclear_day),
        (_PAST, _past),
        (rf"(?P<week>这|本|下下|下)个?{_WEEK}", _week),
        (
            r"(?P<day>大后|今|明|后)(?:天|日|儿个|个儿|儿)|"
            r"(?<![如至而当说声证表注])(?P<short>今|明)(?=早上|早|晚上|晚|晌午|上午|下午)",
            _relative,
        ),
        (rf"(?:{_PART})(?!好)", _part),
        (rf"(?<={_HIDDEN})[早晚](?![点一些餐饭])", _short_part),
        (
            rf"(?<={_HIDDEN})一点(?=$|[，。？！吧来到行左])|^一点(?=$|[，。？！吧])|"
            rf"{_START}{_NO_DEGREE}{_NO_POINT}(?!一点(?!钟|整|{_MINUTE})){_CLOCK}",
            _clock,
        ),
    )
)


def _scan(text: str) -> Iterator[TimeWord]:
    left = text.replace(_HIDDEN, " ")
    for pattern, read in _READERS:
        for found in pattern.finditer(left):
            if said := read(found):
                yield TimeWord(*found.span(), said[0], text[slice(*found.span())], said[1])
        left = pattern.sub(lambda found: _HIDDEN * len(found[0]), left)


def time_words(text: str) -> list[TimeWord]:
    """Return the time words of a `normalise`d text in order of place."""
    return sorted(_scan(text), key=lambda word: word.start)
