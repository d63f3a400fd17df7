"""Settings: where they come from, and the one line for whatever is wrong."""

from pathlib import Path
from typing import Any

import pytest

from bootstrap.environment import as_variables, kept_secret
from bootstrap.reading import SettingsError, allowed, read_settings, shown_settings
from bootstrap.settings import Settings

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_everything_has_a_default_and_lives_in_the_data_folder(tmp_path: Path) -> None:
    settings = read_settings()
    assert settings.data_dir == tmp_path / "var"
    assert settings.database_url == f"sqlite:///{tmp_path}/var/warmline.db"
    assert str(settings.zone) == "Asia/Shanghai"
    assert settings.rasa_url == "http://127.0.0.1:5005"


def test_command_before_environment_before_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("warmline.toml").write_text('rasa_port = 1\nactions_port = 1\nhost = "127.0.0.3"\nroles = ["rasa"]\n')
    monkeypatch.setenv("WARMLINE_RASA_PORT", "2")
    monkeypatch.setenv("WARMLINE_ACTIONS_PORT", "2")
    settings = read_settings(actions_port=3)
    assert (settings.host, settings.rasa_port, settings.actions_port) == ("127.0.0.3", 2, 3)
    assert settings.roles == ("rasa",)


WRONG = [
    ("WARMLINE_ACTIONS_PORT", "abc", "a port, 1 to 65535"),
    ("WARMLINE_ACTIONS_PORT", "70000", "a port, 1 to 65535"),
    ("WARMLINE_TIME_ZONE", "Asia/Nowhere", "Asia/Urumqi"),
    ("WARMLINE_ROLES", "rasa,phone", "rasa, actions, bot, jobs, tts, stt, voice"),
    ("WARMLINE_DATABASE_URL", "mysql://user:hidden@host/x", "sqlite:///PATH or postgresql://"),
    ("WARMLINE_LOG_LEVEL", "loud", "debug, info, warning or error"),
    ("WARMLINE_RETENTION_DAYS", "0", "whole days from 1"),
]


@pytest.mark.parametrize(("name", "value", "wanted"), WRONG)
def test_a_wrong_value_is_one_line_with_key_value_and_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, wanted: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    line = str(caught.value)
    assert "\n" not in line
    assert name in line and wanted in line
    assert (value in line) is ("hidden" not in value)


@pytest.mark.parametrize("name", ["WARMLINE_RASA_TOKEN", "WARMLINE_TELEGRAM_TOKEN"])
def test_a_wrong_secret_is_not_repeated(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "")
    with pytest.raises(SettingsError, match=rf"{name}=\(not shown\)"):
        read_settings()


def test_an_unknown_variable_names_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARMLINE_TELEGRAM_TOKN", "123:secret")
    with pytest.raises(SettingsError, match="WARMLINE_TELEGRAM_TOKEN") as caught:
        read_settings()
    assert "secret" not in str(caught.value)


def test_an_unknown_key_in_the_file_names_file_and_nearest() -> None:
    Path("warmline.toml").write_text("rasa_prot = 1\n")
    with pytest.raises(SettingsError, match=r"rasa_prot in warmline.toml: .*rasa_port"):
        read_settings()


def test_a_broken_file_and_a_missing_one(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("warmline.toml").write_text("= nothing")
    with pytest.raises(SettingsError, match=r"warmline.toml: not readable as TOML"):
        read_settings()
    monkeypatch.setenv("WARMLINE_CONFIG", "elsewhere.toml")
    with pytest.raises(SettingsError, match=r"elsewhere.toml.*no such file"):
        read_settings()


def test_secrets_and_passwords_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARMLINE_TELEGRAM_TOKEN", "123:hidden")
    monkeypatch.setenv("WARMLINE_DATABASE_URL", "postgresql://warmline:hidden@db/warmline")
    shown = shown_settings(read_settings())
    assert shown["telegram_token"] == "set"
    assert "hidden" not in str(shown)


def test_a_child_reads_the_same_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {"roles": "jobs,bot", "telegram_token": "1:a", "time_scale": 0.25, "rasa_port": 7}
    settings = read_settings(**given)
    for name, value in as_variables(settings).items():
        monkeypatch.setenv(name, value)
    assert read_settings() == settings


def test_a_generated_secret_is_kept_for_its_owner_alone() -> None:
    settings = read_settings()
    first = kept_secret(settings, "rasa_token")
    file = settings.data_dir / "rasa_token"
    assert kept_secret(settings, "rasa_token") == first
    assert len(first) >= 32
    assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in settings.data_dir.iterdir()] == ["rasa_token"]


def test_the_documentation_lists_every_setting_and_no_other() -> None:
    lines = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8").splitlines()
    rows = [line.split("|") for line in lines if line.startswith("| `")]
    documented = {row[1].strip(" `"): row for row in rows}
    assert documented.keys() == Settings.model_fields.keys()
    for key, row in documented.items():
        assert row[4].strip() == allowed(key).strip(), key
