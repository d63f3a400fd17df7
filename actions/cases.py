"""Cases: what has no task of its own yet is written down, and its progress can be asked."""

from collections.abc import Mapping
from typing import Any

from actions.base import HotlineAction, Say, Slots, cleared
from actions.forms import OTHER_WISHES, CareForm, first_empty
from actions.heard import Heard
from hotline import cases
from hotline.cases import Case, NewCase
from hotline.ports import Services
from language.addresses import looks_like_address, read_address
from language.moments import say_day
from language.numbers import read_phone
from language.text import spoken

ENOUGH_DETAIL = 8
"""Characters: a shorter wish ("我要投诉") is asked for what it is about."""

CASE_INTENTS = frozenset(
    "ask_policy check_eligibility find_place request_welfare_check pause_visits update_profile complain"
    " rate_service volunteer".split()
)


class CaseAction(HotlineAction):
    """Open a case at once, ask what it is about, or, in the middle of a form, note it and go on."""

    action_name = "action_case"

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        if turn.loop is not None:
            await cases.open_case(turn.session_id, NewCase(turn.turn_id, turn.intent, turn.text), services)
            say.response("utter_case_noted")
            return {}
        if len(spoken(turn.text)) < ENOUGH_DETAIL and not turn.entity("benefit"):
            return {**cleared(), "case_type": turn.intent, "follow": "case_form"}
        return await open_case(turn, turn.intent, turn.text, say, services)


class CaseForm(CareForm):
    """One open question; whatever is said answers it."""

    form = "case_form"
    own_intents = CASE_INTENTS | OTHER_WISHES | {"report_abuse"}

    async def understand(self, turn: Heard, slots: Slots, services: Services) -> Slots:
        if turn.requested != "details" or not self.may_answer(turn) or turn.intent in ("affirm", "deny"):
            return {}
        return {"details": turn.text}

    def next_slot(self, slots: Mapping[str, Any]) -> str | None:
        return first_empty(slots, ("details",))


class OpenCase(HotlineAction):
    action_name = "action_open_case"
    resumes = False

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        return await open_case(turn, turn.slots["case_type"], turn.slots["details"], say, services)


async def open_case(turn: Heard, type_: str, told: str, say: Say, services: Services) -> Slots:
    """Write it down, say what happens next, and offer to ring back."""
    if type_ == "update_profile":
        field, value = _changed_field(told)
        await cases.ask_profile_change(turn.session_id, turn.turn_id, field, value, told, services)
    case = await cases.open_case(turn.session_id, NewCase(turn.turn_id, type_, told), services)
    say.response(f"utter_case_{type_}", promised_on=say_day(case.promised_on, turn.now.date()))
    return {**cleared(), "case_id": case.case_id, "offer": "case_callback"}


def _changed_field(told: str) -> tuple[str, str]:
    """Which registered fact should change, and to what; a person reads the words anyway."""
    number = read_phone(told)
    if number:
        return "phone", number
    if looks_like_address(told):
        return "address", read_address(told) or told
    return "other", told


class CaseCallback(HotlineAction):
    """Yes or no to being rung about the case."""

    action_name = "action_case_callback"
    resumes = False

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        wanted = turn.intent == "affirm"
        await cases.want_callback(turn.session_id, turn.slots["case_id"], wanted, services)
        say.response("utter_case_callback" if wanted else "utter_case_no_callback")
        return {"case_id": None, "offer": "more"}


class QueryCase(HotlineAction):
    """How far is it?"""

    action_name = "action_query_case"

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        found = await cases.progress(turn.session_id, services)
        if found is None:
            return {"pending": self.action_name, "who": None, "follow": "identify_form"}
        if not found:
            say.response("utter_no_cases")
            return {}
        _tell(found[0], turn, say)
        return {}


def _tell(case: Case, turn: Heard, say: Say) -> None:
    today = turn.now.date()
    opened = say_day(case.opened_at.astimezone(turn.now.tzinfo).date(), today)
    name = "utter_case_progress" if case.status == "open" else "utter_case_closed"
    say.response(name, opened=opened, promised_on=say_day(case.promised_on, today))


ACTIONS = (CaseAction, CaseForm, OpenCase, CaseCallback, QueryCase)
