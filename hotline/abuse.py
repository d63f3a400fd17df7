"""Abuse, neglect and fraud: careful words, an escalation for today, and never a word to the family."""

from functools import cache

from hotline.escalation import Escalation, Urgency, new_escalation, raise_escalation
from hotline.outcomes import note
from hotline.ports import Services
from knowledge.yaml_files import load
from language.text import spoken


@cache
def _fraud_words() -> tuple[str, ...]:
    return tuple(load("fraud.yaml"))


def kind_of(words: str) -> str:
    """Fraud when money is being got out of somebody, else abuse."""
    return "fraud" if any(word in spoken(words) for word in _fraud_words()) else "abuse"


async def report(session_id: str, turn_id: str, words: str, services: Services) -> Escalation:
    """Escalate for today. Once per session and turn."""
    async with services.unit_of_work() as uow:
        session = await uow.sessions.require(session_id)
        note(session, "escalated")
        await uow.commit()
    raised = new_escalation(
        session, turn_id, session.turns, kind_of(words), Urgency.TODAY, services.clock.now(), "reported"
    )
    return await raise_escalation(raised, services)


async def safe_to_ring(session_id: str, safe: bool, words: str, services: Services) -> None:
    """Keep whether, and in the caller's words when, this number may be rung."""
    async with services.unit_of_work() as uow:
        session = await uow.sessions.require(session_id)
        session.safe_to_ring, session.safe_times = safe, words
        for raised in await uow.escalations.of_session(session_id):
            raised.safe_to_ring = safe
        await uow.commit()
