"""Distances over ground, as the crow flies, and as a person would say them."""

from math import asin, cos, radians, sin, sqrt

from language.counts import say_number

Point = tuple[float, float]
"""Latitude and longitude in degrees, WGS-84."""

EARTH_METRES = 6_371_000.0
"""Mean radius."""

_NEAR, _FAR = 950, 9_950
"""Metres from which kilometres are said, and from which only whole ones."""


def metres_between(one: Point, other: Point) -> float:
    """Between two points, as the crow flies."""
    (south, west), (north, east) = [tuple(map(radians, point)) for point in (one, other)]
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(min(1.0, half)))


def say_distance(metres: float) -> str:
    """不到一百米, 大约八百米, 大约一点二公里, 大约十五公里."""
    if metres < 100:
        return "不到一百米"
    if metres < _NEAR:
        step = 50 if metres < 500 else 100
        return f"大约{_count(round(metres / step) * step)}米"
    if metres >= _FAR:
        return f"大约{_count(round(metres / 1000))}公里"
    kilometres, tenth = divmod(round(metres / 100), 10)
    return f"大约{_count(kilometres)}{f'点{say_number(tenth)}' if tenth else ''}公里"


def _count(number: int) -> str:
    """两公里 and 两百米, as a count is said."""
    said = say_number(number)
    return "两" + said[1:] if number in range(200, 300) or number == 2 else said
