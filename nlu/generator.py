"""Training sentences: those written by hand, what the grammar makes of its situations, and both in other voices.

`grammar/` is the grammar. `words.yml` and the two files on voices are shared; every other file holds situations by
intent, one a line: `(a|b|)` is one of several wordings, perhaps none; `{kin}` one of the words of that name.
The same seed gives the same sentences.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from language.text import spoken

NLU = Path(__file__).resolve().parent
EXAMPLES = NLU / "data" / "examples"
GRAMMAR = NLU / "grammar"
_SHARED = ("words", "voices", "speech")

SEED = 20261126
PER_SITUATION = 9
"""Sentences made of one situation at most; a situation with few wordings gives fewer."""
_TRIES = 4
_VOICED = 0.35
"""The share of sentences that are said once more in another voice."""

_CHOICE = re.compile(r"\(([^()]*)\)")
_WORD = re.compile(r"\{(\w+)\}")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Example:
    """A sentence and what it wants. `source`: hand, grammar or voice; `situation`: the line it was made of."""

    text: str
    intent: str
    source: str
    situation: str


def hand_written(folder: Path = EXAMPLES) -> list[Example]:
    """Return the sentences written by hand, in the order of the files."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in group["examples"].splitlines():
                text = line.removeprefix("- ").strip()
                found.append(Example(text, group["intent"], "hand", text))
    return found


def situations(folder: Path = GRAMMAR) -> list[tuple[str, str]]:
    """Return pairs of intent and situation, in the order of the files."""
    paths = [path for path in sorted(folder.glob("*.yml")) if path.stem not in _SHARED]
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths]
    return [(intent, line) for file in files for intent, lines in file.items() for line in lines.splitlines()]


def _shared(name: str, folder: Path) -> dict:
    return yaml.safe_load((folder / f"{name}.yml").read_text(encoding="utf-8"))


def said(situation: str, words: Mapping[str, list[str]], chance: random.Random) -> str:
    """Return one sentence of a situation. Raises KeyError for a word that words.yml does not have."""
    chosen = _CHOICE.sub(lambda choice: chance.choice(choice[1].split("|")), situation)
    return _BLANKS.sub(" ", _WORD.sub(lambda word: chance.choice(words[word[1]]), chosen)).strip()


def _of_grammar(folder: Path, seed: int) -> Iterator[Example]:
    words = _shared("words", folder)
    for intent, situation in situations(folder):
        chance = _chance(seed, intent, situation)  # of its own: another line elsewhere changes nothing here
        made = {said(situation, words, chance): None for _ in range(PER_SITUATION * _TRIES)}
        yield from (Example(text, intent, "grammar", situation) for text in list(made)[:PER_SITUATION])


def _chance(seed: int, *about: str) -> random.Random:
    return random.Random("\0".join((str(seed), *about)))


def _voices(folder: Path) -> list[tuple[re.Pattern[str], Mapping[str, str]]]:
    voices = _shared("voices", folder).values()
    return [(re.compile("|".join(sorted(map(re.escape, voice), key=len, reverse=True))), voice) for voice in voices]


def _in_other_voices(examples: Iterable[Example], folder: Path, seed: int) -> Iterator[Example]:
    voices, around = _voices(folder), _shared("speech", folder)["around"].splitlines()
    for example in examples:
        chance = _chance(seed, example.intent, example.text)
        if chance.random() > _VOICED:
            continue
        pattern, voice = chance.choice(voices)
        text = pattern.sub(lambda word, voice=voice: voice[word[0]], example.text)
        if text == example.text and len(text) > 3:
            text = chance.choice(around).format(s=text)
        yield Example(_BLANKS.sub(" ", text).strip(), example.intent, "voice", example.situation)


def generate(examples: Path = EXAMPLES, grammar: Path = GRAMMAR, seed: int = SEED) -> list[Example]:
    """Return all training sentences, each once under its intent as it is heard; those written by hand go first."""
    plain = [*hand_written(examples), *_of_grammar(grammar, seed)]
    every = [*plain, *_in_other_voices(plain, grammar, seed)]
    unique: dict[tuple[str, str], Example] = {}
    for example in every:
        if heard := spoken(example.text):
            unique.setdefault((heard, example.intent), example)
    return list(unique.values())
