"""Find the signs of danger of `phrases/signs.yaml` in a text, by sound: words, and words that belong together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from pydantic import BaseModel, ConfigDict, TypeAdapter

from knowledge.yaml_files import load
from language.sounds import fuzzy_syllables

GAP = 2
"""Characters that may lie between two words that belong together."""


class Signs(BaseModel):
    """The signs of one kind."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: tuple[str, ...]
    joined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign found from `start` to `end`; `right`: every character is the very one meant."""

    kind: str
    start: int
    end: int
    right: bool


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the tree: `pattern` and `part` where it belongs together with others, of `parts` in all."""

    text: str
    kind: str
    pattern: int = 0
    part: int = 0
    parts: int = 1


@dataclass
class _Node:
    after: dict[str, "_Node"] = field(default_factory=dict)
    ends: list[_Word] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Begun:
    """A pattern of which the words up to here were heard."""

    start: int
    end: int
    right: bool


@cache
def signs_by_kind() -> dict[str, Signs]:
    """The file as it is. Raises pydantic.ValidationError."""
    return TypeAdapter(dict[str, Signs]).validate_python(load("phrases/signs.yaml")["signs"])


@cache
def _tree() -> _Node:
    root, pattern = _Node(), 0
    for kind, signs in signs_by_kind().items():
        _enter(root, (_Word(text, kind) for text in signs.words))
        for line in signs.joined:
            pattern += 1
            _enter(root, _belonging(line, kind, pattern))
    return root


def _belonging(line: str, kind: str, pattern: int) -> Iterator[_Word]:
    parts = line.split()
    for number, part in enumerate(parts):
        for text in part.split("|"):
            yield _Word(text, kind, pattern, number, len(parts))


def _enter(root: _Node, words: Iterator[_Word]) -> None:
    for word in words:
        node = root
        for syllable in fuzzy_syllables(word.text):
            node = node.after.setdefault(syllable, _Node())
        node.ends.append(word)


def signs_in(text: str, sounds: Sequence[str]) -> list[Sign]:
    """Every sign in a text without marks, of which `sounds` are the fuzzy syllables."""
    found: list[Sign] = []
    begun: dict[tuple[int, int], _Begun] = {}
    root = _tree()
    for start in range(len(sounds)):
        node = root
        for end in range(start, len(sounds)):
            following = node.after.get(sounds[end])
            if following is None:
                break
            node = following
            for word in node.ends:
                right = text[start : end + 1] == word.text
                if word.parts == 1:
                    if right or end > start:
                        found.append(Sign(word.kind, start, end + 1, right))
                elif (sign := _joined(word, start, end + 1, right, begun)) is not None:
                    found.append(sign)
    return found


def _joined(word: _Word, start: int, end: int, right: bool, begun: dict[tuple[int, int], _Begun]) -> Sign | None:
    """Go on with the pattern of `word`; the sign once its last word is heard."""
    if word.part:
        before = begun.get((word.pattern, word.part - 1))
        if before is None or not before.end <= start <= before.end + GAP:
            return None
        start, right = before.start, right and before.right
    if word.part == word.parts - 1:
        # Two single syllables that only sound right are too little.
        return Sign(word.kind, start, end, right) if right or end - start > 2 else None
    known = begun.get((word.pattern, word.part))
    if known is None or right >= known.right or known.end + GAP < end:
        begun[word.pattern, word.part] = _Begun(start, end, right)
    return None
