"""Words for dates: 二十五号, 腊月二十三, 初八, 三月十八, 重阳节, 国庆放假头一天, 月底."""

import re
from dataclasses import replace

from language.names import SURNAMES
from language.time_meanings import (
    WHICH_DAY,
    CalendarName,
    DayRange,
    EitherCalendar,
    Festival,
    Holiday,
    LunarDay,
    Month,
    MonthDay,
    Unclear,
    Year,
)
from language.time_rows import Read, Row, asks, group, one_of, over, rows
from language.time_vocabulary import (
    DIGIT,
    FESTIVAL_WORDS,
    LUNAR_NAME,
    MONTHS_AHEAD,
    PORTIONS,
    SOLAR_NAME,
    START,
    N,
    count,
)

_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_TO_DIGITS = str.maketrans("零〇一二三四五六七八九", "00123456789")
_NTH = {"头": 1, "头一": 1, "第一": 1, "第二": 2, "第三": 3, "最后一": -1}

_YEAR = rf"(?:(?P<year>20\d\d|二[零〇][零〇{DIGIT}]{{2}})年|(?P<near_year>[今明])年的?)?"
_MONTH = rf"(?:(?P<month>{N})月份?的?)(?!几)"
_NEAR_MONTH = r"(?:(?P<near_month>下下|下|[这本])一?个?月的?)(?!初?几)"
_PORTION = rf"(?P<portion>[上中下]旬|初(?![十{DIGIT}几])|中(?![午秋昼])|底|末)"
_NOT_MORE = rf"(?![\d十{DIGIT}号日点:月个岁几多]|来[号天])"
_BARE_DAY = rf"(?P<day>(?:[二三]?十|廿|卅)[{DIGIT}]?|[{DIGIT}]|\d{{1,2}}){_NOT_MORE}"
_LUNAR_DAY = rf"(?P<day>初[十{DIGIT}]|(?:[二三]?十|廿)[{DIGIT}]?|[{DIGIT}]|\d{{1,2}}){_NOT_MORE}"
_NOT_HOUSE = rf"(?<![路街巷弄道院楼栋里村区园苑胡同牌家住元第{DIGIT}\d])"
_NO_HOUSE = (
    r"(?![楼院门栋幢线室房床病码铺子用常游元]|\d{1,4}(?![\d:点])|三餐|\d*单元|"
    rf"[十{DIGIT}]{{1,3}}(?:单元|号[楼院]|栋|室|楼))"
)

_FESTIVAL = one_of(" ".join(FESTIVAL_WORDS))
_NO_FESTIVAL_BEFORE = rf"(?<![{SURNAMES}{DIGIT}十零\d])(?<![吃煮买包做送尝点])"
_ROAD_OR_HOUSE = "[路街巷村镇桥]|大街|大道|广场|小区|社区|幼儿园|小学|中学|学校|医院|公园|饭店"
_FOOD_OR_SHOW = "月饼|晚会|联欢|礼[品物盒]|[汤糕粽]"
_NO_FESTIVAL_AFTER = rf"(?![号日初十廿{DIGIT}\d]|{_ROAD_OR_HOUSE}|{_FOOD_OR_SHOW})"
_DAYS_OFF = "(?:放假|假期|长假|小长假|黄金周|休假|期间)"

_ASKED = one_of(
    "年前 年后 年底 年关 年尾 今年年底 明年年底 过年 过完年 过了年 小年 过小年 秋后 春上 "
    "正月里 腊月里 冬月里 过了正月十五 过完正月十五"
)


def _year(found: re.Match[str]) -> Year:
    if near := group(found, "near_year"):
        return Year(ahead={"今": 0, "明": 1}[near])
    digits = group(found, "year").translate(_TO_DIGITS)
    return Year(int(digits)) if digits else Year()


def _month_number(found: re.Match[str]) -> int | None:
    said = group(found, "month")
    return _LUNAR_MONTHS.get(said) or count(said) if said else None


def _possible(day: int, month: int | None) -> bool:
    return 1 <= day <= 31 and (month is None or 1 <= month <= 12)


def _solar(found: re.Match[str]) -> Read:
    day, month = count(found["day"]), _month_number(found)
    if not _possible(day, month):
        # 三四号 is one of two days; 三十二号 is no day but a number.
        two_days = re.fullmatch(rf"十?[{DIGIT}]{{2}}", found["day"])
        return ("day", Unclear(WHICH_DAY)) if month is not None or two_days else None
    return "day", MonthDay(day, month, _year(found), MONTHS_AHEAD.get(group(found, "near_month")))


def _solar_range(found: re.Match[str]) -> Read:
    last, first = _solar(found), count(found["first"])
    if last is None or not isinstance(last[1], MonthDay) or not 1 <= first < last[1].day:
        return "day", Unclear(WHICH_DAY)
    return "day", DayRange(replace(last[1], day=first), MonthDay(last[1].day))


def _either(found: re.Match[str]) -> Read:
    day, month = count(found["day"]), _month_number(found)
    if not _possible(day, month):
        return "day", Unclear(WHICH_DAY)
    return "day", EitherCalendar(day, month, _year(found), MONTHS_AHEAD.get(group(found, "near_month")))


def _lunar(found: re.Match[str]) -> Read:
    day, month = count(found["day"].removeprefix("初")), _month_number(found)
    if not _possible(day, month):
        return "day", Unclear(WHICH_DAY)
    return "day", LunarDay(day, month, _year(found), bool(group(found, "leap")))


def _new_year_day(found: re.Match[str]) -> Read:
    return "day", LunarDay(count(found["day"]), 1, _year(found))


