"""Every sentence that is always said in the same words: the ones worth a human recording, and spoken ahead."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from knowledge.phrasebook import KINDS
from knowledge.safety import common, guidance
from knowledge.yaml_files import load
from voice.speakable import sentences, speakable

NUMBERS = ("120", "119", "110")
_STOPS = ("。", "？", "！")
_WRITTEN_ONLY = ("_chat", "first_contact", "goodbye_stop")
"""Ends of the keys in wording.yaml that no phone says."""

Text = tuple[str, str]
"""Id and words of a whole text."""


@dataclass(frozen=True)
class Prompt:
    """One sentence. `prompt_id` says where it comes from; `essential`: shipped as a recording too."""

    prompt_id: str
    text: str
    essential: bool


def fixed_prompts(dialogue: Iterable[Text] = ()) -> list[Prompt]:
    """All of them, the essential ones first, each once; `dialogue` are the dialogue's responses (nlu/domain).

    A sentence with a {fact} in it is left out; the other sentences of its text are fixed all the same.
    """
    essential = [*_wording(), *_common(), *_first_words(), *_operators()]
    prompts: dict[str, Prompt] = {}
    for texts, is_essential in ((essential, True), ([*_guidance(), *dialogue], False)):
        for prompt_id, text in texts:
            for one_id, sentence in _fixed_sentences(prompt_id, text):
                prompts.setdefault(speakable(sentence), Prompt(one_id, sentence, is_essential))
    return list(prompts.values())


def _fixed_sentences(prompt_id: str, text: str) -> Iterator[Text]:
    pieces = sentences(text) if text.endswith(_STOPS) else []
    for number, piece in enumerate(pieces, start=1):
        if "{" not in piece:
            yield (f"{prompt_id}.{number}" if len(pieces) > 1 else prompt_id), piece


def _wording() -> list[Text]:
    """Sentences of the hotline and of the line; words that are no sentences are left out by `_fixed_sentences`."""
    wording = load("wording.yaml").items()
    return [(f"wording.{key}", text) for key, text in wording if isinstance(text, str) and _said(key)]


def _said(key: str) -> bool:
    return not key.endswith(_WRITTEN_ONLY)


def _common() -> Iterator[Text]:
    for key, text in common().items():
        if "{number}" in text:
            yield from ((f"common.{key}.{number}", text.format(number=number)) for number in NUMBERS)
        else:
            yield f"common.{key}", text


def _first_words() -> list[Text]:
    return [(f"guidance.{kind}.first", guidance(kind).first) for kind in _kinds()]


def _guidance() -> Iterator[Text]:
    for kind in _kinds():
        said = guidance(kind)
        yield from ((f"guidance.{kind}.line{n}", line.text) for n, line in enumerate(said.lines, start=1))
        yield from ((f"guidance.{kind}.question{n}", asked.text) for n, asked in enumerate(said.questions, start=1))


def _kinds() -> list[str]:
    return list(dict.fromkeys([*KINDS, "abuse", "fraud"]))


def _operators() -> list[Text]:
    """What operators hear on their phones."""
    wording = yaml.safe_load(Path(__file__).parents[1].joinpath("wording.yaml").read_text(encoding="utf-8"))
    return [(f"operator.{key}", text) for key, text in wording.items() if isinstance(text, str)]
