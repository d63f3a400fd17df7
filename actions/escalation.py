"""Danger that the model heard, abuse and fraud, and a person."""

from collections.abc import Mapping
from typing import Any

from actions.base import HotlineAction, Say, Slots, cleared
from actions.forms import CareForm, first_empty
from actions.heard import Heard
from hotline import abuse, danger, person
from hotline.danger import is_clear_no, says_yes
from hotline.ports import Services
from hotline.sessions import Choice, Reply
from knowledge.safety import common, guidance
from knowledge.wording import choice


class ReportEmergency(HotlineAction):
    """The screen did not hear danger but the model did: one short question."""

    action_name = "action_report_emergency"
    resumes = False
    offers_later = False

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        if not await danger.ask_unless_answered(turn.session_id, turn.turn_id, turn.text, services):
            say.reply(Reply(common()["after_no"], response="after_no"))
            return {"follow": turn.loop} if turn.loop else {}
        choices = (Choice(*choice("yes")), Choice(*choice("no")))
        say.reply(Reply(common()["danger_question"], response="danger_question", choices=choices))
        return {}


class ReportAbuse(HotlineAction):
    """Careful words, and whether this number may be rung."""

    action_name = "action_report_abuse"
    resumes = False
    offers_later = False

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        raised = await abuse.report(turn.session_id, turn.turn_id, turn.text, services)
        say.reply(Reply(guidance(raised.kind).first, response=f"report_{raised.kind}"))
        return {**cleared(), "follow": "safe_to_ring_form"}


class SafeToRingForm(CareForm):
    """Only a yes makes the number safe; whatever else is said is kept for the person who decides."""

    form = "safe_to_ring_form"
    own_intents = frozenset({"request_callback", "change_booking", "update_profile", "bot_identity"})

    async def understand(self, turn: Heard, slots: Slots, services: Services) -> Slots:
        if turn.requested != "safe_to_ring" or not self.may_answer(turn):
            return {}
        yes = says_yes(turn.text) or (turn.intent == "affirm" and not is_clear_no(turn.text))
        return {"safe_to_ring": yes}

    def next_slot(self, slots: Mapping[str, Any]) -> str | None:
        return first_empty(slots, ("safe_to_ring",))


class SafeToRing(HotlineAction):
    action_name = "action_safe_to_ring"
    resumes = False
    offers_later = False

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        safe = bool(turn.slots.get("safe_to_ring"))
        await abuse.safe_to_ring(turn.session_id, safe, turn.text, services)
        say.response("utter_safe_to_ring" if safe else "utter_not_safe_to_ring")
        return cleared()


class RequestOperator(HotlineAction):
    """A person, asked for in words that the screen did not know."""

    action_name = "action_request_operator"
    resumes = False
    offers_later = False

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        async with services.unit_of_work() as uow:
            session = await uow.sessions.require(turn.session_id)
        asked = await person.request_person(session, turn.turn_id, session.turns, services)
        say.reply(person.reply_to_request(asked, session, services))
        return {}


ACTIONS = (ReportEmergency, ReportAbuse, SafeToRingForm, SafeToRing, RequestOperator)
