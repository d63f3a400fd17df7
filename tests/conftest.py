"""What all tests share: settings never come from the machine, and what was not run is said by name."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
WHY_NOT = "needs ../shared, which is not here"


@pytest.fixture(autouse=True)
def _settings_of_the_test_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's WARMLINE_* variables and warmline.toml must not reach a test."""
    for name in list(os.environ):
        if name.startswith("WARMLINE_") and not name.startswith("WARMLINE_TEST_"):
            monkeypatch.delenv(name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs ../shared where it is absent."""
    for item in items:
        if item.get_closest_marker("needs_shared") and not SHARED.is_dir():
            item.add_marker(pytest.mark.skip(reason=WHY_NOT))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was not run for want of ../shared."""
    skipped = terminalreporter.stats.get("skipped", [])
    names = [r.nodeid for r in skipped if isinstance(r.longrepr, tuple) and WHY_NOT in r.longrepr[2]]
    if names:
        terminalreporter.section(f"not run: {WHY_NOT}")
        for name in names:
            terminalreporter.write_line(name)
