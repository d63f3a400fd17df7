"""The processes of speech, and the model of recognition: which one is in force, and fetching it on the first `up`."""

from collections.abc import Callable
from pathlib import Path

from bootstrap.environment import prepare
from bootstrap.reading import SettingsError
from bootstrap.serving import listen
from bootstrap.settings import Settings
from bootstrap.stopping import until_stopped
from voice.stt.fetch import fetch_model
from voice.stt.model import SpeechModel, SpeechModelFailed, model_in_force, try_out

Say = Callable[[str], None]

NO_MODEL = "no speech model: the line works by keys and people"


async def run_tts(settings: Settings) -> None:
    """Serve speech synthesis until a signal."""
    from voice.tts.server import serve_tts  # here, because only this process may load the engine

    prepare(settings)
    check_port(settings.host, settings.tts_port, "tts_port")
    await until_stopped([serve_tts(settings.host, settings.tts_port)])


async def run_stt(settings: Settings) -> None:
    """Serve speech recognition until a signal. Raises SettingsError without a model."""
    from voice.stt.server import serve_stt  # here, because only this process may load Vosk

    prepare(settings)
    model = speech_model(settings)
    if model.path is None:
        raise SettingsError(f"{NO_MODEL}; `warmline up` fetches one, or set speech_model")
    check_port(settings.host, settings.stt_port, "stt_port")
    await until_stopped([serve_stt(settings.host, settings.stt_port, model.path)])


def check_port(host: str, port: int, setting: str) -> None:
    """Raises SettingsError when somebody listens there already."""
    listen(host, port, setting).close()


def speech_model(settings: Settings) -> SpeechModel:
    """The model in force. Raises SettingsError when the setting names what is none."""
    try:
        return model_in_force(settings.speech_model, settings.data_dir)
    except SpeechModelFailed as error:
        raise SettingsError(str(error)) from None


def with_speech_model(settings: Settings, say: Say) -> Settings:
    """Fetch the model where it is needed and not there yet; without one, the settings without recognition.

    Raises SettingsError when the setting names what is no model.
    """
    if "stt" not in settings.roles:
        return settings
    if speech_model(settings).path is not None:
        _tried_out(settings.speech_model)
        return settings
    try:
        fetch_model(settings.data_dir, say)
        return settings
    except SpeechModelFailed as error:
        say(f"{NO_MODEL} ({error})")
        return settings.model_copy(update={"roles": tuple(role for role in settings.roles if role != "stt")})


def _tried_out(named: Path | None) -> None:
    """What a setting names may be damaged, and Vosk would end its process again and again; ours was tried before."""
    try:
        if named is not None:
            try_out(named)
    except SpeechModelFailed as error:
        raise SettingsError(str(error)) from None
