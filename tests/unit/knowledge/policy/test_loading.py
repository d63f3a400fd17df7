"""Files come into force when they change; a bad one does not, and the old one stays."""

import os
import shutil
from pathlib import Path

import pytest

from knowledge.policy.loading import FOLDER, Library


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part in ("documents", "policies", "benefits", "divisions", "places"):
        shutil.copytree(FOLDER / part, tmp_path / part)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    later = path.stat().st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(later, later))


def test_a_changed_card_counts_without_restart(folder: Path) -> None:
    library, card = Library(folder), folder / "policies/jinshi/canteen.yaml"
    version = library.version
    assert not library.refresh()
    write(card, card.read_text(encoding="utf-8").replace("name: 社区长者食堂", "name: 长者饭堂"))
    assert library.refresh()
    assert library.cards()["jinshi/canteen"].name == "长者饭堂"
    assert library.version != version


def test_a_bad_card_is_refused_and_the_old_one_stays(folder: Path) -> None:
    library, card = Library(folder), folder / "policies/jinshi/canteen.yaml"
    version, good = library.version, card.read_text(encoding="utf-8")
    write(card, good.replace("commitment: done", "commitment: maybe"))
    assert not library.refresh()
    assert library.cards()["jinshi/canteen"].commitment == "done"
    assert [problem.file for problem in library.problems()] == ["knowledge/policies/jinshi/canteen.yaml"]
    write(card, "name: [no end")
    library.refresh()
    assert "no YAML" in library.problems()[0].reason
    assert library.cards()["jinshi/canteen"].commitment == "done"
    write(card, good)
    library.refresh()
    assert library.problems() == []
    assert library.version == version


def test_a_card_taken_away_is_gone_and_a_new_one_counts(folder: Path) -> None:
    library, card = Library(folder), folder / "policies/jinshi/canteen.yaml"
    card.rename(card.with_name("dining.yaml"))
    assert library.refresh()
    assert "jinshi/canteen" not in library.cards()
    assert "jinshi/dining" in library.cards()
