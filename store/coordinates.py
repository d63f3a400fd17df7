"""Coordinates of Chinese map services (GCJ-02) brought to those of satellites and telephones (WGS-84)."""

from math import cos, pi, radians, sin, sqrt

_AXIS, _ECCENTRICITY = 6_378_245.0, 0.00669342162296594323
"""The ellipsoid of Krasovsky 1940, on which GCJ-02 is defined: half axis in metres, eccentricity squared."""


def to_wgs84(latitude: float, longitude: float) -> tuple[float, float]:
    """The WGS-84 point that GCJ-02 shifts to here; within centimetres, where the shift is 100 to 700 m.

    The shift is published as a function of the unshifted point only, so it is taken back step by step.
    """
    point = (latitude, longitude)
    for _ in range(3):
        north, east = _shift(*point)
        point = (latitude - north, longitude - east)
    return point


def _shift(latitude: float, longitude: float) -> tuple[float, float]:
    """How far GCJ-02 moves a WGS-84 point, in degrees north and east."""
    x, y = longitude - 105.0, latitude - 35.0
    waves = 20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (waves + 20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += (waves + 20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    flat = 1 - _ECCENTRICITY * sin(radians(latitude)) ** 2
    metres_north = _AXIS * (1 - _ECCENTRICITY) / (flat * sqrt(flat))
    metres_east = _AXIS / sqrt(flat) * cos(radians(latitude))
    return north * 180.0 / (metres_north * pi), east * 180.0 / (metres_east * pi)
