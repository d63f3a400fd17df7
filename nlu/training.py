"""Train the Rasa model when something it is made of has changed, and say how to serve it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from knowledge.phrasebook import KINDS, phrasebook
from knowledge.vocabulary import lookup_words, mishearings
from nlu.environment import NLU, ROOT
from nlu.generator import GRAMMAR, Example, generate

MODELS = NLU / "models"
BUILD = NLU / "build"
TABLE = "lookup.json"
MISHEARINGS = "mishearings.json"

_SHOWN_ON_FAILURE = 25

Say = Callable[[str], None]


class TrainingFailed(RuntimeError):
    """Rasa did not accept the project; the message holds the end of what it printed."""


def lookup_table() -> dict[str, list[list[str]]]:
    """Return the word table of the shipped knowledge: {word: [[entity, key], ...]}.

    An emergency word is one that means its kind without a second word near it. These are for the dialogue;
    the net for emergencies is `knowledge.screening`.
    """
    table = {word: [list(pair) for pair in pairs] for word, pairs in lookup_words().items()}
    for kind, words in _emergency_words():
        for word in words:
            meanings = table.setdefault(word, [])
            if all(entity != "emergency" for entity, _ in meanings):
                meanings.append(["emergency", kind])
    return table


def _emergency_words() -> Iterator[tuple[str, list[str]]]:
    phrases = {phrase for group in phrasebook().starting_with.values() for phrase in group}
    alone = [phrase for phrase in phrases if len(phrase.parts) == 1 and not phrase.unless]
    for kind in KINDS:
        yield kind, [word for phrase in alone if phrase.kind == kind for word in phrase.parts[0]]


@dataclass(frozen=True)
class Project:
    """What a model is made of beside nlu/config.yml and the code: domain/ and data/ in `folder`, and the word
    table {word: [[entity, key], ...]}; where models go; and the grammar that makes more sentences, if there is one.
    """

    folder: Path = NLU
    table: Callable[[], Mapping[str, object]] = lookup_table
    models: Path = MODELS
    grammar: Path | None = None


WARMLINE = Project(grammar=GRAMMAR)


def fingerprint(project: Project = WARMLINE) -> str:
    """Return 16 hex digits that change with anything the model is made of."""
    digest = hashlib.sha256((_table_text(project) + _mishearings_text()).encode())
    for base, path in _sources(project):
        digest.update(f"{path.relative_to(base)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _sources(project: Project) -> Iterator[tuple[Path, Path]]:
    """The files that a model is made of, each with the folder that its name is told from."""
    for part in ("domain", "data"):
        yield from ((project.folder, path) for path in sorted((project.folder / part).rglob("*.y*ml")))
    if project.grammar is not None:
        yield from ((project.grammar, path) for path in sorted(project.grammar.glob("*.yml")))
    code = [NLU / "generator.py", *(NLU / "components").glob("*.py"), *(ROOT / "language").glob("*.py")]
    yield from ((ROOT, path) for path in sorted([NLU / "config.yml", NLU / "uv.lock", *code]))


def _table_text(project: Project) -> str:
    return json.dumps(project.table(), ensure_ascii=False, sort_keys=True)


def _mishearings_text() -> str:
    return json.dumps(mishearings(), ensure_ascii=False, sort_keys=True)


def _write_examples(examples: Iterable[Example], folder: Path) -> None:
    """Put all training sentences in the place of those written by hand."""
    shutil.rmtree(folder / "examples")
    by_intent: dict[str, list[str]] = {}
    for example in examples:
        by_intent.setdefault(example.intent, []).append(f"- {example.text}\n")
    nlu = [{"intent": intent, "examples": "".join(lines)} for intent, lines in by_intent.items()]
    text = yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True, width=10_000)
    (folder / "examples.yml").write_text(text, encoding="utf-8")


def model_path(project: Project = WARMLINE) -> Path:
    """Return where the model of the present sources is, or will be after `train`."""
    return project.models / f"warmline-{fingerprint(project)}.tar.gz"


def train(python: Path, say: Say, project: Project = WARMLINE) -> Path:
    """Return the model of the present sources, trained now if it is not there; older ones are deleted.

    `python` is Rasa's, see `nlu.environment.rasa_python`. Raises TrainingFailed.
    """
    wanted = model_path(project)
    if wanted.is_file():
        say(f"The model is up to date: {wanted.name}")
        return wanted
    say("Training the model (under 2 minutes)")
    with _copy(project) as folder:
        command = ["train", "--out", "out", "--fixed-model-name", "model", *_places()]
        _rasa(python, command, folder, say)
        wanted.parent.mkdir(parents=True, exist_ok=True)
        part = wanted.with_suffix(".part")
        shutil.move(str(folder / "out" / "model.tar.gz"), part)
        part.replace(wanted)
    _drop_others(wanted)
    say(f"Trained {wanted.name}")
    return wanted


def validate(python: Path, say: Say, project: Project = WARMLINE) -> None:
    """Run `rasa data validate`. Raises TrainingFailed with what it found."""
    with _copy(project) as folder:
        _rasa(python, ["data", "validate", "--fail-on-warnings", *_places()], folder, say)


def _places() -> list[str]:
    return ["--config", "config.yml", "--domain", "domain", "--data", "data"]


@contextmanager
def _copy(project: Project) -> Iterator[Path]:
    """A copy of the project with the word table in it: `rasa train` rewrites config.yml."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="train-", dir=BUILD) as name:
        folder = Path(name)
        for part in ("domain", "data"):
            shutil.copytree(project.folder / part, folder / part)
        shutil.copy(NLU / "config.yml", folder)
        (folder / TABLE).write_text(_table_text(project), encoding="utf-8")
        (folder / MISHEARINGS).write_text(_mishearings_text(), encoding="utf-8")
        if project.grammar is not None:
            _write_examples(generate(project.folder / "data" / "examples", project.grammar), folder / "data")
        yield folder


