from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from knowledge.vocabulary import time_conventions
from language.time_sentence import find_time_words
from language.times import TimeReading, merge, read_time, say_window

ZONE, UTC = ZoneInfo("Asia/Shanghai"), ZoneInfo("UTC")
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=ZONE)  # a Wednesday
CONVENTIONS = time_conventions()


def read(text: str, now: datetime = NOW) -> TimeReading:
    return read_time(text, now, CONVENTIONS)


def at(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("明天上午十点", at(11, 19, 10)),
        ("明 天 上 午 十 点", at(11, 19, 10)),
        ("后儿个过晌两点一刻", at(11, 20, 14, 15)),
        ("大后儿早上八点半", at(11, 21, 8, 30)),
        ("今天下午四点三刻", at(11, 18, 16, 45)),
        ("礼拜五头晌九点", at(11, 20, 9)),
        ("星期五四点", at(11, 20, 16)),
        ("周六10点", at(11, 21, 10)),
        ("下周二下午三点二十", at(11, 24, 15, 20)),
        ("下下周一上午九点", at(11, 30, 9)),
        ("下星期天上午九点", at(11, 29, 9)),
        ("这周日上午九点", at(11, 22, 9)),
        ("二十五号上午十点", at(11, 25, 10)),
        ("5号上午十点", at(12, 5, 10)),
        ("下个月六号下午两点", at(12, 6, 14)),
        ("十二月一号下午三点零五分", at(12, 1, 15, 5)),
        ("1月8日上午9点", at(1, 8, 9, year=2027)),
        ("11月25日14:00", at(11, 25, 14)),
        ("明年二月三号上午九点", at(2, 3, 9, year=2027)),
        ("2026年12月1号上午10点", at(12, 1, 10)),
        ("三天后上午九点", at(11, 21, 9)),
        ("明天九点", at(11, 19, 9)),
        ("明天三点", at(11, 19, 15)),
        ("明天12点", at(11, 19, 12)),
        ("明天17:30", at(11, 19, 17, 30)),
        ("明天08:30", at(11, 19, 8, 30)),
        ("明天5:30", at(11, 19, 17, 30)),
        ("明天二十点", at(11, 19, 20)),
        ("明晚七点", at(11, 19, 19)),
        ("明天中午十二点半", at(11, 19, 12, 30)),
        ("明天中午一点", at(11, 19, 13)),
        ("明天下午一点", at(11, 19, 13)),
        ("明天傍黑五点", at(11, 19, 17)),
        ("半小时后", at(11, 18, 10, 30)),
        ("一个半小时以后", at(11, 18, 11, 30)),
        ("二十分钟后", at(11, 18, 10, 20)),
        ("我明天有空，上午九点来吧", at(11, 19, 9)),
        ("明天上午来三个人，九点", at(11, 19, 9)),
        ("十点明天", at(11, 19, 10)),
        ("明天星期四上午九点", at(11, 19, 9)),
        ("今天星期三，下午三点", at(11, 18, 15)),
        ("二十号，星期五，上午九点", at(11, 20, 9)),
    ],
)
def test_exact(text: str, start: datetime) -> None:
    reading = read(text)
    assert (reading.kind, reading.start, reading.end, reading.question) == ("exact", start, None, None)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("明天一早", at(11, 19, 6), at(11, 19, 9)),
        ("明早", at(11, 19, 6), at(11, 19, 9)),
        ("明儿个早起", at(11, 19, 6), at(11, 19, 9)),
        ("明天上午", at(11, 19, 8), at(11, 19, 12)),
        ("明日头晌", at(11, 19, 8), at(11, 19, 12)),
        ("后天晌午", at(11, 20, 11), at(11, 20, 13)),
        ("后天过了晌午", at(11, 20, 13), at(11, 20, 18)),
        ("后天后晌", at(11, 20, 13), at(11, 20, 18)),
        ("后天傍黑", at(11, 20, 17), at(11, 20, 19, 30)),
        ("今晚", at(11, 18, 18), at(11, 18, 21)),
        ("今天上午", at(11, 18, 8), at(11, 18, 12)),
        ("18号下午", at(11, 18, 13), at(11, 18, 18)),
        ("明天九点到十一点", at(11, 19, 9), at(11, 19, 11)),
        ("明天上午十点到下午两点", at(11, 19, 10), at(11, 19, 14)),
        ("明天下午3-5点", at(11, 19, 15), at(11, 19, 17)),
        ("明天十一点到一点", at(11, 19, 11), at(11, 19, 13)),
    ],
)
def test_range(text: str, start: datetime, end: datetime) -> None:
    reading = read(text)
    assert (reading.kind, reading.start, reading.end) == ("range", start, end)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("明天七点", "which_part"),
        ("明天六点", "which_part"),
        ("明天上午三点", "which_part"),
        ("明天03:00", "which_part"),
        ("明天上午或者下午", "which_part"),
        ("下午", "which_day"),
        ("九点", "which_day"),
        ("上午九点", "which_day"),
        ("过两天", "which_day"),
        ("过三天", "which_day"),
        ("改天", "which_day"),
        ("赶明儿", "which_day"),
        ("赶明儿个上午", "which_day"),
        ("大大后天上午", "which_day"),
        ("这两天", "which_day"),
        ("明后天上午", "which_day"),
        ("下个月初八", "which_day"),
        ("下个月十五上午", "which_calendar"),
        ("三月十八", "which_calendar"),
        ("10月3号上午", "which_year"),
        ("国庆放假头一天", "which_holiday"),
        ("周一到周五", "which_days"),
        ("一个星期一次", "which_days"),
        ("一个月四次", "which_days"),
        ("每周二，明天先来一次", "which_days"),
        ("每月初一", "which_calendar"),
        ("每年九月九", "which_days"),
        ("两小时", "which_hour"),
        ("明天下午四点以前", "which_hour"),
        ("农历", "which_day"),
        ("闰六月初三", "which_day"),
        ("明年除夕", "which_year"),
        ("明年今天", "which_day"),
        ("当天下午", "which_day"),
        ("周末上午", "which_day"),
        ("农历三月十五号上午九点", "which_day"),
        ("过完年", "which_day"),
        ("31号上午", "which_day"),
        ("十一月三十一号上午", "which_day"),
        ("周一到五上午", "which_days"),
        ("三号到五号上午", "which_day"),
        ("五号六号都行", "which_day"),
        ("明天或者后天上午", "which_day"),
        ("明天星期五上午", "which_day"),
        ("二十号，星期四上午", "which_day"),
        ("周四周五都行", "which_day"),
        ("十号左右上午", "which_day"),
        ("随时", "which_day"),
        ("越快越好", "which_day"),
        ("礼拜三上午", "which_week"),
        ("星期三", "which_week"),
        ("明天三点多", "which_hour"),
        ("明天下午两三点", "which_hour"),
        ("明天九十点", "which_hour"),
        ("明天十一二点", "which_hour"),
        ("周五三点五", "which_hour"),
        ("明天半夜", "which_hour"),
        ("明天上午十来点", "which_hour"),
        ("明天午饭后", "which_hour"),
        ("后天以后上午", "which_day"),
        ("周五以前上午", "which_day"),
        ("隔一天上午", "which_days"),
        ("过一个礼拜", "which_day"),
        ("明天凌晨三点", "which_hour"),
        ("明天九点，十点", "which_hour"),
        ("明天上午不行", "which_day"),
        ("明天没空，下午三点吧", "which_day"),
    ],
)
def test_what_is_not_sure_is_asked(text: str, question: str) -> None:
    reading = read(text)
    assert (reading.kind, reading.question, reading.start) == ("ambiguous", question, None)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("明天", (11, 19), (11, 19)),
        ("二十三号", (11, 23), (11, 23)),
        ("两个星期后", (12, 2), (12, 2)),
        ("二月二", (3, 9, 2027), (3, 9, 2027)),
        ("腊月二十三", (1, 30, 2027), (1, 30, 2027)),
        ("初八", (12, 16), (12, 16)),
        ("国庆节", (10, 1, 2027), (10, 1, 2027)),
        ("母亲节", (5, 9, 2027), (5, 9, 2027)),
        ("重阳节前一天", (10, 7, 2027), (10, 7, 2027)),
        ("下个礼拜", (11, 23), (11, 29)),
        ("月底", (11, 24), (11, 30)),
        ("月底二十八号", (11, 28), (11, 28)),
        ("下周一到周三", (11, 23), (11, 25)),
        ("二十八号到三号", (11, 28), (12, 3)),
        ("十二月", (12, 1), (12, 31)),
    ],
)
def test_days_without_hours_are_their_service_hours(text: str, first: tuple[int, ...], last: tuple[int, ...]) -> None:
    def on(day: tuple[int, ...], hour: int) -> datetime:
        return at(day[0], day[1], hour, year=day[2] if len(day) > 2 else 2026)

    reading = read(text)
    assert (reading.kind, reading.start, reading.end) == ("range", on(first, 8), on(last, 18))
    assert reading.left_open == ("which_part" if first == last else "which_day")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("三点一刻", at(11, 18, 15, 15), None),
        ("差十分四点", at(11, 18, 15, 50), None),
        ("下午三点", at(11, 18, 15), None),
        ("三点到五点", at(11, 18, 15), at(11, 18, 17)),
    ],
)
def test_a_clock_time_without_a_day_is_todays_and_leaves_the_day_open(
    text: str, start: datetime, end: datetime | None
) -> None:
    reading = read(text)
    assert (reading.start, reading.end, reading.left_open) == (start, end, "which_day")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("明天九点以后", at(11, 19, 9), at(11, 19, 18)),
        ("明天上午九点以后", at(11, 19, 9), at(11, 19, 12)),
        ("明天十点以前", at(11, 19, 8), at(11, 19, 10)),
        ("明天上午九点，两个小时", at(11, 19, 9), at(11, 19, 11)),
    ],
)
def test_open_ends_and_lengths(text: str, start: datetime, end: datetime) -> None:
    assert (read(text).kind, read(text).start, read(text).end) == ("range", start, end)


