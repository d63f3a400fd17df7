"""The forms of a visit: book it, move it, cancel it."""

from collections.abc import Mapping
from typing import Any

from actions.base import Slots
from actions.forms import CareForm, first_empty
from actions.heard import Heard
from actions.reading import (
    phone_tail,
    read_phone_slot,
    read_service,
    read_when,
    read_where,
    read_who,
)
from hotline.people import KnownFacts, known_facts, lives_at
from hotline.ports import Services
from knowledge.wording import say
from language.ordinals import read_choice
from language.text import spoken


class BookServiceForm(CareForm):
    """Service, time, elder, address, number, and an explicit yes to the read-back."""

    form = "book_service_form"
    own_intents = frozenset({"book_service", "change_booking", "update_profile"})

    async def begin(self, turn: Heard, services: Services) -> Slots:
        known = await known_facts(turn.session_id, turn.entity("relation"), turn.entity("name"), services)
        return from_profile(known)

    async def understand(self, turn: Heard, slots: Slots, services: Services) -> Slots:
        if not self.may_answer(turn):
            return {}
        changes: Slots = {}
        for read in (read_service, read_when, read_where, read_who):
            changes.update(read(turn, {**slots, **changes}))
        changes.update(_phone(turn, slots))
        changes.update(await self._other_person(turn, {**slots, **changes}, services))
        changes.update(await _known_home(changes, {**slots, **changes}, services))
        return self._agreed(turn, changes)

    def may_answer(self, turn: Heard) -> bool:
        """Also "forget the bath, clean the flat instead": another service named is no wish to stop."""
        service = turn.entity("service")
        instead = turn.intent in ("stop_current", "cancel_booking", "deny") and service is not None
        return super().may_answer(turn) or (instead and service != turn.slots.get("service"))

    async def _other_person(self, turn: Heard, slots: Slots, services: Services) -> Slots:
        """A relation or a name said in mid-form may name another elder of the profile."""
        relation, name = turn.entity("relation"), slots.get("who") if slots.get("elder_id") is None else None
        if turn.requested is None or not (relation or name):
            return {}
        known = await known_facts(turn.session_id, relation, name, services)
        if known.elder_id and known.elder_id != slots.get("elder_id"):
            return from_profile(known)
        if relation and known.elder_id is None and slots.get("elder_id") and turn.requested in ("confirm", "fix"):
            return {"who": None, "elder_id": None, "where": None, "where_say": None}
        return {}

    def _agreed(self, turn: Heard, changes: Slots) -> Slots:
        """Yes or no to the read-back; anything new in the same breath is read back again."""
        if turn.requested not in ("confirm", "fix"):
            return changes
        if changes:
            return {**changes, "fix": None, "confirm": None}
        if turn.intent == "affirm":
            return {"confirm": turn.requested == "confirm" or None, "fix": None}
        if turn.requested == "fix":
            return _emptied(turn.text)
        return {"fix": "ask"} if turn.intent == "deny" else {}

    def next_slot(self, slots: Mapping[str, Any]) -> str | None:
        missing = first_empty(slots, ("service", "when", "who", "where", "phone"))
        if missing or slots.get("fix") != "ask":
            return missing or first_empty(slots, ("confirm",))
        return "fix"


def from_profile(known: KnownFacts) -> Slots:
    """Slots the profile fills in; address and number are never read out."""
    slots: Slots = {}
    if known.elder_id:
        slots.update(elder_id=known.elder_id, who=known.name)
        if known.has_address:
            slots.update({"where": "registered", "where_say": say("same_place")})
    number = known.calling_number or known.phone
    if number:
        slots.update(phone=number, phone_say=phone_tail(number))
    return slots


async def _known_home(changes: Slots, slots: Mapping[str, Any], services: Services) -> Slots:
    """An address that sounds like the registered one is the registered one, whatever the recogniser wrote."""
    said, elder_id = changes.get("where"), slots.get("elder_id")
    if not said or said == "registered" or not elder_id or not await lives_at(elder_id, said, services):
        return {}
    return {"where": "registered", "where_say": say("same_place")}


def _phone(turn: Heard, slots: Mapping[str, Any]) -> Slots:
    return read_phone_slot(turn, slots) if turn.requested != "where" or turn.entity("phone") else {}


def _emptied(text: str) -> Slots:
    """Names what is wrong without saying what is right: that slot is asked again."""
    words = spoken(text)
    named = {
        slot
        for slot in ("service", "when", "who", "where", "phone")
        if any(word in words for word in say(f"fix_{slot}").split())
    }
    if not named:
        return {}
    slots: Slots = {slot: None for slot in named}
    if "when" in named:
        slots["when_words"] = slots["when_question"] = None
    if "who" in named:
        slots["elder_id"] = None
    return {**slots, "fix": None}


class _OrderForm(CareForm):
    """An order of the caller's, chosen when there are several."""

    def chosen(self, turn: Heard, slots: Mapping[str, Any]) -> Slots:
        if turn.requested != "order_id":
            return {}
        order = choose_order(turn, slots.get("orders") or [])
        return {"order_id": order["order_id"], "order_say": order["say"], "service": order["service"]} if order else {}

    def agreed(self, turn: Heard) -> Slots:
        if turn.requested != "confirm" or turn.intent not in ("affirm", "deny"):
            return {}
        return {"confirm": turn.intent == "affirm"}


def choose_order(turn: Heard, orders: list[dict[str, Any]]) -> dict[str, Any] | None:
    """By its number in the list, its service, or its very words (a button)."""
    if len(orders) == 1:
        return orders[0]
    number = read_choice(turn.text, len(orders))
    if number is not None:
        return orders[number - 1]
    service = turn.entity("service")
    fitting = [o for o in orders if o["say"] in turn.text or (service and o["service"] == service)]
    return fitting[0] if len(fitting) == 1 else None


class CancelBookingForm(_OrderForm):
    """Which order, and a yes; a no ends the form and keeps the order."""

    form = "cancel_booking_form"
    own_intents = frozenset({"cancel_booking"})

    async def understand(self, turn: Heard, slots: Slots, services: Services) -> Slots:
        if not self.may_answer(turn):
            return {}
        agreed = self.agreed(turn)
        if turn.requested == "confirm" and turn.intent == "cancel_booking":
            agreed = {"confirm": True}
        return {**self.chosen(turn, slots), **agreed}

    def next_slot(self, slots: Mapping[str, Any]) -> str | None:
        return first_empty(slots, ("order_id", "confirm"))


class ChangeBookingForm(_OrderForm):
    """Which order, the new time, and a yes."""

    form = "change_booking_form"
    own_intents = frozenset({"change_booking", "book_service"})

    async def understand(self, turn: Heard, slots: Slots, services: Services) -> Slots:
        if not self.may_answer(turn):
            return {}
        chosen = self.chosen(turn, slots)
        if chosen:
            day = next(o["day"] for o in slots["orders"] if o["order_id"] == chosen["order_id"])
            return {"when_words": day, **chosen}
        moved = read_when(turn, slots)
        return {**moved, "confirm": None} if moved else self.agreed(turn)

    def next_slot(self, slots: Mapping[str, Any]) -> str | None:
        return first_empty(slots, ("order_id", "when", "confirm"))
