"""When a model is trained again, how it is served, and which Python is taken; without Rasa."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nlu import environment, training

TOKEN = "not-on-the-command-line"


@pytest.fixture
def project(tmp_path: Path) -> training.Project:
    for folder in ("domain", "data"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.yml").write_text("version: '3.1'\n", encoding="utf-8")
    return training.Project(tmp_path, lambda: {"洗澡": [["service", "bathing"]]}, tmp_path / "models")


def test_the_fingerprint_follows_what_the_model_is_made_of(project):
    before = training.fingerprint(project)
    assert training.fingerprint(project) == before
    (project.folder / "data" / "a.yml").write_text("version: '3.1' # more\n", encoding="utf-8")
    changed = training.fingerprint(project)
    other_words = training.Project(project.folder, lambda: {"洗头": [["service", "bathing"]]}, project.models)
    assert len({before, changed, training.fingerprint(other_words)}) == 3


def test_moving_a_file_changes_the_fingerprint(project):
    before = training.fingerprint(project)
    (project.folder / "data" / "a.yml").rename(project.folder / "data" / "b.yml")
    assert training.fingerprint(project) != before


def test_nothing_is_trained_when_the_model_is_there(project):
    model = training.model_path(project)
    model.parent.mkdir()
    model.write_bytes(b"model")
    said: list[str] = []
    assert training.train(Path("/no/such/python"), said.append, project) == model
    assert "up to date" in said[0]


def test_a_failed_training_leaves_no_model_and_keeps_the_old_one(project):
    project.models.mkdir()
    old = project.models / "warmline-old.tar.gz"
    old.write_bytes(b"model")
    with pytest.raises(training.TrainingFailed):
        training.train(Path(sys.executable), lambda _: None, project)  # this Python has no rasa
    assert [path.name for path in project.models.iterdir()] == [old.name]


def test_a_missing_model_is_not_served(tmp_path):
    with pytest.raises(FileNotFoundError, match="warmline train"):
        training.serve_command(
            Path("python"), tmp_path / "none.tar.gz", 5005, actions_url="", tracker_url="", token=TOKEN
        )


def test_the_server_is_on_loopback_quiet_and_its_token_private(tmp_path, monkeypatch):
    monkeypatch.setenv("WARMLINE_TELEGRAM_TOKEN", "another-secret")
    model = tmp_path / "m.tar.gz"
    model.touch()
    command, env = training.serve_command(
        Path("python"),
        model,
        5005,
        actions_url="http://127.0.0.1:1/a",
        tracker_url="sqlite:///r.db",
        token=TOKEN,
    )
    assert command[command.index("--interface") + 1] == "127.0.0.1"
    assert not {"--enable-api", "--cors", "--debug"} & set(command)
    assert TOKEN not in " ".join(command)
    assert env["WARMLINE_RASA_TOKEN"] == TOKEN
    assert env["RASA_TELEMETRY_ENABLED"] == "false"
    assert "WARMLINE_TELEGRAM_TOKEN" not in env


def test_the_shipped_word_table_names_services_and_emergencies():
    pairs = [tuple(pair) for pairs in training.lookup_table().values() for pair in pairs]
    assert {"service", "benefit", "relation", "place", "emergency"} <= {entity for entity, _ in pairs}
    for word, meanings in training.lookup_table().items():
        entities = [entity for entity, _ in meanings]
        assert len(entities) == len(set(entities)), word


def test_a_python_that_does_not_run_is_passed_over(tmp_path, monkeypatch):
    shim = tmp_path / f"python{environment.WANTED}"
    shim.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    shim.chmod(0o755)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "none"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert environment.find_python() is None
    good = tmp_path / "good"
    good.mkdir()
    python = good / shim.name
    python.write_text("#!/bin/sh\necho 3.10\n", encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{good}")
    assert environment.find_python() == python


def test_a_given_python_without_rasa_is_refused():
    with pytest.raises(environment.EnvironmentFailed, match="no rasa"):
        environment.rasa_python(lambda _: None, Path(sys.executable))