@pytest.mark.parametrize(
    ("text", "rule", "start", "end"),
    [
        ("每周二上午九点", "FREQ=WEEKLY;BYDAY=TU", at(11, 24, 9), None),
        ("每周三下午", "FREQ=WEEKLY;BYDAY=WE", at(11, 18, 13), at(11, 18, 18)),
        ("每周三上午", "FREQ=WEEKLY;BYDAY=WE", at(11, 25, 8), at(11, 25, 12)),
        ("一三五", "FREQ=WEEKLY;BYDAY=MO,WE,FR", at(11, 20, 8), at(11, 20, 18)),
        ("隔天", "FREQ=DAILY;INTERVAL=2", at(11, 19, 8), at(11, 19, 18)),
        ("每月十五号", "FREQ=MONTHLY;BYMONTHDAY=15", at(12, 15, 8), at(12, 15, 18)),
        ("每个月最后一个周五", "FREQ=MONTHLY;BYDAY=-1FR", at(11, 27, 8), at(11, 27, 18)),
        ("从下周开始每周三", "FREQ=WEEKLY;BYDAY=WE", at(11, 25, 8), at(11, 25, 18)),
    ],
)
def test_recurring(text: str, rule: str, start: datetime, end: datetime | None) -> None:
    reading = read(text)
    assert (reading.kind, reading.rule, reading.start, reading.end) == ("recurring", rule, start, end)


