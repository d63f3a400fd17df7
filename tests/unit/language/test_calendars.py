"""lunar_python against lunardate, two implementations of the same calendar."""

from datetime import date

import pytest
from lunardate import LunarDate

from language import calendars


@pytest.mark.parametrize("year", range(2024, 2036))
def test_lunar_dates_agree_with_another_library(year: int) -> None:
    for month in range(1, 13):
        for leap in (False, True) if calendars.leap_month(year) == month else (False,):
            signed = -month if leap else month
            days = calendars.days_of_lunar_month(year, signed)
            for day in (1, 15, days):
                expected = LunarDate(year, month, day, leap).to_solar_date()
                assert calendars.lunar_to_solar(year, signed, day) == expected
            assert calendars.lunar_month_of(expected) == (year, signed)
            assert calendars.lunar_to_solar(year, signed, -1) == expected
            assert calendars.lunar_to_solar(year, signed, days + 1) is None


def test_months_go_on_over_the_new_year_with_the_leap_month() -> None:
    assert list(calendars.lunar_months_from(date(2027, 1, 25)))[:2] == [(2026, 12), (2027, 1)]
    assert list(calendars.lunar_months_from(date(2025, 7, 1)))[:3] == [(2025, 6), (2025, -6), (2025, 7)]


@pytest.mark.parametrize(
    ("year", "name", "day"),
    [
        (2026, "清明", date(2026, 4, 5)),
        (2027, "立冬", date(2027, 11, 7)),
        (2026, "冬至", date(2026, 12, 22)),
        (2026, "小寒", date(2026, 1, 5)),
    ],
)
def test_solar_terms(year: int, name: str, day: date) -> None:
    assert calendars.solar_term(year, name) == day


def test_public_holidays() -> None:
    assert calendars.days_off(date(2026, 10, 1)) == (date(2026, 10, 1), date(2026, 10, 7))
    assert calendars.days_off(date(2026, 2, 17)) == (date(2026, 2, 15), date(2026, 2, 23))
    with pytest.raises(calendars.HolidaysUnknown):
        calendars.days_off(date(2026, 11, 18))  # nobody is off
    with pytest.raises(calendars.HolidaysUnknown):
        calendars.days_off(date(2099, 10, 1))
