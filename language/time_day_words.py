"""Words for days counted from today, and for weeks: 后儿, 三天后, 礼拜三, 下周末, 昨天, 改天."""

import re

from language.time_meanings import (
    WHICH_DAY,
    DayRange,
    DaysAhead,
    MonthsAhead,
    Past,
    Unclear,
    Week,
    Weekday,
    Weekend,
)
from language.time_rows import Read, Row, asks, group, one_of, over, rows
from language.time_vocabulary import AFTER, DAY_OF_WEEK, DIGIT, START, WEEK, WEEKDAYS, WEEKS, N, count

_RELATIVE = {"今": 0, "明": 1, "后": 2, "大后": 3}
_DAYS_AGO = {"昨": 1, "夜": 1, "前": 2, "大前": 3}
_SEVERAL = rf"(?:[{DIGIT}两][{DIGIT}]|[几数]|好几|十几|半)"
_HOW_MANY = rf"(?:{_SEVERAL}|{N})"

_ASKED = one_of(
    "改天 改日 回头 哪天都 随时 尽快 越快越好 越早越好 近几天 近两天 最近几天 最近两天 "
    "过些日子 过阵子 过一阵 过一阵子 过段时间 过些天 过几日 今明两天 今明 当天 当日 同一天 次日 翌日 "
    "老时间 老样子 双休日 工作日 开春 开伏 入伏"
)
_OVER = one_of(
    "刚才 刚刚 上回 上次 早先 前阵子 前些日子 前段时间 前些时候 前几天 前两天 前些天 头几天 头两天 "
    "前些年 往年 头年 上年 旧年 头些天 去年 前年 大前年"
)


def _relative(found: re.Match[str]) -> Read:
    return "day", DaysAhead(_RELATIVE[found["day"]])


def _days_ago(found: re.Match[str]) -> Read:
    return "day", Past(_DAYS_AGO[found["day"] or "夜"])


def _later(found: re.Match[str]) -> Read:
    many, unit = count(found["count"]), found["unit"]
    if many < 1:
        return "day", Unclear(WHICH_DAY)
    return "day", MonthsAhead(many) if unit == "月" else DaysAhead(many * (1 if unit in "天日" else 7))


def _weekday(found: re.Match[str]) -> Read:
    return "day", Weekday(WEEKDAYS[found["name"]], WEEKS.get(group(found, "week")))


def _weekday_range(found: re.Match[str]) -> Read:
    first = Weekday(WEEKDAYS[found["name"]], WEEKS.get(group(found, "week")))
    return "day", DayRange(first, Weekday(WEEKDAYS[found["last"]]))


def _week(found: re.Match[str]) -> Read:
    return "day", Past() if found["week"].startswith("上") else Week(WEEKS[found["week"]])


def _weekend(found: re.Match[str]) -> Read:
    return "day", Weekend(WEEKS.get(group(found, "week")))


_WEEK_SAID = r"(?:(?P<week>上上|上|这|本|下下|下)一?)"

DAY_ROWS: tuple[Row, ...] = rows(
    (
        rf"(?<!过){START}{_HOW_MANY}(?:[天日年]|个?(?:{WEEK}|半?月|小时|钟头)|分钟)多?(?:以前|之前|前(?![面头台天]))",
        over,
    ),
    (rf"(?<!过){START}(?P<count>{N})(?P<unit>[天日]){AFTER}", _later),
    (rf"(?<!过){START}(?P<count>{N})个?(?P<unit>{WEEK}|(?<=个)月){AFTER}", _later),
    (
        rf"{START}{_HOW_MANY}(?:[天日]|个?{WEEK}|个月)(?:{AFTER}|之内|以内|内)|[一二三]两?[两三四]天",
        asks("day", WHICH_DAY),
    ),
    (rf"[这过隔]个?{_HOW_MANY}天|[这过]些天|过{_HOW_MANY}个?(?:{WEEK}|月)", asks("day", WHICH_DAY)),
    (rf"大大后[天儿日]个?|赶明(?:儿个|儿|个|天)?|明后两?天|最近(?=$|[，。])|{_ASKED}", asks("day", WHICH_DAY)),
    (rf"(?:推迟|提前|延后|往[前后]推?|晚|早)个?{N}(?:天|个?{WEEK})", asks("day", WHICH_DAY)),
    (r"(?:现在|马上|立刻|这会儿)(?:就?(?:来|过来|派)|$)", asks("day", WHICH_DAY)),
    (rf"(?:[大再]下|下下下)个?{WEEK}(?:末|{DAY_OF_WEEK})?", asks("day", WHICH_DAY)),
    (rf"(?:头一|第[一二三四五]|最后一)个?{WEEK}(?:末|{DAY_OF_WEEK})?", asks("day", WHICH_DAY)),
    (rf"{_WEEK_SAID}?个?(?:{WEEK}|大?周)末", _weekend),
    (rf"{_WEEK_SAID}?个?{WEEK}(?P<name>{DAY_OF_WEEK})[到至~-](?P<last>{DAY_OF_WEEK})(?!点)", _weekday_range),
    (
        rf"(?:{_WEEK_SAID}个?)?{WEEK}{DAY_OF_WEEK}(?:[和或]?{DAY_OF_WEEK}(?!大?[早清]))+(?![\d{DIGIT}十]*点)",
        asks("day", WHICH_DAY),
    ),
    (
        rf"(?<![几两每])(?<!每个)(?<![{DIGIT}两几]个)(?<![一两]){_WEEK_SAID}?个?{WEEK}"
        rf"(?P<name>[一二三四五六日天]|[1-7](?!\d))(?![次回趟百千岁])",
        _weekday,
    ),
    (rf"{_WEEK_SAID}个?{WEEK}(?!几)", _week),
    (r"(?P<day>大?前)(?:[天日儿]个?|个儿)", _days_ago),
    (r"(?P<day>昨)(?:[天日晚夜]|儿个?|个儿?)|(?<![半今深黑一整每])夜(?:来个?|儿个)", _days_ago),
    (_OVER, over),
    (r"(?P<day>大后|今|明|后)(?:天|日|儿个|个儿|儿|朝(?![廷代]))", _relative),
    (r"(?<![\u4e00-\u9fff])(?P<day>今|明|后)个(?=$|[，。上下头晌早晚])", _relative),
    (r"(?<![如至而当声证表注])(?P<day>今|明)(?=早上|早|晚上|晚|晌午|上午|下午)", _relative),
)
"""In order, the more particular first."""
