"""What a scenario's caller answers when a slot is asked for."""

from dataclasses import dataclass, field
from typing import Any

MOST_ANSWERS_A_SLOT = 3


@dataclass
class Answers:
    """`given` by slot: a list is used up one by one, a single answer is given at most three times."""

    given: dict[str, Any]
    used: dict[str, int] = field(default_factory=dict)

    def to(self, slot: str | None) -> str | None:
        """The next answer, None when there is none."""
        given, used = self.given.get(slot or ""), self.used.get(slot or "", 0)
        answers = given if isinstance(given, list) else [given] * MOST_ANSWERS_A_SLOT
        if not slot or given is None or used >= len(answers):
            return None
        self.used[slot] = used + 1
        return str(answers[used])
