"""Rasa's own Python environment: find it, or build it from `nlu/uv.lock` with a Python 3.10 that works."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

NLU = Path(__file__).resolve().parent
ROOT = NLU.parent
ENVIRONMENT = NLU / ".venv"
WANTED = "3.10"

_STAMP = "warmline-lock"
_WORTH_SAYING = ("Resolved", "Downloading", "Prepared", "Installed", "Using", "Creating", "error", "warning")

Say = Callable[[str], None]


class EnvironmentFailed(RuntimeError):
    """Rasa's environment can't be made; the message says what is missing and what to do."""


def rasa_python(say: Say, given: Path | None = None) -> Path:
    """Return the Python that runs Rasa, and build its environment first where needed (minutes, 2.5 GB).

    `given` names one that exists already (setting WARMLINE_RASA_PYTHON): it is checked, never changed.
    Raises EnvironmentFailed.
    """
    if given is not None:
        return _checked(given)
    python = ENVIRONMENT / "bin" / "python"
    if not _is_current(python):
        _build(say)
        _checked(python)
        (ENVIRONMENT / _STAMP).write_text(_lock_hash(), encoding="utf-8")
    return python


def _is_current(python: Path) -> bool:
    stamp = ENVIRONMENT / _STAMP
    return python.exists() and stamp.is_file() and stamp.read_text(encoding="utf-8") == _lock_hash()


def _lock_hash() -> str:
    return hashlib.sha256((NLU / "uv.lock").read_bytes()).hexdigest()


def _checked(python: Path) -> Path:
    asked = [str(python), "-c", "import importlib.metadata as m, pypinyin; print(m.version('rasa'))"]
    if _output(asked, seconds=120) is None:
        raise EnvironmentFailed(f"{python} does not run, or has no rasa: remove {ENVIRONMENT} and try again")
    return python


def _build(say: Say) -> None:
    uv = _find_uv()
    python = find_python(uv)
    say(f"Building Rasa's environment in {ENVIRONMENT} (once; some minutes, 2.5 GB)")
    say(f"Python {WANTED}: {python}" if python else f"Python {WANTED}: none here, uv downloads it")
    command = [uv, "sync", "--project", str(NLU), "--frozen", "--python", str(python or WANTED)]
    # Another virtual environment, or uv's setting for it, must not be taken for this one.
    others = ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "PYTHONPATH", "PYTHONHOME")
    env = {name: value for name, value in os.environ.items() if name not in others}
    last: list[str] = []
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL) as process:
        for line in process.stderr or ():
            last = [*last[-9:], line.rstrip()]
            if line.strip().startswith(_WORTH_SAYING):
                say(line.strip())
    if process.returncode != 0:
        raise EnvironmentFailed("uv could not build Rasa's environment:\n" + "\n".join(last))


def _find_uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    for candidate in (str(beside), *_on_path("uv"), str(Path.home() / ".local" / "bin" / "uv")):
        if Path(candidate).is_file() and _output([candidate, "--version"]) is not None:
            return candidate
    raise EnvironmentFailed("uv is missing: `python3 -m pip install uv`, or see https://docs.astral.sh/uv/")


def find_python(uv: str | None = None) -> Path | None:
    """Return a Python 3.10 that really runs: of pyenv, on PATH, or one of uv's own; None if there is none."""
    for candidate in _candidates(uv):
        version = _output([str(candidate), "-c", "import sys, venv; print('%d.%d' % sys.version_info[:2])"])
        if version == WANTED:
            return candidate
    return None


def _candidates(uv: str | None) -> Iterator[Path]:
    # Pyenv's shim on PATH exits with 127 where that version is not activated: look behind it first.
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(root.glob(f"versions/{WANTED}.*/bin/python{WANTED}"), reverse=True)
    yield from map(Path, _on_path(f"python{WANTED}"))
    if uv and (own := _output([uv, "python", "find", "--managed-python", "--no-python-downloads", WANTED])):
        yield Path(own)


def _on_path(name: str) -> Iterator[str]:
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        if found := shutil.which(name, path=folder or os.curdir):
            yield found


def _output(command: list[str], seconds: float = 30) -> str | None:
    """Return what the command prints, None if it fails, hangs or does not exist."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
