"""The evaluation questions: right shape, known rows, no sentence twice, none shared with cards or training data."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[4]
QUESTIONS = ROOT / "tests/policies/questions"
INVENTORY = yaml.safe_load((ROOT / "knowledge/policies/inventory.yaml").read_text(encoding="utf-8"))
PLACES = tuple(INVENTORY["places"])
ROW = re.compile(r"(?:B-)?(?:LS|XA|WH|JX|JS)-\d{2}")
PARTS = ("dev", "dev2", "test")
WITH_PLACES = ("dev", "test")
OUTCOMES = {"not_in_documents", "ask_place", "place_not_covered"}
SHAREABLE = 0.4
"""Of all pairs of neighbouring characters, the part that a dev and a test question on one row may have in common."""

Question = dict[str, str]


def read(part: str, name: str) -> list[Question]:
    with (QUESTIONS / part / f"{name}.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def everything(part: str) -> list[Question]:
    return [row for file in sorted((QUESTIONS / part).glob("*.tsv")) for row in read(part, file.stem)]


def known_rows(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (key for key in node if isinstance(key, str) and ROW.fullmatch(key))
        for value in node.values():
            yield from known_rows(value)


def rows_of(question: Question) -> set[str]:
    return set() if question["expected"] in OUTCOMES else set(question["expected"].split(","))


def bare(text: str) -> str:
    return re.sub(r"\W", "", text)


def pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def shared(one: str, other: str) -> float:
    left, right = pairs(bare(one)), pairs(bare(other))
    return len(left & right) / len(left | right)


@pytest.mark.parametrize("part", PARTS)
def test_each_line_has_its_three_columns(part: str) -> None:
    for file in (QUESTIONS / part).glob("*.tsv"):
        lines = file.read_text(encoding="utf-8").split("\n")
        assert lines[0] == "place\ttext\texpected"
        assert lines.pop() == "", f"{file} does not end with a line end"
        assert not [line for line in lines if line.count("\t") != 2 or line != line.strip("\r ")]
    for question in everything(part):
        assert question["place"] in {"", *PLACES}
        assert bare(question["text"])


@pytest.mark.parametrize("part", PARTS)
def test_every_expected_row_stands_in_the_inventory(part: str) -> None:
    known = set(known_rows(INVENTORY))
    wrong = [q for q in everything(part) if rows_of(q) - known]
    assert not wrong


@pytest.mark.parametrize("part", PARTS)
def test_expected_rows_are_those_of_the_place(part: str) -> None:
    own = {place: set(known_rows(rows)) for place, rows in INVENTORY["places"].items()}
    signs = {place: {row.split("-")[0] for row in rows if not row.startswith("B-")} for place, rows in own.items()}
    for question in read(part, "answered"):
        assert {row.removeprefix("B-").split("-")[0] for row in rows_of(question)} == signs[question["place"]], question


@pytest.mark.parametrize("part", WITH_PLACES)
def test_a_sentence_naming_a_place_expects_rows_of_one_place(part: str) -> None:
    for question in read(part, "place"):
        assert len({row.removeprefix("B-").split("-")[0] for row in rows_of(question)}) <= 1, question


@pytest.mark.parametrize(
    ("part", "answered", "unanswered", "ask"), [("dev", 30, 8, 20), ("dev2", 35, 8, 25), ("test", 50, 12, 30)]
)
def test_there_are_as_many_as_said(part: str, answered: int, unanswered: int, ask: int) -> None:
    assert Counter(q["place"] for q in read(part, "answered")) == dict.fromkeys(PLACES, answered)
    assert all(rows_of(q) for q in read(part, "answered"))
    assert Counter((q["place"], q["expected"]) for q in read(part, "not_in_documents")) == {
        (place, "not_in_documents"): unanswered for place in PLACES
    }
    assert Counter((q["place"], q["expected"]) for q in read(part, "ask_place")) == {("", "ask_place"): ask}


@pytest.mark.parametrize(("part", "named", "elsewhere"), [("dev", 20, 12), ("test", 30, 20)])
def test_there_are_as_many_with_a_place_in_the_words_as_said(part: str, named: int, elsewhere: int) -> None:
    places = read(part, "place")
    assert {q["place"] for q in places} == {""}
    assert Counter("rows" if rows_of(q) else q["expected"] for q in places) == {
        "rows": named,
        "place_not_covered": elsewhere,
    }


def test_no_sentence_stands_twice_for_one_place() -> None:
    texts = Counter((q["place"], bare(q["text"])) for part in PARTS for q in everything(part))
    assert [text for text, times in texts.items() if times > 1] == []


@pytest.mark.parametrize("part", ["dev", "dev2"])
def test_dev_and_test_ask_about_one_row_in_other_words(part: str) -> None:
    close = [
        (dev["text"], test["text"])
        for dev, test in product(everything(part), everything("test"))
        if dev["expected"] == test["expected"] or rows_of(dev) & rows_of(test)
        if shared(dev["text"], test["text"]) > SHAREABLE
    ]
    assert close == []


def test_no_question_is_a_word_for_word_part_of_cards_or_training_data() -> None:
    """Short questions may happen to be a card's title or a trained phrase; a whole sentence can't be by chance."""
    sources = [*(ROOT / "knowledge").rglob("*.yaml"), *(ROOT / "nlu/data").rglob("*.yml")]
    words = "\n".join(bare(line) for file in sources for line in file.read_text(encoding="utf-8").splitlines())
    texts = (bare(q["text"]) for part in PARTS for q in everything(part))
    assert [text for text in texts if len(text) >= 10 and text in words] == []
