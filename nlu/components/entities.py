"""What an utterance names: known words, and times, telephone numbers, ages and names by rule.

Imports nothing of Rasa, so that it is tested, and used, without it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from language.lookup import Match, WordTable, find
from language.names import read_name
from language.numbers import read_age, read_phone
from language.sounds import fuzzy_syllables
from language.time_sentence import find_time_words
from nlu.components.aligned import align

Entity = dict[str, Any]

_READERS: tuple[tuple[str, Callable[[str], str | int | None]], ...] = (
    ("when", find_time_words),
    ("phone", read_phone),
    ("age", read_age),
    ("name", read_name),
)


@dataclass(frozen=True)
class Table:
    """The known words as they are written, and the longer names of services and benefits as they sound; `characters`
    are by sound those that the names are written with.
    """

    written: WordTable
    sounding: WordTable
    symbols: Mapping[str, str]
    characters: Mapping[str, frozenset[str]]

    def sound(self, text: str) -> str:
        """Return one symbol for each fuzzy syllable of `text`, so that sounds are looked up like words."""
        return "".join(self.symbols.get(syllable, _OTHER) for syllable in fuzzy_syllables(text))


def read_table(words: Mapping[str, Any]) -> Table:
    """Return the table that `nlu.training` wrote as JSON: {word: [[entity, key], ...]}."""
    written = WordTable({word: tuple((entity, key) for entity, key in pairs) for word, pairs in words.items()})
    named = {word: [one for one in meanings if one[0] in _BY_SOUND] for word, meanings in written.items()}
    long = {word: meanings for word, meanings in named.items() if meanings and len(word) >= _SHORTEST_BY_SOUND}
    syllables = sorted({syllable for word in long for syllable in fuzzy_syllables(word)})
    table = Table(written, WordTable({}), {one: chr(_SYMBOLS + n) for n, one in enumerate(syllables)}, {})
    sounding: dict[str, dict[str, str]] = {}
    characters: dict[str, frozenset[str]] = {}
    for word, meanings in long.items():
        sound = table.sound(word)
        characters[sound] = characters.get(sound, frozenset()) | frozenset(word)
        known = sounding.setdefault(sound, {})
        for entity, key in meanings:
            known[entity] = key if known.get(entity, key) == key else ""  # two that sound alike name neither
    by_sound = WordTable({sound: tuple(keys.items()) for sound, keys in sounding.items()})
    return replace(table, sounding=by_sound, characters=characters)


_BY_SOUND = frozenset({"service", "benefit"})
_SHORTEST_BY_SOUND = 3
"""Syllables of a word that is known by its sound alone: 助医 and 主意 sound the same."""
_SYMBOLS, _OTHER = 0xE000, chr(0)


def find_entities(text: str, table: Table) -> list[Entity]:
    """Return Rasa's entities of `text`, at most one of each pair of entity and value."""
    return [*_named(text, table), *_read(text)]


_QUESTIONS = frozenset({"ask_policy", "check_eligibility", "query_case"})
"""Where a word that names a service and a benefit (适老化改造) means both; elsewhere it means the service."""

_NAMES_NOTHING_WANTED = frozenset(
    "repeat slower louder wait start_over stop_current greet goodbye thanks bot_identity affirm deny update_profile"
    " chitchat out_of_scope".split()
)
"""Intents under which a service or benefit is only mentioned: 戴着助听器也听不见."""

_NAMES_NO = {"report_abuse": "service", "volunteer": "benefit"}
"""What is only mentioned under an intent: 老人洗澡挨打; 想去看望老人."""

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
        served = [one for one in entities if one["entity"] == "service"]
        entities = [one for one in entities if one["entity"] != "benefit" or not any(_touch(one, o) for o in served)]
    entities = [one for one in entities if one["entity"] != _NAMES_NO.get(intent)]
    if intent not in _FOR_SOMEBODY or any(one["entity"] == "relation" for one in entities):
        return entities
    if not (myself := _ONESELF.search(text)):
        return entities
    implied = {"entity": "relation", "value": "self", "start": myself.start(), "end": myself.end(), "implied": True}
    return [*entities, implied]


def _touch(one: Entity, other: Entity) -> bool:
    return bool(one["start"] < other["end"] and other["start"] < one["end"])


_KEYS_TELL = frozenset({"service", "benefit", "emergency", "relation"})
"""Entities whose value, and not only their presence, says something about what is wanted."""


def named_terms(entities: list[Entity]) -> list[str]:
    """Return which entities there are, and the keys of those where the key matters, for the classifier."""
    kinds = {entity["entity"] for entity in entities}
    keys = {f"{entity['entity']}={entity['value']}" for entity in entities if entity["entity"] in _KEYS_TELL}
    return sorted(kinds | keys)


def _named(text: str, table: Table) -> list[Entity]:
    """Words of the table. The value is the key: 洗澡 is service=bathing."""
    aligned = align(text)
    found: dict[tuple[str, str], Entity] = {}
    for match in _matches(aligned.text, table):
        start, end = aligned.span(match.start, match.end)
        entity = {"entity": match.entity, "value": match.key, "start": start, "end": end}
        found.setdefault((match.entity, match.key), entity)
    return list(found.values())


def _matches(text: str, table: Table) -> list[Match]:
    """Words as they are written, and where none stands, as they sound, with a character of theirs: 血哗哗 is no 学画画.

    What names only a payment names no service.
    """
    written = find(text, table.written)
    heard = [
        one
        for one in find(table.sound(text), table.sounding)
        if not table.characters[one.words].isdisjoint(text[one.start : one.end])
        and not any(one.start < other.end and other.start < one.end for other in written if other.entity in _BY_SOUND)
    ]
    paid = [one for one in written if one.entity == "benefit" and one.words.endswith(_PAYMENTS)]
    meant = [one for one in written if one.entity != "service" or not any(_inside(one, other) for other in paid)]
    return [*meant, *heard]


_PAYMENTS = ("补贴", "补助", "津贴", "保险")


def _inside(one: Match, longer: Match) -> bool:
    """轮椅 in 轮椅补贴."""
    return longer.start <= one.start and one.end <= longer.end and one.words != longer.words


def _read(text: str) -> list[Entity]:
    """What the rules of `language` read. They read the whole text, which is also the place given."""
    values = ((entity, read(text)) for entity, read in _READERS)
    return [
        {"entity": entity, "value": value, "start": 0, "end": len(text)}
        for entity, value in values
        if value is not None
    ]
