"""Finds cards by words, everyday words and sounds: SQLite's FTS5 in memory, over characters and pinyin in pairs."""

import operator
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge.policy.cards import Card
from knowledge.policy.coverage import INVENTORY
from knowledge.policy.inventory import Inventory
from knowledge.policy.loading import Library
from knowledge.policy.questions import Asked, Questions, Reader
from knowledge.policy.wording import Wording
from language.sounds import fuzzy_syllables

QUESTIONS, WORDING = "policies/questions.yaml", "policies/wording.yaml"

WEIGHTS = {"words": 0.2, "named_for": 0.4, "about": 0.8, "mentions": 1.9, "title": 1.2, "body": 0.85, "sounds": 0.45}
"""What a hit counts by where it is: a whole word of the card, the topic of its name, of its words, of its text, pairs
of characters of its names, of its text, pairs of syllables of its names. Set on tests/policies/questions/dev.
"""

LONGEST_WORD = 12
MOST_HITS = 100
"""Cards that one way of finding looks at."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Entry:
    """A card in the index. `about` are the topics of its names, `mentions` those of its text; `tokens` by table."""

    card_id: str
    place: str
    card: Card
    named_for: frozenset[str]
    about: frozenset[str]
    mentions: frozenset[str]
    tokens: dict[str, str]

    @property
    def topics(self) -> frozenset[str]:
        """All that it speaks of."""
        return self.about | self.mentions


@dataclass(frozen=True)
class Holding:
    """All topics of a place's cards, and all words they go by."""

    topics: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True)
class Hit:
    """A card found; the higher the score the better."""

    entry: Entry
    score: float


