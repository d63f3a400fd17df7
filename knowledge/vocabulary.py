"""The words callers use for services, benefits, relations and places, and the conventions for times."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime, time
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from knowledge.policy.files import BadFile, read
from knowledge.policy.localities import Divisions, Locality
from knowledge.policy.shapes import Sections
from knowledge.yaml_files import FOLDER, KnowledgeError, load
from language.lookup import WordTable
from language.text import spoken
from language.time_conventions import FestivalDate, PartOfDay, PartOfMonth, TimeConventions
from language.time_meanings import QUESTIONS
from language.time_vocabulary import FESTIVAL_WORDS, PART_WORDS, PORTIONS
from language.times import TimeReading

log = logging.getLogger(__name__)

_STRICT = ConfigDict(extra="forbid")
T = TypeVar("T")


def _heard(word: str) -> str:
    """Refuse a word that would never be found, since texts are searched in their `spoken` form."""
    if not word or spoken(word) != word:
        raise ValueError(f"write {word!r} as it is heard: {spoken(word)!r}")
    return word


Word = Annotated[str, BeforeValidator(_heard)]
Words = Annotated[tuple[Word, ...], Field(min_length=1)]


@dataclass(frozen=True, config=_STRICT)
class ServiceWord:
    """A service by its Chinese `label` and everyday `words`. `at_home`: can be booked as a visit, for which
    `visit_minutes` are kept free. `named`: by place, the words that its document has for it, each with the sections.
    `never` are longer words that mean something else.
    """

    label: Word
    words: Words
    visit_minutes: Annotated[int, Field(gt=0)]
    at_home: bool
    named: dict[str, dict[str, Sections]] = field(default_factory=dict)
    never: tuple[Word, ...] = ()


@dataclass(frozen=True, config=_STRICT)
class BenefitWord:
    """A benefit by its Chinese `label` and everyday `words`; `rules` are the files of benefits/ and groups/ that
    speak of it, such as jinshi/home_beds; `never` are longer words that mean something else.
    """

    label: Word
    words: Words
    rules: tuple[str, ...] = ()
    never: tuple[Word, ...] = ()


@dataclass(frozen=True, config=_STRICT)
class RelationWord:
    """Who the elder is to the caller: a Chinese `label` and the `words` for it."""

    label: Word
    words: Words


@dataclass(frozen=True, config=_STRICT)
class PlaceWord:
    """Names of a place and of `localities` in it; `never` are longer names that mean something else.

    Cities, counties and what the texts name come from divisions/ and places/, so that no name is kept twice.
    """

    aliases: Words
    localities: tuple[Word, ...]
    never: tuple[Word, ...] = ()


@dataclass(frozen=True, config=_STRICT)
class _Stretch:
    start: time
    end: time


@dataclass(frozen=True, config=_STRICT)
class _Times:
    service_hours: _Stretch
    week_begins: Annotated[int, Field(ge=0, le=6)]
    parts: dict[str, PartOfDay]
    month_parts: dict[str, PartOfMonth]
    festivals: dict[str, FestivalDate]
    questions: dict[str, str]


def _read(name: str, kind: type[T]) -> T:
    try:
        return TypeAdapter(kind).validate_python(load(name))
    except ValidationError as error:
        raise KnowledgeError(f"knowledge/{name}: {error}") from error


@cache
def services() -> Mapping[str, ServiceWord]:
    """Return the services by key, in the order of the file."""
    return MappingProxyType(_read("services.yaml", dict[str, ServiceWord]))


@cache
def benefits() -> Mapping[str, BenefitWord]:
    """Return the benefits by key, in the order of the file."""
    return MappingProxyType(_read("benefits.yaml", dict[str, BenefitWord]))


@cache
def relations() -> Mapping[str, RelationWord]:
    """Return the relations by key, in the order of the file."""
    return MappingProxyType(_read("relations.yaml", dict[str, RelationWord]))


@cache
def places() -> Mapping[str, PlaceWord]:
    """Return the places by display name, in the order of the file."""
    written = _read("places.yaml", dict[str, PlaceWord])
    sure = _sure_names()
    return MappingProxyType(
        {name: replace(words, localities=(*words.localities, *sure.get(name, ()))) for name, words in written.items()}
    )


def _sure_names() -> dict[str, tuple[str, ...]]:
    """By place, the names of its divisions that tell the place by themselves."""
    found: dict[str, tuple[str, ...]] = {}
    for listed in _division_files():
        names = [name for one in listed.divisions for name in one.sure]
        found[listed.place] = tuple(dict.fromkeys((*found.get(listed.place, ()), *names)))
    return found


def _division_files() -> Iterator[Divisions | Locality]:
    """A bad file is left out, not fatal: `warmline knowledge check` tells what is wrong, and the line stays open."""
    shapes: dict[str, type[Divisions | Locality]] = {"divisions/*.yaml": Divisions, "places/*.yaml": Locality}
    for pattern, shape in shapes.items():
        for path in sorted(FOLDER.glob(pattern)):
            try:
                yield read(path, shape, path.name)[0]
            except BadFile:
                log.error("knowledge/%s/%s is bad and not used", path.parent.name, path.name)


@cache
def _times() -> _Times:
    times = _read("times.yaml", _Times)
    wanted = {"parts": PART_WORDS.values(), "festivals": FESTIVAL_WORDS.values(), "questions": QUESTIONS}
    for name, keys in {**wanted, "month_parts": PORTIONS.values()}.items():
        if missing := {*keys} - {*getattr(times, name)}:
            raise KnowledgeError(f"knowledge/times.yaml: {name} lacks {', '.join(sorted(missing))}")
    return times


@cache
def mishearings() -> dict[str, tuple[Word, ...]]:
    """Return what recognisers write instead of words of our trade, by word."""
    return dict(_read("mishearings.yaml", dict[Word, Words]))


@cache
def wishes() -> Mapping[str, str]:
    """Return what a caller may want, by intent, in words to offer it by."""
    return MappingProxyType(_read("wishes.yaml", dict[str, str]))


@cache
def time_conventions() -> TimeConventions:
    """Return how times are understood on this line, for every part of the day and festival that language knows."""
    times = _times()
    hours = times.service_hours
    return TimeConventions(
        hours.start,
        hours.end,
        MappingProxyType(times.parts),
        MappingProxyType(times.month_parts),
        MappingProxyType(times.festivals),
        times.week_begins,
    )


def time_question(reading: TimeReading, now: datetime) -> str | None:
    """Return what to ask about an ambiguous time, spoken; None where nothing is to be asked."""
    if reading.question is None:
        return None
    weekday = f"星期{'一二三四五六日'[now.weekday()]}"
    return _times().questions[reading.question].format(words=reading.words, weekday=weekday)


@cache
def lookup_words() -> WordTable:
    """Return all words for `language.lookup.find`: entities service, benefit, relation and place."""
    return word_table(_all_meanings())


def word_table(meanings: Mapping[tuple[str, str], tuple[str, ...]]) -> WordTable:
    """Turn words by (entity, key) into meanings by word. Raises KnowledgeError if a word of one entity has
    two keys.
    """
    table: dict[str, dict[str, str]] = {}
    for (entity, key), words in meanings.items():
        for word in words:
            known = table.setdefault(word, {}).setdefault(entity, key)
            if known != key:
                raise KnowledgeError(f"{word} names two of {entity}: {known} and {key}; keep it in one")
    return WordTable({word: tuple(keys.items()) for word, keys in table.items()})


def _all_meanings() -> dict[tuple[str, str], tuple[str, ...]]:
    return dict(_meanings())


def _meanings() -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    entities: dict[str, Mapping[str, Any]] = {
        "service": services(),
        "benefit": benefits(),
        "relation": relations(),
    }
    for entity, entries in entities.items():
        for key, entry in entries.items():
            yield (entity, key), (*entry.words, entry.label)
    yield ("service", ""), tuple(word for service in services().values() for word in service.never)
    yield ("benefit", ""), tuple(word for benefit in benefits().values() for word in benefit.never)
    for name, place in places().items():
        yield ("place", name), (name, *place.aliases, *place.localities)
    yield ("place", ""), tuple(word for place in places().values() for word in place.never)
