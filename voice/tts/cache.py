"""Where spoken sentences are kept: in memory for a while, on disk the fixed ones only.

What callers said is in the other ones (names, addresses, numbers), so they never reach the disk.
"""

import hashlib
import os
import shutil
import tempfile
from collections import OrderedDict
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

from knowledge.yaml_files import load
from voice.speakable import speakable

SOUND_VERSION = 1
"""Raise it when `polish` or `pinyin` make other sounds of the same words."""


def sentence_key(text: str) -> str:
    """Names a sentence by how it is said, so that 120 and 幺二零 are one."""
    return hashlib.sha256(speakable(text).encode()).hexdigest()[:24]


@cache
def engine_mark() -> str:
    """Changes with anything that changes the synthetic voice; espeak-ng itself is not loaded for it."""
    parts = [version(name) for name in ("espeakng-loader", "pyttsx3", "pypinyin", "soxr")]
    return hashlib.sha256(repr((SOUND_VERSION, parts, load("readings.yaml"))).encode()).hexdigest()[:12]


class Memory:
    """The sounds used last."""

    def __init__(self, most_bytes: int = 30_000_000) -> None:
        self._sounds: OrderedDict[str, bytes] = OrderedDict()
        self._most_bytes, self._bytes = most_bytes, 0

    def get(self, key: str) -> bytes | None:
        if key in self._sounds:
            self._sounds.move_to_end(key)
        return self._sounds.get(key)

    def put(self, key: str, pcm: bytes) -> None:
        self._bytes += len(pcm) - len(self._sounds.pop(key, b""))
        self._sounds[key] = pcm
        while self._bytes > self._most_bytes and len(self._sounds) > 1:
            self._bytes -= len(self._sounds.popitem(last=False)[1])


class Disk:
    """Sounds by key below one folder, for one version of the voice; earlier versions are deleted.

    Blocking. A disk that is full or gone only costs time: the sound is made again.
    """

    def __init__(self, folder: Path, mark: str) -> None:
        self._folder, self._mark = folder, mark

    def open(self) -> None:
        """Make the folder and delete what earlier versions left."""
        with suppress(OSError):
            (self._folder / self._mark).mkdir(parents=True, exist_ok=True)
            for old in self._folder.iterdir():
                if old.is_dir() and old.name != self._mark:
                    shutil.rmtree(old, ignore_errors=True)

    def get(self, key: str) -> bytes | None:
        try:
            return self._path(key).read_bytes() or None
        except OSError:
            return None

    def put(self, key: str, pcm: bytes) -> None:
        with suppress(OSError):
            handle, name = tempfile.mkstemp(dir=self._folder / self._mark)
            with os.fdopen(handle, "wb") as file:
                file.write(pcm)
            Path(name).replace(self._path(key))

    def _path(self, key: str) -> Path:
        return self._folder / self._mark / f"{key}.s16"