class Index:
    """All cards of a library as it stands. One table for each way of finding, so that each has a weight of its own.

    `before` is an earlier index: what it made of a card that has not changed is taken over.
    """

    def __init__(self, library: Library, before: "Index | None" = None) -> None:
        wording: Wording = library.one(WORDING)
        questions: Questions = library.one(QUESTIONS)
        inventory: Inventory = library.one(INVENTORY)
        cards = library.cards()
        self._vocabulary = frozenset(word for card in cards.values() for word in names(card))
        self.reader = Reader(questions, self._vocabulary, wording.aspects, wording.aspect_patterns)
        self._rules = (questions, inventory)
        same_rules = before is not None and all(map(operator.is_, self._rules, before._rules))
        kept = {one.card_id: one for one in before.entries} if before and same_rules else {}
        self.entries: list[Entry] = list(self._entries(library, cards, _titles(inventory), kept))
        self._tables = sqlite3.connect(":memory:", check_same_thread=False)
        self._held = {place: self._holding(place) for place in {None, *(entry.place for entry in self.entries)}}
        for name in WEIGHTS:
            self._tables.execute(f"CREATE VIRTUAL TABLE {name} USING fts5(place, tokens)")
            rows = [(number, one.place, one.tokens[name]) for number, one in enumerate(self.entries)]
            self._tables.executemany(f"INSERT INTO {name}(rowid, place, tokens) VALUES (?, ?, ?)", rows)

    def _entries(
        self, library: Library, cards: dict[str, Card], titles: dict[str, str], kept: dict[str, Entry]
    ) -> Iterator[Entry]:
        places = {folder: document.place for folder, document in library.documents().items()}
        for card_id, card in cards.items():
            place, known = places.get(card_id.partition("/")[0]), kept.get(card_id)
            if known is not None and known.card is card and known.place == place:
                yield known
            elif place is not None:
                yield self._entry(card_id, place, card, titles)

    def _entry(self, card_id: str, place: str, card: Card, titles: dict[str, str]) -> Entry:
        topics = self.reader.topics
        called, text = (" ".join(parts) for parts in (names(card), _words_of(said(card))))
        of_name, about, mentions = topics.of(card.name), topics.of(called), topics.of(text)
        texts = [*said(card), *card.open, *(titles.get(row, "") for row in card.covers)]
        tokens: dict[str, Iterable[str]] = {
            "words": _weighed(names(card)),
            "named_for": of_name,
            "about": about,
            "mentions": mentions,
            "title": pairs(names(card)),
            "body": pairs(_words_of(texts)),
            "sounds": sounds(names(card)),
        }
        joined = {table: " ".join(words) for table, words in tokens.items()}
        return Entry(card_id, place, card, of_name, about, mentions, joined)

    def _holding(self, place: str | None) -> Holding:
        entries = [entry for entry in self.entries if place in (None, entry.place)]
        topics = (entry.topics for entry in entries)
        return Holding(frozenset().union(*topics), frozenset(name for entry in entries for name in names(entry.card)))

    def holding(self, place: str | None) -> Holding:
        """What all cards of a place speak of, or all cards there are."""
        return self._held.get(place, Holding(frozenset(), frozenset()))

    def words(self, asked: Asked) -> set[str]:
        """The cards' own words that the question holds."""
        return {word for part in asked.content for word in _stretches(part)} & self._vocabulary

    def search(self, asked: Asked, place: str | None) -> list[Hit]:
        """The cards of a place, or of all, that fit what is asked, the best first."""
        scores: dict[int, float] = defaultdict(float)
        for table, tokens in self._wanted(asked).items():
            if tokens:
                for number, score in self._matching(table, tokens, place):
                    scores[number] += WEIGHTS[table] * score
        ranked = sorted(scores.items(), key=lambda one: (-one[1], one[0]))
        return [Hit(self.entries[number], score) for number, score in ranked]

    def _matching(self, table: str, tokens: Iterable[str], place: str | None) -> Iterable[tuple[int, float]]:
        wanted = " OR ".join(f'"{token}"' for token in dict.fromkeys(tokens))
        within = f'place : "{place}" AND ' if place else ""
        return self._tables.execute(
            f"SELECT rowid, -bm25({table}, 0, 1) AS score FROM {table}"
            f" WHERE {table} MATCH ? ORDER BY score DESC, rowid LIMIT ?",
            (f"{within}tokens : ({wanted})", MOST_HITS),
        )

    def _wanted(self, asked: Asked) -> dict[str, list[str]]:
        topics = sorted(asked.topics)
        characters = pairs(asked.content)
        return {
            "words": _weighed(sorted(self.words(asked))),
            "named_for": topics,
            "about": topics,
            "mentions": topics,
            "title": characters,
            "body": characters,
            "sounds": sounds(asked.content),
        }


def names(card: Card) -> tuple[str, ...]:
    """What a card is called."""
    return (card.name, *card.words)


def said(card: Card) -> list[str]:
    """What a card says of its matter; not whom to ask, which is the same office for most."""
    return [part.says for part in (*card.spoken, *card.written, *card.who, *card.how)]


def _words_of(texts: Iterable[str]) -> list[str]:
    """Stretches without marks or blanks, as a question is heard; written texts need no more than that."""
    return [word for text in texts for word in _WORD.findall(text.lower())]


def pairs(texts: Iterable[str]) -> list[str]:
    """Characters in pairs."""
    return [text[at : at + 2] for text in texts for at in range(len(text) - 1) if " " not in text[at : at + 2]]


def sounds(texts: Iterable[str]) -> list[str]:
    """Syllables in pairs, with those that are easily mixed up as one."""
    heard = (fuzzy_syllables(text.replace(" ", "")) for text in texts)
    return [one[at] + one[at + 1] for one in heard for at in range(len(one) - 1)]


def _weighed(words: Iterable[str]) -> list[str]:
    """A word as tokens: the longer, the more of them."""
    return [f"{word.replace(' ', '')}_{number}" for word in words for number in range(1, len(word))]


def _stretches(text: str) -> Iterator[str]:
    for start in range(len(text)):
        yield from (text[start:end] for end in range(start + 2, min(len(text), start + LONGEST_WORD) + 1))


def _titles(inventory: Inventory) -> dict[str, str]:
    return {row_id: row.title for rows in inventory.places.values() for row_id, row in rows.items()}
