"""Visits: book, look up, move, cancel."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import HotlineAction, Say, Slots, cleared
from actions.booking_forms import choose_order
from actions.heard import Heard
from actions.reading import read_when
from hotline import booking, cases
from hotline.booking import BookVisit, Upcoming, VisitOrder
from hotline.errors import NotAllowed, TimeTaken
from hotline.ports import Services
from knowledge.vocabulary import services as service_words
from knowledge.wording import say as words
from language.moments import say_day
from language.times import say_window


def _window(slots: Any) -> tuple[datetime, datetime]:
    when = slots["when"]
    start = datetime.fromisoformat(when["start"])
    end = booking.window_end(slots["service"], start) if when["exact"] and slots.get("service") else None
    return start, end or datetime.fromisoformat(when["end"])


def order_words(order: VisitOrder, now: datetime) -> str:
    """十一月二十三号星期一上午九点的助浴."""
    return words("order", when=say_window(order.starts_at, order.ends_at, now), service=_label(order.service))


def _day(order: VisitOrder) -> str:
    """The day of the visit in words that are read as a time: 改到下午两点 means that day."""
    return f"{order.starts_at.month}月{order.starts_at.day}号"


def _label(service: str) -> str:
    return service_words()[service].label


class BookVisitAction(HotlineAction):
    """The read-back got its yes."""

    action_name = "action_book_visit"
    form = "book_service_form"
    resumes = False

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        slots = turn.slots
        if not service_words()[slots["service"]].at_home:
            return await self._arrange(turn, say, services)
        try:
            order = await booking.book(self._command(turn), services)
        except TimeTaken as taken:
            return await ask_other_time(turn, taken.order_id, say, services, self.form)
        say.response("utter_booked", when_say=slots["when_say"], service_label=_label(order.service))
        return cleared()

    def _command(self, turn: Heard) -> BookVisit:
        slots = turn.slots
        start, end = _window(slots)
        where = slots["where"]
        return BookVisit(
            session_id=turn.session_id,
            turn_id=turn.turn_id,
            service=slots["service"],
            starts_at=start,
            ends_at=end,
            name=slots["who"],
            phone=slots["phone"],
            address=None if where == "registered" else where,
            elder_id=slots.get("elder_id"),
        )

    async def _arrange(self, turn: Heard, say: Say, services: Services) -> Slots:
        """Not a visit to the home: a case for the people who arrange it."""
        told = words("arrange", service=turn.slots["service_label"], when=turn.slots["when_say"], who=turn.slots["who"])
        case = await cases.open_case(turn.session_id, cases.NewCase(turn.turn_id, "book_service", told), services)
        say.response("utter_case_book_service", promised_on=say_day(case.promised_on, turn.now.date()))
        return {**cleared(), "case_id": case.case_id, "offer": "case_callback"}


async def ask_other_time(turn: Heard, order_id: str, say: Say, services: Services, form: str) -> Slots:
    """The elder has a visit then: say which, and ask for another time."""
    async with services.unit_of_work() as uow:
        order = await uow.orders.require(order_id)
    say.response("utter_time_taken", order_say=order_words(order, turn.now))
    # The words stay: an hour alone means the same day.
    again = {"when": None, "when_say": None, "when_question": "taken", "confirm": None}
    return {**again, "follow": form}


class QueryBooking(HotlineAction):
    """When do they come?"""

    action_name = "action_query_booking"

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        found = await booking.upcoming(turn.session_id, services)
        if found.may_hear == "nothing":
            return {"pending": self.action_name, "who": None, "follow": "identify_form"}
        tell_orders(found, turn, say)
        return {}


def tell_orders(found: Upcoming, turn: Heard, say: Say) -> None:
    """Dates and services; never an address, a condition or a contact."""
    if not found.orders:
        say.response("utter_no_bookings")
        return
    say.response("utter_bookings", orders_say="；".join(order_words(o, turn.now) for o in found.orders))


class _StartWithOrder(HotlineAction):
    """Find the order that is meant, then its form."""

    form: str
    resumes = False

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        found = await booking.upcoming(turn.session_id, services)
        if found.may_hear == "nothing":
            return {"pending": self.action_name, "who": None, "follow": "identify_form"}
        if not found.orders:
            say.response("utter_no_bookings")
            return {}
        return {**cleared(), **self.orders(found, turn), "follow": self.form}

    def orders(self, found: Upcoming, turn: Heard) -> Slots:
        listed = [
            {"order_id": o.order_id, "service": o.service, "day": _day(o), "say": order_words(o, turn.now)}
            for o in found.orders
        ]
        numbered = "；".join(
            words("numbered", number=words(f"number_{n}"), what=o["say"]) for n, o in enumerate(listed[:5], start=1)
        )
        slots: Slots = {"orders": listed[:5], "orders_say": numbered}
        chosen = choose_order(turn, listed)
        return {**slots, "order_id": chosen["order_id"], "order_say": chosen["say"]} if chosen else slots


class StartChange(_StartWithOrder):
    """Move a visit; a new time said in the same breath is kept."""

    action_name = "action_start_change"
    form = "change_booking_form"

    def orders(self, found: Upcoming, turn: Heard) -> Slots:
        slots = super().orders(found, turn)
        chosen = next((o for o in slots["orders"] if o["order_id"] == slots.get("order_id")), None)
        if chosen is None:
            return slots
        known = {"service": chosen["service"], "when_words": chosen["day"]}
        return {**slots, **known, **read_when(turn, known)}


class StartCancel(_StartWithOrder):
    action_name = "action_start_cancel"
    form = "cancel_booking_form"


class MoveVisit(HotlineAction):
    action_name = "action_move_visit"
    form = "change_booking_form"
    resumes = False

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        if not turn.slots["confirm"]:
            say.response("utter_kept")
            return cleared()
        order_id = turn.slots["order_id"]
        service = next(o["service"] for o in turn.slots["orders"] if o["order_id"] == order_id)
        start, end = _window({"when": turn.slots["when"], "service": service})
        try:
            await booking.move(turn.session_id, turn.turn_id, order_id, start, end, services)
        except NotAllowed:
            say.response("utter_change_requested")
        except TimeTaken as taken:
            return await ask_other_time(turn, taken.order_id, say, services, self.form)
        else:
            say.response("utter_moved", when_say=turn.slots["when_say"])
        return cleared()


class CancelVisit(HotlineAction):
    action_name = "action_cancel_visit"
    resumes = False

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        if not turn.slots["confirm"]:
            say.response("utter_kept")
            return cleared()
        try:
            await booking.cancel(turn.session_id, turn.turn_id, turn.slots["order_id"], services)
        except NotAllowed:
            say.response("utter_change_requested")
        else:
            say.response("utter_cancelled", order_say=turn.slots["order_say"])
        return cleared()


class AskOrder(Action):
    """Which of several orders; in chats with a button for each. Part of a form: nothing follows it."""

    def name(self) -> str:
        return "action_ask_order_id"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[EventType]:
        orders = tracker.slots.get("orders") or []
        buttons = [{"title": o["say"], "payload": o["say"]} for o in orders]
        said = tracker.slots.get("orders_say")
        dispatcher.utter_message(response="utter_ask_order_id", buttons=buttons, orders_say=said)
        return []


ACTIONS = (
    BookVisitAction,
    QueryBooking,
    StartChange,
    StartCancel,
    MoveVisit,
    CancelVisit,
    AskOrder,
)