def _rasa(python: Path, arguments: list[str], folder: Path, say: Say) -> None:
    """Run `rasa`, and pass on what it says about its progress. Training data holds no caller's words."""
    command = [str(python), "-m", "rasa", *arguments]
    last: deque[str] = deque(maxlen=_SHOWN_ON_FAILURE)
    env = rasa_env({"LOG_LEVEL": "INFO"})
    with subprocess.Popen(
        command,
        cwd=folder,
        env=env,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        for line in process.stdout or ():
            last.append(line.rstrip())
            if "Starting to train component" in line or "Finished training" in line:
                say(_told(line))
    if process.returncode != 0:
        raise TrainingFailed("\n".join(["rasa failed:", *last]))


def _told(line: str) -> str:
    """The part of a Rasa log line after place and level; its lines are JSON where there is no terminal."""
    return line.strip().rpartition("  - ")[2]


def _drop_others(wanted: Path) -> None:
    for path in wanted.parent.glob("warmline-*"):
        if path != wanted:
            path.unlink(missing_ok=True)


def rasa_env(more: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for a Rasa process: ours without our settings and secrets, plus `more`."""
    dropped = ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "PYTHONWARNINGS")
    kept = {k: v for k, v in os.environ.items() if k not in dropped and not k.startswith("WARMLINE_")}
    return kept | _QUIET | {"PYTHONPATH": str(ROOT)} | more


_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "LOG_LEVEL": "WARNING",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONUNBUFFERED": "1",
    "PYTHONWARNINGS": "ignore",
    "SANIC_WORKERS": "1",
    # One utterance is too little work to share out; on a busy machine the threads only wait for each other.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


def serve_command(
    python: Path, model: Path, port: int, *, actions_url: str, tracker_url: str, token: str
) -> tuple[list[str], dict[str, str]]:
    """Return arguments and environment of the Rasa server on loopback `port`.

    `actions_url` is the app's action endpoint, `tracker_url` an SQLAlchemy 1.4 URL of the tracker store,
    `token` what callers of the server must show: it travels by environment, as arguments are public on a
    machine. Rasa's own HTTP API is off. Raises FileNotFoundError without the model: Rasa would silently load
    another one of that folder.
    """
    if not model.is_file():
        raise FileNotFoundError(f"no model at {model}: run `warmline train`")
    command = [str(python), "-m", "nlu.components.serve", "run", "--interface", "127.0.0.1", "--port", str(port)]
    command += ["--model", str(model), "--endpoints", str(NLU / "endpoints.yml")]
    command += ["--credentials", str(NLU / "credentials.yml"), "--quiet"]
    given = {
        "WARMLINE_ACTIONS_URL": actions_url,
        "WARMLINE_RASA_DB": tracker_url,
        "WARMLINE_RASA_TOKEN": token,
    }
    return command, rasa_env(given)
