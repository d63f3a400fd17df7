"""Words for what happens again and again: 每周二, 一三五, 隔天, 每月十五号, 一个月四次."""

import re

from language.time_meanings import WHICH_CALENDAR, WHICH_DAYS, Repeat, Unclear
from language.time_rows import Read, Row, rows
from language.time_vocabulary import DAY_OF_WEEK, DIGIT, START, WEEK, WEEKDAYS, N, count

_EVERY = "(?:每一?个?|逢)"
_TIMES = "(?:[次回趟遍])"
_COUNTED = r"\d零〇幺两十百千万点号栋楼室单块元斤个岁分"
"""After bare digits they make a number of them."""
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NTH = {"头一": 1, "第一": 1, "第二": 2, "第三": 3, "第四": 4, "最后一": -1}
_NAMED_DAYS = rf"{DAY_OF_WEEK}(?!点)(?:(?:[，和跟与及]|还有)?{WEEK}?{DAY_OF_WEEK}(?![点次回趟]))*"
_FROM_TO = rf"{WEEK}(?P<first>{DAY_OF_WEEK})[到至~-]{WEEK}?(?P<last>{DAY_OF_WEEK})"
_NAMED_DATES = rf"{N}[号日](?:(?:[，和跟与及]|还有)?{N}[号日])*"


def _weekly(weekdays: list[int]) -> Repeat:
    return Repeat("FREQ=WEEKLY;BYDAY=" + ",".join(_CODES[day] for day in sorted({*weekdays})))


def _days_of_week(found: re.Match[str]) -> Read:
    return "rule", _weekly([WEEKDAYS[name] for name in re.findall(DAY_OF_WEEK, found["days"])])


def _from_to(found: re.Match[str]) -> Read:
    first, last = WEEKDAYS[found["first"]], WEEKDAYS[found["last"]]
    return "rule", _weekly([*range(first, last + 1)]) if first < last else Unclear(WHICH_DAYS)


def _weekends(_: re.Match[str]) -> Read:
    return "rule", _weekly([5, 6])


def _days_of_month(found: re.Match[str]) -> Read:
    days = sorted({count(day) for day in re.findall(rf"({N})[号日]", found["days"])})
    if not all(1 <= day <= 31 for day in days):
        return "rule", Unclear(WHICH_DAYS)
    return "rule", Repeat("FREQ=MONTHLY;BYMONTHDAY=" + ",".join(map(str, days)))


def _nth_of_month(found: re.Match[str]) -> Read:
    return "rule", Repeat(f"FREQ=MONTHLY;BYDAY={_NTH[found['nth']]}{_CODES[WEEKDAYS[found['day']]]}")


def _last_of_month(_: re.Match[str]) -> Read:
    return "rule", Repeat("FREQ=MONTHLY;BYMONTHDAY=-1")


