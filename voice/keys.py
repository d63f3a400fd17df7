"""Keys pressed: each acts at once, except while a number is being typed in."""

import asyncio
from collections.abc import Callable

MOBILE_DIGITS = 11
"""A mainland mobile number; it begins with 1."""


class KeyPad:
    """Hands keys on to `act`; digits of a number together, at `#`, when complete, or after a gap without a key."""

    def __init__(self, act: Callable[[str], None], gap_seconds: float = 2.0) -> None:
        self._act, self._gap = act, gap_seconds
        self._digits = ""
        self._timer: asyncio.TimerHandle | None = None

    def press(self, key: str, *, collecting: bool) -> None:
        """One key; `collecting`: the caller has been asked for a number."""
        if collecting and key.isdigit():
            self._collect(key)
        elif key == "#" and self._digits:
            self._done()
        elif key == "*" and self._digits:
            self.close()  # typed wrongly: asked again
            self._act(key)
        else:
            self._done()
            self._act(key)

    @property
    def collecting(self) -> bool:
        """In the middle of a number."""
        return bool(self._digits)

    def close(self) -> None:
        """Forget what was typed."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._digits = None, ""

    def _collect(self, key: str) -> None:
        digits = self._digits + key
        self.close()
        self._digits = digits
        if len(digits) == MOBILE_DIGITS and digits.startswith("1"):
            self._done()
        else:
            self._timer = asyncio.get_running_loop().call_later(self._gap, self._done)

    def _done(self) -> None:
        digits = self._digits
        self.close()
        if digits:
            self._act(digits)
