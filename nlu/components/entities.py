"""What an utterance names: known words, and times, telephone numbers, ages and names by rule.

Imports nothing of Rasa, so that it is tested, and used, without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from language.lookup import WordTable, find
from language.names import read_name
from language.numbers import read_age, read_phone
from language.time_sentence import find_time_words
from nlu.components.aligned import align

Entity = dict[str, Any]

_READERS: tuple[tuple[str, Callable[[str], str | int | None]], ...] = (
    ("when", find_time_words),
    ("phone", read_phone),
    ("age", read_age),
    ("name", read_name),
)


def read_table(words: Mapping[str, Any]) -> WordTable:
    """Return the table that `nlu.training` wrote as JSON: {word: [[entity, key], ...]}."""
    return WordTable({word: tuple((entity, key) for entity, key in pairs) for word, pairs in words.items()})


def find_entities(text: str, table: WordTable) -> list[Entity]:
    """Return Rasa's entities of `text`, at most one of each pair of entity and value."""
    return [*_named(text, table), *_read(text)]


_KEYS_TELL = frozenset({"service", "benefit", "emergency", "relation"})
"""Entities whose value, and not only their presence, says something about what is wanted."""


def named_terms(entities: list[Entity]) -> list[str]:
    """Return which entities there are, and the keys of those where the key matters, for the classifier."""
    kinds = {entity["entity"] for entity in entities}
    keys = {f"{entity['entity']}={entity['value']}" for entity in entities if entity["entity"] in _KEYS_TELL}
    return sorted(kinds | keys)


def _named(text: str, table: WordTable) -> list[Entity]:
    """Words of the table. The value is the key: 洗澡 is service=bathing."""
    aligned = align(text)
    found: dict[tuple[str, str], Entity] = {}
    for match in find(aligned.text, table):
        start, end = aligned.span(match.start, match.end)
        entity = {"entity": match.entity, "value": match.key, "start": start, "end": end}
        found.setdefault((match.entity, match.key), entity)
    return list(found.values())


def _read(text: str) -> list[Entity]:
    """What the rules of `language` read. They read the whole text, which is also the place given."""
    values = ((entity, read(text)) for entity, read in _READERS)
    return [
        {"entity": entity, "value": value, "start": 0, "end": len(text)}
        for entity, value in values
        if value is not None
    ]
