"""What any process may print: of libraries where a record comes from and the kind of error, never its text."""

import logging
import sys
import threading
import warnings
from pathlib import Path
from typing import Any, TextIO

OURS = frozenset(
    {"actions", "bootstrap", "bot", "console", "hotline", "jobs", "knowledge", "language", "nlu", "store", "voice"}
)
"""Our own packages log ids, counts and classes of errors; everybody else logs what he was given."""

CHATTY = ("aiortp", "aiosqlite", "alembic", "apscheduler", "dbos", "httpcore", "httpx", "psycopg", "rasa_sdk",
          "sqlalchemy", "telegram", "uvicorn", "websockets")  # fmt: skip
"""Libraries whose records below `warning` say nothing without their text."""


def quiet_loggers() -> None:
    """From now on records of libraries say place and kind of error only: tokens stand in URLs, words in rows.

    By the record factory: a filter on a logger does not see its children, and a level can be set again.
    Calling it twice is harmless.
    """
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    usual = logging.getLogRecordFactory()
    if getattr(usual, "keeps_quiet", False):
        return

    def make(*args: Any, **options: Any) -> logging.LogRecord:
        return _without_words(usual(*args, **options))

    make.keeps_quiet = True  # type: ignore[attr-defined]  # marks the factory as ours
    logging.setLogRecordFactory(make)


def _without_words(record: logging.LogRecord) -> logging.LogRecord:
    """Ours keep their text; nobody keeps a traceback, whose last line is the text of the error."""
    error = record.exc_info[1] if record.exc_info else None
    kind = type(error).__name__ if error else ""
    if record.name.partition(".")[0] not in OURS:
        record.msg, record.args = f"{record.funcName}:{record.lineno} {kind}".rstrip(), ()
    elif kind:
        record.msg, record.args = f"{record.getMessage()} ({kind})", ()
    record.exc_info = record.exc_text = record.stack_info = None
    return record


def quiet_process() -> None:
    """As `quiet_loggers`, and what Python itself prints: warnings, and errors that nobody caught in a thread."""
    quiet_loggers()
    warnings.showwarning = _show_warning
    threading.excepthook = lambda error: _say(f"thread: {error.exc_type.__name__}")
    sys.unraisablehook = lambda error: _say(f"unraisable: {error.exc_type.__name__}")


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    _say(f"{category.__name__} {Path(filename).stem}:{lineno}")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
