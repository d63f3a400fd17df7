"""The forms of an enquiry: place, benefit and only the facts that still matter; then what to do next."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.base import Slots
from actions.enquiry import AGE, NOWHERE, SLOT, Enquiry, read_enquiry
from actions.forms import OTHER_WISHES, CareForm, first_empty
from actions.heard import Heard
from hotline.eligibility import place_named
from hotline.ports import Services
from hotline.sessions import Channel
from knowledge.policy.rule_finding import find_rules, named_benefit, rules_of
from knowledge.policy.rules import Value
from knowledge.policy.where import sounds_like_place
from language.ordinals import read_choice
from language.text import normalise, spoken

MOST_MISSES = 2
"""How often a place may be named that we do not know, before we say that we hold nothing about it."""

NEVER_ANSWERS = frozenset(
    "repeat slower louder wait start_over stop_current goodbye thanks request_operator request_callback bot_identity"
    " report_emergency report_abuse".split()
)
"""Intents under which a turn is never an answer here, whatever words are in it."""

ANSWERS_NOTHING = NEVER_ANSWERS | OTHER_WISHES


class CheckEligibilityForm(CareForm):
    """Asks for place, benefit and one fact after the other, until nothing can change the verdict."""

    form = "check_eligibility_form"

    async def understand(self, turn: Heard, slots: Slots, services: Services) -> Slots:
        before = read_enquiry(slots)
        if before is None or (turn.requested and not _may_answer(turn, before)):
            return {}
        after = read(turn, before)
        return {SLOT: after.as_slot()} if after != before else {}

    def next_slot(self, slots: Mapping[str, Any]) -> str | None:
        enquiry = read_enquiry(slots)
        return enquiry.next_question if enquiry else None


def read(turn: Heard, enquiry: Enquiry) -> Enquiry:
    """What the turn adds: the place, the rule, yes or no to the profile, facts."""
    for one in (_read_place, _read_rule, _read_profile, _read_facts):
        enquiry = one(turn, enquiry)
    return enquiry


def _may_answer(turn: Heard, enquiry: Enquiry) -> bool:
    if turn.intent in NEVER_ANSWERS:
        return False
    if (
        turn.intent in OTHER_WISHES
    ):  # unless the words are the fact's own: 穿衣吃饭要帮一点 is how able he is, not a wish for a helper
        return turn.requested == "fact" and _says_fact(turn, enquiry)
    asks = any(word in normalise(turn.text) for word in enquiry.assessor.wording.questions)
    return not (turn.intent == "ask_policy" and asks)


def _says_fact(turn: Heard, enquiry: Enquiry) -> bool:
    """Whether the words are the fact's own; a bare yes or no is not among them."""
    return enquiry.asked is not None and bool(enquiry.reader.told([enquiry.asked], turn.text))


def _read_place(turn: Heard, enquiry: Enquiry) -> Enquiry:
    """The place named, also by its sound; what we know nothing of is a miss, at last a place without a document."""
    if enquiry.place is not None:
        return enquiry
    place = place_named(turn.text)
    if place is None and turn.requested == "place_asked":
        place = sounds_like_place(turn.text)
    if place is None and turn.requested == "place_asked":
        misses = enquiry.misses + 1
        return replace(enquiry, misses=misses, place=NOWHERE if misses >= MOST_MISSES else None)
    return replace(enquiry, place=place)


def _read_rule(turn: Heard, enquiry: Enquiry) -> Enquiry:
    """The rule that the words name, now or when the enquiry began; another one named later takes its place."""
    if enquiry.folder is None or (enquiry.rule and turn.intent != "check_eligibility"):
        return enquiry
    words = turn.text if enquiry.words in ("", turn.text) or enquiry.rule else f"{enquiry.words}，{turn.text}"
    found = [_chosen(turn, enquiry)] if _chosen(turn, enquiry) else find_rules(enquiry.library, enquiry.folder, words)
    called = named_benefit(words)
    if len(found) == 1:
        return replace(enquiry, rule=found[0], choices=[])
    if enquiry.rule:
        return enquiry
    if found:
        return replace(enquiry, choices=found)
    return replace(enquiry, rule=NOWHERE, called=called) if called else enquiry