def _date_of_year(found: re.Match[str]) -> Read:
    month, day = count(found["month"]), count(found["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return "rule", Unclear(WHICH_DAYS)
    return "rule", Repeat(f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}")


def _daily(_: re.Match[str]) -> Read:
    return "rule", Repeat("FREQ=DAILY")


def _every_other_day(_: re.Match[str]) -> Read:
    return "rule", Repeat("FREQ=DAILY;INTERVAL=2")


def _every_few_days(found: re.Match[str]) -> Read:
    days = count(found["days"])
    if days < 1:
        return "rule", Unclear(WHICH_DAYS)
    return "rule", Repeat("FREQ=DAILY" if days == 1 else f"FREQ=DAILY;INTERVAL={days}")


def _which_days(_: re.Match[str]) -> Read:
    return "rule", Unclear(WHICH_DAYS)


def _which_calendar(_: re.Match[str]) -> Read:
    return "rule", Unclear(WHICH_CALENDAR)


REPEAT_ROWS: tuple[Row, ...] = rows(
    # How often, but not on which days: no rule can say it, and 一个星期三回 is no Wednesday.
    (rf"每个?{WEEK}(?P<days>{DAY_OF_WEEK})一{_TIMES}", _days_of_week),
    (rf"(?:{START}一个?|每一?个?){WEEK}(?:里|内|来|就|要|给\w)?{N}{_TIMES}(?!{_TIMES})", _which_days),
    (rf"(?:{START}{N}个?|每{N}?个?)(?:{WEEK}|月|年)(?:里|来|洗|做)?[一几]{_TIMES}(?!{_TIMES})", _which_days),
    (rf"(?:{START}一个?|每一?个?)(?:月|年)(?:里|内|来|洗|做|要)?{N}{_TIMES}", _which_days),
    (rf"(?:每{N}个?|{START}[两二三四]个?)(?:{WEEK}|月)(?:来|洗|做)?一?{_TIMES}", _which_days),
    (rf"(?:每隔|隔)一个?(?:{WEEK}|月)|隔周|{_EVERY}(?:工作日|平日|小时|钟头)", _which_days),
    ("逢[单双]|每?一?个?季度|隔三差五|三天两头", _which_days),
    (r"一天隔一天|(?:每|一天)?隔一天(?=一?[次回趟]|来)|每隔一[天日]|隔[天日](?!再)", _every_other_day),
    (rf"每?隔{N}[天日]", _which_days),
    (rf"(?:每(?P<days>{N})天)(?:来|洗|做)?(?:一?{_TIMES})?", _every_few_days),
    (rf"{START}(?P<days>{N})天(?:来|洗|做)?一{_TIMES}", _every_few_days),
    (rf"(?<![下这本上个]){_EVERY}?从?{_FROM_TO}(?:每天|天天|都)", _from_to),
    (rf"{_EVERY}{_FROM_TO}", _from_to),
    (rf"{_EVERY}{WEEK}的?(?:{WEEK})?(?P<days>{_NAMED_DAYS})(?:一{_TIMES})?", _days_of_week),
    (rf"{_EVERY}(?:{WEEK}末|双休日|大?周末)", _weekends),
    (rf"(?<![下这本上]个)(?<![下这本上])(?:逢|{WEEK})(?P<days>一三五|二四六|一三五七)", _days_of_week),
    (rf"(?<![\d零幺{DIGIT}]，){START}(?P<days>一三五|二四六)(?!，?(?!一大?早)[{_COUNTED}{DIGIT}])", _days_of_week),
    (rf"{_EVERY}月(?:份|里|的)?(?P<days>{_NAMED_DATES})", _days_of_month),
    (
        rf"{_EVERY}月(?:里|的)?(?P<nth>头一|第[一二三四]|最后一)个?{WEEK}(?P<day>{DAY_OF_WEEK})",
        _nth_of_month,
    ),
    (rf"{_EVERY}月(?:里|的)?最后一[天日]", _last_of_month),
    (rf"{_EVERY}月(?:份|里|的)?(?:月?[初中底末](?![{DIGIT}十])|[上中下]旬)", _which_days),
    (rf"{_EVERY}月(?:份|里|的)?初?[十廿{DIGIT}]{{1,3}}(?:[，和]?初?[十廿{DIGIT}]{{1,3}})?", _which_calendar),
    (r"(?:初一[，和]?十五|逢[一二三四五六七八九十]逢[一二三四五六七八九十])", _which_days),
    (rf"每年的?(?P<month>{N})月(?P<day>{N})[号日]", _date_of_year),
    (r"每年的?(?:[^，。]{1,4}节|清明|冬至|中秋|重阳|端午)", _which_days),
    (rf"每一?个?(?:{WEEK}|月)(?=$|[，。来去])", _which_days),
    (r"每天早晚", _which_days),
    (r"每一?[天日]|(?<![今明后昨前])天天|见天儿?|每(?=[晚早])", _daily),
    (r"[，。]?(?:一共|总共|共)(?:来|做)?[一二三四五六七八九十两\d]{1,3}[次回趟]", _which_days),
)
"""In order, the more particular first."""
