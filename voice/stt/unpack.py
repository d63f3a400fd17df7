"""Unpacks a zip file that nobody has to trust: nothing leaves the folder, nothing half done is left behind."""

from __future__ import annotations

import shutil
import stat
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

LARGEST_BYTES = 1 << 30
"""Unpacked; more is no speech model for a small machine."""


class UnpackFailed(Exception):
    """The zip file is damaged or not what it should be."""


def unpack(archive: Path, name: str, place: Path, check: Callable[[Path], None]) -> None:
    """The folder `name` in `archive` becomes the folder `place`, in one step and only if `check` lets it pass.

    What was at `place` is replaced. Raises UnpackFailed, what `check` raises, and OSError of the disk.
    """
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".unpacking-") as folder:
        try:
            with zipfile.ZipFile(archive) as opened:
                _refuse_what_is_odd(opened)
                opened.extractall(folder)
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
            raise UnpackFailed(f"{archive.name} is damaged ({type(error).__name__})") from None
        unpacked = Path(folder, name)
        check(unpacked)
        if place.exists():
            shutil.rmtree(place)
        unpacked.rename(place)


def _refuse_what_is_odd(archive: zipfile.ZipFile) -> None:
    for member in archive.infolist():
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or stat.S_ISLNK(member.external_attr >> 16):
            raise UnpackFailed("the zip file wants to write outside of its folder")
    if sum(member.file_size for member in archive.infolist()) > LARGEST_BYTES:
        raise UnpackFailed("the zip file is too large when unpacked")
