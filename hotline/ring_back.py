"""Ringing back a caller who was cut off in danger: which callback is due, who may try, what follows an answer."""

from hotline.callbacks import Callback, may_ring
from hotline.escalation import Urgency
from hotline.ports import Services, UnitOfWork
from hotline.sessions import CallSession
from hotline.timing import is_over


async def due(services: Services) -> list[Callback]:
    """Callbacks that the line should ring by itself now: of danger, with a number, and nobody has taken over."""
    async with services.unit_of_work() as uow:
        waiting = [c for c in await uow.callbacks.open() if c.urgency == Urgency.NOW and c.number and not c.hold]
        return [c for c in waiting if _its_time(c, services) and await _is_ours(c, uow)]


def _its_time(callback: Callback, services: Services) -> bool:
    since = callback.tried_at or callback.created_at
    return is_over(since, services.timing.ring_again_seconds(callback.tries), services.clock.now())


async def _is_ours(callback: Callback, uow: UnitOfWork) -> bool:
    """Until a person has claimed or closed it, and only where ringing can't endanger."""
    session = await uow.sessions.get(callback.session_id)
    if session is None or not await may_ring(session, uow):
        return False
    of_session = await uow.escalations.of_session(callback.session_id)
    urgent = [e for e in of_session if e.urgency == Urgency.NOW]
    return not urgent or any(e.status == "open" for e in urgent)  # none yet: it is still in the spool


async def take_try(callback: Callback, services: Services) -> CallSession | None:
    """Count a try, and give the session that is to go on; None when another line has taken it, or it is done."""
    async with services.unit_of_work() as uow:
        won = await uow.callbacks.take_try(callback.callback_id, callback.tries, services.clock.now())
        session = await uow.sessions.get(callback.session_id) if won else None
        await uow.commit()
        return session


async def answered(callback_id: str, services: Services) -> None:
    """The caller has picked up: the callback is kept, and the session goes on where it was cut off."""
    async with services.unit_of_work() as uow:
        callback = await uow.callbacks.require(callback_id)
        callback.status, callback.closed_at = "done", services.clock.now()
        session = await uow.sessions.require(callback.session_id)
        session.ended_at, session.last_turn_at = None, services.clock.now()
        await uow.commit()


async def still_wanted(callback_id: str, services: Services) -> bool:
    """Whether ringing should go on."""
    async with services.unit_of_work() as uow:
        callback = await uow.callbacks.get(callback_id)
        return callback is not None and callback.status == "open" and await _is_ours(callback, uow)
