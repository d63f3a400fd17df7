"""Facts out of words: what a caller answers when asked, and what is told unasked. What is not clear stays unread."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from knowledge.policy.benefits import Fact
from knowledge.policy.rules import UNKNOWN, Value
from knowledge.policy.verdict_wording import VerdictWording
from language.ages import read_ages
from language.lookup import WordTable, find
from language.numbers import read_number
from language.text import normalise, spoken

YEARS = "周岁"
LONGEST_PLAIN_ANSWER = 12
"""Characters up to which 是 or 没有 anywhere in it is the answer."""
NEGATION_REACH = 3
"""Characters between a negation and the word that it turns round (没有办低保)."""
SHORTEST_ECHO = 2
_TRUE, _FALSE = "true", "false"
_ASCII = {"true": True, "yes": True, "y": True, "1": True, "false": False, "no": False, "n": False, "0": False}
_RANGE = re.compile(r"(\d+(?:\.\d+)?)\s*[-~～到至]\s*(\d+(?:\.\d+)?)\Z")


class WrongValue(ValueError):
    """Text that is no value of a fact; the message lists what is allowed."""


@dataclass(frozen=True)
class FactReader:
    """Reads facts from words in a calendar year."""

    facts: Mapping[str, Fact]
    wording: VerdictWording
    year: int

    def told(self, names: Iterable[str], text: str) -> dict[str, Value]:
        """Of these facts, those that the words tell without having been asked."""
        read = {name: self._unasked(self.facts[name], text) for name in names}
        return {name: value for name, value in read.items() if value is not None}

    def answer(self, name: str, text: str) -> Value | None:
        """What the words answer when asked for the fact; UNKNOWN for 不知道, None when they answer nothing."""
        fact = self.facts[name]
        if any(word in spoken(text) for word in self.wording.unknown):
            return UNKNOWN
        value = self._unasked(fact, text)
        if value is not None:
            return value
        if fact.kind == "number" and fact.unit != YEARS:
            return read_number(text)
        if fact.kind != "yes_no":
            return None
        echoed = self._echo(fact, text)
        return self.agrees(text) if echoed is None else echoed

    def agrees(self, text: str) -> bool | None:
        """A short yes or no to whatever was asked; a question is neither."""
        said = spoken(text)
        if len(said) > LONGEST_PLAIN_ANSWER or any(word in normalise(text) for word in self.wording.questions):
            return None
        found = find(said, self._plain)
        return found[0].key == _TRUE if found else None

    def _echo(self, fact: Fact, text: str) -> bool | None:
        """The question's own words as the answer: 困难, 不困难, to 家里经济困难吗."""
        said, asked = spoken(text), spoken(fact.asks or "")
        for filler in self.wording.fillers:
            said = said.replace(filler, "")
        negation = next((word for word in self.wording.negations if said.startswith(word)), "")
        rest = said.removeprefix(negation)
        return negation == "" if len(rest) >= SHORTEST_ECHO and rest in asked else None

    def value(self, name: str, text: str) -> Value:
        """A value written down by an officer: 是, 否, a choice or a word for it, a number, 80-89, 不知道.

        Raises WrongValue.
        """
        fact, said = self.facts[name], spoken(text)
        if said in self.wording.unknown or said == "unknown":
            return UNKNOWN
        value = self._number(fact, text) if fact.kind == "number" else self._named(fact, said)
        if value is None:
            raise WrongValue(f"{name}={text}: {self.allowed(name)}")
        return value

    def allowed(self, name: str) -> str:
        """The values that a fact may take, for people."""
        fact = self.facts[name]
        if fact.kind == "choice":
            return f"{', '.join(fact.choices)}, {UNKNOWN}"
        return f"{fact.unit} as a number or 80-89, {UNKNOWN}" if fact.kind == "number" else f"是, 否, {UNKNOWN}"

    def _number(self, fact: Fact, text: str) -> Value | None:
        if match := _RANGE.match(text.strip()):
            low, high = float(match[1]), float(match[2])
            return (low, high) if low < high else None
        try:
            number = float(text)
        except ValueError:
            return _span(read_ages(text, self.year)) if fact.unit == YEARS else read_number(text)
        return number if 0 <= number < float("inf") else None

    def _named(self, fact: Fact, said: str) -> Value | None:
        if fact.kind == "choice":
            return next((choice for choice, words in fact.choices.items() if said in (choice, *words)), None)
        if said in _ASCII or said in (*fact.when_true, *fact.when_false):
            return _ASCII.get(said, said in fact.when_true)
        return self.agrees(said)

    def _unasked(self, fact: Fact, text: str) -> Value | None:
        if fact.kind == "number":
            return _span(read_ages(text, self.year)) if fact.unit == YEARS else None
        said = normalise(text)
        read = [(self._key(match.key, said[: match.start]), len(match.words)) for match in find(said, _words(fact))]
        meant = [(key, length) for key, length in read if key is not None]
        if fact.kind == "choice":  # 容东的南文营: the closer word
            meant = [one for one in meant if one[1] == max(length for _, length in meant)]
        keys = {key for key, _ in meant}
        if len(keys) != 1:
            return None
        key = keys.pop()
        return key if fact.kind == "choice" else key == _TRUE

    def _key(self, key: str, before: str) -> str | None:
        """A negation in front turns yes and no round, and makes a choice nothing."""
        reach = re.split("[，。？！]", before)[-1][-(NEGATION_REACH + 2) :]
        if not any(word in reach for word in self.wording.negations):
            return key
        return {_TRUE: _FALSE, _FALSE: _TRUE}.get(key)

    @cached_property
    def _plain(self) -> WordTable:
        return _table({_TRUE: self.wording.says_yes, _FALSE: self.wording.says_no})


def _span(ages: tuple[int, int] | None) -> Value | None:
    if ages is None:
        return None
    return ages[0] if ages[0] == ages[1] else ages


def _words(fact: Fact) -> WordTable:
    if fact.kind == "choice":
        return _table({choice: (choice, *words) for choice, words in fact.choices.items()})
    return _table({_TRUE: fact.when_true, _FALSE: fact.when_false})


def _table(words: Mapping[str, Iterable[str]]) -> WordTable:
    return WordTable({word: (("fact", key),) for key, said in words.items() for word in said})
