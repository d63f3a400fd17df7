"""Runs the callers against a stack of its own, and watches what the service's processes use meanwhile."""

import asyncio
import json
import os
import sys
from dataclasses import asdict
from time import monotonic
from typing import Any

from bootstrap.bench.callers import Load, Rung
from bootstrap.bench.figures import machine, summary
from bootstrap.bench.processes import Usage, service_usage
from bootstrap.commands.output import say
from bootstrap.own_stack import TEST_MODEL, line_address, own_stack

TEST_MODEL_NAME = "4.4 MB test model: not the capacity with the official model"


class CallersFailed(Exception):
    """The process of the callers ended with an error; what it said is on standard error."""


async def measure_calls(concurrency: int, seconds: float) -> dict[str, Any]:
    """Everything, as plain figures; `report` makes the published object of it."""
    load_before = round(os.getloadavg()[0], 2)
    async with own_stack(say, phone=True) as settings:
        line = line_address(settings)
        say("one call to warm up")
        await _rung(Load(line, 1, 1.0))
        say(f"{concurrency} callers at a time for {seconds:g} s")
        began, before = monotonic(), service_usage(os.getpid())
        rung = await _rung(Load(line, concurrency, seconds))
        lasted, after = monotonic() - began, service_usage(os.getpid())
        pause = settings.end_of_turn_seconds
    return {
        "machine": machine(load_before),
        "concurrency": concurrency,
        "seconds": round(lasted, 1),
        "end_of_turn_seconds": pause,
        "rung": rung,
        "processes": _used(before, after, lasted),
        "speech_model": TEST_MODEL_NAME if settings.speech_model == TEST_MODEL else str(settings.speech_model),
    }


def report(result: dict[str, Any]) -> dict[str, Any]:
    """The published object.

    end_of_turn_to_first_audio_ms: from the end of the caller's speech (its last sound) plus the pause that ends a turn
    to the first sound of the answer, fillers included. answer_to_first_word_ms: from the answered call to the first
    sound. cpu_percent: of one core, all processes of the service; rss_mb: their resident memory at the end.
    """
    rung: Rung = result["rung"]
    replies = [max(0.0, after - result["end_of_turn_seconds"]) * 1000 for after in rung.reply_after]
    processes = result["processes"].values()
    return {
        "concurrency": result["concurrency"],
        "end_of_turn_to_first_audio_ms": _summary(replies),
        "answer_to_first_word_ms": _summary([after * 1000 for after in rung.first_word]),
        "dropped": sum(rung.dropped.values()),
        "cpu_percent": round(sum(one["cpu_percent"] for one in processes), 1),
        "rss_mb": round(sum(one["rss_mb"] for one in processes)),
        "speech_model": result["speech_model"],
    }


def _summary(values: list[float]) -> dict[str, float | None]:
    return dict(summary(values)) if values else {"p50": None, "p95": None}


async def _rung(load: Load) -> Rung:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bootstrap.bench.callers", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        out, _ = await process.communicate(json.dumps(asdict(load)).encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise CallersFailed(f"the callers ended with status {process.returncode}")
    return Rung(**json.loads(out))


def _used(before: dict[str, Usage], after: dict[str, Usage], seconds: float) -> dict[str, dict[str, float]]:
    return {
        name: {
            "cpu_percent": round((now.cpu_seconds - before.get(name, Usage(0, 0)).cpu_seconds) / seconds * 100, 1),
            "rss_mb": round(now.rss_mb, 1),
        }
        for name, now in sorted(after.items())
    }
