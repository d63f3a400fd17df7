"""What libraries may log: nothing they were given. Tokens stand in URLs, words and numbers in rows."""

import logging
from typing import Any

LIBRARIES = (
    "telegram",
    "httpx",
    "httpcore",
    "tornado",
    "aiolimiter",
    "h11",
    "aiosqlite",
    "sqlalchemy",
    "psycopg",
)


def quiet_loggers() -> None:
    """From now on a record of these libraries says where it comes from and the kind of error, not its text.

    By the record factory: a filter on a logger does not see its children, and a level can be set again.
    Calling it twice is harmless.
    """
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)
    usual = logging.getLogRecordFactory()
    if getattr(usual, "keeps_quiet", False):
        return

    def make(*args: Any, **options: Any) -> logging.LogRecord:
        record = usual(*args, **options)
        return _without_words(record) if record.name.partition(".")[0] in LIBRARIES else record

    make.keeps_quiet = True  # type: ignore[attr-defined]  # marks the factory as ours
    logging.setLogRecordFactory(make)


def _without_words(record: logging.LogRecord) -> logging.LogRecord:
    error = record.exc_info[1] if record.exc_info else None
    record.msg = f"{record.funcName}:{record.lineno} {type(error).__name__ if error else ''}".rstrip()
    record.args = ()
    record.exc_info = record.exc_text = record.stack_info = None
    return record
