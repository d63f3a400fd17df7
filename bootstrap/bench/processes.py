"""What the processes of the service use, from /proc (Linux)."""

import os
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Usage:
    """CPU seconds since each process began, resident memory in MB; shared pages count in every process."""

    cpu_seconds: float
    rss_mb: float


def service_usage(parent: int) -> dict[str, Usage]:
    """Usage by name of the service's processes: the descendants of `parent`, those of the callers left out."""
    found: dict[str, Usage] = {}
    for pid, name in _named(parent).items():
        usage, before = _usage(pid), found.get(name, Usage(0.0, 0.0))
        found[name] = Usage(before.cpu_seconds + usage.cpu_seconds, before.rss_mb + usage.rss_mb)
    return found


def _named(parent: int) -> dict[int, str]:
    """Every descendant of `parent` with the name of the child that it belongs to."""
    children: dict[int, list[int]] = {}
    for pid in (int(one.name) for one in PROC.iterdir() if one.name.isdecimal()):
        if (stat := _stat(pid)) is not None:
            children.setdefault(int(stat[1]), []).append(pid)
    named: dict[int, str] = {}
    for child in children.get(parent, []):
        if name := _name(child):
            pending = [child]
            while pending:
                pid = pending.pop()
                named[pid] = name
                pending += children.get(pid, [])
    return named


def _name(pid: int) -> str | None:
    """line, tts, stt, app or rasa; None for what is none of the service."""
    try:
        words = (PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return None
    if "bootstrap.cli" in words and "run" in words:
        return words[words.index("run") + 1]
    return "rasa" if "nlu.components.serve" in words else None


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat behind the name: state, parent, ..."""
    try:
        return (PROC / str(pid) / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None


def _usage(pid: int) -> Usage:
    stat = _stat(pid)
    if stat is None:
        return Usage(0.0, 0.0)
    return Usage((int(stat[11]) + int(stat[12])) / TICKS, int(stat[21]) * PAGE_BYTES / MEGABYTE)
