"""Every test that asks for `database` runs on SQLite and on PostgreSQL, each time on an empty one."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from store import upgrade
from store.database import Database
from tests.integration.store.postgres import postgres_url


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with postgres_url() as url:
        yield url


def execute(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _named(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> Iterator[str]:
    name = f"template_{uuid4().hex}"
    execute(postgres, f"CREATE DATABASE {name}")
    upgrade(_named(postgres, name))
    yield name
    execute(postgres, f"DROP DATABASE {name}")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "warmline.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def postgres_database_url(postgres: str, postgres_template: str) -> Iterator[str]:
    name = f"warmline_{uuid4().hex}"
    execute(postgres, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    yield _named(postgres, name)
    execute(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_path(sqlite_template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sqlite_template, tmp_path / "warmline.db"))


ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'deep' / 'warmline.db'}"
        return
    server, name = request.getfixturevalue("postgres"), f"empty_{uuid4().hex}"
    execute(server, f"CREATE DATABASE {name}")
    yield _named(server, name)
    execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest) -> str:
    """A database with our tables and no rows."""
    if request.param == "sqlite":
        return f"sqlite:///{request.getfixturevalue('sqlite_path')}"
    return str(request.getfixturevalue("postgres_database_url"))


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = Database(url, busy_seconds=5.0)
    yield database
    await database.close()
