"""May I get it? Begins an enquiry, asks its questions, tells the verdict and does what the caller wants next."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.base import FormQuestion, HotlineAction, Say, Slots
from actions.eligibility_forms import CheckEligibilityForm, EligibilityNextForm, offered, read
from actions.enquiry import SLOT, Enquiry, read_enquiry
from actions.heard import Heard
from actions.policy import AskPolicy, asks_documents
from hotline import cases, eligibility
from hotline.cases import NewCase
from hotline.ports import Services
from hotline.sessions import Channel, Choice, Reply
from knowledge.policy import told
from knowledge.policy.rule_finding import rules_of
from knowledge.vocabulary import places
from knowledge.wording import choice
from language.moments import say_day

MOST_NAMED = 3
"""Benefits that are named as examples, or to choose from by ear."""


class StartEligibility(HotlineAction):
    """A fresh enquiry, or the open one again when the caller only says more about it."""

    action_name = "action_start_eligibility"
    resumes = False

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        relation, name = turn.entity("relation"), turn.entity("name")
        about = await eligibility.asked_for(turn.session_id, turn.text, relation, name, services)
        enquiry = Enquiry(
            day=turn.now.date().isoformat(),
            words=turn.text,
            place=about.place,
            elder_id=about.elder_id,
            name=about.name,
            ages=list(about.ages) if about.ages else None,
            back_to=turn.loop if turn.loop != CheckEligibilityForm.form else None,
        )
        begun = read(replace(turn, requested=None), enquiry)
        if not begun.claims and asks_documents(turn):
            return await AskPolicy().answer(turn, say, services)
        return {SLOT: begun.as_slot(), "next_step": None, "follow": CheckEligibilityForm.form}


class TellEligibility(HotlineAction):
    """The verdict, or that we hold no document or rule for it; then one offer, unless a form was interrupted."""

    action_name = "action_tell_eligibility"
    resumes = False

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        enquiry = read_enquiry(turn.slots)
        if enquiry is None:  # nothing was asked: not to be reached, and never silent
            return {"follow": "action_not_understood"}
        if not enquiry.rule or enquiry.folder is None:
            return await self._without_rule(turn, enquiry, say, services)
        verdict = enquiry.verdict
        await eligibility.keep(turn.session_id, turn.turn_id, verdict, dict(enquiry.facts), enquiry.elder_id, services)
        form = told.spoken if turn.channel == Channel.PHONE else told.written
        say.reply(Reply(form(verdict, enquiry.assessor), response="eligibility_verdict"))
        follow = enquiry.back_to or EligibilityNextForm.form
        kept = None if enquiry.back_to else replace(enquiry, told=True, choices=[]).as_slot()
        return {SLOT: kept, "next_step": None, "follow": follow}

    async def _without_rule(self, turn: Heard, enquiry: Enquiry, say: Say, services: Services) -> Slots:
        words = enquiry.wording
        if enquiry.folder is None:
            text = words.no_place
        else:
            text = words.no_rule.format(place=enquiry.place, benefit=enquiry.called)
        say.reply(Reply(text, response="eligibility_no_rule"))
        return await _register(turn, enquiry, enquiry.words, say, services)


async def _register(turn: Heard, enquiry: Enquiry, summary: str, say: Say, services: Services) -> Slots:
    """A case for a person; whether to ring back is asked, unless an interrupted form goes on."""
    case = await cases.open_case(turn.session_id, NewCase(turn.turn_id, "check_eligibility", summary), services)
    if enquiry.back_to:
        say.response("utter_case_noted")
        return {SLOT: None, "follow": enquiry.back_to}
    name = "utter_eligibility_registered" if enquiry.told else "utter_case_check_eligibility"
    say.response(name, promised_on=say_day(case.promised_on, turn.now.date()))
    return {SLOT: None, "case_id": case.case_id, "offer": "case_callback"}


class EligibilityNext(HotlineAction):
    """More of it, a case, or nothing."""

    action_name = "action_eligibility_next"
    resumes = False

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        enquiry, step = read_enquiry(turn.slots), turn.slots.get("next_step")
        if enquiry is None or step == "no":
            say.response("utter_declined")
            return {SLOT: None, "next_step": None, "offer": "more"}
        if step == "register":
            return {**await _register(turn, enquiry, _summary(enquiry), say, services), "next_step": None}
        say.reply(Reply(told.details(enquiry.verdict, enquiry.assessor), response="eligibility_details"))
        detailed = replace(enquiry, detailed=True)
        return {SLOT: detailed.as_slot(), "next_step": None, "follow": EligibilityNextForm.form}


def _summary(enquiry: Enquiry) -> str:
    """For the person who takes the case."""
    verdict, wording = enquiry.verdict, enquiry.assessor.wording
    facts = "，".join(f"{name}={value}" for name, value in enquiry.facts.items())
    return wording.dialogue.noted.format(
        place=verdict.place, name=verdict.name, verdict=wording.verdicts[verdict.verdict], facts=facts
    )


# --- questions -------------------------------------------------------------------------------------------


class _Ask(FormQuestion[Enquiry]):
    def about(self, slots: Mapping[str, Any]) -> Enquiry | None:
        return read_enquiry(slots)


class AskPlace(_Ask):
    slot = "place_asked"

    def question(self, enquiry: Enquiry, channel: str) -> Reply:
        known = [document.place for document in enquiry.library.documents().values()]
        named = [place for place in places() if place in known]
        text = enquiry.wording.ask_place
        if enquiry.misses:
            text = enquiry.wording.ask_place_again.format(places=enquiry.assessor.wording.and_.join(named))
        return Reply(text, response=self.name(), choices=tuple(Choice(one, one) for one in named), asks="place")


class AskBenefit(_Ask):
    slot = "benefit_asked"

    def question(self, enquiry: Enquiry, channel: str) -> Reply:
        names, wording = rules_of(enquiry.library, enquiry.folder or ""), enquiry.assessor.wording
        if enquiry.choices:
            listed = [names[rule] for rule in enquiry.choices][:MOST_NAMED]
            text = wording.dialogue.ask_which.format(names=wording.or_.join(listed))
        else:
            listed = _for_persons(enquiry, names)[:MOST_NAMED]
            text = wording.dialogue.ask_benefit.format(examples=wording.and_.join(listed))
        return Reply(text, response=self.name(), choices=tuple(Choice(one, one) for one in listed), asks="benefit")


def _for_persons(enquiry: Enquiry, names: Mapping[str, str]) -> list[str]:
    """First what costs somebody else money; what institutions get is never offered to a caller."""
    benefits = enquiry.library.benefits()
    order = ("person", "service", "works", "none")
    payees = {rule: benefits[rule].payee if rule in benefits else "none" for rule in names}
    return [names[rule] for payee in order for rule in names if payees[rule] == payee]


class AskProfile(_Ask):
    slot = "profile_agreed"

    def question(self, enquiry: Enquiry, channel: str) -> Reply:
        text = enquiry.wording.confirm_age.format(name=enquiry.name)
        return Reply(text, response=self.name(), choices=_yes_no(enquiry), asks=self.slot)


class AskFact(_Ask):
    """In the fact's own words; the answers that it may have are buttons."""

    slot = "fact"

    def question(self, enquiry: Enquiry, channel: str) -> Reply:
        name = enquiry.asked or ""
        fact = enquiry.fact(name)
        again = fact.asks_more if enquiry.again == name else None
        unknown = enquiry.wording.label_unknown
        choices: tuple[Choice, ...] = ()
        if fact.kind == "choice":
            choices = tuple(Choice(one, one) for one in fact.choices)
        elif fact.kind == "yes_no":
            choices = _yes_no(enquiry)
        return Reply(
            again or fact.asks or "", response=self.name(), choices=(*choices, Choice(unknown, unknown)), asks=name
        )


def _yes_no(enquiry: Enquiry) -> tuple[Choice, ...]:
    words = enquiry.wording
    return Choice(words.label_yes, words.label_yes), Choice(words.label_no, words.label_no)


class AskNextStep(_Ask):
    slot = "next_step"

    def question(self, enquiry: Enquiry, channel: str) -> Reply:
        words = enquiry.wording
        detail, register = (Choice(label, label) for label in (words.label_detail, words.label_register))
        person = Choice(words.label_person, choice("person")[1])
        if offered(channel, enquiry) == "detail":
            return Reply(words.offer, response=self.name(), choices=(detail, register, person), asks=self.slot)
        return Reply(words.offer_written, response=self.name(), choices=(register, person), asks=self.slot)


ACTIONS = (
    StartEligibility,
    TellEligibility,
    EligibilityNext,
    AskPlace,
    AskBenefit,
    AskProfile,
    AskFact,
    AskNextStep,
)
