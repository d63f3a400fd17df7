"""What the caller said in this turn, out of Rasa's tracker."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rasa_sdk import Tracker

ACTION_LISTEN = "action_listen"

OFFERS = frozenset({"eligibility_next_form", "policy_form"})
"""Forms that only offer something: whatever else the caller wants instead ends them, and they never come back."""


@dataclass(frozen=True)
class Heard:
    """One turn as the dialogue sees it. `fresh` is False when a form only comes back from an interruption.

    `loop` is the open form, `offer_form` one that only makes an offer.
    `location` is a point that was sent (latitude, longitude); then there are no words.
    """

    session_id: str
    turn_id: str
    now: datetime
    channel: str
    text: str
    intent: str
    entities: tuple[Mapping[str, Any], ...]
    slots: Mapping[str, Any]
    loop: str | None
    requested: str | None
    fresh: bool
    offer_form: str | None = None
    location: tuple[float, float] | None = None
    ranking: tuple[tuple[str, float], ...] = ()

    def entity(self, name: str) -> Any:
        """The last value of this entity (a correction comes after the slip), or None. What is only implied does not
        count: 我想约个洗澡 may be said for one's mother.
        """
        values = [e["value"] for e in self.entities if e["entity"] == name and not e.get("implied")]
        return values[-1] if values else None


def heard(tracker: Tracker) -> Heard:
    """Read the tracker once."""
    message = tracker.latest_message
    metadata = message.get("metadata") or {}
    active = tracker.active_loop_name
    return Heard(
        session_id=tracker.sender_id,
        turn_id=metadata["turn_id"],
        now=datetime.fromisoformat(metadata["now"]),
        channel=metadata.get("channel") or tracker.get_latest_input_channel() or "",
        text="" if metadata.get("location") else message.get("text") or "",
        intent=(message.get("intent") or {}).get("name") or "",
        ranking=tuple((one["name"], one["confidence"]) for one in message.get("intent_ranking") or ()),
        entities=tuple(message.get("entities") or ()),
        slots=dict(tracker.slots),
        loop=None if active in OFFERS else active,
        requested=tracker.slots.get("requested_slot"),
        fresh=_is_fresh(tracker),
        offer_form=active if active in OFFERS else None,
        location=tuple(metadata["location"]) if metadata.get("location") else None,
    )


def _is_fresh(tracker: Tracker) -> bool:
    """True when no other action has run since the caller spoke (the running form itself does not count)."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return True
        if event["event"] == "action" and event["name"] not in (ACTION_LISTEN, tracker.active_loop_name):
            return event["name"] == "action_extract_slots" or event["name"].startswith("validate_")
    return True
