from __future__ import annotations

import sqlite3

import psycopg
import pytest
from sqlalchemy import exc

from hotline.errors import StoreUnavailable
from store.errors import translated


def wrapped(kind: type[exc.DBAPIError], cause: Exception) -> exc.DBAPIError:
    return kind("SELECT 1", None, cause)


@pytest.mark.parametrize(
    "error",
    [
        wrapped(exc.OperationalError, sqlite3.OperationalError("database is locked")),
        wrapped(exc.OperationalError, sqlite3.OperationalError("database or disk is full")),
        wrapped(exc.DatabaseError, sqlite3.DatabaseError("file is not a database")),
        wrapped(exc.OperationalError, psycopg.errors.DiskFull("no space left on device")),
        wrapped(exc.OperationalError, psycopg.errors.LockNotAvailable("lock timeout")),
        wrapped(exc.InterfaceError, psycopg.InterfaceError("connection is closed")),
        exc.TimeoutError("QueuePool limit reached"),
        ConnectionRefusedError(),
    ],
)
def test_locked_full_and_away_are_unavailable(error: Exception) -> None:
    with pytest.raises(StoreUnavailable) as caught, translated():
        raise error
    assert caught.value.__cause__ is error


@pytest.mark.parametrize(
    "error",
    [
        wrapped(exc.IntegrityError, sqlite3.IntegrityError("UNIQUE constraint failed")),
        wrapped(exc.ProgrammingError, psycopg.errors.UndefinedColumn("no such column")),
        ValueError("naive"),
    ],
)
def test_our_own_faults_are_not(error: Exception) -> None:
    with pytest.raises(type(error)) as caught, translated():
        raise error
    assert caught.value is error
