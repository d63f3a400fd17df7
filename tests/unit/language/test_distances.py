import pytest

from language.distances import metres_between, say_distance


@pytest.mark.parametrize(
    ("metres", "said"),
    [
        (0, "不到一百米"), (99, "不到一百米"), (120, "大约一百米"), (240, "大约两百五十米"), (480, "大约五百米"),
        (799, "大约八百米"), (949, "大约九百米"), (950, "大约一公里"), (1040, "大约一公里"), (1240, "大约一点二公里"),
        (2000, "大约两公里"), (9940, "大约九点九公里"), (15_400, "大约十五公里"), (200_000, "大约两百公里"),
    ],
)  # fmt: skip
def test_a_distance_is_said_as_people_say_it(metres: float, said: str) -> None:
    assert say_distance(metres) == said


def test_a_degree_of_latitude_is_111_kilometres_and_one_of_longitude_less_in_the_north() -> None:
    assert metres_between((30.0, 110.0), (31.0, 110.0)) == pytest.approx(111_195, rel=0.001)
    assert metres_between((60.0, 110.0), (60.0, 111.0)) == pytest.approx(55_597, rel=0.001)
    assert metres_between((30.0, 110.0), (30.0, 110.0)) == 0
