"""Chat: Telegram and the terminal."""

import os

# The library will give `retry_after` as a timedelta; it warns at every flood limit until one agrees to that.
os.environ.setdefault("PTB_TIMEDELTA", "true")
