"""What a contact came to: the weightiest code wins (`knowledge/outcomes.yaml`, weightiest first)."""

from functools import cache

from hotline.sessions import CallSession
from knowledge.yaml_files import load


@cache
def codes() -> tuple[str, ...]:
    """All outcome codes, the weightiest first."""
    return tuple(load("outcomes.yaml"))


def outcome_label(code: str | None) -> str:
    """What operators read for an outcome code."""
    return str(load("outcomes.yaml")[code]["label"]) if code in codes() else ""


def note(session: CallSession, code: str) -> None:
    """Record an outcome unless a weightier one is there."""
    order = codes()
    if session.outcome is None or order.index(code) < order.index(session.outcome):
        session.outcome = code


@cache
def closings(*, chosen_only: bool = False) -> dict[str, str]:
    """What an escalation may be closed with, code and label (`knowledge/closings.yaml`)."""
    entries = load("closings.yaml").items()
    return {str(code): str(one["label"]) for code, one in entries if one.get("chosen", True) or not chosen_only}


def closing_label(code: str | None) -> str:
    """What an escalation was closed with; commands may give any words."""
    return closings().get(code or "", code or "")
