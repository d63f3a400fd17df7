"""Human recordings of fixed sentences: a list to record from, and a check of each file before it is used."""

import csv
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voice.audio import NotSound, read_wav, seconds_of, wav_bytes
from voice.legs import SAMPLE_RATE
from voice.speakable import speakable
from voice.tts.cache import sentence_key
from voice.tts.polish import polished
from voice.tts.prompts import Prompt

LIST = "prompts.csv"
COLUMNS = ("id", "text", "file")
SLOWEST_SECONDS, QUICKEST_SECONDS = 1.0, 0.08
"""Of one syllable; outside it the file says something else, or is cut."""
SPARE_SECONDS = 1.5
QUIETEST = 0.02
CLIPPED, CLIPPED_SHARE = 0.98, 0.01
"""More than this share of samples at full scale is distortion."""
FULL_SCALE = 32767
ROOM = 0.02
"""Part of the loudest sample that may be the noise of a room."""


class BadRecording(ValueError):
    """A file that can't be used; the message says what to do."""


@dataclass(frozen=True)
class Row:
    """What became of one line of the list: `problem` is empty when the recording is in use now."""

    line: int
    prompt_id: str
    problem: str = ""


def write_list(folder: Path, prompts: Sequence[Prompt], recorded: Mapping[str, Path]) -> None:
    """Write prompts.csv with the file to record for each sentence, beside the recordings there are already."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LIST).open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        rows.writerows((prompt.prompt_id, prompt.text, f"{prompt.prompt_id}.wav") for prompt in prompts)
    for prompt in prompts:
        if (path := recorded.get(sentence_key(prompt.text))) is not None:
            (folder / f"{prompt.prompt_id}.wav").write_bytes(path.read_bytes())


def read_list(folder: Path, prompts: Sequence[Prompt], into: Path) -> Iterator[Row]:
    """Take the recordings of prompts.csv into use, one by one; a bad one is refused and the old one stays.

    Lines whose file is not there are not recorded yet and left out. Raises BadRecording when there is no such list.
    """
    by_id = {prompt.prompt_id: prompt for prompt in prompts}
    into.mkdir(parents=True, exist_ok=True)
    for line, (prompt_id, text, name) in _lines(folder):
        if not name or not (folder / name).is_file():
            continue
        try:
            _take(folder / name, _present(by_id.get(prompt_id), text), into)
        except BadRecording as problem:
            yield Row(line, prompt_id, str(problem))
        else:
            yield Row(line, prompt_id)


def _lines(folder: Path) -> Iterator[tuple[int, tuple[str, str, str]]]:
    try:
        with (folder / LIST).open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if missing := set(COLUMNS) - set(rows.fieldnames or ()):
                raise BadRecording(f"{LIST} has no column {', '.join(sorted(missing))}; export it again")
            for row in rows:
                yield rows.line_num, (str(row["id"]), str(row["text"] or ""), str(row["file"] or ""))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadRecording(f"{folder / LIST} can't be read; make it with `warmline prompts export`") from error


def _present(prompt: Prompt | None, text: str) -> str:
    """The words that must be in the file. Raises BadRecording when they are not said any more."""
    if prompt is None:
        raise BadRecording("no such id; export the list again")
    if speakable(prompt.text) != speakable(text):
        raise BadRecording("the words have changed since the list was made; export it again and record this one anew")
    return prompt.text


def _take(path: Path, text: str, into: Path) -> None:
    """Whole or not at all: the new file takes the old one's place at once."""
    sound = wav_bytes(checked(path, text))
    handle, name = tempfile.mkstemp(dir=into)
    with os.fdopen(handle, "wb") as file:
        file.write(sound)
    Path(name).replace(into / f"{sentence_key(text)}.wav")


def checked(path: Path, text: str) -> bytes:
    """The recording as the line plays it: 8000 Hz s16 mono, levelled, trimmed. Raises BadRecording."""
    try:
        sound = read_wav(path)
    except (OSError, NotSound) as error:
        raise BadRecording(f"{error}; save it as WAV, PCM, 16 bit") from error
    sizes = np.abs(np.frombuffer(sound, dtype="<i2").astype(np.float32)) / FULL_SCALE
    if float(np.max(sizes, initial=0.0)) < QUIETEST:
        raise BadRecording("too quiet; record it nearer to the microphone")
    if float(np.mean(sizes >= CLIPPED)) > CLIPPED_SHARE:
        raise BadRecording("too loud, distorted; record it with less gain")
    pcm = polished(sound, SAMPLE_RATE, silent=ROOM)
    seconds, syllables = seconds_of(pcm), sum(char.isalpha() for char in speakable(text))
    if not syllables * QUICKEST_SECONDS <= seconds <= syllables * SLOWEST_SECONDS + SPARE_SECONDS:
        raise BadRecording(f"{seconds:.1f} s for {syllables} syllables: cut, or not this sentence")
    return pcm
