import pytest

from language.sums import read_sum
from language.zodiac import zodiac_birth_years


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("退休金三千二", 3200_00, 3200_00),
        ("两万五", 25000_00, 25000_00),
        ("一个月1200元", 1200_00, 1200_00),
        ("1.5万", 15000_00, 15000_00),
        ("一万零五百", 10500_00, 10500_00),
        ("三块五", 3_50, 3_50),
        ("两块两毛五", 2_25, 2_25),
        ("五毛", 50, 50),
        ("四五百", 400_00, 500_00),
        ("三四千块", 3000_00, 4000_00),
        ("八百多", 800_00, 900_00),
        ("十来块", 10_00, 20_00),
        ("廿块钱", 20_00, 20_00),
    ],
)
def test_a_sum_is_read_as_the_least_and_the_most(text: str, least: int, most: int) -> None:
    assert read_sum(text) == (least, most)


@pytest.mark.parametrize("text", ["没有", "三百还是四百", "大概五百", "不到一千", "三五百", "钱不多"])
def test_a_sum_that_is_not_sure_is_not_read(text: str) -> None:
    assert read_sum(text) is None


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("属虎的", (1962, 1950, 1938, 1926)),
        ("我妈属小龙", (1965, 1953, 1941, 1929)),
        ("老伴儿是属猪的", (1959, 1947, 1935, 1923)),
        ("他属于低保户", ()),
        ("一个属马一个属羊", ()),
        ("买了条鱼", ()),
    ],
)
def test_the_animal_leaves_several_years(text: str, born: tuple[int, ...]) -> None:
    assert zodiac_birth_years(text, 2026, 60, 104) == born
