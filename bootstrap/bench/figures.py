"""From single turns to the figures that are printed."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from typing import Any

from hotline.sessions import Reply

STAGES = ("open", "answer", "write", "total")
PARTS_OF_A_CHAT = ((1, 10), (11, 20), (21, 40), (41, 60))


@dataclass(frozen=True)
class Measured:
    """One turn in milliseconds: the records opened, the answer found (Rasa and actions), the reply written."""

    open: float
    answer: float
    write: float
    total: float
    path: str

    @classmethod
    def of(cls, reply: Reply, total: float) -> "Measured":
        """`total` is wall-clock around `take_turn`; the trace ends where the writing begins."""
        told = reply.trace.milliseconds
        opened, answered = told.get("open", 0.0), told.get("total", 0.0)
        return cls(opened, answered - opened, total - answered, total, reply.trace.path)


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that at least so many percent do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]


def summary(values: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {"p50": round(percentile(values, 50), 1), "p95": round(percentile(values, 95), 1)}


def by_stage(measured: Sequence[Measured]) -> dict[str, dict[str, float]]:
    """The summary of each stage."""
    return {stage: summary([getattr(one, stage) for one in measured]) for stage in STAGES}


def growth(measured: Sequence[Measured]) -> list[dict[str, Any]]:
    """The median of a turn in each part of one long chat."""
    return [
        {"turns": f"{first}-{last}", "p50": round(percentile([one.total for one in part], 50), 1)}
        for first, last in PARTS_OF_A_CHAT
        if (part := measured[first - 1 : last])
    ]


def machine(load_before: float) -> dict[str, Any]:
    """Where and when it was measured; the load average of the minute before."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "load_before": load_before,
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()
