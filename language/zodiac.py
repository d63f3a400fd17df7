"""Years of birth by the animal of the zodiac: 属虎的."""

import re

from language.text import normalise

_ANIMALS = {animal: place for place, animal in enumerate("鼠牛虎兔龙蛇马羊猴鸡狗猪")} | {"小龙": 5}
_YEAR_OF_THE_RAT = 1900
_SAID = re.compile(rf"属(?:的是|相是|是)?(?P<animal>{'|'.join(sorted(_ANIMALS, key=len, reverse=True))})(?!于)")


def zodiac_birth_years(text: str, year: int, youngest: int, oldest: int) -> tuple[int, ...]:
    """Return the years in which somebody of the animal that `text` names may be born, latest first; () without one.

    `youngest` and `oldest` are ages in the calendar `year`, both included. Years are lunar: a birthday in January
    or February may belong to the year before. Which one it is has to be asked.
    """
    animals = {_ANIMALS[found["animal"]] for found in _SAID.finditer(normalise(text))}
    if len(animals) != 1:
        return ()
    (place,) = animals
    years = range(year - youngest, year - oldest - 1, -1)
    return tuple(born for born in years if (born - _YEAR_OF_THE_RAT) % 12 == place)
