"""Who is speaking: a name and the last four digits of the registered number."""

from collections.abc import Mapping
from typing import Any

from actions.base import HotlineAction, Say, Slots
from actions.forms import CareForm, first_empty
from actions.heard import Heard
from hotline import people, person
from hotline.ports import Services
from language.names import read_name
from language.numbers import read_last_four


class IdentifyForm(CareForm):
    form = "identify_form"

    async def understand(self, turn: Heard, slots: Slots, services: Services) -> Slots:
        if turn.requested is None or not self.may_answer(turn):
            return {}
        changes: Slots = {}
        digits = read_last_four(turn.text)
        if digits:
            changes["last_four"] = digits
        name = turn.entity("name") or (read_name(turn.text) if turn.requested == "who" else None)
        if name:
            changes["who"] = name
        return changes

    def next_slot(self, slots: Mapping[str, Any]) -> str | None:
        return first_empty(slots, ("who", "last_four"))


class Identify(HotlineAction):
    """Check it, then go on with what was asked; after three misses a person helps."""

    action_name = "action_identify"
    resumes = False

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        empty: Slots = {"who": None, "last_four": None}
        if await people.identify(turn.session_id, turn.slots["who"], turn.slots["last_four"], services):
            return {**empty, "pending": None, "follow": turn.slots["pending"]}
        async with services.unit_of_work() as uow:
            session = await uow.sessions.require(turn.session_id)
        if session.identify_failures < people.MAX_IDENTIFY_FAILURES:
            say.response("utter_not_identified")
            return {**empty, "follow": "identify_form"}
        await person.request_person(session, turn.turn_id, session.turns, services)
        say.response("utter_identify_needs_person")
        return {**empty, "pending": None}


ACTIONS = (IdentifyForm, Identify)
