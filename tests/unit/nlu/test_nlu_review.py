"""From a doubted turn to a training sentence: only with a person's yes, and never with a name or number."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from hotline.sessions import Turn
from nlu.review import COLUMNS, REVIEWED, doubted, learn, read_table, write_table

INTENTS = frozenset({"book_service", "greet"})


def turn(number: int, intent: str, confidence: float, path: str = "dialogue", said: str = "那个 搓澡") -> Turn:
    return Turn(
        f"t{number}", "s", number, f"u{number}", said, datetime(2026, 3, 2, tzinfo=UTC), path=path, intent=intent,
        confidence=confidence,
    )  # fmt: skip


def test_doubted_is_what_the_model_was_not_sure_of():
    turns = [
        turn(1, "greet", 0.9),
        turn(2, "greet", 0.4),
        turn(3, "nlu_fallback", 0.3),
        turn(4, "greet", 0.1, "company"),
    ]
    assert [one.turn_id for one in doubted(turns, 0.6)] == ["t3", "t2"]


def test_the_table_is_readable_by_its_owner_only(tmp_path: Path):
    write_table([turn(1, "greet", 0.2)], tmp_path / "a.tsv")
    assert (tmp_path / "a.tsv").stat().st_mode & 0o077 == 0


def labelled(folder: Path, *rows: tuple[str, str, str]) -> Path:
    file = folder / "a.tsv"
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, delimiter="\t")
        table.writerow(COLUMNS)
        table.writerows((f"t{n}", text, "greet", 0.2, intent, yes) for n, (text, intent, yes) in enumerate(rows))
    return file


@pytest.mark.parametrize(
    "row, reason",
    [
        (("搓澡要约", "book_service", ""), "yes"),
        (("搓澡要约", "", "yes"), "yes"),
        (("搓澡要约", "no_such_intent", "yes"), "no intent"),
        (("打幺三八零零零零一一二二", "book_service", "yes"), "number"),
        (("我叫王秀英", "greet", "yes"), "name"),
    ],
)
def test_what_is_not_released_is_left_out_with_its_reason(tmp_path: Path, row, reason):
    (verdict,) = read_table(labelled(tmp_path, row), INTENTS)
    assert reason in (verdict.reason or "")


def test_what_is_released_is_learnt_once(tmp_path: Path):
    taken = read_table(labelled(tmp_path, ("搓澡要约", "book_service", "是")), INTENTS)
    assert (learn(taken, tmp_path), learn(taken, tmp_path)) == (1, 0)
    written = yaml.safe_load((tmp_path / REVIEWED).read_text(encoding="utf-8"))
    assert written["nlu"] == [{"intent": "book_service", "examples": "- 搓澡要约\n"}]


def test_nothing_released_writes_nothing(tmp_path: Path):
    learn([], tmp_path)
    assert not (tmp_path / REVIEWED).exists()


def test_a_table_of_another_kind_is_refused(tmp_path: Path):
    file = tmp_path / "b.tsv"
    file.write_text("a\tb\n", encoding="utf-8")
    with pytest.raises(ValueError, match="lacks the columns"):
        read_table(file, INTENTS)
