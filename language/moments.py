"""Moments and days as a person would say them."""

from datetime import date, datetime

from language.counts import say_number

_WEEKDAYS = "一二三四五六日"
_DAYS = {-1: "昨天", 0: "今天", 1: "明天", 2: "后天"}


def say_day(day: date, today: date) -> str:
    """明天, or 十一月二十五号星期三 when it is further away."""
    near = _DAYS.get((day - today).days)
    return near or f"{say_number(day.month)}月{say_number(day.day)}号星期{_WEEKDAYS[day.weekday()]}"


def say_clock(moment: datetime) -> str:
    """上午九点, 下午三点半, 晚上八点零五分."""
    hour = moment.hour % 12 or 12
    minute = moment.minute
    rest = {0: "", 30: "半"}.get(minute, f"{'零' if minute < 10 else ''}{say_number(minute)}分")
    count = "两" if hour == 2 else say_number(hour)
    return f"{_part(moment.hour)}{count}点{rest}"


def _part(hour: int) -> str:
    parts = ((5, "凌晨"), (8, "早上"), (11, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))
    return next(name for end, name in parts if hour < end)


def say_moment(moment: datetime, now: datetime) -> str:
    """今天下午三点半, 明天上午九点."""
    return f"{say_day(moment.date(), now.date())}{say_clock(moment)}"
