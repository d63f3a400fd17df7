"""The words that name times, and the pieces that patterns of them are made of."""

from collections.abc import Mapping

from language.counts import parse_count


def _keys(words: Mapping[str, str]) -> dict[str, str]:
    return {word: key for key, several in words.items() for word in several.split()}


PART_WORDS = _keys(
    {
        "early": "一大早 一早 大清早 清早八早 大早上 清早起 清早 清晨 早晨 早上 早起",
        "morning": "上午 头晌午 头晌 前晌 前半晌 上半天 上昼",
        "noon": "晌午头 大中午 中午 晌午 正午 午间 当昼 中昼",
        "afternoon": "下午 过了晌午 过了中午 过晌午 过晌 后晌 下半晌 后半晌 下半天 午后 下昼",
        "dusk": "傍晚 傍黑天 傍黑 天擦黑 擦黑 黄昏 晚边",
        "evening": "大晚上 晚上 晚间 夜晚",
    }
)
"""Everyday words for the parts of a day and the part each names."""

FESTIVAL_WORDS = _keys(
    {
        "new_year": "元旦",
        "laba": "腊八节 腊八",
        "new_years_eve": "大年三十 年三十 除夕",
        "spring_festival": "春节",
        "lantern": "元宵节 元宵 上元节",
        "dragon_head": "龙抬头 二月二",
        "womens_day": "三八妇女节 三八节 妇女节",
        "arbor_day": "植树节",
        "third_of_third": "三月三",
        "labour_day": "五一劳动节 五一节 劳动节 五一",
        "mothers_day": "母亲节",
        "childrens_day": "六一儿童节 儿童节 六一",
        "fathers_day": "父亲节",
        "party_day": "建党节",
        "army_day": "八一建军节 建军节",
        "dragon_boat": "端午节 端午 端阳节 端阳 五月节 五月五",
        "double_seventh": "七夕节 七夕 七月七",
        "ghost": "中元节 七月半",
        "teachers_day": "教师节",
        "mid_autumn": "中秋节 中秋 八月十五 八月节",
        "national_day": "国庆节 国庆",
        "double_ninth": "重阳节 重阳 九月九",
        "clear_bright": "清明节 清明",
        "spring_begins": "立春",
        "summer_begins": "立夏",
        "autumn_begins": "立秋",
        "winter_begins": "立冬",
        "spring_equinox": "春分",
        "autumn_equinox": "秋分",
        "insects_awake": "惊蛰",
        "grain_in_ear": "芒种",
        "lesser_heat": "小暑",
        "greater_heat": "大暑",
        "heat_ends": "处暑",
        "cold_dew": "寒露",
        "frost": "霜降",
        "lesser_cold": "小寒",
        "summer_solstice": "夏至",
        "winter_solstice": "冬至节 冬至",
    }
)
"""Festivals and solar terms, with the dates that always mean them (二月二)."""

PORTIONS = _keys(
    {
        "start": "初",
        "middle": "中",
        "end": "底 末",
        "first_ten_days": "上旬",
        "second_ten_days": "中旬",
        "last_ten_days": "下旬",
    }
)
"""What is said after 月 for a part of a month."""

DIGIT = "一二三四五六七八九"
N = rf"(?:\d{{1,2}}|[两十廿卅俩仨{DIGIT}]{{1,3}})"
START = rf"(?<![\d.:零〇幺两十百千{DIGIT}周期拜])"
WEEK = "(?:周|星期|礼拜)"
DAY_OF_WEEK = "[一二三四五六日天1-7]"
AFTER = "(?:以后|之后|过后|后(?![天儿日晌半]))"
BEFORE = "(?:以前|之前|前(?![晌半天儿后]))"
LUNAR_NAME = "(?:农历|阴历|旧历|老历)"
SOLAR_NAME = "(?:阳历|公历|新历|国历)"
YEAR = rf"(?:(?P<year>20\d\d|二[零〇][零〇{DIGIT}]{{2}})年|(?P<near_year>[今明])年的?)"
PART = "|".join(sorted(PART_WORDS, key=len, reverse=True))

WEEKDAYS = {
    name: weekday for weekday, names in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天7")) for name in names
}
WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
MONTHS_AHEAD = {"这": 0, "本": 0, "下": 1, "下下": 2}


def count(words: str) -> int:
    """Read a small number; -1 where it is none (三四)."""
    value = parse_count(words.replace("俩", "两").replace("仨", "三"))
    return -1 if value is None else value
