"""The emergency phrases of `phrases/*.yaml`, checked and compiled once into forms that are quick to match."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from knowledge.yaml_files import load
from language.sounds import fuzzy_syllables

Tier = Literal["certain", "possible"]
Sound = Literal["certain", "possible", "no"]

KINDS = (
    "violence", "fire", "gas", "choking", "unconscious", "breathing", "poisoning", "chest_pain", "stroke",
    "suicide", "bleeding", "fall", "cold_or_heat", "missing_person", "other",
)  # fmt: skip
"""Every emergency kind. Of two equally certain ones the earlier is reported: its guidance must come first."""

WHO = "<who>"
"""A part that stands for any person, see `phrases/people.yaml`."""

SHORTEST_BY_SOUND = 3
"""Syllables below which a phrase is matched as written only, unless it says otherwise."""
LONG_ENOUGH_FOR_A_SLIP = 5


class PhraseGroup(BaseModel):
    """One entry of a file: single phrases in `words`, or one phrase of `parts` that follow each other.

    A part lists its alternatives with `|`; at most `within` characters may lie between two parts. `sound` is
    the highest tier for a match by sound. `whole` phrases count only as the whole utterance, `plain` ones
    only in a plain statement: no question, nothing asked for, past or supposed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    tier: Tier = "certain"
    sound: Sound | None = None
    within: int = Field(default=6, ge=0, le=30)
    unless: tuple[str, ...] = ()
    whole: bool = False
    plain: bool = False

    @field_validator("words", "parts", "unless", mode="before")
    @classmethod
    def _as_text(cls, value: list[object]) -> list[str]:
        return [str(word) for word in value]

    @model_validator(mode="after")
    def _one_form(self) -> "PhraseGroup":
        if bool(self.words) == bool(self.parts):
            raise ValueError("give either words or parts")
        if len(self.parts) == 1:
            raise ValueError("parts need at least two; a single one belongs in words")
        if any(not alternative for part in self.parts for alternative in part.split("|")):
            raise ValueError("a part has an empty alternative")
        return self


class PhraseFile(BaseModel):
    """One emergency kind."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    label: str
    phrases: tuple[PhraseGroup, ...] = Field(min_length=1)


class PersonWords(BaseModel):
    """How callers ask for a human being, see `phrases/person.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: tuple[str, ...]
    whole: tuple[str, ...]
    mask: tuple[str, ...]
    sounds: tuple[str, ...]
    polite: tuple[str, ...]


class Suppressors(BaseModel):
    """What lowers or hides a hit, see `phrases/suppressors.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    past: tuple[str, ...]
    recent: tuple[str, ...]
    present: tuple[str, ...]
    hypothetical: tuple[str, ...]
    hypothetical_after: tuple[str, ...]
    hypothetical_not: tuple[str, ...]
    doubt: tuple[str, ...]
    story: tuple[str, ...]
    sudden: tuple[str, ...]
    service: tuple[str, ...]
    reassured: tuple[str, ...]
    reassured_not: tuple[str, ...]
    breaks: tuple[str, ...]
    negations: tuple[str, ...]
    not_negations: tuple[str, ...]
    idioms: tuple[str, ...]
    past_not: tuple[str, ...]
    story_not: tuple[str, ...]
    questions: tuple[str, ...]
    questions_not: tuple[str, ...]
    reports: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Phrase:
    """A phrase ready to match: each part is a tuple of alternative character sequences."""

    phrase_id: str
    kind: str
    tier: Tier
    sound: Sound | None
    parts: tuple[tuple[str, ...], ...]
    within: int
    unless: tuple[str, ...]
    plain: bool
    later: tuple[frozenset[str], ...]
    """The words of the second part and of those after it: where none of one was said, nothing need be tried."""


@dataclass
class Node:
    """One syllable of the tree of all parts: what follows, and the parts that end here."""

    after: dict[str, "Node"] = field(default_factory=dict)
    ends: list[str] = field(default_factory=list)


@dataclass
class Phrasebook:
    """Everything compiled: parts by sound, phrases by a word of their first part, whole utterances."""

    root: Node = field(default_factory=Node)
    starting_with: dict[str, list[Phrase]] = field(default_factory=lambda: defaultdict(list))
    slips: dict[tuple[str, str], list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    whole: dict[str, Phrase] = field(default_factory=dict)
    whole_by_sound: dict[str, Phrase] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def add(self, phrase: Phrase) -> None:
        """Enter a phrase under every word that may begin it."""
        for word in {word for part in phrase.parts for word in part}:
            node = self.root
            for syllable in fuzzy_syllables(word):
                node = node.after.setdefault(syllable, Node())
            if word not in node.ends:
                node.ends.append(word)
        for word in phrase.parts[0]:
            self.starting_with[word].append(phrase)
        word = phrase.parts[0][0]
        if len(phrase.parts) == 1 and len(word) >= LONG_ENOUGH_FOR_A_SLIP and phrase.sound != "no":
            self._add_slips(word)

    def _add_slips(self, word: str) -> None:
        # One wrong syllable cannot be both in the first two and in the last two.
        sounds = fuzzy_syllables(word)
        for offset in (0, len(sounds) - 2):
            self.slips[sounds[offset], sounds[offset + 1]].append((word, offset))

    def add_whole(self, phrase: Phrase) -> None:
        """Enter a phrase that counts only as the whole utterance."""
        word = phrase.parts[0][0]
        self.whole.setdefault(word, phrase)
        if len(word) > 1:
            self.whole_by_sound.setdefault(" ".join(fuzzy_syllables(word)), phrase)


@cache
def people() -> tuple[str, ...]:
    """Words for any person."""
    return tuple(load("phrases/people.yaml")["who"])


def _alternatives(part: str) -> tuple[str, ...]:
    return people() if part == WHO else tuple(part.split("|"))


def _forms(group: PhraseGroup) -> list[tuple[tuple[str, ...], ...]]:
    if group.parts:
        return [tuple(_alternatives(part) for part in group.parts)]
    return [((word,),) for word in group.words]


def _phrases(kind: str, number: int, group: PhraseGroup) -> list[Phrase]:
    return [
        Phrase(
            phrase_id=f"{kind}-{number}-{index}",
            kind=kind,
            tier=group.tier,
            sound=group.sound,
            parts=form,
            within=group.within,
            unless=group.unless,
            plain=group.plain,
            later=tuple(map(frozenset, form[1:])),
        )
        for index, form in enumerate(_forms(group), 1)
    ]


@cache
def phrasebook() -> Phrasebook:
    """Read and compile all kinds. Raises pydantic.ValidationError or ValueError naming what is wrong."""
    book = Phrasebook()
    for kind in KINDS:
        file = PhraseFile.model_validate(load(f"phrases/{kind}.yaml"))
        if file.kind != kind:
            raise ValueError(f"phrases/{kind}.yaml says kind: {file.kind}")
        book.labels[kind] = file.label
        for number, group in enumerate(file.phrases, 1):
            for phrase in _phrases(kind, number, group):
                (book.add_whole if group.whole else book.add)(phrase)
    return book


@cache
def suppressors() -> Suppressors:
    """Read `phrases/suppressors.yaml`."""
    return Suppressors.model_validate(load("phrases/suppressors.yaml"))


@cache
def person_words() -> PersonWords:
    """Read `phrases/person.yaml`."""
    return PersonWords.model_validate(load("phrases/person.yaml"))
