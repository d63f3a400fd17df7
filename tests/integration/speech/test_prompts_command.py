"""`warmline prompts`: list, export and import, as a person who records them uses it."""

import csv
import json
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from bootstrap.prompts import all_prompts
from voice.audio import read_wav, seconds_of
from voice.tts.cache import sentence_key

FIRST = all_prompts()[0]


class Desk:
    """A folder to record into, and the command."""

    def __init__(self, base: Path) -> None:
        self.data, self.folder = base / "var", base / "recordings"

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": "", "WARMLINE_DATA_DIR": str(self.data)}
        command = [sys.executable, "-m", "bootstrap.cli", "prompts", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)

    def write(self, rows: list[tuple[str, str, str]]) -> None:
        self.folder.mkdir(exist_ok=True)
        with (self.folder / "prompts.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("id", "text", "file"), *rows])

    def record(
        self, name: str, seconds: float, *, level: float = 0.3, hertz: int = 44100, channels: int = 2, width: int = 2
    ) -> None:
        times = np.arange(int(seconds * hertz)) / hertz
        samples = np.clip(level * np.sin(2 * np.pi * 200 * times), -1, 1) * 32767
        frames = np.repeat(samples.astype("<i2" if width == 2 else "u1"), channels)
        with wave.open(str(self.folder / name), "wb") as file:
            file.setparams((channels, width, hertz, 0, "NONE", ""))
            file.writeframes(frames.tobytes())

    def in_use(self, text: str) -> Path:
        return self.data / "prompts" / f"{sentence_key(text)}.wav"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_export_record_import(desk: Desk) -> None:
    assert desk.run("export", str(desk.folder)).returncode == 0
    with (desk.folder / "prompts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == [prompt.text for prompt in all_prompts()]
    assert seconds_of(read_wav(desk.folder / "synthetic" / rows[0]["file"])) > 1
    assert desk.run("import", str(desk.folder), "--json").stdout == '{"imported": 0, "refused": []}\n'
    desk.record(rows[0]["file"], 2.5)
    done = desk.run("import", str(desk.folder))
    assert done.returncode == 0, done.stderr
    assert seconds_of(read_wav(desk.in_use(FIRST.text))) == pytest.approx(2.5, abs=0.4)
    listed = json.loads(desk.run("list", "--json").stdout)
    assert [row["id"] for row in listed if row["voice"] == "human"] == [FIRST.prompt_id]
    again = desk.run("export", str(desk.folder.with_name("again")))
    assert again.returncode == 0 and (desk.folder.with_name("again") / rows[0]["file"]).is_file()


def test_bad_files_are_named_row_by_row_and_the_old_ones_stay(desk: Desk) -> None:
    prompts = all_prompts()[:6]
    desk.write([(FIRST.prompt_id, FIRST.text, "good.wav")])
    desk.record("good.wav", 2.5)
    assert desk.run("import", str(desk.folder)).returncode == 0
    before = desk.in_use(FIRST.text).read_bytes()

    names = ("quiet.wav", "loud.wav", "short.wav", "eight.wav", "text.wav", "fine.wav")
    rows = [(one.prompt_id, one.text, name) for one, name in zip(prompts, names, strict=True)]
    desk.write(
        [*rows, ("no.such", "好。", "fine.wav"), (FIRST.prompt_id, "换了话。", "fine.wav"), ("x", "y", "none.wav")]
    )
    desk.record("quiet.wav", 2.5, level=0.001)
    desk.record("loud.wav", 3, level=3)
    desk.record("short.wav", 0.2)
    desk.record("eight.wav", 2.5, width=1)
    (desk.folder / "text.wav").write_text("not sound")
    desk.record("fine.wav", 3.0, hertz=8000, channels=1)
    done = desk.run("import", str(desk.folder), "--json")
    assert done.returncode == 1
    result = json.loads(done.stdout)
    problems = {row["line"]: row["problem"] for row in result["refused"]}
    assert result["imported"] == 1 and sorted(problems) == [2, 3, 4, 5, 6, 8, 9]
    for line, word in {2: "quiet", 3: "loud", 4: "cut", 5: "8 bit", 6: "WAV", 8: "no such id", 9: "changed"}.items():
        assert word in problems[line]
        assert f"line {line}," in done.stderr
    assert desk.in_use(FIRST.text).read_bytes() == before
    assert desk.in_use(prompts[5].text).is_file() and not desk.in_use(prompts[3].text).exists()


@pytest.mark.parametrize("content", [None, b"", b"a,b\n1,2\n", b"\xff\xfe\x00"])
def test_a_folder_without_a_list_is_said_so(desk: Desk, content: bytes | None) -> None:
    desk.folder.mkdir()
    if content is not None:
        (desk.folder / "prompts.csv").write_bytes(content)
    done = desk.run("import", str(desk.folder))
    assert done.returncode == 1 and "prompts.csv" in done.stderr


def test_shipped_recordings_can_be_checked(desk: Desk) -> None:
    done = desk.run("record", "--check")
    assert done.returncode == 0, done.stderr
