"""Settings: the environment (`WARMLINE_*`) or a TOML file, read once; `docs/settings.md` lists them all."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

Role = Literal["rasa", "actions", "bot", "jobs"]
Port = Annotated[int, Field(ge=1, le=65535)]


def _setting(default: Any, meaning: str, allowed: str, **limits: Any) -> Any:
    """A field with what it means and which values it takes, for the errors and the documentation."""
    return Field(default, description=meaning, json_schema_extra={"allowed": allowed}, **limits)


class Settings(BaseSettings):
    """Everything that may differ between two installations; every key has a default."""

    model_config = SettingsConfigDict(env_prefix="WARMLINE_", extra="forbid")

    data_dir: Path = _setting(Path("var"), "Folder of databases, spool and tokens", "a folder that can be written")
    database_url: str | None = _setting(
        None, "The hotline's records; unset: SQLite in data_dir", "sqlite:///PATH or postgresql://..."
    )
    jobs_database_url: str | None = _setting(
        None, "Durable timers; unset: SQLite in data_dir", "sqlite:///PATH or postgresql://..."
    )
    rasa_database_url: str | None = _setting(
        None, "Rasa's trackers; unset: SQLite in data_dir", "sqlite:///PATH or postgresql://..."
    )
    sqlite_max_pages: int | None = _setting(
        None,
        "Largest size of a SQLite database in pages; for tests of a full disk",
        "a whole number from 1",
        ge=1,
    )
    time_zone: str = _setting("Asia/Shanghai", "Zone of the hotline's clock and calendar", "a name such as Asia/Urumqi")
    log_level: Literal["debug", "info", "warning", "error"] = _setting(
        "info", "How much is logged; never names, words or numbers", "debug, info, warning or error"
    )

    host: str = _setting("127.0.0.1", "Address the services listen on", "an address of this machine")
    actions_port: Port = _setting(5055, "Port of the action endpoint that Rasa calls", "a port, 1 to 65535")
    rasa_port: Port = _setting(5005, "Port of Rasa", "a port, 1 to 65535")
    rasa_url: str | None = _setting(
        None,
        "Where Rasa is reached; unset: host and rasa_port",
        "http://... or https://...",
        pattern=r"^https?://",
    )
    actions_url: str | None = _setting(
        None, "Where Rasa reaches the actions; unset: host and actions_port", "http://... or https://...",
        pattern=r"^https?://",
    )  # fmt: skip
    rasa_token: SecretStr | None = _setting(
        None,
        "Token that Rasa asks for; unset: generated and kept in data_dir",
        "8 characters or more",
        min_length=8,
    )
    rasa_python: Path | None = _setting(
        None, "Python that has Rasa installed; unset: nlu/.venv, set up when missing", "a Python program"
    )
    roles: Annotated[tuple[Role, ...], NoDecode] = _setting(
        ("rasa", "actions", "bot", "jobs"),
        "What `warmline up` runs here",
        "a list out of rasa, actions, bot, jobs",
    )
    executor_id: str = _setting(
        "jobs-1", "Name of this jobs process, the same after every restart", "letters, digits, - and _",
        pattern=r"^[A-Za-z0-9_-]+$",
    )  # fmt: skip

    telegram_token: SecretStr | None = _setting(
        None,
        "The bot's token from @BotFather; unset: Telegram is off",
        "digits, a colon, letters",
        min_length=1,
    )
    telegram_base_url: str = _setting(
        "https://api.telegram.org/bot", "Bot API server", "http://... or https://...", pattern=r"^https?://"
    )
    telegram_webhook_url: str | None = _setting(
        None, "Public address of the webhook; unset: long polling", "https://...", pattern=r"^https?://"
    )
    telegram_webhook_listen: str = _setting("127.0.0.1", "Address the webhook listens on", "an address of this machine")
    telegram_webhook_port: Port = _setting(8443, "Port the webhook listens on", "a port, 1 to 65535")
    telegram_webhook_secret: SecretStr | None = _setting(
        None, "Secret that Telegram sends with each call; unset: generated and kept in data_dir",
        "1 to 256 letters, digits, - and _", min_length=1,
    )  # fmt: skip

    danger_answer_seconds: float = _setting(
        60, "Wait for an answer to the danger question; then it acts", "seconds above 0", gt=0
    )
    session_idle_seconds: float = _setting(1800, "A chat this long silent begins anew", "seconds above 0", gt=0)
    callback_minutes: int = _setting(30, "Usual promise of a callback", "whole minutes from 1", ge=1)
    case_days: int = _setting(3, "Usual promise of an answer to a case", "whole days from 1", ge=1)
    time_scale: float = _setting(
        1, "Factor on every durable wait; for tests and demonstrations", "above 0, at most 1", gt=0, le=1
    )

    retention_days: int = _setting(180, "Transcripts are deleted after this", "whole days from 1", ge=1)
    tracker_retention_days: int = _setting(30, "Rasa's trackers are deleted after this", "whole days from 1", ge=1)
    spool_retention_days: int = _setting(7, "Replayed spool records are deleted after this", "whole days from 1", ge=1)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """`reading.py` hands in what wins over the environment; the TOML file's values it sorts itself."""
        return (init_settings, env_settings)

    @field_validator("roles", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("no such zone") from error
        return value

    @field_validator("database_url", "jobs_database_url", "rasa_database_url")
    @classmethod
    def _is_a_database(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("sqlite", "postgresql")):
            raise ValueError("neither SQLite nor PostgreSQL")
        return value

    @model_validator(mode="after")
    def _fill_in(self) -> Self:
        self.data_dir = self.data_dir.absolute()
        self.database_url = self.database_url or f"sqlite:///{self.data_dir / 'warmline.db'}"
        self.jobs_database_url = self.jobs_database_url or f"sqlite:///{self.data_dir / 'jobs.db'}"
        self.rasa_database_url = self.rasa_database_url or f"sqlite:///{self.data_dir / 'rasa.db'}"
        self.rasa_url = self.rasa_url or f"http://{_reachable(self.host)}:{self.rasa_port}"
        self.actions_url = self.actions_url or f"http://{_reachable(self.host)}:{self.actions_port}"
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The hotline's time zone."""
        return ZoneInfo(self.time_zone)


def _reachable(host: str) -> str:
    """Where a server that listens on `host` is reached from this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"[{host}]" if ":" in host else host
