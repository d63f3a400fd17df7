"""What else was meant: the second request of one breath, and the guesses between which a caller is asked to choose."""

from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk.events import ActionExecuted, EventType, UserUttered

from actions.heard import ACTION_LISTEN, Heard
from knowledge.vocabulary import wishes
from language.ordinals import read_choice
from language.text import spoken

ALSO = "also"
OFFERED_FROM = 0.5
"""Two guesses are named when together they are at least so likely; chosen on the development set."""

Wish = Mapping[str, Any]
"""Something that may be wanted: `intent`, the caller's `text` for it, and the `entities` in it."""


def second_request(turn: Heard) -> Wish | None:
    """What this turn asked for beside its intent; None for one request, or for one that has no name to offer it by."""
    for entity in turn.entities:
        if entity["entity"] == ALSO and entity["value"] in wishes():
            return _wish(entity["value"], turn, entity["start"], entity["end"])
    return None


def _wish(intent: str, turn: Heard, start: int, end: int) -> Wish:
    within = [e for e in turn.entities if e["entity"] != ALSO and start <= e["start"] and e["end"] <= end]
    return {"intent": intent, "text": turn.text[start:end].strip(" ，。,."), "entities": within}


def two_guesses(turn: Heard) -> list[Wish]:
    """The two likeliest wishes of a turn that was not understood; [] when even they are unlikely."""
    likely = [(name, chance) for name, chance in turn.ranking if name != "nlu_fallback"][:2]
    if len(likely) < 2 or sum(chance for _, chance in likely) < OFFERED_FROM:
        return []
    if any(name not in wishes() for name, _ in likely):
        return []
    return [_wish(name, turn, 0, len(turn.text)) for name, _ in likely]


def chosen(turn: Heard, guesses: Sequence[Wish]) -> Wish | None:
    """The guess that the caller names: by its place (第一个, 后面那个) or by its words, as on the button."""
    words = spoken(turn.text)
    for guess in guesses:
        if spoken(wishes()[guess["intent"]]) in words:
            return guess
    number = read_choice(turn.text, len(guesses))
    return guesses[number - 1] if number else None


def label(wish: Wish) -> str:
    """The words by which a wish is offered."""
    return wishes()[wish["intent"]]


def as_if_said(wish: Wish, turn: Heard) -> list[EventType]:
    """The events that make the dialogue go on as if the caller had just said this, and meant it."""
    parsed = {
        "intent": {"name": wish["intent"], "confidence": 1.0},
        "entities": list(wish["entities"]),
        "metadata": {"turn_id": turn.turn_id, "now": turn.now.isoformat(), "channel": turn.channel},
    }
    said = UserUttered(wish["text"], parse_data=parsed, input_channel=turn.channel)
    return [ActionExecuted(ACTION_LISTEN), {**said, "metadata": parsed["metadata"]}]
