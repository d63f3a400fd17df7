"""Forgetting conversations in a tracker store as Rasa makes it."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nlu import trackers

WORD = "葫芦藤"
JANUARY, MARCH = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 3, 5, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "rasa.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, timestamp FLOAT, data TEXT)")
    rows = [("old", JANUARY), ("old", JANUARY), ("long", JANUARY), ("long", MARCH), ("new", MARCH)]
    connection.executemany(
        "INSERT INTO events (sender_id, timestamp, data) VALUES (?, ?, ?)",
        [(sender, at.timestamp(), f"{WORD}-{sender}") for sender, at in rows],
    )
    connection.commit()
    connection.close()
    return path


def senders(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return [row[0] for row in connection.execute("SELECT sender_id FROM events ORDER BY id")]
    finally:
        connection.close()


def test_forget_deletes_these_conversations_only(store):
    assert trackers.forget(f"sqlite:///{store}", ["old", "new", "unknown"]) == 3
    assert senders(store) == ["long", "long"]


def test_forgotten_words_are_not_left_in_the_file(store):
    trackers.forget(f"sqlite:///{store}", ["old"])
    assert f"{WORD}-old".encode() not in store.read_bytes()
    assert f"{WORD}-new".encode() in store.read_bytes()


def test_more_sessions_than_one_statement_takes(store):
    assert trackers.forget(f"sqlite:///{store}", [f"none-{i}" for i in range(1200)] + ["new"]) == 1


def test_purge_keeps_a_conversation_that_went_on_later(store):
    assert trackers.purge(f"sqlite:///{store}", datetime(2026, 2, 1, tzinfo=UTC)) == 2
    assert senders(store) == ["long", "long", "new"]


def test_a_store_that_is_not_there_is_not_created(tmp_path):
    assert trackers.purge(f"sqlite:///{tmp_path / 'none.db'}", MARCH) == 0
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "empty.db").touch()
    assert trackers.forget(f"sqlite:///{tmp_path / 'empty.db'}", ["old"]) == 0
