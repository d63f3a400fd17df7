"""What happens in calls, for whoever watches: the demonstration, later the console. Kept nowhere, never logged."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

EventKind = Literal["answered", "heard", "understood", "said", "key", "bridged", "hung_up"]


@dataclass(frozen=True)
class CallEvent:
    """`text`: words heard or said, the intent or way, the key, the operator's leg, why it ended.

    `at_ms`: milliseconds since the call was answered. `said` comes with the reply, before its sound.
    """

    kind: EventKind
    leg_id: str
    at_ms: int
    text: str = ""
    session_id: str | None = None


OnEvent = Callable[[CallEvent], None]


def unwatched(_event: CallEvent) -> None:
    """Nobody watches."""
