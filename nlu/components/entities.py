"""What an utterance names: known words, and times, telephone numbers, ages and names by rule.

Imports nothing of Rasa, so that it is tested, and used, without it.
"""

from __future__ import annotations

import re
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


_QUESTIONS = frozenset({"ask_policy", "check_eligibility", "query_case"})
"""Where a word that names a service and a benefit (适老化改造) means both; elsewhere it means the service."""

_NAMES_NOTHING_WANTED = frozenset(
    "repeat slower louder wait start_over greet goodbye thanks bot_identity affirm deny update_profile".split()
)
"""Intents under which a service or benefit is only mentioned: 戴着助听器也听不见."""

_FOR_SOMEBODY = frozenset(
    "book_service query_booking change_booking cancel_booking check_eligibility request_welfare_check pause_visits"
    " ask_policy report_emergency".split()
)
"""Intents that are about a person: who speaks of 我 and names nobody means himself."""

_ONESELF = re.compile("(?:我|俺|咱)(?!们|们?家?的?(?:儿|女|闺|孙|崽|媳|侄|外甥|姑娘))")


def settle(entities: list[Entity], text: str, intent: str) -> list[Entity]:
    """Return the entities as they are meant under this intent; somebody who speaks of nobody else speaks of himself.

    A relation that is only implied is marked `implied`.
    """
    if intent in _NAMES_NOTHING_WANTED:
        entities = [one for one in entities if one["entity"] not in ("service", "benefit")]
    elif intent not in _QUESTIONS:
        served = {(one["start"], one["end"]) for one in entities if one["entity"] == "service"}
        entities = [one for one in entities if one["entity"] != "benefit" or (one["start"], one["end"]) not in served]
    if intent not in _FOR_SOMEBODY or any(one["entity"] == "relation" for one in entities):
        return entities
    if not (myself := _ONESELF.search(text)):
        return entities
    implied = {"entity": "relation", "value": "self", "start": myself.start(), "end": myself.end(), "implied": True}
    return [*entities, implied]


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
