"""What the documents say: answers a question, asks for what it needs for that, reads on, or has it written down."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from actions.base import FormQuestion, HotlineAction, Say, Slots, cleared
from actions.heard import Heard
from hotline import cases, policy
from hotline.cases import NewCase
from hotline.ports import Services
from hotline.sessions import Channel, Choice, Reply
from knowledge.policy.files import BadFile
from knowledge.policy.result import Answer
from knowledge.policy.where import covered_places
from knowledge.vocabulary import services as service_words
from knowledge.wording import choice
from language.moments import say_day

SLOT = "policy"
NONE_NEEDED = "none"
"""In place of a card: the caller wants none of them any more."""
FORM = "policy_form"


@dataclass(frozen=True)
class Talk:
    """Where a question stands, as the slot `policy` keeps it. `wants` is what the form asks for: place, choice or next.

    `place` is settled by asking, `cards` with `names` are to be chosen from, `card` was told last and `left` of it
    is still to be read, `sources` are places whose document has been named already.
    """

    question: str = ""
    wants: str | None = None
    place: str | None = None
    asks: str = ""
    cards: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    card: str | None = None
    service: str | None = None
    left: list[str] = field(default_factory=list)
    begun: bool = False
    tries: int = 0
    sources: list[str] = field(default_factory=list)

    def as_slot(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def read_talk(slots: Any) -> Talk:
    """The slot's, or a fresh one."""
    return Talk(**(slots.get(SLOT) or {}))


class AskPolicy(HotlineAction):
    """A question about what the documents say; in the middle of a form it is answered and the form goes on."""

    action_name = "action_ask_policy"

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        before = read_talk(turn.slots)
        talk = Talk(turn.text, place=before.place, sources=before.sources)
        try:
            if before.card and policy.documents().asks_on(turn.text):
                told = await policy.answer_from_card(turn.session_id, turn.turn_id, before.card, turn.text, services)
            else:
                told = await _ask(turn, talk, services)
        except BadFile:
            told = None
        return await tell(told, turn, talk, say, services)


def asks_documents(turn: Heard) -> bool:
    """Whether words that nothing else understood are a question for the documents; never in the middle of a form."""
    return turn.loop is None and policy.asks_documents(turn.text, read_talk(turn.slots).card)


async def _ask(turn: Heard, talk: Talk, services: Services, *, settled: bool = False) -> Answer:
    """Raises BadFile."""
    relation = turn.entity("relation")
    return await policy.answer_question(
        turn.session_id, turn.turn_id, talk.question, talk.place, relation, services, settled=settled
    )


async def tell(told: Answer | None, turn: Heard, talk: Talk, say: Say, services: Services) -> Slots:
    """Say the answer and what follows from it: a question of ours, one offer, or a case for a person."""
    if told is not None and told.outcome in ("ask_place", "choose") and turn.loop is None:
        wants = "place" if told.outcome == "ask_place" else "choice"
        asking = replace(talk, wants=wants, asks=told.spoken, cards=list(told.cards), names=list(told.names), tries=0)
        return _form(asking)
    if told is not None and told.outcome == "answered":
        return _answered(told, turn, talk, say)
    return await _unanswered(told, turn, talk, say, services)


def _form(talk: Talk) -> Slots:
    return {SLOT: talk.as_slot(), "policy_place": None, "policy_choice": None, "policy_next": None, "follow": FORM}


def _answered(told: Answer, turn: Heard, talk: Talk, say: Say) -> Slots:
    """Spoken short with more to come, written whole; the document is named once for each place."""
    phone = turn.channel == Channel.PHONE
    words = "".join(told.sentences) if phone else told.text
    if phone and told.place not in talk.sources:
        words = told.source + words
    say.reply(Reply(words, response="policy_answer"))
    after = replace(
        talk,
        wants="next",
        card=told.cards[0],
        service=told.service,
        left=list(told.details) if phone else [],
        begun=False,
        sources=list(dict.fromkeys((*talk.sources, told.place or ""))),
    )
    return _form(after) if turn.loop is None else {SLOT: after.as_slot()}


async def _unanswered(told: Answer | None, turn: Heard, talk: Talk, say: Say, services: Services) -> Slots:
    """What could not be answered is written down for a person, who may ring back."""
    case = await cases.open_case(turn.session_id, NewCase(turn.turn_id, "ask_policy", talk.question), services)
    said = told is not None and told.outcome not in ("ask_place", "choose")
    if told is not None and said:
        say.reply(Reply("".join(told.sentences), response=f"policy_{told.outcome}"))
    kept = {SLOT: replace(talk, card=told.cards[0] if told and said and told.cards else None).as_slot()}
    if turn.loop is not None:
        say.response("utter_policy_noted" if said else "utter_case_noted")
        return kept
    name = "utter_policy_unanswered" if said else "utter_case_ask_policy"
    say.response(name, promised_on=say_day(case.promised_on, turn.now.date()))
    return {**cleared(), **kept, "case_id": case.case_id, "offer": "case_callback"}


