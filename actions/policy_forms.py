"""What a caller says when asked which place, which of two things, or what to do next."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.base import Slots
from actions.forms import ANSWERS, CareForm, first_empty
from actions.heard import Heard
from actions.policy import NONE_NEEDED, SLOT, Talk, read_talk
from hotline import policy
from hotline.ports import Services
from hotline.sessions import Channel
from knowledge.policy.where import named, sounds_like_place
from language.ordinals import read_choice
from language.text import spoken

MOST_TRIES = 2
"""Times that we ask for the same thing; then a person is offered."""


class PolicyForm(CareForm):
    """Asks for one thing at a time; an empty answer means that it was not to be had."""

    form = "policy_form"
    own_intents = frozenset({"ask_policy", "find_place"})

    async def understand(self, turn: Heard, slots: Slots, services: Services) -> Slots:
        talk = read_talk(slots)
        read = {"policy_place": _place, "policy_choice": _choice, "policy_next": _next}.get(turn.requested or "")
        return read(turn, talk) if read else {}

    def next_slot(self, slots: Mapping[str, Any]) -> str | None:
        wants = read_talk(slots).wants
        return first_empty(slots, (f"policy_{wants}",)) if wants else None


def _place(turn: Heard, talk: Talk) -> Slots:
    """One place by its name or its sound; with more than a name in it, the words are the question from now on."""
    words = named(turn.text)
    found = (*words.ours, *words.elsewhere, *words.passing)
    place = found[0] if len(found) == 1 else sounds_like_place(turn.text) if not found else None
    if place is None:
        return _missed(turn, talk, "policy_place")
    asks_anew = turn.intent == "ask_policy" and policy.documents().names_something(turn.text)
    question = turn.text if asks_anew else talk.question
    return {"policy_place": place, SLOT: replace(talk, question=question).as_slot()}


def _choice(turn: Heard, talk: Talk) -> Slots:
    said, dialogue = spoken(turn.text), policy.documents().wording.dialogue
    number = read_choice(turn.text, len(talk.cards))
    if number is not None:
        return {"policy_choice": talk.cards[number - 1]}
    if any(word in said for word in dialogue.neither_words):
        return {"policy_choice": ""}
    if turn.intent == "deny":
        return {"policy_choice": NONE_NEEDED}
    called = [card for card, name in zip(talk.cards, talk.names, strict=True) if name in said]
    card = called[0] if len(called) == 1 else policy.documents().pick(turn.text, talk.cards)
    return {"policy_choice": card} if card else _missed(turn, talk, "policy_choice")


def _missed(turn: Heard, talk: Talk, slot: str) -> Slots:
    """Asked once more, then given up; what was no answer at all interrupts."""
    if turn.intent not in ANSWERS:
        return {}
    if talk.tries + 1 >= MOST_TRIES:
        return {slot: ""}
    return {SLOT: replace(talk, tries=talk.tries + 1).as_slot()}


def _next(turn: Heard, talk: Talk) -> Slots:
    said, dialogue = spoken(turn.text), policy.documents().wording.dialogue
    if turn.intent == "deny":
        return {"policy_next": "no"}
    if any(word in said for word in dialogue.register_words):
        return {"policy_next": "register"}
    if policy.documents().asks_on(turn.text):
        return {"policy_next": "about"}
    names_nothing = not policy.documents().names_something(turn.text)
    if names_nothing and any(word in said for word in dialogue.more_words):
        return {"policy_next": "more"}
    if turn.intent == "affirm":
        return {"policy_next": "more" if talk.left and turn.channel == Channel.PHONE else "register"}
    return {}


FORMS = (PolicyForm,)
