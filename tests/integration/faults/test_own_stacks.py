"""`warmline demo --once` and `warmline bench turns`, as people run them."""

import json
import os
import subprocess
import sys

import pytest

from tests.integration.faults.service import RASA_PYTHON, ROOT

LIMIT_SECONDS = 480


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    given = {"WARMLINE_RASA_PYTHON": RASA_PYTHON} if RASA_PYTHON else {}
    return subprocess.run(
        [sys.executable, "-m", "bootstrap.cli", *arguments],
        cwd=ROOT, env={**os.environ, **given}, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False,
    )  # fmt: skip


@pytest.mark.rasa
@pytest.mark.timeout(500)
def test_the_demonstration_goes_as_expected() -> None:
    done = run("demo", "--once")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert "expectations met" in done.stdout
    for words in (
        "已由小林接手",
        "约好了",
        "visit_orders",
        "callbacks",
        "complain",
        "its timeline",
        "家里人或邻居到了",
    ):
        assert words in done.stdout


@pytest.mark.rasa
def test_the_benchmark_prints_one_object() -> None:
    done = run("bench", "turns", "--sessions", "1,2", "--turns", "3", "--json")
    assert done.returncode == 0, done.stderr[-2000:]
    (line,) = done.stdout.splitlines()
    result = json.loads(line)
    assert [(row["sessions"], row["turns"]) for row in result["sessions"]] == [(1, 3), (2, 6)]
    assert [row["turns"] for row in result["long_chat"]] == ["1-10", "11-20", "21-40", "41-60"]
    for row in (*(r["stages"]["total"] for r in result["sessions"]), result["emergency"]["rasa_away"]):
        assert 0 < row["p50"] <= row["p95"]
    assert result["machine"]["cores"]