def test_days_off_are_known_where_they_were_announced() -> None:
    september = datetime(2026, 9, 20, 8, 30, tzinfo=ZONE)
    reading = read("国庆放假头一天", september)
    assert (reading.start, reading.end) == (at(10, 1, 8), at(10, 1, 18))
    assert read("国庆长假", september).end == at(10, 7, 18)


@pytest.mark.parametrize(
    "text",
    [
        "去年八月十五",
        "上个月初八",
        "昨天下午",
        "上个月摔过一跤想租轮椅",
        "上周五上午",
        "今天早上",
        "今天九点",
        "前天",
        "这周一上午",
        "夜来个来的",
    ],
)
def test_past(text: str) -> None:
    assert read(text).kind == "past"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "我想约个助浴",
        "早上好",
        "下午好啊",
        "声音大一点",
        "早一点来",
        "我有两点意见",
        "有一点疼",
        "一点也不好",
        "我家住花园路12号",
        "3号楼2单元",
        "五号线",
        "我今年八十二",
        "三十二号",
        "关节前面疼",
        "一三九零零零零二二二二",
    ],
)
def test_not_a_time(text: str) -> None:
    assert read(text) == TimeReading("not_a_time")


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("不是明天，是后天上午九点", "后天上午九点"),
        ("不是明天是后天上午九点", "后天上午九点"),
        ("明天不行，后天上午九点", "后天上午九点"),
        ("明天上午没空，下午吧", "明天下午"),
        ("后天下午三点别来，四点来", "后天下午四点"),
        ("明天上午九点，不对，后天", "后天上午九点"),
        ("明天上午九点不对十点", "明天上午十点"),
        ("从明天改到后天上午", "后天上午"),
        ("明天九点改到后天下午", "后天下午"),
        ("昨天约的明天上午九点", "明天上午九点"),
        ("是不是明天上午来", "明天上午"),
        ("下个礼拜，礼拜四的上午", "下周四上午"),
    ],
)
def test_corrections_in_one_breath(text: str, same_as: str) -> None:
    one, other = read(text), read(same_as)
    assert (one.kind, one.start, one.end) == (other.kind, other.start, other.end)
    assert one.kind in ("exact", "range")


