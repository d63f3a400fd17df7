"""What all actions share: read the turn, do one thing, say what follows."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.enquiry import is_open
from actions.heard import ACTION_LISTEN, Heard, heard
from actions.meant import as_if_said, label, second_request
from actions.provider import services
from hotline.ports import Services
from hotline.sessions import Reply, Turn

Slots = dict[str, Any]
T = TypeVar("T")

FORM_SLOTS = (
    "service service_label when when_words when_say when_question who elder_id relation where where_say phone"
    " phone_say phone_begun phone_question confirm fix orders orders_say order_id order_say pending last_four reason"
    " callback_by case_type details case_id safe_to_ring"
).split()


class Say:
    """The dispatcher, in our words."""

    def __init__(self, dispatcher: CollectingDispatcher) -> None:
        self._dispatcher = dispatcher

    def response(self, name: str, **facts: Any) -> None:
        """A response of the domain with its facts."""
        self._dispatcher.utter_message(response=name, **facts)

    def reply(self, reply: Reply) -> None:
        """Words the hotline made (from knowledge): said as they are."""
        buttons = [{"title": c.label, "payload": c.says} for c in reply.choices]
        metadata = {"then": reply.then, "asks": reply.asks, "response": reply.response}
        self._dispatcher.utter_message(text=reply.text, buttons=buttons, metadata=metadata)

    def again(self, turn: Turn) -> None:
        """The reply of an earlier turn, word for word, with its buttons and its question."""
        buttons = [{"title": c["label"], "payload": c["says"]} for c in turn.choices]
        metadata = {"then": turn.then, "asks": turn.asks, "response": turn.response}
        self._dispatcher.utter_message(text=turn.reply, buttons=buttons, metadata=metadata)


class HotlineAction(Action):
    """One action. `answer` says something and gives the slots to set; `follow` names what comes next.

    By default the open form asks its question again, or we listen; when another form has been finished, an
    interrupted enquiry goes on. `keeps_offer`: an offer just made is made again. `again` in the result is a wish to
    go on with as if it had just been said. Once a matter is done, the second request of the same breath is offered.
    """

    action_name: str
    resumes = True
    leaves_form = False
    keeps_offer = False
    offers_later = True

    def name(self) -> str:
        return self.action_name

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[EventType]:
        turn = heard(tracker)
        say = Say(dispatcher)
        slots = {**second_request_of(turn), **await self.answer(turn, say, services())}
        again = slots.pop("again", None)
        follow = slots.pop("follow", None) or self._resumed(turn, slots, dispatcher) or ACTION_LISTEN
        if again is None and follow == ACTION_LISTEN:
            slots |= self._offer_later(turn, slots, say)
        slots = {"offer": None, "meant": None, **slots}
        events: list[EventType] = [SlotSet(name, value) for name, value in slots.items()]
        if again is not None:
            return [*events, *as_if_said(again, turn)]
        return [*self._form_events(turn, follow), *events, FollowupAction(follow)]

    def _resumed(self, turn: Heard, slots: Slots, dispatcher: CollectingDispatcher) -> str | None:
        if turn.loop or turn.offer_form:
            return turn.loop if self.resumes else turn.offer_form if self.keeps_offer else None
        enquiry = slots.get("enquiry", turn.slots.get("enquiry"))
        if self.leaves_form or slots.get("offer") or not is_open(enquiry):
            return None
        Say(dispatcher).response("utter_back_to_eligibility")
        return "check_eligibility_form"

    def _offer_later(self, turn: Heard, slots: Slots, say: Say) -> Slots:
        """Ask once about what was said in the same breath, when nothing else is open."""
        later = slots.get("later", turn.slots.get("later"))
        idle = (turn.loop is None or self.leaves_form) and slots.get("offer") in (None, "more")
        if not (self.offers_later and idle and later) or later.get("offered"):
            return {}
        say.response("utter_offer_later", wish=label(later))
        return {"later": {**later, "offered": True}, "offer": "later"}

    def _form_events(self, turn: Heard, follow: str) -> list[EventType]:
        """Rasa holds a form that an interruption rejected for closed to the next answer unless it ran again."""
        if self.leaves_form:
            return [ActiveLoop(None)]
        if turn.offer_form and follow != turn.offer_form and self.resumes:
            return [ActiveLoop(None), SlotSet("requested_slot", None)]
        if turn.offer_form and follow == ACTION_LISTEN:
            return [ActiveLoop(turn.offer_form)]
        return [ActiveLoop(turn.loop)] if turn.loop and follow == ACTION_LISTEN else []

    @abstractmethod
    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        """Do the one thing. The key `follow` in the result names the next action."""


def second_request_of(turn: Heard) -> Slots:
    """The slot for a second request, when this turn holds one."""
    second = second_request(turn) if turn.fresh else None
    return {"later": second} if second else {}


class FormQuestion(Action, Generic[T]):
    """A form's question whose words are made here. Part of the form: nothing follows it."""

    slot: str

    def name(self) -> str:
        return f"action_ask_{self.slot}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[EventType]:
        services()  # as every action: not before bootstrap has set them
        turn = heard(tracker)
        about = self.about(turn.slots)
        if about is not None:
            Say(dispatcher).reply(self.question(about, turn.channel))
        return []

    @abstractmethod
    def about(self, slots: Mapping[str, Any]) -> T | None:
        """What the form has come to; None: there is nothing to ask about."""

    @abstractmethod
    def question(self, about: T, channel: str) -> Reply:
        """What is asked."""


def cleared(*keep: str) -> Slots:
    """All form slots empty again, but those to keep."""
    return {name: None for name in FORM_SLOTS if name not in keep}
