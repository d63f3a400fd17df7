"""Counting right answers: every way of being wrong lowers a figure."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.policy.answers import Answers
from knowledge.policy.evaluation import evaluate, figures, read_rows
from knowledge.policy.files import BadFile
from knowledge.policy.loading import library

HEADER = "place\ttext\texpected\n"


def counted(tmp_path: Path, rows: str) -> dict[str, int]:
    file = tmp_path / "questions.tsv"
    file.write_text(HEADER + rows, encoding="utf-8")
    return figures(evaluate(read_rows(file), Answers(library()), library(), date(2026, 11, 26)))


def test_right_and_wrong_cards_are_told_apart(tmp_path: Path) -> None:
    rows = "津市\t康复辅具租赁\tJS-21,B-JS-07\n津市\t康复辅具租赁\tJS-07\n津市\t上门服务的政策\tJS-08\n"
    found = counted(tmp_path, rows)
    assert (found["with_card"], found["right_first"], found["choices"]) == (3, found["right_or_offered"] - 1, 1)


def test_an_answer_where_the_document_has_none_is_invented(tmp_path: Path) -> None:
    rows = "津市\t康复辅具租赁\tnot_in_documents\n津市\t今天天气\tnot_in_documents\n"
    rows += "\t高龄津贴\task_place\n津市\t天津的\tplace_not_covered\n"
    found = counted(tmp_path, rows)
    assert (found["not_in_documents"], found["said_so"], found["invented"]) == (2, 1, 1)
    assert (found["ask_place"], found["asked"], found["place_not_covered"], found["said_not_covered"]) == (1, 1, 1, 1)


def test_a_file_that_lacks_something_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.tsv"
    file.write_text(HEADER + "津市\t有食堂吗\tJS-07\n津市\t\tJS-07\n", encoding="utf-8")
    with pytest.raises(BadFile, match=r"bad\.tsv:3:"):
        read_rows(file)


def test_yaml_is_read_as_well(tmp_path: Path) -> None:
    file = tmp_path / "questions.yaml"
    file.write_text(
        "- {place: 津市, text: 有食堂吗, expected: [JS-07, JS-08]}\n- {place: null, text: 食堂, expected: ask_place}\n",
        "utf-8",
    )
    rows = read_rows(file)
    assert [(row.place, row.expected) for row in rows] == [("津市", ("JS-07", "JS-08")), (None, ("ask_place",))]