@pytest.mark.parametrize(
    ("first", "then", "same_as"),
    [
        ("明天", "上午九点", "明天上午九点"),
        ("明天", "下午吧", "明天下午"),
        ("上午九点", "后天", "后天上午九点"),
        ("七点", "明天晚上", "明天晚上七点"),
        ("明天上午九点", "不对，是后天", "后天上午九点"),
        ("明天上午九点", "下午", "明天下午"),
        ("明天上午", "十点吧", "明天上午十点"),
        ("明天下午两三点", "三点", "明天下午三点"),
        ("过两天", "星期五上午", "星期五上午"),
        ("星期三上午", "下个礼拜的", "下周三上午"),
        ("星期三上午十一点", "今天", "今天上午十一点"),
        ("明天上午", "明天上午没空，后天下午吧", "后天下午"),
        ("今天上午九点", "那就明天", "明天上午九点"),
        ("三月十八上午", "农历的", "农历三月十八上午"),
        ("三月十八上午", "阳历", "三月十八号上午"),
        ("下个月上午", "二十五号", "下个月二十五号上午"),
        ("每周二上午", "下周二", "下周二上午"),
        ("半小时后", "明天上午九点", "明天上午九点"),
        ("明天上午九点", "半小时后", "半小时后"),
        ("明天上午九点", "好的谢谢", "明天上午九点"),
    ],
)
def test_merge_over_turns(first: str, then: str, same_as: str) -> None:
    merged, expected = merge(read(first), then, NOW, CONVENTIONS), read(same_as)
    assert (merged.kind, merged.start, merged.end) == (expected.kind, expected.start, expected.end)
    assert merged.kind in ("exact", "range")


@pytest.mark.parametrize(
    ("first", "then", "question"),
    [
        ("明天上午", "三点", "which_part"),
        ("明天上午", "明天不行", "which_day"),
        ("明天", "过两天吧", "which_day"),
        ("星期三", "下午", "which_week"),
    ],
)
def test_merge_asks_when_the_two_do_not_agree(first: str, then: str, question: str) -> None:
    merged = merge(read(first), then, NOW, CONVENTIONS)
    assert (merged.kind, merged.question) == ("ambiguous", question)


def test_a_refused_day_does_not_come_back_with_the_next_turn() -> None:
    refused = merge(read("明天上午"), "明天没空", NOW, CONVENTIONS)
    assert merge(refused, "下午三点", NOW, CONVENTIONS).left_open == "which_day"


