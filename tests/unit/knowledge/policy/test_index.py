"""Found by words, by everyday words and by sound; kept in step with the files."""

import logging
import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from knowledge.policy.index import Index
from knowledge.policy.loading import FOLDER, Library, library
from knowledge.policy.shelf import LOOK_EVERY_SECONDS, Shelf

TODAY = date(2026, 11, 26)


class HandClock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part in ("documents", "policies", "benefits", "places"):
        shutil.copytree(FOLDER / part, tmp_path / part)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    later = path.stat().st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(later, later))


def first(question: str, place: str) -> str:
    index = Index(library())
    return index.search(index.reader.read(question), place)[0].entry.card_id


def test_a_card_is_found_by_another_word_and_by_its_sound() -> None:
    assert first("想借个拐棍", "津市") == "jinshi/aid_rental"
    assert first("嫁庭义生怎么签", "津市") == "jinshi/family_doctor"


def test_question_words_and_relatives_find_nothing() -> None:
    index = Index(library())
    for question in ("我妈怎么办", "多少钱", "请问一下", "你好，我想问一下怎么申请"):
        asked = index.reader.read(question)
        assert not any(len(part) > 1 for part in asked.content), question
        assert not index.search(asked, "拉萨"), question


def test_what_is_wanted_is_read_as_aspects() -> None:
    index = Index(library())
    assert index.reader.read("送餐费怎么收").aspects == ("price",)
    assert index.reader.read("食堂周末有人吗").aspects == ("hours",)
    assert "amount" in index.reader.read("能补几万").aspects
    assert index.reader.read("打电话问候老人").aspects == ()


def test_ones_own_age_is_no_number_of_a_document() -> None:
    index = Index(library())
    assert "七" not in "".join(index.reader.read("我今年七十二了").content)
    assert "".join(index.reader.read("四百五十户").content) == "四百五十户"


def test_a_changed_card_is_found_without_restart_and_the_version_changes(folder: Path) -> None:
    clock = HandClock()
    shelf = Shelf(Library(folder), clock)
    before = shelf.answers()
    card = folder / "policies/jinshi/canteen.yaml"
    write(card, card.read_text(encoding="utf-8").replace("words: [", "words: [喷泉广场饭铺, "))
    assert shelf.answers() is before  # not looked at yet
    clock.seconds += LOOK_EVERY_SECONDS
    told = shelf.answers().answer("喷泉广场饭铺", "津市", TODAY)
    assert told.cards == ("jinshi/canteen",)
    assert told.version == shelf.library.version != before.version


def test_a_bad_file_is_refused_with_its_line_and_the_old_one_answers(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = HandClock()
    shelf = Shelf(Library(folder), clock)
    before = shelf.answers()
    card = folder / "policies/jinshi/canteen.yaml"
    write(card, card.read_text(encoding="utf-8").replace("commitment: done", "commitment: maybe"))
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            clock.seconds += LOOK_EVERY_SECONDS
            assert shelf.answers() is before
    assert len(caplog.records) == 1
    assert "policies/jinshi/canteen.yaml:" in caplog.text
    assert "commitment" in caplog.text


def test_only_what_has_changed_is_made_anew_and_nothing_old_is_left(folder: Path) -> None:
    own = Library(folder)
    before = Index(own)
    card = folder / "policies/jinshi/canteen.yaml"
    write(card, card.read_text(encoding="utf-8").replace("words: [", "words: [喷泉广场饭铺, "))
    own.refresh()
    after, whole = Index(own, before), Index(own)
    kept = {id(entry) for entry in before.entries}
    assert [entry.card_id for entry in after.entries if id(entry) not in kept] == ["jinshi/canteen"]
    for question in ("喷泉广场饭铺", "想借个拐棍", "送饭"):
        asked = whole.reader.read(question)
        assert [(h.entry.card_id, h.score) for h in after.search(asked, "津市")] == [
            (h.entry.card_id, h.score) for h in whole.search(asked, "津市")
        ]
    questions = folder / "policies/questions.yaml"
    write(questions, questions.read_text(encoding="utf-8") + "\n# changed\n")
    own.refresh()
    assert not {id(entry) for entry in Index(own, after).entries} & {id(entry) for entry in after.entries}
