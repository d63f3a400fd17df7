"""The grammar, and what it makes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from nlu.generator import generate, said

WORDS = {"kin": ["我妈"], "day": ["明天"]}


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    examples, grammar = tmp_path / "examples", tmp_path / "grammar"
    examples.mkdir()
    grammar.mkdir()
    (examples / "a.yml").write_text('version: "3.1"\nnlu:\n  - intent: greet\n    examples: |\n      - 你好\n', "utf-8")
    (grammar / "words.yml").write_text("kin: [我妈, 我爸]\n", "utf-8")
    (grammar / "voices.yml").write_text("胶东:\n  我: 俺\n", "utf-8")
    (grammar / "speech.yml").write_text("around: |\n  嗯 {s}\n", "utf-8")
    (grammar / "b.yml").write_text("book_service: |\n  给{kin}(约|订)(洗澡|送饭|打扫|保洁)\n", "utf-8")
    return examples, grammar


def test_a_situation_is_said_with_one_of_its_wordings_and_words():
    made = {said("给{kin}(约|订)洗澡( {day}|)", WORDS, random.Random(number)) for number in range(50)}
    assert made == {"给我妈约洗澡", "给我妈订洗澡", "给我妈约洗澡 明天", "给我妈订洗澡 明天"}


def test_a_word_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        said("给{nobody}约", WORDS, random.Random(0))


def test_the_same_seed_gives_the_same_sentences_and_another_seed_others(folders):
    one, again, other = (generate(*folders, seed=seed) for seed in (1, 1, 2))
    assert one == again != other


def test_what_was_written_by_hand_comes_first_and_nothing_comes_twice(folders):
    made = generate(*folders)
    assert (made[0].text, made[0].source) == ("你好", "hand")
    assert len({(one.text, one.intent) for one in made}) == len(made)
    assert {one.intent for one in made if one.source != "hand"} >= {"book_service"}


def test_another_line_changes_nothing_of_this_one(folders):
    examples, grammar = folders
    before = [one for one in generate(examples, grammar) if one.intent == "book_service"]
    (grammar / "a.yml").write_text("wait: |\n  等(一下|等)\n", "utf-8")
    assert [one for one in generate(examples, grammar) if one.intent == "book_service"] == before
