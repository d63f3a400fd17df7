"""The speech model: which one is in force, whether it is whole, and what it is good for."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

OFFICIAL = "vosk-model-small-cn-0.22"
"""The Mandarin model that alphacephei.com offers for small machines; Apache-2.0."""

TEST_MODEL_SHA256 = "3db233ad07ee1c2f1caf6e8e231037149dbd6c0e562f1677a49b37096aebe5c6"
"""Of `am/final.mdl` in demo/speech-model."""
_TEST_MODEL_BYTES = 1415935

NEEDED = ("am/final.mdl", "conf/mfcc.conf", "conf/model.conf")
WHOLE_GRAPH = "graph/HCLG.fst"
GRAPH_IN_PARTS = ("graph/HCLr.fst", "graph/Gr.fst", "graph/disambig_tid.int")
"""Without the one file, these three."""
IVECTOR = ("final.dubm", "final.ie", "final.mat", "global_cmvn.stats", "online_cmvn.conf", "splice.conf")
"""All of these, when there is a folder ivector."""
TRIAL_SECONDS = 180.0
_TRIAL = """
import sys, vosk
vosk.SetLogLevel(-1)
recogniser = vosk.KaldiRecognizer(vosk.Model(sys.argv[1]), 8000)
recogniser.AcceptWaveform(bytes(16000))
recogniser.FinalResult()
"""


class SpeechModelFailed(RuntimeError):
    """There is no speech model that can be used; the message says why and what to do."""


@dataclass(frozen=True)
class SpeechModel:
    """The model in force; without `path` there is none, and the line works by keys and people."""

    path: Path | None
    name: str
    is_test_model: bool = False
    """It understands espeak-ng only, no human."""


def models_dir(data_dir: Path) -> Path:
    """Where fetched models are kept."""
    return data_dir / "models"


def model_in_force(speech_model: Path | None, data_dir: Path) -> SpeechModel:
    """The model that the setting names, or else the official one where it has been fetched, or none.

    Looks at files only. Raises SpeechModelFailed when the setting names what is no whole model.
    """
    if speech_model is None:
        official = models_dir(data_dir) / OFFICIAL
        return SpeechModel(None, "none") if what_is_missing(official) else SpeechModel(official, OFFICIAL)
    if missing := what_is_missing(speech_model):
        raise SpeechModelFailed(
            f"speech_model: {speech_model} is no Vosk model, it has no {missing}; "
            "name the unpacked folder that holds am/ and conf/, or unset it"
        )
    return SpeechModel(speech_model, speech_model.resolve().name, is_test_model(speech_model))


def what_is_missing(path: Path) -> str | None:
    """The first file that Vosk needs and this folder lacks, or has empty; None when all are there.

    Vosk does not say so: it ends the process.
    """
    return next((name for name in _needed(path) if not _has(path, name)), None)


def _needed(path: Path) -> list[str]:
    graph = () if _has(path, WHOLE_GRAPH) else GRAPH_IN_PARTS
    ivector = [f"ivector/{name}" for name in IVECTOR] if (path / "ivector").is_dir() else []
    return [*NEEDED, *graph, *ivector]


def _has(path: Path, name: str) -> bool:
    file = path / name
    return file.is_file() and file.stat().st_size > 0


def is_test_model(path: Path) -> bool:
    """Whether this is our test model, wherever it lies and whatever it is called."""
    file = path / "am" / "final.mdl"
    if not file.is_file() or file.stat().st_size != _TEST_MODEL_BYTES:
        return False
    return hashlib.sha256(file.read_bytes()).hexdigest() == TEST_MODEL_SHA256


def try_out(path: Path) -> None:
    """Let a process of its own load the model and listen to a second of silence. Raises SpeechModelFailed."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", _TRIAL, str(path)], capture_output=True, timeout=TRIAL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise SpeechModelFailed(f"Vosk takes too long to load {path}: is it a model for a bigger machine?") from None
    if done.returncode:
        raise SpeechModelFailed(f"Vosk can't load {path}: its files are damaged or not of a model; replace them")
