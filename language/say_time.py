"""Say dates and times of day back in Chinese."""

from datetime import datetime

from language.counts import say_number

_WEEKDAYS = "一二三四五六日"
_NEAR = {0: "今天", 1: "明天", 2: "后天"}
_PARTS = ((6, "凌晨"), (8, "早上"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))


def say_window(start: datetime, end: datetime | None, now: datetime) -> str:
    """Say a time or stretch of time: 明天，十一月二十三号，星期一，上午九点到十点.

    Both are said in the time zone of `now`. An `end` on another day is said with its date.
    """
    start = start.astimezone(now.tzinfo)
    said = f"{_say_date(start, now)}，{_say_part(start)}{_say_clock(start)}"
    end = end.astimezone(now.tzinfo) if end else None
    if end is None or end == start:
        return said
    if end.date() != start.date():
        return f"{said}到{_say_date(end, now)}，{_say_part(end)}{_say_clock(end)}"
    part = "" if _say_part(end) == _say_part(start) else _say_part(end)
    return f"{said}到{part}{_say_clock(end)}"


def _say_date(moment: datetime, now: datetime) -> str:
    near = _NEAR.get((moment.date() - now.date()).days)
    years = {0: "", 1: "明年"}.get(moment.year - now.year)
    year = f"{moment.year}年" if years is None else years
    dated = f"{year}{say_number(moment.month)}月{say_number(moment.day)}号"
    return "，".join(filter(None, (near, dated, f"星期{_WEEKDAYS[moment.weekday()]}")))


def _say_part(moment: datetime) -> str:
    if moment.hour == 12 and moment.minute == 0:
        return "中午"
    return next(name for before, name in _PARTS if moment.hour < before)


def _say_clock(moment: datetime) -> str:
    hour = moment.hour if moment.hour <= 12 else moment.hour - 12
    said = ("两" if hour == 2 else say_number(hour)) + "点"
    if moment.minute == 30:
        return said + "半"
    if moment.minute == 0:
        return said
    minute = say_number(moment.minute)
    return said + (f"零{minute}分" if moment.minute < 10 else minute)
