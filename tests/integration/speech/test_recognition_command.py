"""`warmline speech` and `warmline run stt` as people run them."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

from bootstrap.own_stack import free_port
from tests.integration.speech.recognition_server import MODEL, PATIENCE_SECONDS, ROOT, patient
from tests.unit.voice.stt.sounds import frames, line, say, silence
from voice.stt.client import VoskEars


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    return {**os.environ, "WARMLINE_DATA_DIR": str(data_dir), **settings}


def warmline(data_dir: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bootstrap.cli", *arguments]
    env = environment(data_dir, **settings)
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False)


def test_without_a_model_it_says_what_to_do(tmp_path: Path) -> None:
    done = warmline(tmp_path, "speech", "status", "--json")
    assert done.returncode == 1
    assert "warmline speech fetch" in json.loads(done.stdout)["problem"]


def test_the_test_model_is_called_by_its_name(tmp_path: Path) -> None:
    done = warmline(tmp_path, "speech", "status", WARMLINE_SPEECH_MODEL=str(MODEL))
    assert (done.returncode, "NO HUMAN" in done.stdout) == (0, True)


def test_a_folder_without_a_model_is_one_line(tmp_path: Path) -> None:
    done = warmline(tmp_path, "speech", "status", WARMLINE_SPEECH_MODEL=str(tmp_path))
    assert done.returncode == 1
    assert "it has no am/final.mdl" in done.stdout


def test_another_file_fetched_by_hand_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "wrong.zip").write_bytes(b"something else")
    done = warmline(tmp_path, "speech", "fetch", "--from", str(tmp_path / "wrong.zip"))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "not the file wanted" in done.stderr


async def test_run_stt_serves_and_ends_by_signal(tmp_path: Path) -> None:
    port = free_port()
    env = environment(tmp_path, WARMLINE_SPEECH_MODEL=str(MODEL), WARMLINE_STT_PORT=str(port))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bootstrap.cli", "run", "stt", cwd=ROOT, env=env
    )
    try:
        listening = VoskEars(f"ws://127.0.0.1:{port}").listen()
        await patient(lambda: not listening.working)  # it is not there yet
        await patient(lambda: listening.working)
        for frame in frames(line(say("我要找人工") + silence(1.2))):
            listening.feed(frame)
        heard = await listening.finish(PATIENCE_SECONDS)
        assert heard.text.replace(" ", "") == "我要找人工"
        await listening.close()
    finally:
        process.terminate()
        assert await asyncio.wait_for(process.wait(), PATIENCE_SECONDS) == 0
