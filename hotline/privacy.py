"""What may be forgotten, and what a person may ask for."""

from datetime import datetime
from typing import Any

from hotline.errors import NotFound, StillOpen
from hotline.ports import Conversations, Services, UnitOfWork


async def purge(before: datetime, services: Services, conversations: Conversations) -> dict[str, int]:
    """Blank the words of everything older than `before`; ids, kinds and times stay for statistics."""
    async with services.unit_of_work() as uow:
        sessions = await uow.privacy.sessions_before(before)
        counts = await uow.privacy.purge(before)
        await uow.commit()
    counts["conversations"] = await conversations.forget(sessions)
    return counts


async def export(elder_id: str, services: Services) -> dict[str, Any]:
    """Everything kept about one elder, as plain JSON values. Raises NotFound."""
    async with services.unit_of_work() as uow:
        await uow.elders.require(elder_id)
        return await uow.privacy.export(elder_id)


async def delete(elder_id: str, services: Services, conversations: Conversations) -> dict[str, int]:
    """Delete one elder: rows that name or describe the person; counts without a name stay.

    Raises NotFound, or StillOpen while there is something left to do for the person.
    """
    async with services.unit_of_work() as uow:
        if await uow.elders.get(elder_id) is None:
            raise NotFound(f"No elder {elder_id}.")
        if await uow.orders.upcoming([elder_id], services.clock.now()) or await _in_need(elder_id, uow):
            raise StillOpen
        sessions = await uow.privacy.sessions_of(elder_id)
        counts = await uow.privacy.forget(elder_id)
        await uow.commit()
    counts["conversations"] = await conversations.forget(sessions)
    return counts


async def _in_need(elder_id: str, uow: UnitOfWork) -> bool:
    """Also when it was raised from the person's number without knowing whose it is (the database was away)."""
    sessions = set(await uow.privacy.sessions_of(elder_id))
    return any(
        escalation.elder_id == elder_id or (escalation.elder_id is None and escalation.session_id in sessions)
        for escalation in await uow.escalations.open()
    )
