"""Staying with a caller in danger until a person takes over: one short question or one safe step at a time."""

from hotline.danger import says_ok, says_yes
from hotline.errors import StoreUnavailable
from hotline.escalation import Escalation
from hotline.ports import Services
from hotline.sessions import Reply, Utterance
from knowledge.safety import Guidance, Question, common, facts, guidance
from knowledge.wording import map_link, say
from language.text import spoken

SAFE_TO_RING, WHERE = "safe_to_ring", "where"


def first_words(kind: str, channel: str, number: str | None) -> Reply:
    """The first answer: what is true now, the first step for this kind, and the two ways to the rescue line.

    `number` is the one we would ring back; None for a caller who shows none.
    """
    advice = guidance(kind)
    words = common()
    if advice.quiet:
        sentences = [advice.first]
    else:
        sentences = [words["calling_now"], advice.first, *_rescue(advice, channel, number)]
    return Reply("".join(s for s in sentences if s), response=f"emergency_{kind}", interruptible=False)


def _rescue(advice: Guidance, channel: str, ours: str | None) -> list[str]:
    """Ring the national number: from a second phone, or, alone with this one, hang up, dial it, and we ring back."""
    number = advice.national_number or "120"
    if channel != "phone":
        return [say("rescue_chat", number=number)]
    alone = common()["alone" if ours else "alone_no_number"]
    return [common()["second_phone"].format(number=number), alone.format(number=number)]


async def keep_company(escalation: Escalation, utterance: Utterance, services: Services) -> Reply:
    """The next thing to say to a caller whose escalation no person has closed yet."""
    if says_ok(utterance.text):
        await _remember(escalation, services, caller_says_ok=True)
        return _company(common()["says_ok"])
    silent = bool(utterance.silence_seconds) and not utterance.text
    told = told_by_point(utterance) or ({} if silent else _told(escalation, utterance.text))
    question = _next_question(escalation, told)
    text = (common()["still_there"] if silent else "") + _words(escalation, question)
    changes: dict[str, object] = {
        "known": {**escalation.known, **told},
        "asked": [*escalation.asked, question.text] if question else escalation.asked,
        "company_turns": escalation.company_turns + 1,
    }
    if SAFE_TO_RING in told:
        changes["safe_to_ring"] = says_yes(utterance.text)
    await _remember(escalation, services, **changes)
    return _company(text)


def _told(escalation: Escalation, text: str) -> dict[str, str]:
    """What this turn tells: the answer to the last question, and facts said unasked."""
    questions = guidance(escalation.kind).questions
    asked = next((q.asks for q in questions if escalation.asked[-1:] == [q.text]), None)
    told = {**({asked: text} if asked else {}), **told_unasked(text)}
    return {fact: words for fact, words in told.items() if fact not in escalation.known}


def told_unasked(text: str) -> dict[str, str]:
    """Facts that words tell by themselves (我在厨房摔倒了 tells where), with those words."""
    said = spoken(text)
    return {fact: text for fact, words in facts().items() if any(word in said for word in words)}


def told_by_point(utterance: Utterance) -> dict[str, str]:
    """A point that was sent tells where, as a link to a map for whoever goes there."""
    if utterance.location is None:
        return {}
    latitude, longitude = map(str, utterance.location)
    return {WHERE: say("map_of_caller", link=map_link(latitude, longitude))}


def _next_question(escalation: Escalation, told: dict[str, str]) -> Question | None:
    """The first one not asked yet whose answer has not been told."""
    answered = {*escalation.known, *told}
    left = [q for q in guidance(escalation.kind).questions if q.text not in escalation.asked]
    return next((q for q in left if q.asks not in answered), None)


def _words(escalation: Escalation, question: Question | None) -> str:
    """One step and one question; when all are asked, that we are here, and the steps again."""
    advice = guidance(escalation.kind)
    if advice.quiet:
        return question.text if question else common()["still_with_you"]
    line = advice.lines[escalation.company_turns % len(advice.lines)].text
    return line + question.text if question else common()["still_with_you"] + line


async def keep_private(escalation: Escalation, services: Services) -> None:
    """The danger turns out to sit beside the caller: from now on no family is told and the number is not rung."""
    await _remember(escalation, services, tell_family=False, safe_to_ring=False)


def _company(text: str) -> Reply:
    return Reply(text, response="keep_company", interruptible=False)


async def _remember(escalation: Escalation, services: Services, **changes: object) -> None:
    for name, value in changes.items():
        setattr(escalation, name, value)
    try:
        async with services.unit_of_work() as uow:
            stored = await uow.escalations.get(escalation.escalation_id)
            for name, value in changes.items():
                if stored is not None:
                    setattr(stored, name, value)
            await uow.commit()
    except StoreUnavailable:
        return  # said all the same; the operator sees the transcript from the spool