def test_merge_from_nothing_reads_the_text() -> None:
    assert merge(None, "明天上午", NOW, CONVENTIONS) == read("明天上午")


@pytest.mark.parametrize(
    "text",
    [
        "我明天有空，上午九点来吧",
        "明天或者后天上午",
        "下个礼拜，礼拜四上午",
        "周五三点多",
        "今天早上",
        "十点明天",
    ],
)
def test_the_words_alone_mean_the_same(text: str) -> None:
    reading = read(text)
    assert read(reading.words) == reading


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我想明天上午九点洗澡", "明天上午九点"),
        ("后儿个过晌行不", "后儿个过晌"),
        ("过两天再说", "过两天"),
        ("昨天摔了一跤", None),
        ("明天没空", None),
        ("帮我订餐", None),
    ],
)
def test_find_time_words(text: str, words: str | None) -> None:
    assert find_time_words(text) == words


def test_the_present_must_be_aware() -> None:
    with pytest.raises(ValueError, match="aware"):
        read("明天", NOW.replace(tzinfo=None))


def test_the_zone_of_now_is_kept() -> None:
    reading = read("明天上午九点", datetime(2026, 11, 18, 2, 0, tzinfo=UTC))
    assert reading.start == datetime(2026, 11, 19, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("days", range(14))
def test_a_bare_weekday_is_the_coming_one_on_any_day(days: int) -> None:
    now = NOW + timedelta(days=days)
    reading = read("星期六上午九点", now)
    if now.weekday() == 5:
        assert reading.question == "which_week"
    else:
        assert reading.start is not None
        assert reading.start.weekday() == 5
        assert timedelta(0) < reading.start.date() - now.date() < timedelta(days=7)


@pytest.mark.parametrize(
    ("text", "now", "start"),
    [
        ("5号上午九点", at(12, 30, 10), at(1, 5, 9, year=2027)),
        ("下个月3号上午九点", at(12, 30, 10), at(1, 3, 9, year=2027)),
        ("明天上午九点", at(12, 31, 10), at(1, 1, 9, year=2027)),
        ("下周一上午九点", at(11, 22, 10), at(11, 23, 9)),
        ("下周一上午九点", at(11, 23, 10), at(11, 30, 9)),
        ("二月二十九号上午九点", at(2, 1, 10, year=2028), at(2, 29, 9, year=2028)),
    ],
)
def test_edges_of_week_month_and_year(text: str, now: datetime, start: datetime) -> None:
    assert read(text, now).start == start


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (at(11, 22, 15), None, "十一月二十二号，星期日，下午三点"),
        (at(11, 18, 14, 30), None, "今天，十一月十八号，星期三，下午两点半"),
        (at(11, 19, 9), at(11, 19, 11), "明天，十一月十九号，星期四，上午九点到十一点"),
        (at(11, 20, 10), at(11, 20, 14, 5), "后天，十一月二十号，星期五，上午十点到下午两点零五分"),
        (at(11, 22, 12), at(11, 22, 12), "十一月二十二号，星期日，中午十二点"),
        (at(1, 3, 8, 20, year=2027), None, "明年一月三号，星期日，上午八点二十"),
        (at(11, 22, 22), at(11, 23, 1), "十一月二十二号，星期日，晚上十点到十一月二十三号，星期一，凌晨一点"),
        (datetime(2026, 11, 22, 7, 0, tzinfo=UTC), None, "十一月二十二号，星期日，下午三点"),
    ],
)
def test_say_window(start: datetime, end: datetime | None, said: str) -> None:
    assert say_window(start, end, NOW) == said


@pytest.mark.parametrize("hour", range(8, 18))
@pytest.mark.parametrize("minute", [0, 5, 15, 20, 30, 45, 59])
def test_what_is_said_back_is_read_as_the_same_time(hour: int, minute: int) -> None:
    start = at(11, 26, hour, minute)
    assert read(say_window(start, None, NOW)).start == start
