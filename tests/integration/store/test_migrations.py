"""The migrations and the tables say the same, in both directions."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from store import downgrade, upgrade
from store.engines import migration_engine
from store.schema import MIGRATIONS
from store.tables import metadata

REPOSITORY = MIGRATIONS.parent.parent


def table_names(url: str) -> set[str]:
    engine = migration_engine(url, 5.0)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def test_upgrading_gives_exactly_the_tables_of_the_code(empty_url: str) -> None:
    upgrade(empty_url)
    engine = migration_engine(empty_url, 5.0)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    inspector = inspect(engine)
    for table in metadata.sorted_tables:
        found = {key["name"]: key["options"] for key in inspector.get_foreign_keys(table.name)}
        assert set(found) == {str(key.name) for key in table.foreign_key_constraints}
        assert all(options.get("initially") == "DEFERRED" for options in found.values())
        unique = {key["name"] for key in inspector.get_unique_constraints(table.name)}
        assert unique == {str(c.name) for c in table.constraints if type(c).__name__ == "UniqueConstraint"}
    engine.dispose()


def test_upgrading_again_and_two_at_once_are_harmless(empty_url: str) -> None:
    program = [
        sys.executable,
        "-W",
        "error",
        "-c",
        "import sys, store; store.upgrade(sys.argv[1])",
        empty_url,
    ]
    both = [subprocess.Popen(program, cwd=REPOSITORY) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(upgrade, [empty_url, empty_url])) == [None, None]
    assert set(metadata.tables) <= table_names(empty_url)


def test_downgrading_to_the_base_leaves_no_table(empty_url: str) -> None:
    upgrade(empty_url)
    downgrade(empty_url, "base")
    assert table_names(empty_url) == {"alembic_version"}
    upgrade(empty_url)
    assert set(metadata.tables) <= table_names(empty_url)


def test_every_step_back_and_forth_works_and_there_is_one_newest_step(empty_url: str) -> None:
    steps = list(ScriptDirectory(str(MIGRATIONS)).walk_revisions())
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1
    for step in reversed(steps):
        upgrade(empty_url, step.revision)
        downgrade(empty_url, str(step.down_revision or "base"))
        upgrade(empty_url, step.revision)


def test_a_failing_step_leaves_the_old_shape(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic import op

    whole = op.create_table

    def fail_on_the_last(name: str, *columns: object) -> object:
        if name == "visit_orders":
            raise RuntimeError("power cut")
        return whole(name, *columns)

    monkeypatch.setattr(op, "create_table", fail_on_the_last)
    with pytest.raises(RuntimeError, match="power cut"):
        upgrade(empty_url)
    assert table_names(empty_url) == set()


def test_a_path_with_signs_that_configurations_treat_specially(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / '100% (养老)' / 'warmline.db'}"
    upgrade(url)
    assert "escalations" in table_names(url)
