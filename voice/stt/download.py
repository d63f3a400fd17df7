"""Gets a big file of known content by HTTP: what a cut connection left is gone on with, nothing unchecked is kept."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import httpx

TIMEOUT = httpx.Timeout(30.0, connect=10.0)
WORTH_GOING_ON_BYTES = 100 * 1024
"""A connection that was cut is taken up again when it brought as much as this."""
SLOWEST_SECONDS, SLOWEST_BYTES = 60.0, 256 * 1024
"""Less than this in that time would take hours."""

Say = Callable[[str], None]


class DownloadFailed(Exception):
    """The file is not there; the message says why in some words."""


def download(url: str, sha256: str, file: Path, say: Say) -> None:
    """Get `url` into `file`, going on with what is there; right and whole when this returns.

    Raises DownloadFailed (what was got so far stays, unless it was wrong) and OSError of the disk.
    """
    begun_with = _size(file)
    try:
        _get_all(url, file, say)
        if sha256_of(file) != sha256 and begun_with:
            say("speech model: what was there does not fit any more, beginning anew")
            file.unlink()
            _get_all(url, file, say)
    except httpx.HTTPStatusError as error:
        raise DownloadFailed(f"the server answers {error.response.status_code}") from None
    except httpx.HTTPError as error:
        raise DownloadFailed(str(error) if isinstance(error, _TooSlow) else type(error).__name__) from None
    if sha256_of(file) != sha256:
        file.unlink()
        raise DownloadFailed("what the server gives is another file (sha256)")


def sha256_of(file: Path) -> str:
    """In hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


class _TooSlow(httpx.HTTPError):
    def __init__(self) -> None:
        super().__init__("the connection is too slow")


def _get_all(url: str, file: Path, say: Say) -> None:
    """To the end; a connection that is cut is taken up again, as long as each brings something."""
    with httpx.Client(timeout=TIMEOUT, follow_redirects=True) as client:
        while True:
            before = _size(file)
            try:
                return _get(client, url, file, say)
            except httpx.TransportError:
                if _size(file) < before + WORTH_GOING_ON_BYTES:
                    raise
                say("speech model: the connection was cut, going on")


def _get(client: httpx.Client, url: str, file: Path, say: Say) -> None:
    have = _size(file)
    # Identity: what is counted, and gone on with, are the file's own bytes.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with client.stream("GET", url, headers=headers) as response:
        if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            return  # nothing is left to get, or the file has become shorter: its hash tells
        response.raise_for_status()
        goes_on = response.headers.get("Content-Range", "").startswith(f"bytes {have}-")
        have = have if goes_on else 0
        progress = _Progress(have, have + int(response.headers.get("Content-Length", 0)), say)
        with file.open("ab" if goes_on else "wb") as opened:
            for block in response.iter_raw():
                opened.write(block)
                progress.more(len(block))


class _Progress:
    """Says a line for each tenth, and gives up where it would take hours."""

    def __init__(self, have: int, total: int, say: Say) -> None:
        self._have, self._total, self._say, self._said = have, total, say, have
        self._looked_at, self._had = time.monotonic(), have

    def more(self, count: int) -> None:
        self._have += count
        if self._have - self._said >= self._total / 10 or self._have == self._total:
            self._said = self._have
            self._say(f"speech model: {self._have / 1e6:.1f} of {self._total / 1e6:.1f} MB")
        if time.monotonic() - self._looked_at >= SLOWEST_SECONDS:
            if self._have - self._had < SLOWEST_BYTES:
                raise _TooSlow
            self._looked_at, self._had = time.monotonic(), self._have


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