def _month(found: re.Match[str]) -> Read:
    month = _month_number(found)
    if month is not None and not 1 <= month <= 12:
        return "day", Unclear(WHICH_DAY)
    portion = group(found, "portion")
    ahead = MONTHS_AHEAD.get(group(found, "near_month"))
    return "day", Month(month, _year(found), ahead, PORTIONS[portion] if portion else None)


def _calendar(found: re.Match[str]) -> Read:
    return "day", CalendarName(lunar=bool(re.match(LUNAR_NAME, found[0])))


def _festival(found: re.Match[str]) -> Read:
    return "day", Festival(FESTIVAL_WORDS[found["name"]], _year(found))


def _holiday(found: re.Match[str]) -> Read:
    key = "national_day" if found["name"] == "十一" else FESTIVAL_WORDS[found["name"]]
    return "day", Holiday(Festival(key, _year(found)), _NTH.get(group(found, "nth")))


_ask = asks("day", WHICH_DAY)

DATE_ROWS: tuple[Row, ...] = rows(
    (rf"(?<![早晚])上上?个?月(?:份|的)?(?:{N}[号日]|{_PORTION})?", over),
    (r"[去前]年(?:的?[春夏秋冬]天)?", over),
    (rf"等?{_ASKED}(?![纪龄轻])(?:的?时候|以后|之后|后|再)?|今年[春夏秋冬]天", _ask),
    # Called lunar and given a solar 号, or the other way round.
    (rf"{LUNAR_NAME}的?(?:[正腊冬闰{DIGIT}十]{{0,3}}月)?{N}[号日]", _ask),
    (rf"{SOLAR_NAME}的?(?:(?:[正腊冬]|{N})月)?(?:初[十{DIGIT}]|(?<=[正腊冬]月)[十廿{DIGIT}]+)", _ask),
    (rf"(?:[这本]一?个?|下下?一?个?)月的?初[十{DIGIT}]", _ask),
    (r"(?<!点)(?:[二三]?十|廿)(?:几[号日]?(?=$|[，。来去上下])|来[号日])", _ask),
    (
        rf"{_YEAR}(?P<name>{_FESTIVAL}|十一)节?的?{_DAYS_OFF}的?(?:那几天)?(?:(?P<nth>头一?|第[一二三]|最后一)天)?",
        _holiday,
    ),
    (rf"{_YEAR}{SOLAR_NAME}的?(?:{_MONTH}|{_NEAR_MONTH})?(?P<day>{N})[号日]?(?![十{DIGIT}])", _solar),
    (
        rf"{_YEAR}{_NO_FESTIVAL_BEFORE}(?:{LUNAR_NAME}的?)?(?P<name>{_FESTIVAL}){_NO_FESTIVAL_AFTER}(?:[那当][天日])?",
        _festival,
    ),
    (r"(?<![关季环年])节[前后]|第[二三四五]天|头一天", _ask),
    # Lunar dates: called so, in a lunar month, or with 初.
    (rf"{_YEAR}大?年初(?P<day>[十{DIGIT}])", _new_year_day),
    (rf"大年[二三]?十?[{DIGIT}]", _ask),
    (rf"{_YEAR}{LUNAR_NAME}的?(?P<leap>闰)?(?:(?P<month>[正腊冬]|{N})月)?{_LUNAR_DAY}", _lunar),
    (rf"{_YEAR}(?P<leap>闰)?(?P<month>[正腊冬])月{_LUNAR_DAY}", _lunar),
    (rf"{START}{_YEAR}(?P<leap>闰)(?P<month>{N})月{_LUNAR_DAY}", _lunar),
    (rf"{START}{_YEAR}(?P<month>{N})月(?P<day>初[十{DIGIT}])", _lunar),
    (rf"(?<![当起最月年])(?P<day>初[十{DIGIT}])(?![中级高班恋次]|学生|毕业|年级|上学|下学)", _lunar),
    (r"[正腊冬]月", _ask),
    # Solar dates.
    (r"(?<!\d)(?P<year>20\d\d)[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?!\d)", _solar),
    (rf"{START}{_YEAR}(?:{_MONTH}|{_NEAR_MONTH})?(?P<first>{N})[到至~-](?P<day>{N})[号日]{_NO_HOUSE}", _solar_range),
    (rf"{START}{_YEAR}(?:{_MONTH}|{_NEAR_MONTH})?{_NOT_HOUSE}(?P<day>{N})[号日]{_NO_HOUSE}", _solar),
    # Neither.
    (rf"{START}{_YEAR}{_MONTH}{_BARE_DAY}", _either),
    (rf"{_NEAR_MONTH}{_BARE_DAY}", _either),
    (rf"{START}(?P<day>(?:[二三]?十|廿)[{DIGIT}]?)那[天日]", _either),
    (rf"(?:{LUNAR_NAME}|{SOLAR_NAME})的?(?!新年)", _calendar),
    # Months and their parts.
    (rf"{START}{_YEAR}{_MONTH}月?{_PORTION}", _month),
    (rf"{_NEAR_MONTH}月?{_PORTION}", _month),
    (rf"(?<!个)月(?P<portion>初(?![十{DIGIT}几])|中(?![午秋昼])|底|末)", _month),
    (r"(?P<portion>[上中下]旬)", _month),
    (rf"{START}{_YEAR}{_MONTH}[十廿卅{DIGIT}\d]+(?![点:\d])", _ask),
    (rf"{START}{_YEAR}{_MONTH}(?!\d)", _month),
    (rf"{_NEAR_MONTH}", _month),
    (r"[明后]年", _ask),
)
"""In order, the more particular first."""
