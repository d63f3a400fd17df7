"""What is due while nobody speaks: never dead air while the caller waits for us, and never silence left alone."""

from dataclasses import dataclass
from typing import Literal

from voice.timing import CallTiming

Due = Literal[
    "filler", "tone", "desk", "company", "held", "person", "person_long", "offer", "unheard", "silence", "nobody"
]
"""What a call does next, by itself:

filler: a few words, we are still at it; tone: a soft tone, still waiting for a person; desk: still no better;
company: a silent turn of somebody in danger; held: a person has taken over; person, person_long: still calling one;
offer: a callback instead of waiting on; unheard: the recogniser is away, get a person; silence: a silent turn;
nobody: hang up, there is nobody.
"""


@dataclass(frozen=True)
class Scene:
    """A call as it is at `now`; all times are the loop's.

    `words_until`: our last words, the caller's last words or key, whatever was later. `sound_until`: the same with
    tones. `pending_since`: since when the caller waits for an answer of ours, None when it is his turn.
    `silent_since`: his last words or key.
    """

    now: float
    words_until: float
    sound_until: float
    silent_since: float
    pending_since: float | None = None
    desk_down: bool = False
    urgent: bool = False
    held: bool = False
    person_since: float | None = None
    can_ring: bool = True
    offered: bool = False
    deaf: bool = False


def due(scene: Scene, timing: CallTiming) -> Due | None:
    """The one thing that is due now, None for nothing."""
    if scene.pending_since is not None:
        return _while_pending(scene, timing)
    quiet = scene.now - scene.words_until
    if scene.held:
        return "held" if quiet >= timing.company else _tone(scene, timing)
    if scene.urgent:
        return "company" if quiet >= timing.company else None
    if scene.now - scene.silent_since >= timing.nobody_there:
        return "nobody"
    if scene.person_since is not None:
        return _while_calling(scene, scene.person_since, quiet, timing)
    if quiet >= timing.silence:
        return "unheard" if scene.deaf else "silence"
    return None


def _while_pending(scene: Scene, timing: CallTiming) -> Due | None:
    if scene.desk_down and scene.now - scene.words_until >= timing.company:
        return "desk"
    if scene.desk_down:
        return _tone(scene, timing)
    assert scene.pending_since is not None
    # The caller has heard nothing since his last word, which was the end of a turn before the waiting began.
    since = max(scene.sound_until, scene.pending_since - timing.end_of_turn)
    return "filler" if scene.now - since >= timing.filler else None


def _while_calling(scene: Scene, since: float, quiet: float, timing: CallTiming) -> Due | None:
    waited = scene.now - since
    if waited >= timing.offer_callback and scene.can_ring and not scene.offered and quiet >= timing.breath:
        return "offer"
    if quiet >= timing.company:
        long = waited % (2 * timing.long_wait) >= timing.long_wait
        return "person_long" if long and scene.can_ring else "person"
    return _tone(scene, timing)


def _tone(scene: Scene, timing: CallTiming) -> Due | None:
    return "tone" if scene.now - scene.sound_until >= timing.waiting_tone else None
