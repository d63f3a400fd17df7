"""Words for times in Chinese speech: which stand in a text and what each says, before any calendar."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from language.counts import parse_count

WHICH_DAY, WHICH_WEEK = "which_day", "which_week"
WHICH_PART, WHICH_HOUR = "which_part", "which_hour"


@dataclass(frozen=True)
class DaysAhead:
    days: int


@dataclass(frozen=True)
class Weekday:
    """`weekday` counts from Monday 0; `week` from this one 0, None where no week was said."""

    weekday: int
    week: int | None


@dataclass(frozen=True)
class MonthDay:
    """`month` and `year` as said or None; `months_ahead` for 本月 (0) and 下个月 (1), else None."""

    day: int
    month: int | None = None
    year: int | None = None
    months_ahead: int | None = None


@dataclass(frozen=True)
class Week:
    """A week without a day in it."""

    week: int


@dataclass(frozen=True)
class Past:
    """A day word that is always behind us (昨天, 上个月)."""


@dataclass(frozen=True)
class Part:
    key: str


@dataclass(frozen=True)
class Clock:
    """Hour and minute as said; `full_day` when the wording shows a 24-hour clock."""

    hour: int
    minute: int = 0
    full_day: bool = False


@dataclass(frozen=True)
class ClockRange:
    start: Clock
    end: Clock
    end_part: str | None = None


@dataclass(frozen=True)
class Later:
    delay: timedelta


@dataclass(frozen=True)
class Unclear:
    """Looks like a time but is not understood (过两天, 初八): ask `question`."""

    question: str


Day = DaysAhead | Weekday | MonthDay | Week | Past | Unclear
Meaning = DaysAhead | Weekday | MonthDay | Week | Past | Part | Clock | ClockRange | Later | Unclear


@dataclass(frozen=True)
class TimeWord:
    """One word from `start` up to `end`; `slot` is day, part or clock."""

    start: int
    end: int
    slot: str
    words: str
    meaning: Meaning


PART_WORDS: dict[str, str] = {
    word: key
    for key, words in {
        "early": "一大早 一早 大清早 清早 清晨 早晨 早上 早起 大早上",
        "morning": "上午 头晌午 头晌 前晌 上半天 前半晌",
        "noon": "中午 晌午 正午 晌午头 大中午 晌午头儿 午间",
        "afternoon": "下午 过晌午 过晌 后晌 下半晌 下半天 午后 后半晌",
        "dusk": "傍晚 傍黑 擦黑 天擦黑 傍黑天 黄昏 傍晚黑",
        "evening": "晚上 晚间 夜晚 黑天 大晚上",
    }.items()
    for word in words.split()
}

_N = r"(?:\d{1,2}|[一二两三四五六七八九十廿]{1,3})"
_NOT_IN_NUMBER = r"(?<![\d一二两三四五六七八九十百千零〇幺:.])"
_PART = "|".join(sorted(PART_WORDS, key=len, reverse=True))
_MINUTE = r"(?:半|[一二三]刻|\d{1,2}分?|零[一二三四五六七八九]分?|过?[一二三四五六七八九十]{2,3}分?|过?[一二三四五六七八九]分|十分?)"
_MINUTE += r"(?![个人块岁号天位月])"
_CLOCK = (
    rf"(?:(?:[01]?\d|2[0-3]):[0-5]\d(?!\d)|{_N}点(?:钟|整)?(?!儿|也|都|不|没|疼|意见|要求|建议|问题|想法|事){_MINUTE}?(?:钟|整)?)"
)
_CLOCK_PARTS = re.compile(r"(.+?)[点:](?:钟|整)?过?(.*?)(?:分|钟|整)*$")
_QUARTERS = {"": 0, "半": 30, "一刻": 15, "二刻": 30, "三刻": 45}
_WEEKDAYS = {name: number for number, names in enumerate(["一1", "二2", "三3", "四4", "五5", "六6", "日天七7"]) for name in names}
_WEEK = r"(?:周|星期|礼拜)"
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_RELATIVE = {"今": 0, "明": 1, "后": 2, "大后": 3}

_UNCLEAR_DAY = (
    r"大大后[天儿日]|赶明(?:儿个?|个|天)?|明后两?天|[今明]天?(?:或者?|还是|、)[明后]天|"
    r"[这过隔](?:个)?(?:一?两|[几些三四五])三?天(?:以?后)?|过些(?:天|日子)|过(?:一?阵|段时间|几日)|改[天日]|回头|哪天都|随时|"
    r"(?:这|大)?周末|礼拜末|双休日|工作日|平时|月[初中底末]|[上中下]旬|年[底前后]|过完?年|节[前后]|"
    r"(?:农历|阴历|旧历|老历)\S{0,6}|大?年?初[一二三四五六七八九十]|腊月\S{0,3}|正月\S{0,3}|冬月|闰\S月|大?年三十|"
    r"除夕|春节|元宵节?|清明节?|端午节?|中秋节?|重阳节?|国庆节?|元旦|劳动节|五一(?:节|假期|期间)|十一(?:长假|假期|期间)|"
    r"开春|入[春夏秋冬]|立[春夏秋冬]|冬至|夏至|"
    r"每个?(?:天|日|周|星期|礼拜|月)\S?|天天|隔天|隔三差五|一三五|二四六|"
    rf"(?:推迟|提前|延后|往[前后](?:推|挪)?|晚|早)(?:个)?{_N}天|"
    rf"{_N}个?(?:多)?(?:星期|礼拜|周|月)(?:以?后|之后|之内|以内)|半个月(?:以?后|之后)|{_N}天(?:之内|以内|内)|"
    rf"{_NOT_IN_NUMBER}{_N}月[一二三四五六七八九十廿]{{1,3}}(?![号日个月点岁\d])|[这本下]个?月(?:[一二三四五六七八九十]{{1,3}}(?![号日点]))?|"
    rf"{_N}号到{_N}号|尽快|越快越好|越早越好|(?:现在|马上|立刻|这会儿)就?(?:来|过来|派)|[明后]年|{_N}月份?(?![{'一二三四五六七八九十'}\d])"
)
_UNCLEAR_HOUR = (
    rf"半夜|凌晨|后半夜|前半夜|夜里|深夜|大半夜|{_N}点(?:钟)?(?:多|来钟|几分|过后|以后|之后|后|以前|之前|前)|"
    rf"(?:{_N}|[七八九]、?[八九十])[，、~-]{_N}点|[一二两三四五六七八九]{{2}}点钟?|十[一二]{{2}}点钟?|{_N}点{_N}点|"
    rf"差\S{{1,3}}分?{_N}点|{_N}点(?:差|缺)\S{{1,3}}分?|晚[一些]?点儿?(?:再|来|打|给)|"
    rf"(?:推迟|提前|晚|早|延后|往[前后]推?)(?:半|{_N})个?半?(?:小时|钟头)|点把钟|几点都|"
    rf"{_N}点[一二三四五六七八九](?=$|[，。？！])|0?0:\d\d|零点|0点"
)
_PAST = r"大?前天|大前儿个?|前儿个?|昨[天日晚夜]|昨儿个?|夜来个?|上上?个?月(?:\d{1,2}[号日])?|[去前]年|上上?个?(?:周|星期|礼拜)(?![一二三四五六日天1-7])|前几天|前[两些]天|那天"


def _count(words: str) -> int:
    value = parse_count(words)
    return -1 if value is None else value


def _weekday(found: re.Match[str]) -> tuple[str, Meaning]:
    week = _WEEKS[found["week"]] if found["week"] else None
    return "day", Weekday(_WEEKDAYS[found["name"]], week)


def _month_day(found: re.Match[str]) -> tuple[str, Meaning]:
    day, month = _count(found["day"]), _count(found["month"]) if found["month"] else None
    if not 1 <= day <= 31 or (month is not None and not 1 <= month <= 12):
        return "day", Unclear(WHICH_DAY)
    years = {"今年": 0, "明年": 1}
    ahead = None if not found["ahead"] else (1 if found["ahead"].startswith("下") else 0)
    year = found["year"]
    said_year = None if not year else (years[year] if year in years else int(year.rstrip("年")))
    return "day", MonthDay(day, month, said_year, ahead)


def read_clock(words: str) -> Clock | None:
    """Read 三点一刻, 15:00, 九点二十; None if the figures are no time of day."""
    parts = _CLOCK_PARTS.fullmatch(words)
    if not parts:
        return None
    hour, said = _count(parts[1]), parts[2].removeprefix("零")
    minute = _QUARTERS.get(said, _count(said) if said else 0)
    if not (0 < hour < 24 and 0 <= minute < 60):
        return None
    padded = ":" in words and parts[1].startswith("0")
    return Clock(hour, minute, full_day=hour > 12 or padded)


def _clock(found: re.Match[str]) -> tuple[str, Meaning]:
    return "clock", read_clock(found["clock"]) or Unclear(WHICH_HOUR)


def _clock_range(found: re.Match[str]) -> tuple[str, Meaning]:
    start, end = read_clock(found["start"]), read_clock(found["end"])
    if start is None and (hour := _count(found["start"])) > 0:
        start = Clock(hour) if hour < 24 else None
    if start is None or end is None:
        return "clock", Unclear(WHICH_HOUR)
    return "clock", ClockRange(start, end, PART_WORDS.get(found["part"] or ""))


def _later(found: re.Match[str]) -> tuple[str, Meaning]:
    amount = 0.0 if found["count"] in (None, "半") else float(_count(found["count"]))
    half = 0.5 if found["count"] == "半" or found["half"] else 0.0
    unit = timedelta(minutes=1) if found["unit"] == "分钟" else timedelta(hours=1)
    return "clock", Later((amount + half) * unit)


_Builder = Callable[[re.Match[str]], tuple[str, Meaning]]
_READERS: tuple[tuple[re.Pattern[str], _Builder], ...] = (
    (
        re.compile(rf"(?P<count>半|{_N})个?(?P<half>半)?(?:来|多)?(?P<unit>小时|钟头|分钟)(?:以后|之后|过后|后)"),
        _later,
    ),
    (re.compile(rf"(?:{_NOT_IN_NUMBER})(?P<count>{_N})天(?:以后|之后|过后|后)(?!天)"), lambda m: ("day", _days_later(m))),
    (re.compile(rf"(?<![在早晚快慢多少大小轻重高低好有差近远清])(?:{_UNCLEAR_HOUR})"), lambda _: ("clock", Unclear(WHICH_HOUR))),
    (
        re.compile(
            rf"{_NOT_IN_NUMBER}(?P<start>{_CLOCK}|{_N})(?:到|至|~|-|—)(?P<part>{_PART})?(?P<end>{_CLOCK})"
        ),
        _clock_range,
    ),
    (
        re.compile(rf"(?<!几)(?<!两)(?<!每)(?<!每个)(?<![一二三四五六七八九十]个)(?P<week>上上|上|这|本|下下|下)?个?{_WEEK}(?P<name>[一二三四五六日天1-7])(?![次回趟百千岁\d])"),
        _weekday,
    ),
    (
        re.compile(
            rf"{_NOT_IN_NUMBER}(?:(?P<year>今年|明年|20\d\d年))?(?:(?P<month>{_N})月(?:份)?|(?P<ahead>[这本]个?月|下个?月)的?)?"
            rf"(?<![路街巷弄道院楼栋里村区园苑胡同门牌尾第])(?P<day>{_N})[号日](?![楼院门栋幢线室房床码铺子用常\d]|[一二三四五六七八九十]{{1,3}}(?:单元|号|栋|室)|到{_N}号|\d*单元)"
        ),
        _month_day,
    ),
    (re.compile(rf"(?<!过)(?:{_UNCLEAR_DAY})"), lambda _: ("day", Unclear(WHICH_DAY))),
    (re.compile(_PAST), lambda _: ("day", Past())),
    (re.compile(rf"(?P<week>这|本|下下|下)个?{_WEEK}"), lambda m: ("day", Week(_WEEKS[m["week"]]))),
    (
        re.compile(r"(?P<day>大后|今|明|后)(?:天|日|儿个|儿|个儿)(?!气)|(?P<short>今|明|后)(?=早上|早|晚上|晚|晌午|上午|下午)(?!早点)"),
        lambda m: ("day", DaysAhead(_RELATIVE[m["day"] or m["short"]])),
    ),
    (re.compile(rf"(?:{_PART})(?!好)"), lambda m: ("part", Part(PART_WORDS[m[0]]))),
    (re.compile(r"(?<=\x00)(?P<short>早|晚)(?![点一些餐饭])"), lambda m: ("part", Part("early" if m[0] == "早" else "evening"))),
    (re.compile(rf"{_NOT_IN_NUMBER}(?<![早晚快慢多少大小轻重高低好有差近远清])(?P<clock>{_CLOCK})"), _clock),
)


def _days_later(found: re.Match[str]) -> Meaning:
    days = _count(found["count"])
    return DaysAhead(days) if days > 0 else Unclear(WHICH_DAY)


def _scan(text: str) -> Iterator[TimeWord]:
    left = text
    for pattern, build in _READERS:
        for found in pattern.finditer(left):
            start, end = found.span()
            slot, meaning = build(found)
            yield TimeWord(start, end, slot, text[start:end], meaning)
        left = pattern.sub(lambda found: "\x00" * len(found[0]), left)


def time_words(text: str) -> list[TimeWord]:
    """Return the time words of a `normalise`d text in their order."""
    return sorted(_scan(text), key=lambda word: word.start)


def month_days(said: MonthDay, today: date) -> date | None:
    """Return the date meant, the coming one where month or year is left out; None if there is none.

    A date of this year that is over for more than half a year is next year's; one just over stays past.
    """
    if said.month is None:
        return _day_of_month(said, today)
    year = today.year + said.year if said.year is not None and said.year < 2 else said.year
    try:
        meant = date(year or today.year, said.month, said.day)
        if year is None and (today - meant).days > 182:
            meant = meant.replace(year=today.year + 1)
    except ValueError:
        return None
    return meant


def _day_of_month(said: MonthDay, today: date) -> date | None:
    ahead = said.months_ahead
    if ahead is None:
        ahead = 1 if said.day < today.day else 0
    month = today.month - 1 + ahead
    try:
        return date(today.year + month // 12, month % 12 + 1, said.day)
    except ValueError:
        return None


def as_time(clock: Clock, *, afternoon: bool = False) -> time:
    """Return the clock's time of day, twelve hours later for `afternoon`."""
    return time((clock.hour % 12) + 12 if afternoon else clock.hour, clock.minute)
