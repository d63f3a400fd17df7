"""What a process may print: every library without its text, ours with it, nobody's traceback."""

import logging
import sys
import threading
import warnings
from collections.abc import Iterator

import pytest

from hotline.quiet import quiet_loggers, quiet_process

WORDS = "王桂花住蓝花胡同"


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """Every record as it would be printed, at DEBUG; what the process had before is put back."""
    factory, showwarning, hook, unraisable = (
        logging.getLogRecordFactory(),
        warnings.showwarning,
        threading.excepthook,
        sys.unraisablehook,
    )
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(logging.Formatter("%(name)s %(message)s").format(record))  # type: ignore[method-assign]  # a handler that keeps
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)
    logging.setLogRecordFactory(factory)
    warnings.showwarning, threading.excepthook, sys.unraisablehook = showwarning, hook, unraisable


@pytest.mark.parametrize("name", ["aiosqlite", "sqlalchemy.engine.Engine", "asyncio", "uvicorn.error", "unheard.of"])
def test_a_library_s_text_is_not_printed(heard: list[str], name: str) -> None:
    quiet_loggers()
    logging.getLogger(name).error("executing %s", WORDS)
    assert len(heard) == 1
    assert heard[0].startswith(f"{name} ")
    assert WORDS not in heard[0]


def test_our_own_text_is_printed_and_no_error_s(heard: list[str]) -> None:
    quiet_loggers()
    try:
        raise ValueError(WORDS)
    except ValueError:
        logging.getLogger("hotline.turns").exception("turn %s failed", "trn_1")
    assert heard == ["hotline.turns turn trn_1 failed (ValueError)"]


def test_what_python_itself_prints_holds_no_words(heard: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> None:
        raise RuntimeError(WORDS)

    quiet_process()
    thread = threading.Thread(target=broken)
    thread.start()
    thread.join()
    warnings.showwarning(UserWarning(WORDS), UserWarning, "somewhere.py", 3)
    printed = capsys.readouterr().err
    assert printed.splitlines() == ["thread: RuntimeError", "UserWarning somewhere:3"]
