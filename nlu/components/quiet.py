"""Keep what callers say out of the server's output: of a log record only its place and error class remain.

Rasa, Sanic and SQLAlchemy put messages, slots and statements with their values into warnings, errors and
tracebacks, at every log level. Imports nothing of Rasa.
"""

from __future__ import annotations

import logging
import sys
import warnings
from pathlib import Path
from typing import Any, TextIO


class WordlessRecord(logging.LogRecord):
    """A log record without message, arguments and traceback."""

    def __init__(
        self,
        name: str,
        level: int,
        path: str,
        line: int,
        msg: object,
        args: Any,
        error: Any,
        *rest: Any,
        **more: Any,
    ) -> None:
        kind = error[0].__name__ if error and error[0] else ""
        super().__init__(name, level, path, line, f"{Path(path).stem}:{line} {kind}".rstrip(), None, None)


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    print(f"{category.__name__} {Path(filename).stem}:{lineno}", file=file or sys.stderr)


def keep_words_out() -> None:
    """From now on no log record, warning or uncaught error of this process prints anything a caller said."""
    logging.setLogRecordFactory(WordlessRecord)
    warnings.showwarning = _show_warning
    sys.excepthook = lambda kind, error, trace: sys.stderr.write(f"{kind.__name__}\n")
