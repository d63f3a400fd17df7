"""Staying with a caller in danger until a person takes over: one short question or one safe step at a time."""

from hotline.danger import says_ok, says_yes
from hotline.errors import StoreUnavailable
from hotline.escalation import PRIVATE_KINDS, Escalation
from hotline.ports import Services
from hotline.sessions import Reply, Utterance
from knowledge.safety import Guidance, common, guidance
from knowledge.wording import say

SAFE_TO_RING = "safe_to_ring"


def first_words(kind: str, channel: str) -> Reply:
    """The first answer: what is true now, the first step for this kind, and the two ways to the rescue line."""
    advice = guidance(kind)
    words = common()
    if advice.quiet:
        sentences = [advice.first]
    else:
        sentences = [words["calling_now"], advice.first, *_rescue(advice, channel)]
    return Reply("".join(s for s in sentences if s), response=f"emergency_{kind}", interruptible=False)


def _rescue(advice: Guidance, channel: str) -> list[str]:
    """Ring the national number: from a second phone, or, alone with this one, hang up, dial it, and we ring back."""
    number = advice.national_number or "120"
    if channel != "phone":
        return [say("rescue_chat", number=number)]
    return [common()["second_phone"].format(number=number), common()["alone"].format(number=number)]


async def keep_company(escalation: Escalation, utterance: Utterance, services: Services) -> Reply:
    """The next thing to say to a caller whose escalation no person has closed yet."""
    silent = bool(utterance.silence_seconds) and not utterance.text
    if says_ok(utterance.text):
        await _remember(escalation, services, caller_says_ok=True)
        return _company(common()["says_ok"])
    step = escalation.company_step
    if escalation.kind in PRIVATE_KINDS and step == _safe_question(escalation) + 1 and not silent:
        await _remember(escalation, services, safe_to_ring=says_yes(utterance.text))
    text = common()["still_there"] if silent else ""
    await _remember(escalation, services, company_step=step + 1)
    return _company(text + _next_words(guidance(escalation.kind), step))


def _safe_question(escalation: Escalation) -> int:
    """Which question asks whether this number may be rung; -1 when none does."""
    questions = guidance(escalation.kind).questions
    return next((n for n, q in enumerate(questions) if q.asks == SAFE_TO_RING), -1)


def _next_words(advice: Guidance, step: int) -> str:
    """Question and step in turn; when all are used, that we are here and the steps again."""
    lines = [line.text for line in advice.lines]
    question = advice.questions[step].text if step < len(advice.questions) else ""
    if advice.quiet:
        return question or common()["still_with_you"]
    line = lines[step % len(lines)] if lines else ""
    return (line + question) if question else common()["still_with_you"] + line


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
