"""Callbacks: why, and to which number."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from actions.base import HotlineAction, Say, Slots, cleared
from actions.booking_forms import from_profile
from actions.forms import CareForm, first_empty
from actions.heard import Heard
from actions.reading import read_phone_slot, read_when
from hotline import callbacks
from hotline.callbacks import NewCallback
from hotline.people import known_facts
from hotline.ports import Services
from knowledge.wording import say as words
from language.moments import say_moment
from language.text import spoken

ENOUGH_TO_BE_A_REASON = 6
"""Characters beside the wish for a call itself."""


class RequestCallbackForm(CareForm):
    form = "request_callback_form"
    own_intents = frozenset(
        "request_callback ask_policy check_eligibility find_place book_service complain query_case query_booking"
        " request_welfare_check update_profile volunteer rate_service pause_visits".split()
    )
    """Asked why, any of these is a reason, not an interruption."""

    async def begin(self, turn: Heard, services: Services) -> Slots:
        known = from_profile(await known_facts(turn.session_id, None, None, services))
        return {name: known[name] for name in ("phone", "phone_say") if name in known}

    async def understand(self, turn: Heard, slots: Slots, services: Services) -> Slots:
        if not self.may_answer(turn):
            return {}
        changes = {**read_when(turn, slots), **read_phone_slot(turn, slots)}
        reason = self._reason(turn)
        return {**changes, "reason": reason} if reason else changes

    def _reason(self, turn: Heard) -> str | None:
        if turn.requested == "reason" and turn.intent not in ("affirm", "greet"):
            return turn.text
        rest = spoken(turn.text)
        for wish in words("callback_words").split():
            rest = rest.replace(wish, "")
        long_enough = turn.requested is None and len(rest) >= ENOUGH_TO_BE_A_REASON
        about = turn.entity("service") or turn.entity("benefit") or "事" in rest or "问" in rest
        return turn.text if long_enough and about else None

    def next_slot(self, slots: Mapping[str, Any]) -> str | None:
        return first_empty(slots, ("reason", "phone"))


class PromiseCallback(HotlineAction):
    action_name = "action_promise_callback"
    resumes = False

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        slots = turn.slots
        when = slots.get("when")
        wanted = NewCallback(
            turn_id=turn.turn_id,
            reason="requested",
            number=slots["phone"],
            at=datetime.fromisoformat(when["start"]) if when else None,
            words=slots["reason"],
            when_words=slots.get("when_words"),
        )
        promised = await callbacks.promise(turn.session_id, wanted, services)
        name = "utter_callback_promised_at" if when else "utter_callback_promised"
        by = slots["when_say"] if when else say_moment(promised.promised_at, turn.now)
        say.response(name, callback_by=by, phone_say=slots["phone_say"])
        return cleared()


ACTIONS = (RequestCallbackForm, PromiseCallback)
