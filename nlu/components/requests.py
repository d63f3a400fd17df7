"""Two requests in one breath: where the second begins, and which is served first. Imports nothing of Rasa."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_JOINT = re.compile(
    r"[，。？！；,.?!;\s]*(?:顺便|顺道|顺带|另外|还有就是|还有一件事|还有个事|还有件事|还有|再就是|对了|完了再|回头再|捎带)"
    r"|[，。？！；,.?!;\s]+(?=再(?:给|帮|问|查|约|订|叫|看|改|加|说)|我还(?:想|要|得)|还(?:想|要)(?:问|约|查|订|给))"
)
"""What stands between two requests. A pause alone does not: most sentences have one."""

SHORTEST = 4
"""Characters of a part that can be a request of its own."""

URGENT = ("report_emergency", "report_abuse", "request_operator")
"""Served before anything else, in this order."""

PASSING = frozenset(
    "affirm deny greet goodbye thanks wait inform chitchat out_of_scope slower louder repeat bot_identity start_over"
    " stop_current nlu_fallback".split()
)
"""What is said beside a request and is no request."""


@dataclass(frozen=True)
class Request:
    """What a part of an utterance, from `start` up to `end`, asks for."""

    intent: str
    confidence: float
    start: int
    end: int


Judge = Callable[[str], "tuple[str, float]"]
"""Gives intent and confidence of a text."""


def parts(text: str) -> list[tuple[int, int]]:
    """Return the stretches of `text` that may each be a request; too short ones belong to the one before."""
    starts = [0, *(joint.end() for joint in _JOINT.finditer(text) if joint.end() < len(text))]
    found: list[tuple[int, int]] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        if found and len(text[start:end].strip()) < SHORTEST:
            found[-1] = (found[-1][0], end)
        elif end > start:
            found.append((start, end))
    return found


def requests(text: str, judge: Judge, sure: float) -> list[Request]:
    """Return two or more different requests of one utterance, the one to serve first at its head; else [].

    A part counts from confidence `sure` on. Danger goes first, then abuse, then the wish for a person, then what was
    said first.
    """
    stretches = parts(text)
    if len(stretches) < 2:
        return []
    judged = [Request(*judge(text[start:end]), start, end) for start, end in stretches]
    wanted: dict[str, Request] = {}
    for request in judged:
        if request.intent not in PASSING and request.confidence >= sure:
            wanted.setdefault(request.intent, request)
    ordered = sorted(wanted.values(), key=lambda one: URGENT.index(one.intent) if one.intent in URGENT else len(URGENT))
    return ordered if len(ordered) > 1 else []
