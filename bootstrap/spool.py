"""The spool on disk: a JSON line per record, synced at once; several processes append, one drains."""

import fcntl
import json
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hotline.ports import Clock

logger = logging.getLogger(__name__)

RETRY_SECONDS = 1.0


@dataclass(frozen=True)
class _Line:
    """One line of the file; `entry` is None when a crash left it broken. `end` is the byte after it."""

    end: int
    raw: bytes
    entry: dict[str, Any] | None


class FileSpool:
    """Implements the `Spool` port. While the disk refuses, records wait in memory and are tried again."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._file = folder / "spool.jsonl"
        self._offset_file = folder / "acknowledged"
        self._lock_file = folder / "lock"
        self._clock = clock
        self._memory: list[bytes] = []
        self._drained: list[int] = []
        self._drained_from: int | None = None
        self._drained_memory: list[bytes] = []
        self._guard = threading.RLock()
        self._retrying = False
        self.retries: list[threading.Thread] = []

    # --- writing ---------------------------------------------------------------------------------------

    def append(self, kind: str, record: dict[str, Any]) -> None:
        """Write one record durably; never raises for a disk that refuses."""
        entry = {"kind": kind, "at": self._clock.now().isoformat(), "record": record}
        with self._guard:
            self._memory.append(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
            if not self._flush() and not self._retrying:
                self._retrying = True
                self.retries = [threading.Thread(target=self._retry, name="spool-retry", daemon=True)]
                self.retries[0].start()

    def _flush(self) -> bool:
        try:
            with self._locked():
                while self._memory:
                    self._write(self._memory[0])
                    del self._memory[0]
        except OSError as error:
            logger.error("spool: the disk refuses (%s), %d kept in memory", type(error).__name__, len(self._memory))
            return False
        return True

    def _retry(self) -> None:
        pause = threading.Event()
        while True:
            pause.wait(RETRY_SECONDS)
            with self._guard:
                if self._flush():
                    self._retrying = False
                    return

    def _write(self, line: bytes) -> None:
        descriptor = os.open(self._file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                line = b"\n" + line  # a writer died in mid-line: what it left stays a line of its own
            if os.write(descriptor, line) != len(line):
                os.ftruncate(descriptor, size)
                raise OSError("short write")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._lock_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(self._lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    # --- reading ---------------------------------------------------------------------------------------

    def drain(self) -> list[tuple[str, dict[str, Any]]]:
        """The records not yet acknowledged, oldest first; those the disk still refuses come last."""
        with self._guard:
            self._flush()
            good = self._readable()
            self._drained = [line.end for line, _ in good]
            self._drained_from = self._inode() if good else None
            self._drained_memory = list(self._memory)
            waiting = [json.loads(raw) for raw in self._memory]
        return [(entry["kind"], entry["record"]) for entry in [*(e for _, e in good), *waiting]]

    def _readable(self) -> list[tuple[_Line, dict[str, Any]]]:
        try:
            with self._locked():
                lines = self._lines(self._offset())
        except OSError as error:
            logger.error("spool: can't be read (%s)", type(error).__name__)
            return []
        for line in lines:
            if line.entry is None:
                self._keep_aside(line)
        return [(line, line.entry) for line in lines if line.entry is not None]

    def _lines(self, start: int) -> list[_Line]:
        data = self._file.read_bytes() if self._file.exists() else b""
        lines, end = [], start
        for raw in data[start:].splitlines(keepends=True):
            end += len(raw)
            if raw.strip():
                lines.append(_Line(end, raw, _parsed(raw)))
        return lines

    def _keep_aside(self, line: _Line) -> None:
        aside = self._file.with_name(f"broken-{line.end}")
        if not aside.exists():
            logger.error("spool: a broken line ends at byte %d, kept in %s", line.end, aside.name)
            aside.touch(mode=0o600)
            aside.write_bytes(line.raw)

    def acknowledge(self, count: int) -> None:
        """Forget the first `count` drained records; a crash just before replays them, which is harmless."""
        with self._guard:
            on_disk = min(count, len(self._drained))
            if on_disk:
                with self._locked():
                    # A purge has rewritten the file since: our ends would point into, or past, what came after.
                    if self._inode() == self._drained_from:
                        self._set_offset(max(self._offset(), self._drained[on_disk - 1]))
            del self._drained[:on_disk]
            # By identity: what was written to disk meanwhile is replayed, what came meanwhile is kept.
            done = {id(raw) for raw in self._drained_memory[: count - on_disk]}
            self._memory = [raw for raw in self._memory if id(raw) not in done]

    def _inode(self) -> int | None:
        return self._file.stat().st_ino if self._file.exists() else None

    def _offset(self) -> int:
        return int(self._offset_file.read_text(encoding="ascii")) if self._offset_file.exists() else 0

    def _set_offset(self, offset: int) -> None:
        _replace(self._offset_file, str(offset).encode())

    # --- forgetting ------------------------------------------------------------------------------------

    def purge(self, before: datetime) -> int:
        """Delete replayed records written before `before`, and broken lines of that age; says how many."""
        with self._guard, self._locked():
            offset = self._offset()
            lines = self._lines(0)
            done = [line for line in lines if line.end <= offset]
            kept = [line for line in done if line.entry and datetime.fromisoformat(line.entry["at"]) >= before]
            if len(kept) < len(done):
                waiting = [line.raw for line in lines if line.end > offset]
                self._set_offset(0)  # a crash in between replays what is kept rather than losing what waits
                _replace(self._file, b"".join([*(line.raw for line in kept), *waiting]))
                self._set_offset(sum(len(line.raw) for line in kept))
            return len(done) - len(kept) + self._purge_aside(before)

    def _purge_aside(self, before: datetime) -> int:
        old = [p for p in self._file.parent.glob("broken-*") if p.stat().st_mtime < before.timestamp()]
        for path in old:
            path.unlink()
        return len(old)


def _parsed(raw: bytes) -> dict[str, Any] | None:
    if not raw.endswith(b"\n"):
        return None
    try:
        entry = json.loads(raw)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and entry.keys() >= {"kind", "at", "record"} else None


def _replace(path: Path, content: bytes) -> None:
    """Write a file so that after a crash it holds either the old or the new content."""
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.chmod(0o600)
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
