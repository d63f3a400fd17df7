"""What operators hear on their phones, from `wording.yaml`; an alert tells kind, urgency and place, never a name."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from hotline.escalation import Escalation
from knowledge.phrasebook import phrasebook


@cache
def _sentences() -> dict[str, Any]:
    return dict(yaml.safe_load(Path(__file__).with_name("wording.yaml").read_text(encoding="utf-8")))


def say(key: str, **facts: str) -> str:
    """The sentence `key` with its facts filled in; a missing one is a programming error (KeyError)."""
    return str(_sentences()[key]).format(**facts) if facts else str(_sentences()[key])


def kind_label(kind: str) -> str:
    """What an operator hears for a kind of escalation."""
    kinds: dict[str, str] = _sentences()["kind"]
    return phrasebook().labels.get(kind) or kinds.get(kind) or kinds["other_reason"]


def alert_words(escalation: Escalation) -> str:
    """What is said when an operator picks up; another question when he has taken it over already."""
    kind = kind_label(escalation.kind)
    if escalation.claimed_by is not None:
        return say("alert_claimed", kind=kind) + say("put_through")
    place = say("place", place=escalation.place) if escalation.place else ""
    return say("alert", kind=kind, urgency=_sentences()["urgency"][escalation.urgency]) + place + say("take_over")
