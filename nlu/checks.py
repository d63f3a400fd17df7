"""Faults of the training data: few situations, lopsided intents, duplicates, label clashes, leaked test sentences."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from language.lookup import WordTable, find
from language.text import spoken
from nlu.generator import Example

CARE = frozenset(
    "book_service query_booking change_booking cancel_booking request_callback ask_policy check_eligibility find_place"
    " request_welfare_check pause_visits update_profile complain rate_service query_case volunteer report_abuse"
    " report_emergency request_operator inform".split()
)
SITUATIONS_OF_CARE, SITUATIONS_OF_OTHERS = 120, 50
DISTINCT = 12_000
MOST_TO_FEWEST = 12.0
"""How many times as many sentences the largest intent may have as the smallest."""

_FILLER = re.compile(r"[啊呀呢吧哈哦噢呗嘛咯啦哎喂嗯呃额]|那个|就是说|你好|您好|请问|麻烦|谢谢|姑娘|同志|不好意思")
_NUMBER = re.compile(r"[0-9零一二两三四五六七八九十百千万幺]+")
_NEAR = 0.85
_LONG_ENOUGH = 8


def skeleton(text: str, table: WordTable) -> str:
    """Return `text` as it is compared: named words and numbers as places to fill, without fillers and marks."""
    text, kept, after = spoken(text), [], 0
    for match in find(text, table):
        if match.start >= after:
            kept += [text[after : match.start], f"<{match.entity}>"]
            after = match.end
    plain = "".join([*kept, text[after:]])
    return _NUMBER.sub("#", _FILLER.sub("", plain))


@dataclass(frozen=True)
class Report:
    """What `warmline nlu check` says. Everything in `faults` has to be put right."""

    sentences: int
    by_source: Mapping[str, int]
    distinct: int
    per_intent: Mapping[str, Mapping[str, int]]
    clashes: Sequence[tuple[str, str, str]]
    leaks: Sequence[tuple[str, str]]

    @property
    def faults(self) -> list[str]:
        few = [
            f"{intent}: {one['situations']} situations, {_wanted(intent)} are wanted"
            for intent, one in self.per_intent.items()
            if one["situations"] < _wanted(intent)
        ]
        sizes = [one["sentences"] for one in self.per_intent.values()]
        lopsided = sizes and max(sizes) > MOST_TO_FEWEST * min(sizes)
        return [
            *few,
            *([f"{self.distinct} distinct sentences, {DISTINCT} are wanted"] if self.distinct < DISTINCT else []),
            *([f"the largest intent has {max(sizes)} sentences, the smallest {min(sizes)}"] if lopsided else []),
            *(f"{text!r} is {one} and {other}" for text, one, other in self.clashes),
            *(f"{text!r} stands in {where}: test sentences are never trained on" for text, where in self.leaks),
        ]

    def told(self) -> dict[str, Any]:
        return {
            "sentences": self.sentences,
            "by_source": dict(self.by_source),
            "distinct": self.distinct,
            "duplicates": self.sentences - self.distinct,
            "per_intent": {intent: dict(one) for intent, one in self.per_intent.items()},
            "faults": self.faults,
        }


def _wanted(intent: str) -> int:
    return SITUATIONS_OF_CARE if intent in CARE else SITUATIONS_OF_OTHERS


def check(examples: Sequence[Example], table: WordTable, kept_apart: Mapping[str, Iterable[str]]) -> Report:
    """Return the report on `examples`. `kept_apart`: sentences that must not be among them, by the file's name."""
    skeletons = [skeleton(example.text, table) for example in examples]
    said: dict[str, int] = Counter(example.intent for example in examples)
    situations: dict[str, set[str]] = defaultdict(set)
    distinct: dict[str, set[str]] = defaultdict(set)
    for example, bare in zip(examples, skeletons, strict=True):
        situations[example.intent].add(example.situation)
        distinct[example.intent].add(bare)
    per_intent = {
        intent: {"sentences": count, "distinct": len(distinct[intent]), "situations": len(situations[intent])}
        for intent, count in sorted(said.items())
    }
    return Report(
        sentences=len(examples),
        by_source=Counter(example.source for example in examples),
        distinct=sum(len(one) for one in distinct.values()),
        per_intent=per_intent,
        clashes=_clashes(examples),
        leaks=_leaks(examples, kept_apart),
    )


def _clashes(examples: Iterable[Example]) -> list[tuple[str, str, str]]:
    """The same words under two intents."""
    intents: dict[str, str] = {}
    found = []
    for example in examples:
        heard = spoken(example.text)
        if (other := intents.setdefault(heard, example.intent)) != example.intent:
            found.append((example.text, other, example.intent))
    return found


def _leaks(examples: Sequence[Example], kept_apart: Mapping[str, Iterable[str]]) -> list[tuple[str, str]]:
    """Sentences of a test file that are trained on, word for word or nearly."""
    heard = {spoken(example.text) for example in examples}
    by_pair: dict[str, list[str]] = defaultdict(list)
    for text in heard:
        for pair in _pairs(text):
            by_pair[pair].append(text)
    return [
        (text, where)
        for where, texts in kept_apart.items()
        for text in texts
        if spoken(text) in heard or _is_near(spoken(text), by_pair)
    ]


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)}


def _is_near(text: str, by_pair: Mapping[str, list[str]]) -> bool:
    if len(text) < _LONG_ENOUGH:
        return False
    mine = _pairs(text)
    shared = Counter(other for pair in mine for other in by_pair.get(pair, ()))
    return any(both / len(mine | _pairs(other)) >= _NEAR for other, both in shared.most_common(5))
