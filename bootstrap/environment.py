"""What a process makes of its settings before anything runs: environment for children, token, logs."""

import logging
import os
import secrets
from contextlib import suppress
from pathlib import Path

from pydantic import SecretStr

from bootstrap.settings import Settings
from hotline.quiet import quiet_loggers


def prepare(settings: Settings) -> None:
    """Make the data folder (for its owner alone) and set the logs up."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True
    )
    quiet_loggers()


def rasa_token(settings: Settings) -> str:
    """The token between app and Rasa."""
    return kept_secret(settings, "rasa_token")


def kept_secret(settings: Settings, key: str) -> str:
    """The secret of that setting, or one that is generated once and kept in the data folder."""
    given: SecretStr | None = getattr(settings, key)
    return given.get_secret_value() if given is not None else _kept(settings.data_dir / key)


def _kept(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(32), encoding="ascii")
        with suppress(FileExistsError):  # another process was first: then its secret holds
            os.link(fresh, path)
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
    if isinstance(value, dict):
        return ",".join(f"{key}={one}" for key, one in value.items())
    return ",".join(value) if isinstance(value, tuple) else str(value)
