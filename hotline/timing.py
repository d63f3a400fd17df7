"""How long things last: the conventions of `knowledge/ladder.yaml` and the settings, as one value."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from knowledge.ladder import Ladder, ladders, ring_back

CLOCK_SKEW = timedelta(seconds=60)
"""By so much the clocks of two machines may differ. What lies further ahead was written before a clock was set back."""


def is_over(since: datetime, seconds: float, now: datetime) -> bool:
    """Whether a wait that began at `since` is over. Nobody waits for a clock that was set back to catch up."""
    return now - since >= timedelta(seconds=seconds) or since - now > CLOCK_SKEW


@dataclass(frozen=True)
class Timing:
    """Durations in seconds. `scale` below 1 shortens every durable wait, for tests and demonstrations."""

    scale: float = 1.0
    danger_answer_seconds: float = 60.0
    session_idle_seconds: float = 1800.0
    save_limit_seconds: float = 0.8
    sending_grace_seconds: float = 5.0
    unanswered_seconds: float = 10.0
    """Real time, never scaled: a turn that is being answered must not be taken for a lost one."""
    callback_minutes: int = 30
    case_days: int = 3
    retention_days: int = 180

    def wait(self, seconds: float) -> float:
        """The real length of a durable wait."""
        return seconds * self.scale

    def ring_again_seconds(self, tries: int) -> float:
        """The real wait from one try of ringing a caller back to the next."""
        return self.wait(ring_back().wait_seconds(tries))

    def ladder(self, urgency: str) -> Ladder:
        """Rungs for an urgency, with their real lengths."""
        return ladders()[urgency].scaled(self.scale)
