"""An operator's phone has hung up while the caller still is there: nobody in danger is left without a person."""

import asyncio
from dataclasses import replace

from hotline.conversation import hand_back
from hotline.errors import StoreUnavailable
from hotline.escalation import FIRST_RUNG, Escalation, add, deliver
from hotline.ids import new_id
from hotline.ports import Services
from hotline.turns import urgent_escalation

AGAIN_SECONDS, TRIES = 2.0, 900
"""Half an hour of a database that takes nothing."""


async def operator_left(session_id: str, operator_id: str, services: Services) -> bool:
    """Give the caller back to the assistant; True when there still is danger and everybody is told again.

    In danger the claim is given up by a fresh escalation, which has its own ladder and anybody may claim. While the
    database does not answer it raises StoreUnavailable and goes on trying behind.
    """
    try:
        return await _leave(session_id, operator_id, services)
    except StoreUnavailable:
        services.live.background(_leave_later(session_id, operator_id, services))
        raise


async def _leave_later(session_id: str, operator_id: str, services: Services) -> None:
    for _ in range(TRIES):
        await asyncio.sleep(AGAIN_SECONDS)
        try:
            await _leave(session_id, operator_id, services)
        except StoreUnavailable:
            continue
        return


async def _leave(session_id: str, operator_id: str, services: Services) -> bool:
    async with services.unit_of_work() as uow:
        urgent = await urgent_escalation(session_id, uow)
        session = await uow.sessions.get(session_id)
        if session is not None and urgent is not None:
            again = _again(urgent, services)
            told = await add(again, uow, services)
            session.operator_id = None
            urgent.status, urgent.outcome, urgent.closed_at = "closed", "operator_left", services.clock.now()
            await uow.commit()  # both at once: a crash must not leave a danger closed and not raised again
    if urgent is None or session is None:
        await hand_back(operator_id, services)
        return False
    services.live.background(deliver(again, FIRST_RUNG, told, services))
    return True


def _again(left: Escalation, services: Services) -> Escalation:
    """The same danger, open for anybody: what is known and was asked goes on, and so does the company."""
    return replace(
        left,
        escalation_id=new_id("esc"),
        turn_id=f"{left.turn_id}:left",
        raised_at=services.clock.now(),
        trigger="operator_left",
        status="open",
        claimed_by=None,
        claimed_at=None,
        closed_at=None,
        outcome=None,
        ladder_started_at=None,
    )
