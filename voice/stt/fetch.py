"""Puts the official speech model in place: from its makers' server, or from a file that was fetched by hand."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from voice.stt.download import DownloadFailed, Say, download, sha256_of
from voice.stt.model import (
    OFFICIAL,
    SpeechModelFailed,
    models_dir,
    try_out,
    what_is_missing,
)
from voice.stt.unpack import UnpackFailed, unpack

ROOM_BYTES = 300 << 20
"""The zip file and what is unpacked from it, with some to spare."""


@dataclass(frozen=True)
class Source:
    """Where the model comes from; tests name their own."""

    url: str = f"https://alphacephei.com/vosk/models/{OFFICIAL}.zip"
    sha256: str = "3af8b0e7e0f835ae9d414ce5df580237a3cfb08d586c9fbbb0f7ff29ad5b14ba"
    name: str = OFFICIAL


THE_OFFICIAL = Source()


def fetch_model(data_dir: Path, say: Say, source: Source = THE_OFFICIAL) -> Path:
    """The official model's folder, fetched first where it is not there (42 MB). Raises SpeechModelFailed."""
    with _models(data_dir, say) as folder:
        place = folder / source.name
        if what_is_missing(place):
            _fetch(folder, place, say, source)
        return place


def model_from_file(file: Path, data_dir: Path, say: Say, source: Source = THE_OFFICIAL) -> Path:
    """The same from a zip file that was fetched by hand; it stays. Raises SpeechModelFailed."""
    if not file.is_file():
        raise SpeechModelFailed(f"there is no file {file}")
    with _models(data_dir, say) as folder:
        if sha256_of(file) != source.sha256:
            raise SpeechModelFailed(f"{file} is not the file wanted, or not all of it: fetch {source.url}")
        _put_in_place(file, folder / source.name, source)
        return folder / source.name


@contextmanager
def _models(data_dir: Path, say: Say) -> Iterator[Path]:
    """The folder of models, for one process at a time. Faults of the disk become one line."""
    folder = models_dir(data_dir)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ".lock").open("w") as lock:
            _wait_for(lock.fileno(), say)
            yield folder
    except OSError as error:
        raise SpeechModelFailed(f"the speech model can't be kept in {folder}: {error.strerror}") from None


def _wait_for(lock: int, say: Say) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("speech model: another process is fetching it, waiting")
        fcntl.flock(lock, fcntl.LOCK_EX)


def _fetch(folder: Path, place: Path, say: Say, source: Source) -> None:
    if shutil.disk_usage(folder).free < ROOM_BYTES:
        raise SpeechModelFailed(f"the speech model needs {ROOM_BYTES >> 20} MB in {folder}: make room and try again")
    archive = folder / f"{source.name}.zip"
    say(f"speech model: fetching {source.url}")
    try:
        download(source.url, source.sha256, archive, say)
    except DownloadFailed as error:
        raise SpeechModelFailed(
            f"the speech model was not fetched, {error}: try again later, or fetch {source.url} on another machine "
            "and `warmline speech fetch --from FILE`"
        ) from None
    _put_in_place(archive, place, source)
    archive.unlink()


def _put_in_place(archive: Path, place: Path, source: Source) -> None:
    def check(model: Path) -> None:
        if missing := what_is_missing(model):
            raise UnpackFailed(f"it holds no {source.name}/{missing}")
        try_out(model)

    try:
        unpack(archive, source.name, place, check)
    except UnpackFailed as error:
        raise SpeechModelFailed(f"{archive} can't be used, {error}: remove it and fetch it again") from None
