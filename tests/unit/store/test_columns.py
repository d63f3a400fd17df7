from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from store.columns import Moment, Phone, phone_digits, phone_spellings
from store.engines import async_url
from store.mapping import MAPPED


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13800000901", "13800000901"),
        ("+86 138-0000-0901", "13800000901"),
        ("008613800000901", "13800000901"),
        ("8613800000901", "13800000901"),
        ("(0631) 555 0001", "06315550001"),
        ("+866315550001", "6315550001"),
        ("86420011", "86420011"),  # a city number that begins with 86
        ("+852 5550 0001", "85255500001"),
        ("anonymous", ""),
        ("", ""),
    ],
)
def test_a_number_is_kept_as_digits_without_the_country_code(written: str, kept: str) -> None:
    assert phone_digits(written) == kept


def test_every_spelling_of_a_number_is_that_number() -> None:
    spellings = phone_spellings("138-0000 0901")
    assert {phone_digits(spelling) for spelling in spellings} == {"13800000901"}
    assert phone_spellings("anonymous") == []


def test_a_number_without_digits_is_no_number() -> None:
    assert Phone().process_bind_param("无", sqlite.dialect()) is None
    assert Phone().process_bind_param(None, sqlite.dialect()) is None


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()])
def test_a_moment_without_a_zone_is_refused(dialect: Any) -> None:
    with pytest.raises(ValueError, match="time zone"):
        Moment().process_bind_param(datetime(2026, 3, 4), dialect)  # noqa: DTZ001  # that is the point
    assert Moment().process_bind_param(None, dialect) is None


@pytest.mark.parametrize("kind", MAPPED)
def test_a_table_has_a_column_for_every_field_and_may_be_empty_where_the_field_may(kind: type[Any]) -> None:
    table = MAPPED[kind]
    assert [column.name for column in table.c] == [field.name for field in fields(kind)]
    for field in fields(kind):
        annotation = field.type if isinstance(field.type, str) else str(field.type)
        assert table.c[field.name].nullable == ("None" in annotation), field.name


def test_only_databases_we_know_are_taken() -> None:
    assert async_url("sqlite:///a.db").drivername == "sqlite+aiosqlite"
    assert async_url("postgresql://host/name").drivername == "postgresql+psycopg"
    with pytest.raises(ValueError, match="mysql is not supported"):
        async_url("mysql://host/name")
