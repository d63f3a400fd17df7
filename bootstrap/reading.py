"""Reading the settings: file and environment, unknown keys, and one clear line for whatever is wrong."""

import os
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bootstrap.settings import Settings

PREFIX = "WARMLINE_"
CONFIG = "WARMLINE_CONFIG"
DEFAULT_FILE = Path("warmline.toml")


class SettingsError(Exception):
    """A setting is missing, wrong or unknown: one line that names key, value and what is allowed."""


def read_settings(**overrides: Any) -> Settings:
    """The settings: `overrides` before the environment before the file. Raises SettingsError."""
    path = config_file()
    values = _from_file(path) if path else {}
    _refuse_unknown(values, str(path))
    environment = _environment()
    _refuse_unknown(environment, "the environment")
    from_file = {key: value for key, value in values.items() if key not in environment}
    try:
        return Settings(**{**from_file, **overrides})
    except ValidationError as error:
        raise SettingsError(_line(error.errors()[0], values, overrides, path)) from None


def config_file() -> Path | None:
    """The TOML file in use: WARMLINE_CONFIG, or warmline.toml in the working folder, or none."""
    named = os.environ.get(CONFIG)
    if named and not Path(named).is_file():
        raise SettingsError(f"{CONFIG}={named!r}: no such file; a TOML file is needed")
    return Path(named) if named else DEFAULT_FILE if DEFAULT_FILE.is_file() else None


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{path}: not readable as TOML: {error}") from None


def _environment() -> dict[str, str]:
    """Our keys in the environment, without the prefix, in lower case as pydantic reads them."""
    found = {name.upper(): value for name, value in os.environ.items()}
    ours = {n.removeprefix(PREFIX).lower(): v for n, v in found.items() if n.startswith(PREFIX) and n != CONFIG}
    return {name: value for name, value in ours.items() if not name.startswith("test_")}  # those are for our tests


def _refuse_unknown(keys: Iterable[str], where: str) -> None:
    for key in keys:
        if key not in Settings.model_fields:
            near = get_close_matches(key, Settings.model_fields, n=1, cutoff=0.0)[0]
            raise SettingsError(
                f"{_name(key, where)} in {where}: no such setting; the nearest is {_name(near, where)}, "
                "docs/settings.md lists all"
            )


def _name(key: str, where: str) -> str:
    return PREFIX + key.upper() if where == "the environment" else key


def _line(error: ErrorDetails, file: Mapping[str, Any], overrides: Mapping[str, Any], path: Path | None) -> str:
    key = str(error["loc"][0])
    environment = _environment()
    places = (("the command", overrides), ("the environment", environment), (str(path), file))
    where, value = next((name, values[key]) for name, values in places if key in values)
    shown = "(not shown)" if _is_secret(key) else repr(value)
    return f"{_name(key, where)}={shown} in {where}: {allowed(key)} is needed"


def allowed(key: str) -> str:
    """Which values a setting takes, in words."""
    extra = Settings.model_fields[key].json_schema_extra
    return str(extra["allowed"]) if isinstance(extra, dict) else "another value"


def _is_secret(key: str) -> bool:
    return "SecretStr" in str(Settings.model_fields[key].annotation) or key.endswith("database_url")


def shown_settings(settings: Settings) -> dict[str, Any]:
    """The settings in force as plain values: secrets as ``set``, passwords in addresses as ``***``."""
    return {key: _shown(key, getattr(settings, key)) for key in Settings.model_fields}


def _shown(key: str, value: Any) -> Any:
    if isinstance(value, SecretStr):
        return "set"
    if key.endswith("database_url"):
        return _without_password(str(value))
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, Path) else value


def _without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "(not readable)"