def _chosen(turn: Heard, enquiry: Enquiry) -> str | None:
    """By its number in the list that was read out, or by its name."""
    if turn.requested != "benefit_asked" or not enquiry.choices:
        return None
    number = read_choice(turn.text, len(enquiry.choices))
    if number is not None:
        return enquiry.choices[number - 1]
    names = rules_of(enquiry.library, enquiry.folder or "")
    said = spoken(turn.text)
    fitting = [rule for rule in enquiry.choices if names[rule] in said or (len(said) > 1 and said in names[rule])]
    named = fitting or [r for r in find_rules(enquiry.library, enquiry.folder or "", turn.text) if r in enquiry.choices]
    return named[0] if len(named) == 1 else None


def _read_profile(turn: Heard, enquiry: Enquiry) -> Enquiry:
    """Yes or no to using the registered age; an age that is said instead is read as a fact."""
    if turn.requested != "profile_agreed" or not enquiry.rule:
        return enquiry
    told = enquiry.reader.told([AGE], turn.text)
    agreed = _agrees(turn, enquiry)
    if told:
        return replace(enquiry, uses_profile=False, facts={**enquiry.facts, **told})
    if agreed is False:  # about somebody else
        return replace(enquiry, uses_profile=False, elder_id=None)
    return enquiry.with_profile() if agreed else enquiry


def _agrees(turn: Heard, enquiry: Enquiry) -> bool | None:
    said = enquiry.reader.agrees(turn.text)
    return said if said is not None else {"affirm": True, "deny": False}.get(turn.intent)


def _read_facts(turn: Heard, enquiry: Enquiry) -> Enquiry:
    """The fact asked for, and every other one that the words tell; what does not matter is not looked for."""
    if not enquiry.rule or enquiry.folder is None:
        return enquiry
    begins = turn.requested in (None, "place_asked", "benefit_asked")
    words = f"{enquiry.words}，{turn.text}" if begins and turn.text != enquiry.words else turn.text
    told = enquiry.reader.told(enquiry.verdict.missing_facts, words)
    asked = enquiry.asked if turn.requested == "fact" else None
    answer = _answer(turn, enquiry, asked) if asked else None
    if asked and answer is not None:
        told[asked] = answer
    if told:
        return replace(enquiry, facts={**enquiry.facts, **told}, again=None)
    agrees_only = asked and enquiry.fact(asked).asks_more and enquiry.again != asked and _agrees(turn, enquiry)
    return replace(enquiry, again=asked) if agrees_only else enquiry


def _answer(turn: Heard, enquiry: Enquiry, asked: str) -> Value | None:
    answer = enquiry.reader.answer(asked, turn.text)
    if answer is None and enquiry.fact(asked).kind == "yes_no":
        return _agrees(turn, enquiry)
    return answer


class EligibilityNextForm(CareForm):
    """After a verdict: hear more, have it written down, or neither."""

    form = "eligibility_next_form"

    async def understand(self, turn: Heard, slots: Slots, services: Services) -> Slots:
        enquiry = read_enquiry(slots)
        if enquiry is None or turn.requested is None:
            return {}
        words, said = enquiry.wording, spoken(turn.text)
        wants = [
            step for step, known in (("register", words.register_), ("detail", words.detail))
            if any(word in said for word in known)
        ]  # fmt: skip
        agreed = _agrees(turn, enquiry) if turn.intent not in ANSWERS_NOTHING else None
        if agreed is False:
            return {"next_step": "no"}
        if wants:
            return {"next_step": wants[0]}
        return {"next_step": offered(turn.channel, enquiry)} if agreed else {}

    def next_slot(self, slots: Mapping[str, Any]) -> str | None:
        return first_empty(slots, ("next_step",))


def offered(channel: str, enquiry: Enquiry) -> str:
    """What a plain yes means: more of it on the phone, once; a chat has read everything already."""
    return "register" if channel != Channel.PHONE or enquiry.detailed else "detail"


FORMS = (CheckEligibilityForm, EligibilityNextForm)