class PolicyNext(HotlineAction):
    """The caller has said which place, which card, or what to do next."""

    action_name = "action_policy_next"
    resumes = False

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        talk, slots = read_talk(turn.slots), turn.slots
        try:
            if talk.wants == "place":
                return await self._with_place(str(slots["policy_place"]), turn, talk, say, services)
            if talk.wants == "choice":
                return await self._chosen(str(slots["policy_choice"]), turn, talk, say, services)
            return await self._next(str(slots["policy_next"]), turn, talk, say, services)
        except BadFile:
            return await _unanswered(None, turn, talk, say, services)

    async def _with_place(self, place: str, turn: Heard, talk: Talk, say: Say, services: Services) -> Slots:
        if not place:
            return await _unanswered(None, turn, talk, say, services)
        settled = replace(talk, place=place)
        return await tell(await _ask(turn, settled, services, settled=True), turn, settled, say, services)

    async def _chosen(self, card: str, turn: Heard, talk: Talk, say: Say, services: Services) -> Slots:
        if card == NONE_NEEDED:
            return _declined(talk, say)
        told = None
        if card:
            told = await policy.answer_from_card(turn.session_id, turn.turn_id, card, talk.question, services)
        return await tell(told, turn, talk, say, services)

    async def _next(self, step: str, turn: Heard, talk: Talk, say: Say, services: Services) -> Slots:
        if step == "about" and talk.card:
            about = replace(talk, question=turn.text)
            told = await policy.answer_from_card(turn.session_id, turn.turn_id, talk.card, turn.text, services)
            return await tell(told, turn, about, say, services)
        if step == "register":
            return await _register(turn, talk, say, services)
        if step == "more" and talk.left:
            return _read_on(talk, say)
        if step == "more":
            return _that_is_all(talk, say)
        return _declined(talk, say)


def _declined(talk: Talk, say: Say) -> Slots:
    say.response("utter_declined")
    return {SLOT: replace(talk, wants=None).as_slot(), "offer": "more"}


def _that_is_all(talk: Talk, say: Say) -> Slots:
    say.response("utter_policy_all")
    return {SLOT: replace(talk, wants=None).as_slot(), "offer": "more"}


def _read_on(talk: Talk, say: Say) -> Slots:
    """The next portion of the written form."""
    portion, *left = talk.left
    say.reply(Reply(portion, response="policy_details"))
    after = replace(talk, left=left, begun=True)
    return _form(after) if left or talk.service else _that_is_all(after, say)


async def _register(turn: Heard, talk: Talk, say: Say, services: Services) -> Slots:
    """A visit where the card names a service, else a case."""
    kept = {SLOT: replace(talk, wants=None).as_slot()}
    if talk.service:
        label = service_words()[talk.service].label
        return {**cleared(), **kept, "service": talk.service, "service_label": label, "follow": "book_service_form"}
    case = await cases.open_case(turn.session_id, NewCase(turn.turn_id, "ask_policy", talk.question), services)
    say.response("utter_policy_registered", promised_on=say_day(case.promised_on, turn.now.date()))
    return {**cleared(), **kept, "case_id": case.case_id, "offer": "case_callback"}


# --- questions -------------------------------------------------------------------------------------------


class _Ask(FormQuestion[Talk]):
    def about(self, slots: Mapping[str, Any]) -> Talk:
        return read_talk(slots)


class AskPlace(_Ask):
    slot = "policy_place"

    def question(self, talk: Talk, channel: str) -> Reply:
        words = policy.documents().wording
        text = words.dialogue.ask_place_again.format(names="、".join(covered_places())) if talk.tries else talk.asks
        return Reply(text, self.name(), tuple(Choice(one, one) for one in covered_places()), asks=self.slot)


class AskChoice(_Ask):
    slot = "policy_choice"

    def question(self, talk: Talk, channel: str) -> Reply:
        dialogue = policy.documents().wording.dialogue
        text = dialogue.ask_choice_again if talk.tries else talk.asks
        choices = tuple(Choice(one, one) for one in (*talk.names, dialogue.label_neither))
        return Reply(text, self.name(), choices, asks=self.slot)


class AskNext(_Ask):
    """One offer: more of it on the phone, a visit or a case, a person."""

    slot = "policy_next"

    def question(self, talk: Talk, channel: str) -> Reply:
        words = policy.documents().wording
        dialogue = words.dialogue
        more, register = (Choice(one, one) for one in (dialogue.label_more, dialogue.label_register))
        person, no = Choice(*choice("person")), Choice(dialogue.label_no, dialogue.label_no)
        if channel != Channel.PHONE or not talk.left:
            return Reply(dialogue.ask_register, self.name(), (register, person, no), asks=self.slot)
        if talk.begun:
            text = dialogue.ask_on_register if talk.service else dialogue.ask_on
        else:
            text = words.offer_register if talk.service else words.offer_more
        return Reply(text, self.name(), (more, register, person), asks=self.slot)


ACTIONS = (AskPolicy, PolicyNext, AskPlace, AskChoice, AskNext)
