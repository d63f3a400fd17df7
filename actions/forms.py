"""What our forms share: a turn fills every slot it speaks of; one that fills none is an interruption."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Slots, second_request_of
from actions.heard import Heard, heard
from actions.provider import services
from hotline.ports import Services

ANSWERS = frozenset({"inform", "affirm", "deny", "nlu_fallback", "out_of_scope", "chitchat", "greet"})
"""Intents under which a turn may be an answer to the form; all others interrupt it."""

OTHER_WISHES = frozenset(
    "book_service query_booking change_booking cancel_booking complain query_case pause_visits rate_service"
    " volunteer".split()
)
"""Intents of a wish of its own: what somebody tells may sound like one (送餐的这周迟到了三次)."""


class CareForm(Action):
    """Validation of one form. Rasa rejects the form when nothing is filled, and the interrupting rule acts."""

    form: str
    own_intents: frozenset[str] = frozenset()

    def name(self) -> str:
        return f"validate_{self.form}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[EventType]:
        turn = heard(tracker)
        if _begins(tracker, self.form):  # the slot asked for may still be that of a form left behind
            turn = replace(turn, requested=None)
        slots = dict(turn.slots)
        changes: Slots = {}
        if turn.requested is None:
            known = await self.begin(turn, services())
            changes.update({name: value for name, value in known.items() if slots.get(name) is None})
        if turn.fresh:
            changes.update(await self.understand(turn, {**slots, **changes}, services()))
            if turn.requested is not None and not changes:
                return []
        slots.update(changes)
        if changes:
            changes = {"offer": None, "meant": None, **changes, **second_request_of(turn)}
        events: list[EventType] = [SlotSet(name, value) for name, value in changes.items()]
        return [*events, SlotSet("requested_slot", self.next_slot(slots))]

    async def begin(self, turn: Heard, services: Services) -> Slots:
        """What is known before the first question."""
        return {}

    @abstractmethod
    async def understand(self, turn: Heard, slots: Slots, services: Services) -> Slots:
        """The slots this turn fills or changes; {} when it answers nothing here."""

    @abstractmethod
    def next_slot(self, slots: Mapping[str, Any]) -> str | None:
        """What to ask next; None ends the form."""

    def may_answer(self, turn: Heard) -> bool:
        """Whether the turn can be meant for this form at all."""
        if turn.slots.get("offer") and turn.intent in ("affirm", "deny"):
            return False
        return turn.requested is None or turn.intent in ANSWERS or turn.intent in self.own_intents


def _begins(tracker: Tracker, form: str) -> bool:
    """Whether the form has become active since the caller spoke, perhaps in the middle of another one."""
    if tracker.active_loop_name != form:
        return True
    for event in reversed(tracker.events):
        if event["event"] in ("user", "active_loop"):
            return event["event"] == "active_loop"
    return True


def first_empty(slots: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    """The first of the names without a value."""
    return next((name for name in names if slots.get(name) is None), None)
