"""What was understood and how it is said: misunderstandings in a row, repeating, pace and loudness."""

from hotline.ports import Services, UnitOfWork
from hotline.sessions import Turn

SLOWEST, SLOWER_BY = 0.55, 0.8
LOUDEST, LOUDER_BY = 4.0, 1.5
SAYS_AGAIN = frozenset({"repeat", "slower", "louder"})
"""Intents whose reply is an earlier one said again."""


async def misunderstood(session_id: str, services: Services) -> int:
    """Count one more; gives how many turns in a row were not understood, this one included."""
    async with services.unit_of_work() as uow:
        session = await uow.sessions.require(session_id)
        if session.misunderstood_at != session.turns:
            session.misunderstandings += 1
            session.misunderstood_at = session.turns
        await uow.commit()
        return session.misunderstandings


async def last_reply(session_id: str, services: Services) -> Turn | None:
    """The latest turn that said something of its own: repeating "I speak slower" would pile up."""
    async with services.unit_of_work() as uow:
        return await _last_own(session_id, uow)


async def _last_own(session_id: str, uow: UnitOfWork) -> Turn | None:
    turns = await uow.turns.of(session_id)
    return next((turn for turn in reversed(turns) if turn.reply and turn.intent not in SAYS_AGAIN), None)


async def speak_slower(session_id: str, services: Services) -> Turn | None:
    """Slow the session down; gives what to say again."""
    async with services.unit_of_work() as uow:
        session = await uow.sessions.require(session_id)
        session.pace = max(SLOWEST, session.pace * SLOWER_BY)
        await uow.commit()
        return await _last_own(session_id, uow)


async def speak_louder(session_id: str, services: Services) -> Turn | None:
    """Turn the session's loudness up; gives what to say again."""
    async with services.unit_of_work() as uow:
        session = await uow.sessions.require(session_id)
        session.gain = min(LOUDEST, session.gain * LOUDER_BY)
        await uow.commit()
        return await _last_own(session_id, uow)
