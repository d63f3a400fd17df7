"""Kinds of places to go to, the words for them, and how a city's list may head its columns."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from knowledge.policy.localities import Kind
from knowledge.policy.shapes import Pattern, Word
from knowledge.yaml_files import KnowledgeError, load
from language.lookup import WordTable, find
from language.text import spoken


class SiteKind(BaseModel):
    """A kind by its Chinese `label` and everyday `words`; `services` are to be had there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: Word
    words: Annotated[tuple[Word, ...], Field(min_length=1)]
    services: tuple[str, ...]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    kinds: dict[Kind, SiteKind]
    columns: dict[str, tuple[str, ...]]
    datums: dict[str, tuple[str, ...]]
    seeking: tuple[Word, ...]
    asked_of_it: Pattern
    near_metres: Annotated[float, Field(gt=0)]
    old_days: Annotated[int, Field(gt=0)]


@cache
def _file() -> _File:
    try:
        return TypeAdapter(_File).validate_python(load("sites.yaml"))
    except ValidationError as error:
        raise KnowledgeError(f"knowledge/sites.yaml: {error}") from error


def site_kinds() -> Mapping[str, SiteKind]:
    """By key, in the order of the file; every kind that a facility may have."""
    if missing := {*get_args(Kind)} - {*_file().kinds}:
        raise KnowledgeError(f"knowledge/sites.yaml: kinds lacks {', '.join(sorted(missing))}")
    return {str(key): kind for key, kind in _file().kinds.items()}


@cache
def _words() -> WordTable:
    """The same word in two kinds is a fault of the file."""
    table: dict[str, str] = {}
    for key, kind in site_kinds().items():
        for word in {*kind.words, kind.label}:
            if table.setdefault(word, key) != key:
                raise KnowledgeError(f"knowledge/sites.yaml: {word} names {table[word]} and {key}")
    return WordTable({word: (("kind", key),) for word, key in table.items()})


def kinds_in(text: str) -> tuple[str, ...]:
    """The kinds that words name, each once, in the order of the words."""
    return tuple(dict.fromkeys(match.key for match in find(spoken(text), _words())))


def kind_words_in(text: str) -> tuple[str, ...]:
    """The very words that named the kinds (幸福院)."""
    return tuple(dict.fromkeys(match.words for match in find(spoken(text), _words())))


def asks_of_kind(text: str) -> bool:
    """Whether a question follows the kind of place (食堂送不送饭), and no word looks for one."""
    said = spoken(text)
    if any(word in said for word in _file().seeking):
        return False
    named = list(find(said, _words()))
    return bool(named) and bool(_file().asked_of_it.search(said[named[-1].end :]))


def kind_of_service(service: str) -> str | None:
    """Where a service is to be had; None where no kind of place is known for it."""
    return next((key for key, kind in site_kinds().items() if service in kind.services), None)


def columns() -> Mapping[str, tuple[str, ...]]:
    """By field, other headings it may have, the template's first."""
    return _file().columns


def datums() -> Mapping[str, tuple[str, ...]]:
    """By reference system of coordinates, how it may be written in a list."""
    return _file().datums


def tell(key: str, **facts: str) -> str:
    """A sentence about places, of place_wording.yaml, with its facts; an unknown key or fact is a KeyError."""
    return str(load("place_wording.yaml")[key]).format(**facts)


def near_metres() -> float:
    """How far from a caller a site may lie to be told as near."""
    return _file().near_metres


def old_days() -> int:
    """From how many days after its check on a site is told with a warning."""
    return _file().old_days
