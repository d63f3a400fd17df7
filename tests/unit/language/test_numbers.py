import cn2an
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.counts import parse_count, say_number
from language.numbers import read_age, read_last_four, read_number, read_phone, say_digits
from language.phones import phone_begun


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=99_999_999))
def test_counts_agree_with_cn2an_both_ways(number: int) -> None:
    assert say_number(number) == cn2an.an2cn(number)
    assert parse_count(cn2an.an2cn(number)) == number


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("两百", 200),
        ("廿三", 23),
        ("一百十五", 115),
        ("三百五", 350),
        ("两千三", 2300),
        ("一万二", 12000),
        ("一百零五", 105),
        ("两万零三十", 20030),
        ("007", 7),
    ],
)
def test_everyday_counts(words: str, value: int) -> None:
    assert parse_count(words) == value


@pytest.mark.parametrize(
    "words", ["七十三四", "十八十九", "一百零", "幺三", "百", "八二", "二十十", "", "十万万亿", "123456789"]
)
def test_malformed_counts_are_refused(words: str) -> None:
    assert parse_count(words) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("家里五口人", 5), ("给 12 个人", 12), ("拨一二零", 120), ("两百块", 200), ("三个，对，三个", 3)],
)
def test_read_number(text: str, value: int) -> None:
    assert read_number(text) == value


@pytest.mark.parametrize(
    "text", ["三十好几", "七十多", "大概五个", "两三个", "三个女儿两个儿子", "第二", "3.5", "没有"]
)
def test_vague_or_several_numbers_are_not_read(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("七十九", 79),
        ("91岁", 91),
        ("老人今年八十六", 86),
        ("虚岁九十", 90),
        ("我六十七啦，六十七岁", 67),
        ("一百零二岁", 102),
        ("是 88", 88),
    ],
)
def test_read_age(text: str, age: int) -> None:
    assert read_age(text) == age


@pytest.mark.parametrize(
    "text",
    [
        "七十来岁",
        "快九十了",
        "八十出头",
        "七八十岁",
        "六十岁以上",
        "三百岁",
        "五口人",
        "今年十二月",
        "今年三次了",
        "我五十五岁，妈八十二岁",
        "岁数大了",
        "明天九点",
    ],
)
def test_unsure_ages_are_not_read(text: str) -> None:
    assert read_age(text) is None


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("13900002222", "13900002222"),
        ("139-0000-2222", "13900002222"),
        ("+86 139 0000 2222", "13900002222"),
        ("一三九，零零零零，二二二二", "13900002222"),
        ("幺三九 四个零 四个二", "13900002222"),
        ("幺 三 九 零 零 零 零 二 二 二 二", "13900002222"),
        ("一三九，嗯，零零零零，啊，二二二二", "13900002222"),
        ("她八十一了，电话一三九零零零零二二二二", "13900002222"),
        ("0631-5330000", "06315330000"),
        ("座机五三三零零零零", "5330000"),
        ("一三九零零零零二二二二，不对，一三八零零零零二二二二", "13800002222"),
        ("家里短号六六一二", "6612"),
        ("一三八，不对，一三九，零零零零，二二二二", "13900002222"),
        ("一三九，零零零零，三三三三，不对，二二二二", "13900002222"),
        ("一三九，五零零零，不对，零零零零，二二二二", "13900002222"),
        ("一三九零零零零三三三三，不对，最后四位是二二二二", "13900002222"),
    ],
)
def test_read_phone(text: str, phone: str) -> None:
    assert read_phone(text) == phone


@pytest.mark.parametrize(
    "text",
    [
        "",
        "没有电话",
        "1390000222",
        "139000022223",
        "120",
        "身份证110101193902030011",
        "今年八十二",
        "一三九零零零零二二二二，不对，是三三三三",
        "13900002222或者13800002222",
        "幺三九零零零零二二二",
    ],
)
def test_what_is_no_sure_number_is_not_read(text: str) -> None:
    assert read_phone(text) is None


@pytest.mark.parametrize(
    ("text", "begun"),
    [
        ("我的电话是幺三九", "139"),
        ("一三九，四个零", "139，0000"),
        ("139，0000，不对，三个零一", "139，0001"),
        ("一三八，不对，一三九", "139"),
        ("一三九零零零零二二二二", None),
        ("今年八十二", None),
        ("我住三号楼二单元五零一，你们什么时候来啊", None),
        ("没有电话", None),
    ],
)
def test_a_number_may_come_in_parts(text: str, begun: str | None) -> None:
    assert phone_begun(text) == begun


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("尾号2468", "2468"),
        ("后四位是幺二三四", "1234"),
        ("二四六八", "2468"),
        ("13900002468", "2468"),
        ("我叫张桂英，2 4 6 8", "2468"),
        ("2468，不对，2469", "2469"),
        ("三三两个七", "3377"),
    ],
)
def test_read_last_four(text: str, digits: str) -> None:
    assert read_last_four(text) == digits


@pytest.mark.parametrize("text", ["二四六", "1946年", "24681", "2468和2469", "不记得"])
def test_no_four_digits(text: str) -> None:
    assert read_last_four(text) is None


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("13800001234", "一三八，零零零零，一二三四"),
        ("01066668888", "零一零，六六六六，八八八八"),
        ("06315330000", "零六三一，五三三，零零零零"),
        ("12349", "一二三四九"),
        ("139-0000 2222", "一三九，零零零零，二二二二"),
        ("", ""),
    ],
)
def test_say_digits(number: str, said: str) -> None:
    assert say_digits(number) == said


def test_one_is_said_otherwise_on_the_phone() -> None:
    assert say_digits("13811110000", one="幺") == "幺三八，幺幺幺幺，零零零零"


@settings(deadline=None)
@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from("一幺"))
def test_what_is_said_back_is_read_again(number: str, one: str) -> None:
    assert read_phone(say_digits(number, one=one)) == number
