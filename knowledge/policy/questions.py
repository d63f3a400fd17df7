"""How callers ask: `policies/questions.yaml`, and what one question comes to."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import Field

from knowledge.policy.shapes import Aspect, Pattern, Shape, Word
from knowledge.vocabulary import BenefitWord, ServiceWord, benefits, places, services
from language.lookup import Match, WordTable, find
from language.text import normalise, spoken


class TopicWords(Shape):
    """Words that mean one thing. `named`: it has a name of its own, so nothing else may answer for it; `outside`:
    it is no matter of this line in any place, unless the question speaks of another one as well.
    """

    words: tuple[Word, ...]
    label: Word | None = None
    named: bool = False
    outside: bool = False


class Questions(Shape):
    """`aspect_topics`: what a question for an aspect speaks of as well. `fillers` find nothing. `topics` by key; a key
    of a service or benefit adds to its words. `topic_patterns`: topics that are told by how something is said.
    """

    aspect_topics: dict[Aspect, str]
    fillers: tuple[Word, ...]
    topics: dict[str, TopicWords] = Field(default_factory=dict)
    topic_patterns: dict[str, tuple[Pattern, ...]] = Field(default_factory=dict)


@dataclass(frozen=True)
class Topic:
    """One thing that questions and cards speak of."""

    key: str
    label: str
    named: bool
    outside: bool


class Topics:
    """All topics, found in any text."""

    def __init__(self, questions: Questions) -> None:
        self.known: dict[str, Topic] = {}
        meanings: dict[str, dict[str, None]] = {}
        for topic, words in _topics(questions):
            self.known[topic.key] = topic
            for word in words:
                meanings.setdefault(word, {})[topic.key] = None
        self.words = WordTable({word: tuple((key, key) for key in keys) for word, keys in meanings.items()})

    def of(self, text: str) -> frozenset[str]:
        """The topics in a text as it is heard; a word inside a longer one of another topic is none."""
        kept: set[str] = set()
        reach, span = 0, (0, 0)
        for one in find(text, self.words):  # in order of place, at one place the longest first
            if one.end > reach:
                reach, span = one.end, (one.start, one.end)
            if (one.start, one.end) == span:
                kept.add(one.key)
        return frozenset(kept)


def _topics(questions: Questions) -> Iterator[tuple[Topic, tuple[str, ...]]]:
    """Those of services.yaml and benefits.yaml, which may share a key, with what the questions add, and the rest."""
    listed: list[tuple[str, ServiceWord | BenefitWord]] = [*services().items(), *benefits().items()]
    for key in dict.fromkeys((*(key for key, _ in listed), *questions.topics)):
        entries = [entry for known, entry in listed if known == key]
        more = questions.topics.get(key, TopicWords(words=()))
        words = [word for entry in entries for word in (entry.label, *entry.words)]
        label = more.label or (entries[-1].label if entries else more.words[0])
        yield Topic(key, label, more.named, more.outside), (*words, *more.words)


@dataclass(frozen=True)
class Asked:
    """A question taken apart: `content` are the stretches that name something, `topics` what it speaks of,
    `aspects` what it wants to know of it. `matter` is the content without names of localities, but for
    those in a name of a card (毛里湖康养中心).
    """

    heard: str
    content: tuple[str, ...]
    topics: frozenset[str]
    aspects: tuple[Aspect, ...]
    matter: tuple[str, ...]


class Reader:
    """Takes questions apart. `words` are those of the cards: they are never taken for fillers or aspects."""

    def __init__(
        self,
        questions: Questions,
        words: frozenset[str],
        aspects: Mapping[Aspect, tuple[Word, ...]],
        patterns: Mapping[Aspect, tuple[Pattern, ...]],
    ) -> None:
        self.topics = Topics(questions)
        self._patterns = patterns
        self._aspect_topics = questions.aspect_topics
        self._topic_patterns = questions.topic_patterns
        kept = {*self.topics.words, *words}
        wanted: dict[str, str] = {word: aspect for aspect, listed in aspects.items() for word in listed}
        names = {name for place in places().values() for name in place.aliases}
        localities = {name: "" for place in places().values() for name in place.localities}
        named_after = (word for word in words if word not in localities and any(name in word for name in localities))
        self._localities = _table({**localities, **dict.fromkeys(named_after, _KEPT)})
        self._aspects = _table({**dict.fromkeys(kept, _KEPT), **wanted})
        dropped = {*questions.fillers, *names, *wanted}
        self._content = _table({**dict.fromkeys(dropped, ""), **dict.fromkeys(kept, _KEPT)})

    def read(self, text: str) -> Asked:
        """Take `text` apart."""
        heard = spoken(text)
        aspects = dict.fromkeys(part.key for part in find(heard, self._aspects) if part.key != _KEPT)
        marked = normalise(text)
        aspects.update(dict.fromkeys(one for one, like in self._patterns.items() if _any(like, marked)))
        without_age = _AGE.sub(" ", heard)
        content = tuple(_kept(without_age, find(without_age, self._content)))
        topics = self.topics.of(heard) | {key for key, like in self._topic_patterns.items() if _any(like, marked)}
        if topics or any(len(part) > 1 for part in content):
            topics |= {self._aspect_topics[one] for one in aspects if one in self._aspect_topics}
        matter = tuple(rest for part in content for rest in _kept(part, find(part, self._localities)))
        return Asked(heard, content, topics, tuple(aspects), matter)  # type: ignore[arg-type]  # keys of `aspects`


_KEPT, _DROPPED = "kept", "dropped"
_AGE = re.compile(
    r"(?<=[我年妈爸爷奶伴他她都快刚满娘爹婆公])[五六七八九]十[一二三四五六七八九]?[多几]?岁?(?![户张块元万家个处次平人百])"
)
"""How old somebody is: no number that a document could be known by."""


def _any(patterns: Iterable[Pattern], text: str) -> bool:
    return any(pattern.search(text) for pattern in patterns)


def _table(parts: Mapping[str, str]) -> WordTable:
    return WordTable({word: (("part", part or _DROPPED),) for word, part in parts.items()})


def _kept(heard: str, parts: list[Match]) -> Iterator[str]:
    """What is left of `heard` without the dropped parts."""
    begins = 0
    for part in parts:
        if part.key == _DROPPED:
            yield from filter(None, heard[begins : part.start].split())
            begins = part.end
    yield from filter(None, heard[begins:].split())
