"""What `up` does about the speech model, and what it says of it."""

from pathlib import Path
from typing import Any

import pytest

from bootstrap import speech
from bootstrap.line import check
from bootstrap.reading import SettingsError, read_settings
from bootstrap.report import Part, parts
from bootstrap.settings import Settings
from voice.stt.model import SpeechModelFailed

TEST_MODEL = Path(__file__).parents[3] / "demo" / "speech-model"


def settings(folder: Path, **more: Any) -> Settings:
    return read_settings(data_dir=folder, **more)


def part(name: str, of: Settings) -> Part:
    return next(one for one in parts(of) if one.name == name)


def test_without_a_model_the_line_goes_on_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(_folder: Path, _say: object) -> Path:
        raise SpeechModelFailed("no network")

    monkeypatch.setattr(speech, "fetch_model", cannot)
    said: list[str] = []
    in_force = speech.with_speech_model(settings(tmp_path), said.append)
    assert "stt" not in in_force.roles and "voice" in in_force.roles
    assert len(said) == 1 and "keys and people" in said[0] and "no network" in said[0]
    assert not part("stt", in_force).on


def test_the_test_model_is_used_only_when_named_and_shown_in_red(tmp_path: Path) -> None:
    named = settings(tmp_path, speech_model=TEST_MODEL)
    assert speech.with_speech_model(named, pytest.fail) == named  # nothing is fetched
    shown = part("stt", named)
    assert shown.on and shown.alarm and "no human" in shown.detail


def test_a_model_folder_that_is_none_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="speech_model"):
        speech.speech_model(settings(tmp_path, speech_model=tmp_path))


def test_the_report_names_the_lines_address(tmp_path: Path) -> None:
    assert "sip:12349@127.0.0.1:5060" in part("line", settings(tmp_path, speech_model=TEST_MODEL)).detail
    assert not part("line", settings(tmp_path, roles="jobs")).on


def test_too_few_ports_for_the_calls_are_refused(tmp_path: Path) -> None:
    check(settings(tmp_path))
    with pytest.raises(SettingsError, match="240 ports are needed for 60 calls"):
        check(settings(tmp_path, rtp_first_port=40000, rtp_last_port=40100))


def test_every_address_of_the_machine_needs_one_that_phones_reach(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="sip_public_address"):
        check(settings(tmp_path, sip_host="0.0.0.0"))
    check(settings(tmp_path, sip_host="0.0.0.0", sip_public_address="192.0.2.7"))
