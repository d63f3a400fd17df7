"""Which place a question is about: only what it names, never a guess. 城关区 is 拉萨, 天津 is never 津市."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter

from knowledge.policy.shapes import Shape, Word
from knowledge.vocabulary import places
from knowledge.yaml_files import load
from language.lookup import Match, WordTable, find
from language.sounds import fuzzy_syllables
from language.text import spoken

AFTER = 2
"""Characters after a name within which 打工 and the like are looked for: 在北京那边打工."""

_OURS, _REGION, _ELSEWHERE, _PASSING = "ours", "region", "elsewhere", "passing"


class Elsewhere(Shape):
    """`elsewhere.yaml`: places without a document, and the regions in which ours lie."""

    regions: dict[Word, tuple[Word, ...]]
    names: tuple[Word, ...]
    with_city: tuple[Word, ...]
    others: tuple[Word, ...]
    visiting: tuple[Word, ...]
    passing: tuple[Word, ...]
    streets: tuple[Word, ...]


@dataclass(frozen=True)
class Named:
    """What a text names: `ours` have a document, `elsewhere` have none, each of `regions` holds those of ours.

    `passing` are those of elsewhere that may only be where somebody comes from (我户口在四川).
    """

    ours: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    regions: tuple[tuple[str, ...], ...] = ()
    passing: tuple[str, ...] = ()


def named(text: str) -> Named:
    """Every place named in it, but not where somebody only works or studies (儿子在北京打工)."""
    words = spoken(text)
    kinds: dict[str, dict[str, None]] = {_OURS: {}, _REGION: {}, _ELSEWHERE: {}, _PASSING: {}}
    for match in _meant(words):
        kind, _, name = match.key.partition(" ")
        comes_from = kind == _ELSEWHERE and words[: match.start].endswith(elsewhere().passing)
        kinds[_PASSING if comes_from else kind][name] = None
    regions = tuple(tuple(name.split()) for name in kinds[_REGION])
    return Named(tuple(kinds[_OURS]), tuple(kinds[_ELSEWHERE]), regions, tuple(kinds[_PASSING]))


def elsewhere_in(text: str) -> str | None:
    """A place named that is none of ours; None where one of ours is named too."""
    found = named(text)
    return found.elsewhere[0] if found.elsewhere and not found.ours else None


def covered_places() -> tuple[str, ...]:
    """Those whose documents we have."""
    return tuple(places())


def sounds_like_place(text: str) -> str | None:
    """The place whose own name is heard in an answer that says little else (津市 written 金市); else None."""
    heard = fuzzy_syllables(spoken(text))
    found = {name for name in places() if _holds(heard, fuzzy_syllables(name))}
    return found.pop() if len(found) == 1 and len(heard) <= LONGEST_ANSWER else None


LONGEST_ANSWER = 6
"""Characters of an answer that may be read by its sound: in a longer one 今事 is no place."""


def _holds(heard: list[str], name: list[str]) -> bool:
    return any(heard[start : start + len(name)] == name for start in range(len(heard)))


def _meant(words: str) -> Iterator[Match]:
    visiting = elsewhere().visiting
    for match in find(words, _table()):
        after = words[match.end :]
        if not match.key.startswith(_OURS) and after.startswith(elsewhere().streets):
            continue  # 上海路
        if not any(after.find(word) in range(AFTER + 1) for word in visiting):
            yield match


@cache
def elsewhere() -> Elsewhere:
    """The packaged list."""
    return TypeAdapter(Elsewhere).validate_python(load("elsewhere.yaml"))


@cache
def _table() -> WordTable:
    meanings: dict[str, str] = dict(_others())
    for name, place in places().items():
        meanings.update(dict.fromkeys((name, *place.aliases, *place.localities), f"{_OURS} {name}"))
        hidden = [word for word in place.never if word not in meanings]
        meanings.update(dict.fromkeys(hidden, ""))
    return WordTable({word: (("place", key),) for word, key in meanings.items()})


def _others() -> Iterator[tuple[str, str]]:
    them = elsewhere()
    for name in them.names:
        yield from ((word, f"{_ELSEWHERE} {name}") for word in (name, f"{name}市"))
    yield from ((f"{name}市", f"{_ELSEWHERE} {name}") for name in them.with_city)
    yield from ((name, f"{_ELSEWHERE} {name}") for name in them.others)
    yield from _regions(them.regions)


def _regions(regions: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    holds: dict[str, list[str]] = {}
    for place, names in regions.items():
        for name in names:
            holds.setdefault(name, []).append(place)
    return ((name, f"{_REGION} {' '.join(held)}") for name, held in holds.items())
