"""Where is it: stations, centres, canteens, day care, homes, in the city's list or in the documents."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import ActiveLoop, EventType

from actions.base import HotlineAction, Say, Slots
from actions.cases import open_case
from actions.forms import CareForm, first_empty
from actions.heard import ACTION_LISTEN, Heard
from actions.policy import AskPolicy
from hotline import cases, place_answers, places
from hotline.cases import NewCase
from hotline.places import PlacesFound, PlaceWish
from hotline.ports import Services
from knowledge.policy.where import elsewhere_in
from knowledge.sites import kinds_in
from language.moments import say_day

FORM = "find_place_form"


class FindPlace(HotlineAction):
    """Answer, ask which place is meant, or, where nothing is known, write it down for a person."""

    action_name = "action_find_place"

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        wish = _wish(turn)
        kept: Slots = {"place_words": wish.words, "location": wish.near, "place_wanted": None}
        if turn.location and not (_alone(turn) and wish.words):
            return {**kept, **_point_alone(turn, say)}
        if turn.slots.get("told_sites") and _asks_on(turn):
            return await tell_details(turn, say, services)
        found = await places.find_places(turn.session_id, wish, services)
        if _asks_of_it(turn, found):
            return {**kept, **await AskPolicy().answer(turn, say, services)}
        told = await self._tell(found, wish, turn, say, services)
        return {**kept, **(_left(turn) if "follow" not in told else {}), **told}

    def _form_events(self, turn: Heard, follow: str) -> list[EventType]:
        """Answered while it was asking which place: that question is closed."""
        if turn.loop == FORM and follow == ACTION_LISTEN:
            return [ActiveLoop(None)]
        return super()._form_events(turn, follow)

    async def _tell(self, found: PlacesFound, wish: PlaceWish, turn: Heard, say: Say, services: Services) -> Slots:
        alone = _alone(turn)
        if found.outcome == "sites":
            reply = place_answers.sites_reply(found, turn.channel, turn.now.date(), offer=alone)
            say.reply(reply)
            told = [one.site.site_id for one in found.sites[: place_answers.MOST_SPOKEN]]
            return {"told_sites": told, "offer": "place_details" if reply.asks else None}
        if found.outcome == "facilities":
            reply = place_answers.facilities_reply(found, turn.channel, offer=alone)
            say.reply(reply)
            return {"told_sites": None, "offer": "place_callback" if reply.asks else None}
        return {"told_sites": None, **await self._nothing(found, wish, turn, say, services)}

    async def _nothing(self, found: PlacesFound, wish: PlaceWish, turn: Heard, say: Say, services: Services) -> Slots:
        if found.outcome == "ask_place" and _alone(turn):
            return {"follow": FORM}
        if found.outcome == "ask_place":
            say.response("utter_place_which_later")
            return {}
        if found.outcome == "place_not_covered":
            say.response("utter_place_not_covered")
            return {"offer": "person"} if _alone(turn) else {}
        say.reply(place_answers.none_reply(found))
        if _alone(turn):
            return await open_case(turn, "find_place", wish.words, say, services)
        await cases.open_case(turn.session_id, NewCase(turn.turn_id, "find_place", wish.words), services)
        say.response("utter_case_noted")
        return {}


def _wish(turn: Heard) -> PlaceWish:
    """This turn's words; those of the question before it when a point or only the name of a place was sent."""
    earlier = turn.slots.get("place_words") or ""
    answers = turn.location is not None or turn.slots.get("place_wanted") is not None
    only_answers = answers or (bool(earlier) and _asks_on(turn))
    near = turn.location or turn.slots.get("location")
    return PlaceWish(
        words=earlier if only_answers else turn.text,
        service=turn.entity("service"),
        place=turn.slots.get("place_wanted"),
        near=(near[0], near[1]) if near else None,
    )


def _asks_of_it(turn: Heard, found: PlacesFound) -> bool:
    """What is asked of such a place the document may say; what the city's list has of its sites, the list."""
    listed = found.outcome == "sites" and place_answers.asks_for_details(turn.text)
    return turn.loop is None and turn.location is None and place_answers.asks_of_it(turn.text) and not listed


def _alone(turn: Heard) -> bool:
    """Nothing else is under way."""
    return turn.loop in (None, FORM)


def _left(turn: Heard) -> Slots:
    """Our own question, which place, is not asked again once it is answered."""
    return {"follow": ACTION_LISTEN, "requested_slot": None} if turn.loop == FORM else {}


def _asks_on(turn: Heard) -> bool:
    """Only more about what was just told is asked (那里电话多少), nothing new is named."""
    new = turn.location or kinds_in(turn.text) or places.places_in(turn.text)
    return not new and place_answers.asks_for_details(turn.text)


def _point_alone(turn: Heard, say: Say) -> Slots:
    """A point that nobody asked about yet, or in the middle of something else."""
    if _alone(turn):
        say.response("utter_place_what_kind")
    else:
        say.response("utter_place_point_no_house" if turn.requested == "where" else "utter_place_point_noted")
    return {}


class FindPlaceForm(CareForm):
    """Which of our places; whatever else is said interrupts."""

    form = FORM
    own_intents = frozenset({"find_place", "ask_policy", "request_callback"})

    async def understand(self, turn: Heard, slots: Slots, services: Services) -> Slots:
        if turn.requested != "place_wanted":
            return {}
        place = places.place_in(turn.text) or elsewhere_in(turn.text)
        return {"place_wanted": place} if place and self.may_answer(turn) else {}

    def next_slot(self, slots: Mapping[str, Any]) -> str | None:
        return first_empty(slots, ("place_wanted",))


class PlaceDetails(HotlineAction):
    """Yes: telephone numbers and opening hours of the sites just told."""

    action_name = "action_place_details"

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        return await tell_details(turn, say, services)


async def tell_details(turn: Heard, say: Say, services: Services) -> Slots:
    """What the list says of them now; it may have been read in anew since."""
    sites = await places.sites_again(turn.slots.get("told_sites") or (), services)
    if not sites:
        say.response("utter_place_sites_gone")
        return {"told_sites": None}
    say.reply(place_answers.details_reply(sites, turn.channel, turn.now.date()))
    return {}


class PlaceCallback(HotlineAction):
    """Yes: a person finds out and rings back."""

    action_name = "action_place_callback"

    async def answer(self, turn: Heard, say: Say, services: Services) -> Slots:
        wanted = NewCase(turn.turn_id, "find_place", turn.slots.get("place_words") or turn.text, wants_callback=True)
        case = await cases.open_case(turn.session_id, wanted, services)
        say.response("utter_place_callback", promised_on=say_day(case.promised_on, turn.now.date()))
        return {"offer": "more"}


ACTIONS = (FindPlace, FindPlaceForm, PlaceDetails, PlaceCallback)
