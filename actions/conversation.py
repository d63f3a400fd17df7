"""The small words of a conversation: greeting, repeating, slower, louder, stopping, not understanding."""

from actions.base import HotlineAction, Say, Slots, cleared
from actions.heard import Heard
from actions.meant import chosen, label, two_guesses
from actions.policy import AskPolicy, asks_documents
from actions.reading import read_service, read_when
from hotline import person, understanding
from hotline.ports import Services
from hotline.sessions import Turn


class Plain(HotlineAction):
    """Says one response and goes on with whatever is open."""

    response: str

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        say.response(self.response)
        return {}


class Greet(Plain):
    action_name, response = "action_greet", "utter_greet"


class Thanks(Plain):
    action_name, response = "action_thanks", "utter_thanks"


class BotIdentity(Plain):
    action_name, response = "action_bot_identity", "utter_bot_identity"


class Chitchat(Plain):
    action_name, response = "action_chitchat", "utter_chitchat"


class OutOfScope(Plain):
    action_name, response = "action_out_of_scope", "utter_out_of_scope"

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        if asks_documents(turn):
            return await AskPolicy().answer(turn, say, services)
        return await super().answer(turn, say, services)


class Declined(HotlineAction):
    """No, thank you: back to the open question, or whether there is anything else."""

    action_name = "action_declined"

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        if turn.loop is not None:
            return {}
        say.response("utter_declined")
        return {"offer": "more", "later": None}


class Wait(Plain):
    """The question is not asked again: the caller knows it and is looking for something."""

    action_name, response, resumes, offers_later = "action_wait", "utter_wait", False, False


class _Ending(HotlineAction):
    """Says one response and leaves every form; nothing half done stays."""

    response: str
    resumes = False
    leaves_form = True
    offers: str | None = None

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        say.response(self.response)
        nothing = {"enquiry": None, "next_step": None, "policy": None, "requested_slot": None}
        return {**cleared(), **nothing, "offer": self.offers}


class StartOver(_Ending):
    action_name, response, offers_later = "action_start_over", "utter_start_over", False


class Stop(_Ending):
    action_name, response, offers = "action_stop", "utter_stopped", "more"


class Goodbye(_Ending):
    action_name, response, offers_later = "action_goodbye", "utter_goodbye", False


def _say_again(last: Turn | None, say: Say) -> None:
    if last is None:
        say.response("utter_nothing_to_repeat")
    else:
        say.again(last)


class Repeat(HotlineAction):
    action_name, resumes, offers_later = "action_repeat", False, False

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        _say_again(await understanding.last_reply(turn.session_id, services), say)
        return {"offer": turn.slots.get("offer")}


class Slower(HotlineAction):
    action_name, resumes, offers_later = "action_slower", False, False

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        last = await understanding.speak_slower(turn.session_id, services)
        say.response("utter_slower")
        _say_again(last, say)
        return {"offer": turn.slots.get("offer")}


class Louder(HotlineAction):
    action_name, resumes, offers_later = "action_louder", False, False

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        last = await understanding.speak_louder(turn.session_id, services)
        say.response("utter_louder")
        _say_again(last, say)
        return {"offer": turn.slots.get("offer")}


class NotUnderstood(HotlineAction):
    """Once: which of the two likeliest, or say it another way. Twice: a person is offered. Never a third time: a
    person is called.

    Words that are about something in the documents are taken for a question about it.
    """

    action_name = "action_not_understood"
    keeps_offer = True
    offers_later = False

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        if wish := chosen(turn, turn.slots.get("meant") or ()):
            return {"again": wish}
        if asks_documents(turn):
            return await AskPolicy().answer(turn, say, services)
        count = await understanding.misunderstood(turn.session_id, services)
        if count == 1:
            return self._ask(turn, say)
        if count == 2:
            say.response("utter_offer_person")
            return {"offer": "person", "follow": "action_listen"}
        async with services.unit_of_work() as uow:
            session = await uow.sessions.require(turn.session_id)
        asked = await person.request_person(session, turn.turn_id, session.turns, services)
        say.reply(person.reply_to_request(asked, session, services))
        return {"follow": "action_listen"}

    def _ask(self, turn: Heard, say: Say) -> Slots:
        guesses = two_guesses(turn) if turn.loop is None else []
        if not guesses:
            say.response("utter_not_understood")
            return {}
        first, second = map(label, guesses)
        say.response("utter_which_wish", first=first, second=second)
        return {"meant": guesses, "follow": "action_listen"}


class Acknowledge(NotUnderstood):
    """A yes or no that answers nothing: in a form it is not understood, else it only closes what was said."""

    action_name = "action_acknowledge"

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        if turn.loop is not None or turn.slots.get("meant"):
            return await super().answer(turn, say, services)
        say.response("utter_declined")
        return {"offer": "more"}


class Inform(NotUnderstood):
    """An answer to nothing: a service and a time are a wish for a visit, a service alone probably is one."""

    action_name = "action_inform"

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        if turn.entity("service") is None or turn.loop is not None or turn.slots.get("meant"):
            return await super().answer(turn, say, services)
        wanted = read_service(turn, {})
        wanted.update(read_when(turn, wanted))
        if "when" in wanted:  # the form reads everything back and asks for a yes
            return {**wanted, "follow": "book_service_form"}
        say.response("utter_offer_booking", service_label=wanted["service_label"])
        return {**wanted, "offer": "booking"}


class Later(HotlineAction):
    """Yes, please: on with the second request of an earlier breath, as if it had just been said."""

    action_name, resumes = "action_later", False

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        wish = turn.slots["later"]
        return {"later": None, "again": wish}


ACTIONS = (
    Greet,
    Thanks,
    BotIdentity,
    Chitchat,
    OutOfScope,
    Declined,
    Wait,
    StartOver,
    Stop,
    Goodbye,
    Repeat,
    Slower,
    Louder,
    NotUnderstood,
    Acknowledge,
    Inform,
    Later,
)
