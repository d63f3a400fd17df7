"""Settings: the environment (`WARMLINE_*`) or a TOML file, read once; `docs/settings.md` lists them all."""

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

Role = Literal["rasa", "actions", "bot", "jobs", "voice", "stt", "tts", "console"]
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
        ("rasa", "actions", "bot", "jobs", "tts", "stt", "voice", "console"),
        "What `warmline up` runs here",
        "a list out of rasa, actions, bot, jobs, tts, stt, voice, console",
    )
    executor_id: str = _setting(
        "jobs-1", "Name of this jobs process, the same after every restart", "letters, digits, - and _",
        pattern=r"^[A-Za-z0-9_-]+$",
    )  # fmt: skip

    console_host: str = _setting(
        "127.0.0.1", "Address the operators' web console listens on", "an address of this machine"
    )
    console_port: Port = _setting(5059, "Port of the operators' web console", "a port, 1 to 65535")
    console_plain_http: bool = _setting(
        False, "Sign-in over plain http, on loopback only; off: the cookie is kept for https alone", "true or false"
    )

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

    sip_host: str = _setting(
        "127.0.0.1", "Address the phone line listens on, SIP and RTP", "an address of this machine"
    )
    sip_port: Port = _setting(5060, "UDP port of SIP", "a port, 1 to 65535")
    sip_public_address: str | None = _setting(
        None, "Address that callers' phones reach the line at; unset: sip_host", "an IP address"
    )
    sip_number: str = _setting("12349", "Our own number, in calls that we place", "digits, letters, - and _")
    sip_trunk: str | None = _setting(
        None, "Where calls to telephone numbers go; unset: no telephone number can be rung", "host or host:port"
    )
    sip_trunk_user: str | None = _setting(None, "Account at the trunk", "a name")
    sip_trunk_password: SecretStr | None = _setting(None, "Password at the trunk", "a password", min_length=1)
    sip_trunk_register: bool = _setting(False, "Register at the trunk, so that calls come in by it", "true or false")
    sip_places: Annotated[dict[str, str], NoDecode] = _setting(
        {}, "Which place a dialled number belongs to", "number=place,number=place"
    )
    sip_test_headers: bool = _setting(
        False, "Let a caller pin the calendar by X-Warmline-Now; for tests only", "true or false"
    )
    rtp_first_port: Port = _setting(40000, "First UDP port of the voices", "a port, 1 to 65535")
    rtp_last_port: Port = _setting(40999, "Last UDP port of the voices", "a port, 1 to 65535")
    line_port: Port = _setting(
        5058, "Port on `host` by which the other processes ask the line to ring", "a port, 1 to 65535"
    )
    line_url: str | None = _setting(
        None, "Where the line is asked; unset: host and line_port", "http://... or https://...", pattern=r"^https?://"
    )
    line_token: SecretStr | None = _setting(
        None, "Token that the line asks for; unset: generated and kept in data_dir", "8 characters or more",
        min_length=8,
    )  # fmt: skip
    tts_port: Port = _setting(5056, "Port of speech synthesis", "a port, 1 to 65535")
    tts_url: str | None = _setting(
        None, "Where speech is made; unset: host and tts_port", "http://... or https://...", pattern=r"^https?://"
    )
    stt_port: Port = _setting(5057, "Port of speech recognition", "a port, 1 to 65535")
    stt_url: str | None = _setting(
        None, "Where speech is recognised, a server of the vosk-server protocol; unset: host and stt_port",
        "ws://... or wss://...", pattern=r"^wss?://",
    )  # fmt: skip
    speech_model: Path | None = _setting(
        None, "Vosk model folder; unset: the official Mandarin one, fetched into data_dir", "a folder"
    )
    speech_rate: int = _setting(150, "Words a minute of the synthetic voice, before pace", "60 to 300", ge=60, le=300)
    end_of_turn_seconds: float = _setting(
        1.2, "Silence that ends a caller's turn; elders pause", "0.3 to 5 seconds", ge=0.3, le=5
    )
    silence_seconds: float = _setting(7, "Silence after a question until we ask again", "2 to 60 seconds", ge=2, le=60)
    media_timeout_seconds: float = _setting(
        20, "No sound packets for so long is a hang-up", "2 to 300 seconds", ge=2, le=300
    )
    line_calls: int = _setting(
        60, "Calls talked with at once; more hear a recording and are rung back", "1 to 500", ge=1, le=500
    )

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

    @field_validator("sip_places", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        pairs = [pair.partition("=") for pair in value.split(",") if pair.strip()]
        return {number.strip(): place.strip() for number, _, place in pairs}

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
        self.rasa_url = self.rasa_url or f"http://{reachable(self.host)}:{self.rasa_port}"
        self.actions_url = self.actions_url or f"http://{reachable(self.host)}:{self.actions_port}"
        self.line_url = self.line_url or f"http://{reachable(self.host)}:{self.line_port}"
        self.tts_url = self.tts_url or f"http://{reachable(self.host)}:{self.tts_port}"
        self.stt_url = self.stt_url or f"ws://{reachable(self.host)}:{self.stt_port}"
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The hotline's time zone."""
        return ZoneInfo(self.time_zone)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens on `host`."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def reachable(host: str) -> str:
    """Where a server that listens on `host` is reached from this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"[{host}]" if ":" in host else host
