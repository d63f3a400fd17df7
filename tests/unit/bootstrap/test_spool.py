"""The spool on disk: nothing is lost to a crash, a full disk or another process."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bootstrap import spool as spool_module
from bootstrap.spool import FileSpool

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


class StoppedClock:
    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def spool(tmp_path: Path, clock: StoppedClock) -> FileSpool:
    return FileSpool(tmp_path, clock)


def numbers(spool: FileSpool) -> list[int]:
    return [record["n"] for _, record in spool.drain()]


def test_records_come_back_in_order_until_acknowledged(spool: FileSpool, tmp_path: Path, clock: StoppedClock) -> None:
    for n in range(3):
        spool.append("turn", {"n": n, "words": "我\n摔\u2028了"})
    assert spool.drain()[0] == ("turn", {"n": 0, "words": "我\n摔\u2028了"})
    spool.acknowledge(2)
    assert numbers(FileSpool(tmp_path, clock)) == [2]
    spool.append("turn", {"n": 3})
    assert numbers(spool) == [2, 3]
    spool.acknowledge(2)
    assert numbers(spool) == []


def test_a_crash_before_acknowledging_replays(spool: FileSpool, tmp_path: Path, clock: StoppedClock) -> None:
    spool.append("turn", {"n": 1})
    assert numbers(spool) == [1]
    assert numbers(FileSpool(tmp_path, clock)) == [1]


def test_a_line_broken_by_a_crash_is_kept_aside_and_hurts_no_other(spool: FileSpool, tmp_path: Path) -> None:
    spool.append("turn", {"n": 1})
    with (tmp_path / "spool.jsonl").open("ab") as file:
        file.write(b'{"kind": "turn", "rec')
    assert numbers(spool) == [1]
    spool.append("turn", {"n": 2})
    assert numbers(spool) == [1, 2]
    spool.acknowledge(2)
    assert numbers(spool) == []
    assert [p.read_bytes().strip() for p in tmp_path.glob("broken-*")][:1] == [b'{"kind": "turn", "rec']


def test_a_disk_that_refuses_keeps_records_in_memory(
    spool: FileSpool, tmp_path: Path, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool.append("turn", {"n": 1})
    with monkeypatch.context() as full:
        full.setattr(spool_module, "RETRY_SECONDS", 3600.0)
        full.setattr(os, "write", _no_space)
        spool.append("turn", {"n": 2})
        spool.append("turn", {"n": 3})
        assert numbers(spool) == [1, 2, 3]
        spool.acknowledge(2)
        assert numbers(spool) == [3]
        assert numbers(FileSpool(tmp_path, clock)) == []
    spool.append("turn", {"n": 4})
    assert numbers(FileSpool(tmp_path, clock)) == [3, 4]


def _no_space(_descriptor: int, _data: bytes) -> int:
    raise OSError(28, "No space left on device")


def test_what_the_disk_refused_is_written_as_soon_as_it_can(
    spool: FileSpool, tmp_path: Path, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_module, "RETRY_SECONDS", 0.001)
    refused = {"times": 0}
    real = os.write

    def twice_full(descriptor: int, data: bytes) -> int:
        refused["times"] += 1
        return real(descriptor, data) if refused["times"] > 2 else _no_space(descriptor, data)

    monkeypatch.setattr(os, "write", twice_full)
    spool.append("turn", {"n": 1})
    for thread in spool.retries:
        thread.join(timeout=10)
    assert numbers(FileSpool(tmp_path, clock)) == [1]


def test_a_short_write_leaves_no_half_line(
    spool: FileSpool, tmp_path: Path, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    with monkeypatch.context() as nearly_full:
        nearly_full.setattr(spool_module, "RETRY_SECONDS", 3600.0)
        nearly_full.setattr(os, "write", lambda descriptor, data: real(descriptor, data[:5]))
        spool.append("turn", {"n": 1})
    spool.append("turn", {"n": 2})
    assert numbers(FileSpool(tmp_path, clock)) == [1, 2]
    assert list(tmp_path.glob("broken-*")) == []


ROOT = Path(__file__).parents[3]

WRITE_MANY = """
import sys
from pathlib import Path
from zoneinfo import ZoneInfo
from bootstrap.clock import SystemClock
from bootstrap.spool import FileSpool

spool = FileSpool(Path(sys.argv[1]), SystemClock(ZoneInfo("Asia/Shanghai")))
for n in range(20):
    spool.append("turn", {"n": int(sys.argv[2]) + n})
"""


def test_several_processes_append_at_once(tmp_path: Path, clock: StoppedClock) -> None:
    command = (sys.executable, "-c", WRITE_MANY, str(tmp_path))
    writers = [subprocess.Popen((*command, base), cwd=ROOT) for base in ("0", "100")]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    assert sorted(numbers(FileSpool(tmp_path, clock))) == [*range(20), *range(100, 120)]


def test_purge_forgets_old_replayed_records_and_never_waiting_ones(
    spool: FileSpool, tmp_path: Path, clock: StoppedClock
) -> None:
    spool.append("turn", {"n": 1})
    clock.time = NOON + timedelta(days=5)
    spool.append("turn", {"n": 2})
    spool.append("turn", {"n": 3})
    assert numbers(spool) == [1, 2, 3]
    spool.acknowledge(2)
    assert spool.purge(NOON + timedelta(days=1)) == 1
    assert numbers(spool) == [3]
    kept = [json.loads(line)["record"]["n"] for line in (tmp_path / "spool.jsonl").read_text().splitlines()]
    assert kept == [2, 3]
    clock.time = NOON + timedelta(days=400)
    assert spool.purge(clock.now()) == 1
    assert numbers(spool) == [3]


def test_the_files_are_for_their_owner_alone(spool: FileSpool, tmp_path: Path) -> None:
    spool.append("turn", {"n": 1})
    spool.drain()
    spool.acknowledge(1)
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir())


def test_a_purge_by_another_process_in_mid_replay_hides_nothing(tmp_path: Path, clock: StoppedClock) -> None:
    app, command = FileSpool(tmp_path, clock), FileSpool(tmp_path, clock)
    app.append("callback", {"n": 1, "words": "x" * 100})
    assert numbers(app) == [1]
    assert numbers(command) == [1]
    command.acknowledge(1)
    assert command.purge(NOON + timedelta(days=1)) == 1
    app.acknowledge(1)
    app.append("callback", {"n": 2})
    assert numbers(app) == [2]
