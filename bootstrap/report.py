"""What is on, what is off and why: printed by `warmline up` before anything starts."""

from dataclasses import dataclass

from bootstrap.settings import Settings, is_loopback, reachable
from bootstrap.speech import speech_model


@dataclass(frozen=True)
class Part:
    """One part of the service, and where it is or why it is off; `alarm`: to be shown in red."""

    name: str
    on: bool
    detail: str
    alarm: bool = False


def parts(settings: Settings) -> list[Part]:
    """The parts in the order in which they start."""
    phone = [_line(settings), _voice(settings), _ears(settings)]
    return [
        _rasa(settings),
        _actions(settings),
        _jobs(settings),
        _telegram(settings),
        _console(settings),
        *phone,
        _data(settings),
    ]


def warnings(settings: Settings) -> list[str]:
    """What an operator should know about these settings."""
    found = []
    if not is_loopback(settings.host):
        found.append(f"the action endpoint listens on {settings.host} and asks for no password: private networks only")
    if settings.time_scale != 1:
        found.append(f"waits are {settings.time_scale:g} of their length (time_scale): for tests only")
    if "voice" in settings.roles and settings.sip_trunk is None:
        found.append("no telephone number can be rung, for want of a trunk: set sip_trunk")
    if "console" in settings.roles and settings.console_plain_http:
        found.append("the console takes sign-ins over plain http (console_plain_http): for this machine alone")
    if not is_loopback(settings.console_host):
        found.append(f"the console listens on {settings.console_host}: put a server that speaks https before it")
    if settings.sip_test_headers:
        found.append("callers may set the calendar (sip_test_headers): for tests only")
    return found


def _line(settings: Settings) -> Part:
    if "voice" not in settings.roles:
        return Part("line", False, f"voice is not among the roles; operators' phones are rung by {settings.line_url}")
    return Part("line", True, f"phone line, sip:{settings.sip_number}@{settings.sip_host}:{settings.sip_port}")


def _voice(settings: Settings) -> Part:
    on = "tts" in settings.roles
    return Part("tts", on, f"speech synthesis, {settings.tts_url}" if on else f"elsewhere, asked at {settings.tts_url}")


def _ears(settings: Settings) -> Part:
    if "stt" not in settings.roles:
        return Part("stt", False, f"elsewhere or without a model, asked at {settings.stt_url}")
    model = speech_model(settings)
    if model.path is None:
        return Part("stt", False, "no speech model yet: keys and people only", alarm=True)
    if model.is_test_model:
        return Part("stt", True, f"TEST MODEL {model.name}: it understands no human being", alarm=True)
    return Part("stt", True, f"speech recognition, {model.name}")


def _rasa(settings: Settings) -> Part:
    if "rasa" in settings.roles:
        return Part("rasa", True, f"understanding and dialogue, http://127.0.0.1:{settings.rasa_port}")
    return Part("rasa", False, f"not among the roles; asked at {settings.rasa_url}")


def _actions(settings: Settings) -> Part:
    on = "actions" in settings.roles
    return Part("actions", on, f"for Rasa, {settings.actions_url}" if on else "not among the roles")


def _jobs(settings: Settings) -> Part:
    on = "jobs" in settings.roles
    return Part("jobs", on, f"escalation ladder, executor {settings.executor_id}" if on else "not among the roles")


def _telegram(settings: Settings) -> Part:
    if "bot" not in settings.roles:
        return Part("telegram", False, "bot is not among the roles")
    if settings.telegram_token is None:
        return Part("telegram", False, "no token: set WARMLINE_TELEGRAM_TOKEN (from @BotFather)")
    webhook = settings.telegram_webhook_url is not None
    return Part("telegram", True, "by webhook" if webhook else "by long polling")


def _console(settings: Settings) -> Part:
    if "console" not in settings.roles:
        return Part("console", False, "console is not among the roles; operators have Telegram, phones and commands")
    return Part("console", True, f"operators' pages, http://{reachable(settings.console_host)}:{settings.console_port}")


def _data(settings: Settings) -> Part:
    return Part("data", True, str(settings.data_dir))
