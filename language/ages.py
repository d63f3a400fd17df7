"""An age as it is said, as the youngest and the oldest that it may mean: 八十多, 虚岁八十, 四四年生的."""

import re

from language.counts import DIGITS, NUMERALS, parse_count
from language.numbers import OLDEST, read_age
from language.text import normalise

_COUNT = rf"(\d{{2,3}}|[{NUMERALS}]{{1,5}})"
_YEAR = re.compile(
    rf"((?:19|20)?\d{{2}}|[{''.join(DIGITS)}]{{2}}|[{''.join(DIGITS)}]{{4}})年(?:的|出?生|\w{{1,5}}月.{{0,3}}生|$)"
)
_BORN = re.compile(r"生的?|出生|年的|属|年$")
_SOME = re.compile(rf"{_COUNT}(?:多|几|好几|来|出头)(?:岁|了|啦)?")
_FULL = re.compile(rf"(?:满|都|有|整|[妈爸娘爹爷奶伴她他我人]){_COUNT}(?:岁|整|了|啦|吧|，|$)")
_ALMOST = re.compile(rf"(?:快要?|不到|将近|差不多快|差.{{1,4}}?到?){_COUNT}(?:岁|了|啦|$)")
_NOMINAL = re.compile(rf"虚岁(?:都|已经|是|有)?{_COUNT}|{_COUNT}个?虚岁|{_COUNT}岁.{{0,3}}虚岁")
_ALMOST_YEARS = 5
"""快八十 is taken for anything up to so many years below."""


def read_ages(text: str, year: int) -> tuple[int, int] | None:
    """The ages in full years that `text` may mean in `year`, youngest and oldest; None if it gives no age.

    A year of birth and a nominal age (虚岁) leave two, 八十多 leaves ten.
    """
    text = normalise(text)
    for read in (_nominal, _born, _some, _almost, _full):
        found = read(text, year)
        if found is not None:
            return found if 0 <= found[0] and found[1] <= OLDEST else None
    age = read_age(text)
    return None if age is None else (age, age)


def _nominal(text: str, year: int) -> tuple[int, int] | None:
    match = _NOMINAL.search(text)
    age = parse_count(next(filter(None, match.groups()))) if match else None
    return None if age is None else (age - 2, age - 1)


def _born(text: str, year: int) -> tuple[int, int] | None:
    """四四年 is 1944; a year that would make somebody older than anybody is none."""
    match = _YEAR.search(text)
    if not match or not _BORN.search(text):
        return None
    digits = "".join(DIGITS.get(char, char) for char in match[1])
    born = int(digits) if len(digits) == 4 else 1900 + int(digits)
    return (year - born - 1, year - born) if born < year else None


def _some(text: str, year: int) -> tuple[int, int] | None:
    match = _SOME.search(text)
    age = parse_count(match[1]) if match else None
    return (age, age + (9 if age % 10 == 0 else 0)) if age and age >= 10 else None


def _full(text: str, year: int) -> tuple[int, int] | None:
    """满六十了, 都九十了, 我妈八十一了; not 有三个了."""
    match = _FULL.search(text)
    age = parse_count(match[1]) if match else None
    return (age, age) if age and age >= 10 else None


def _almost(text: str, year: int) -> tuple[int, int] | None:
    match = _ALMOST.search(text)
    age = parse_count(match[1]) if match else None
    return (age - _ALMOST_YEARS, age - 1) if age and age > 2 * _ALMOST_YEARS else None
