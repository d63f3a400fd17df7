"""The server's log records without words."""

from __future__ import annotations

import logging
import subprocess
import sys

from nlu.components.quiet import WordlessRecord

WORD = "葫芦藤"


def test_a_record_keeps_place_and_error_class_only():
    error = ValueError(WORD)
    record = WordlessRecord(
        "rasa", logging.ERROR, "/x/processor.py", 7, f"said {WORD} %s", (WORD,), (ValueError, error, None)
    )
    text = logging.Formatter().format(record)
    assert text == "processor:7 ValueError"


def test_nothing_that_a_process_prints_by_itself_holds_words():
    script = f"""
import logging, warnings
from nlu.components.quiet import keep_words_out
logging.basicConfig(); keep_words_out()
logging.getLogger("any").warning("said %s", "{WORD}")
try: raise KeyError("{WORD}")
except KeyError: logging.exception("{WORD}")
warnings.warn("{WORD}")
raise RuntimeError("{WORD}")
"""
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", script], capture_output=True, text=True, check=False)
    assert WORD not in done.stdout + done.stderr
    for kept in ("WARNING", "KeyError", "UserWarning", "RuntimeError"):
        assert kept in done.stderr
