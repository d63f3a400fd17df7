"""The console's labels for codes, from `wording.yaml`."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from hotline.outcomes import closing_label
from hotline.timeline import TimelineEvent
from knowledge.phrasebook import phrasebook


@cache
def _labels() -> dict[str, Any]:
    return dict(yaml.safe_load(Path(__file__).with_name("wording.yaml").read_text(encoding="utf-8")))


def label(group: str, code: str | None) -> str:
    """What an operator reads for a code; a code without a label is shown as it is."""
    return str(_labels()[group].get(str(code), code or ""))


def labels(group: str) -> dict[str, str]:
    """A whole group, in the order of the file."""
    return {str(code): str(text) for code, text in _labels()[group].items()}


def reason_label(reason: str) -> str:
    """Why a callback was promised: a danger, or a code of its own."""
    return phrasebook().labels.get(reason) or label("reason", reason)


def kind_label(kind: str) -> str:
    """A kind of escalation."""
    return phrasebook().labels.get(kind) or label("kind", kind)


def event_text(event: TimelineEvent) -> str:
    """What happened, in words: 小林 接手."""
    detail = _details().get(event.what, str)(event.detail)
    return " ".join(filter(None, [event.who, label("event", event.what), detail, event.words]))


@cache
def _details() -> dict[str, Callable[[str], str]]:
    """How the code that belongs to an event is read."""
    return {
        "told": lambda code: label("notice", code),
        "raised": kind_label,
        "began": lambda code: label("channel", code),
        "promised": reason_label,
        "closed": closing_label,
        "declined": lambda code: label("decline", code),
        "asked_danger": lambda code: label("check", code),
    }
