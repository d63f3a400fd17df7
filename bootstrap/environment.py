"""What a process makes of its settings before anything runs: environment for children, token, logs."""

import logging
import os
import secrets
from pathlib import Path

from pydantic import SecretStr

from bootstrap.settings import Settings

QUIET = ("httpx", "httpcore", "telegram", "apscheduler", "dbos", "rasa_sdk", "sqlalchemy", "alembic", "uvicorn")
"""Loggers that would print addresses, tokens or words below `warning`."""


def prepare(settings: Settings) -> None:
    """Make the data folder (for its owner alone) and set the logs up."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True
    )
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def rasa_token(settings: Settings) -> str:
    """The token between app and Rasa: the set one, or one that is generated once and kept in the data folder."""
    if settings.rasa_token is not None:
        return settings.rasa_token.get_secret_value()
    return _kept_token(settings.data_dir / "rasa_token")


def _kept_token(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(32), encoding="ascii")
        try:
            os.link(fresh, path)  # fails if another process was first: then its token holds
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()


def child_environment(settings: Settings) -> dict[str, str]:
    """The environment that gives a child process exactly these settings."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("WARMLINE_")}
    return {**kept, **as_variables(settings)}


def as_variables(settings: Settings) -> dict[str, str]:
    """Every setting as `WARMLINE_*`; unset ones are left out."""
    values = {key: getattr(settings, key) for key in Settings.model_fields}
    return {f"WARMLINE_{key.upper()}": _as_text(value) for key, value in values.items() if value is not None}


def _as_text(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return ",".join(value) if isinstance(value, tuple) else str(value)
