"""Figures of measured calls."""

import asyncio
import os
import sys

import pytest

from bootstrap.bench.callers import Rung
from bootstrap.bench.calls import report
from bootstrap.bench.processes import service_usage

KEYS = [
    "concurrency",
    "end_of_turn_to_first_audio_ms",
    "answer_to_first_word_ms",
    "dropped",
    "cpu_percent",
    "rss_mb",
    "speech_model",
]


def _result(rung: Rung) -> dict[str, object]:
    used = {"line": {"cpu_percent": 10.0, "rss_mb": 100.4}, "rasa": {"cpu_percent": 5.5, "rss_mb": 300.0}}
    return {
        "concurrency": 2,
        "end_of_turn_seconds": 1.2,
        "rung": rung,
        "processes": used,
        "speech_model": "4.4 MB test model: not the capacity with the official model",
    }


def test_the_end_of_a_turn_is_the_end_of_speech_plus_the_pause() -> None:
    rung = Rung(reply_after=[1.3, 1.7, 3.2], first_word=[0.02, 0.04], dropped={"no reply": 1, "ended: remote": 2})
    made = report(_result(rung))
    assert list(made) == KEYS
    assert made["end_of_turn_to_first_audio_ms"] == {"p50": 500.0, "p95": 2000.0}
    assert made["answer_to_first_word_ms"] == {"p50": 20.0, "p95": 40.0}
    assert (made["dropped"], made["cpu_percent"], made["rss_mb"]) == (3, 15.5, 400)


def test_without_a_single_turn_there_are_no_figures() -> None:
    assert report(_result(Rung()))["end_of_turn_to_first_audio_ms"] == {"p50": None, "p95": None}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
async def test_processes_of_the_service_are_found_by_name_and_others_left_out() -> None:
    code = "import sys; sys.stdin.read()"
    pipe = asyncio.subprocess.PIPE
    words = (("bootstrap.cli", "run", "tts"), ("-m", "nlu.components.serve"), ("-m", "bootstrap.bench.callers"))
    started = [await asyncio.create_subprocess_exec(sys.executable, "-c", code, *one, stdin=pipe) for one in words]
    try:
        used = service_usage(os.getpid())
    finally:
        for one in started:
            await one.communicate(b"")
    assert set(used) == {"tts", "rasa"}
    assert used["tts"].rss_mb > 1
