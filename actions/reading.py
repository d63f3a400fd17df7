"""Slots out of words: service, time, person, place and number as the caller said them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from actions.base import Slots
from actions.heard import Heard
from hotline.booking import window_end
from knowledge.vocabulary import services as service_words
from knowledge.vocabulary import time_conventions
from knowledge.wording import say
from language.addresses import has_house, looks_like_address, read_address
from language.names import read_name
from language.numbers import read_phone, say_digits
from language.phones import phone_begun
from language.text import spoken
from language.time_sentence import find_time_words
from language.times import TimeReading, merge, say_window


def read_service(turn: Heard, slots: Mapping[str, Any]) -> Slots:
    """The service named, unless it is the one we have."""
    key = turn.entity("service")
    if key is None or key == slots.get("service"):
        return {}
    return {"service": key, "service_label": service_words()[key].label}


def read_when(turn: Heard, slots: Mapping[str, Any]) -> Slots:
    """The time named, put together with what was said before; not settled: why not."""
    words = find_time_words(turn.text)
    if words is None or (turn.requested in ("where", "details") and looks_like_address(turn.text)):
        return {}
    if turn.requested == "phone" and (read_phone(turn.text) or phone_begun(turn.text)):
        return {}  # 一三五 begins a number
    if turn.intent == "chitchat" and len(words) * 3 < len(spoken(turn.text)):
        return {}  # 今天外头真冷 is about the weather
    earlier = TimeReading("ambiguous", words=slots["when_words"]) if slots.get("when_words") else None
    reading = merge(earlier, turn.text, turn.now, time_conventions())
    return settled(reading, turn.now, slots.get("service"))


def settled(reading: TimeReading, now: datetime, service: str | None) -> Slots:
    """A reading as slots: `when` once day and hours are certain, else `when_question`."""
    if reading.kind == "recurring":
        return _open("first_visit", reading.words)
    if reading.kind not in ("exact", "range") or reading.start is None or reading.left_open:
        question = "past" if reading.kind == "past" else reading.question or reading.left_open
        return _open(question or "which_day", reading.words)
    start, end = _in_service_hours(reading.start, reading.end, now)
    if start is None:
        return _open("outside_hours", reading.words)
    window_ends = end or window_end(service or "cleaning", start)
    window = {"start": start.isoformat(), "end": window_ends.isoformat(), "exact": end is None}
    return {
        "when": window,
        "when_say": say_window(start, end, now),
        "when_words": reading.words,
        "when_question": None,
    }


def _open(question: str, words: str) -> Slots:
    return {"when": None, "when_say": None, "when_words": words, "when_question": question}


def _in_service_hours(start: datetime, end: datetime | None, now: datetime) -> tuple[datetime | None, datetime | None]:
    """The part of it that lies ahead and in which we visit (明早 begins at eight); (None, None) when there is none."""
    hours = time_conventions()
    opens = start.replace(hour=hours.service_start.hour, minute=hours.service_start.minute)
    closes = start.replace(hour=hours.service_end.hour, minute=hours.service_end.minute)
    if end is None:
        return (start, None) if opens <= start < closes else (None, None)
    start, end = max(start, opens, now.replace(second=0, microsecond=0)), min(end, closes)
    return (start, end) if start < end else (None, None)


def read_phone_slot(turn: Heard, slots: Mapping[str, Any]) -> Slots:
    """A number said, at once or, when it was asked for, in parts over several turns."""
    earlier = slots.get("phone_begun") if turn.requested == "phone" else None
    said = f"{earlier}，{turn.text}" if earlier else turn.text
    number = read_phone(said) or read_phone(turn.text)
    if number:
        return {"phone": number, "phone_say": say_digits(number), "phone_begun": None, "phone_question": None}
    if turn.requested != "phone" or not phone_begun(turn.text):
        return {}
    begun = phone_begun(said)
    return {"phone_begun": begun, "phone_question": "go_on" if begun else "from_start"}


def phone_tail(number: str) -> str:
    """A registered number is never read out: its last four digits are enough to recognise it."""
    return say("phone_tail", digits=say_digits(number[-4:]))


def read_where(turn: Heard, slots: Mapping[str, Any]) -> Slots:
    """An address; asked for it, whatever is said counts as one (a person will read it)."""
    asked = turn.requested == "where"
    words = spoken(turn.text)
    if any(place in words for place in say("same_place_words").split()):
        return {"where": "registered", "where_say": say("same_place")} if slots.get("elder_id") else {}
    address = read_address(turn.text)
    if address and (asked or turn.requested in ("fix", "confirm") or has_house(address)):
        return {"where": address, "where_say": address}
    if asked and len(words) >= 3 and find_time_words(turn.text) is None and turn.intent in ("inform", "nlu_fallback"):
        return {"where": turn.text.strip(), "where_say": turn.text.strip()}
    return {}


def read_who(turn: Heard, slots: Mapping[str, Any]) -> Slots:
    """A name, when it was asked for or clearly given."""
    asked = turn.requested in ("who", "fix")
    name = turn.entity("name") or (read_name(turn.text) if asked else None)
    if not name or name == slots.get("who"):
        return {}
    return {"who": name, "elder_id": None}
