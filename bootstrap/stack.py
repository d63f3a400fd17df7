"""Which processes the roles need, and how each is started."""

import sys
from collections.abc import Callable
from pathlib import Path

import httpx

from bootstrap.environment import child_environment, rasa_token
from bootstrap.settings import Settings, reachable
from bootstrap.supervisor import Child
from nlu.client import RasaDialogue
from nlu.environment import rasa_python
from nlu.training import model_path, serve_command, train

APP_ROLES = ("actions", "bot", "jobs")
PHONE = {"tts": "tts", "stt": "stt", "voice": "line"}
"""The processes of the phone line by role, in the order in which they start."""

READY_LIMIT_SECONDS = 2.0

Say = Callable[[str], None]


def children(settings: Settings, model: Path | None, python: Path | None) -> list[Child]:
    """The processes for `settings.roles`; `model` and `python` are Rasa's and needed for the role rasa.

    Roles whose part is elsewhere or can't run (no speech model) are taken out of the roles before.
    """
    found = []
    if "rasa" in settings.roles and model is not None and python is not None:
        found.append(rasa_child(settings, model, python))
    if any(role in settings.roles for role in APP_ROLES):
        found.append(app_child(settings))
    if "console" in settings.roles:
        found.append(console_child(settings))
    return [*found, *(phone_child(settings, role) for role in PHONE if role in settings.roles)]


def app_child(settings: Settings) -> Child:
    """The app: `warmline run app`, with exactly these settings."""
    ready = (lambda: _answers(f"{settings.actions_url}/health")) if "actions" in settings.roles else None
    return Child("app", _run("app"), child_environment(settings), ready)


def console_child(settings: Settings) -> Child:
    """The operators' web console, apart from the app: each goes on when the other ends."""
    health = f"http://{reachable(settings.console_host)}:{settings.console_port}/health"
    return Child("console", _run("console"), child_environment(settings), lambda: _answers(health))


def phone_child(settings: Settings, role: str) -> Child:
    """One process of the phone line: synthesis, recognition, or the line itself, by its role."""
    name, url = PHONE[role], {"tts": settings.tts_url, "stt": settings.stt_url, "voice": settings.line_url}[role]
    health = f"{str(url).replace('ws', 'http', 1) if str(url).startswith('ws') else url}/health"
    return Child(name, _run(name), child_environment(settings), lambda: _answers(health))


def _run(what: str) -> list[str]:
    return [sys.executable, "-m", "bootstrap.cli", "run", what]


def rasa_child(settings: Settings, model: Path, python: Path) -> Child:
    """Rasa with our model, on loopback."""
    command, env = rasa_command(settings, model, python)
    return Child("rasa", command, env, lambda: rasa_ready(settings))


def rasa_command(settings: Settings, model: Path, python: Path) -> tuple[list[str], dict[str, str]]:
    """Arguments and environment of the Rasa server."""
    return serve_command(
        python,
        model,
        settings.rasa_port,
        actions_url=f"{settings.actions_url}/webhook",
        tracker_url=str(settings.rasa_database_url),
        token=rasa_token(settings),
    )


def prepared_rasa(settings: Settings, say: Say) -> tuple[Path, Path]:
    """Rasa's Python and the model of the present sources, each made now where missing (minutes)."""
    python = rasa_python(say, settings.rasa_python)
    return python, model_path() if model_path().is_file() else train(python, say)


async def rasa_ready(settings: Settings) -> bool:
    """Whether Rasa answers and has its model."""
    client = RasaDialogue(str(settings.rasa_url), rasa_token(settings), READY_LIMIT_SECONDS)
    try:
        return await client.ready()
    finally:
        await client.close()


async def _answers(url: str) -> bool:
    try:
        async with httpx.AsyncClient(timeout=READY_LIMIT_SECONDS, trust_env=False) as client:
            return (await client.get(url)).is_success
    except httpx.HTTPError:
        return False
