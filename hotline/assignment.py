"""Who takes an escalation: declining it, which tells the next, and a supervisor's giving it to somebody."""

from hotline import outbox
from hotline.errors import AlreadyClaimed
from hotline.escalation import Escalation, deliver, may_push, new_notice
from hotline.notes import NoteKind, new_note
from hotline.people import Operator, OperatorStatus, Role
from hotline.ports import Services, UnitOfWork
from knowledge.safety import common


async def decline(escalation_id: str, operator_id: str, reason: str, services: Services) -> list[Operator]:
    """An operator can't take it; whoever is next is told at once, beside the ladder, which goes on.

    Gives who is told. Declining it again tells nobody. Raises NotFound, and AlreadyClaimed when it waits no longer.
    """
    rung = f"declined:{operator_id}"
    async with services.unit_of_work() as uow:
        raised = await uow.escalations.require(escalation_id)
        if raised.status != "open":
            raise AlreadyClaimed(raised.claimed_by)
        declined = await _declined(raised, uow)
        if operator_id in declined:
            return []
        uow.notes.add(new_note(raised, operator_id, NoteKind.DECLINED, reason, services))
        told = next_ones(await uow.operators.all(), {*declined, operator_id})
        for operator in told:
            uow.notices.add(new_notice(raised, rung, "operator", operator.operator_id, services.clock.now()))
        await uow.commit()
    services.live.background(deliver(raised, rung, told, services))
    return told


async def _declined(raised: Escalation, uow: UnitOfWork) -> set[str]:
    return {
        n.operator_id for n in await uow.notes.of(raised.session_id) if _is_declining(n.kind, n.escalation_id, raised)
    }


def _is_declining(kind: str, escalation_id: str | None, raised: Escalation) -> bool:
    return kind == NoteKind.DECLINED and escalation_id == raised.escalation_id


def next_ones(operators: list[Operator], declined: set[str]) -> list[Operator]:
    """The ready ones who have not declined; without any, the supervisors; else everybody who has not."""
    left = [o for o in operators if o.operator_id not in declined]
    ready = [o for o in left if o.status == OperatorStatus.READY]
    return ready or [o for o in left if o.role == Role.SUPERVISOR] or left


async def reassign(escalation_id: str, to_operator_id: str, by_operator_id: str, services: Services) -> Escalation:
    """A supervisor gives it to an operator, whoever has it now, and the operator is told. Raises NotFound, and
    AlreadyClaimed when it is closed.
    """
    async with services.unit_of_work() as uow:
        raised = await uow.escalations.require(escalation_id)
        if raised.status == "closed":
            raise AlreadyClaimed(None)
        operator = await uow.operators.require(to_operator_id)
        session = await uow.sessions.get(raised.session_id)
        waited = raised.status == "open"
        raised.status, raised.claimed_by = "claimed", to_operator_id
        raised.claimed_at = raised.claimed_at or services.clock.now()
        if session is not None:
            session.operator_id = to_operator_id
        note = new_note(raised, by_operator_id, NoteKind.REASSIGNED, to_operator_id, services)
        uow.notes.add(note)
        rung = f"reassigned:{note.note_id}"
        uow.notices.add(new_notice(raised, rung, "operator", to_operator_id, services.clock.now()))
        await uow.commit()
    services.live.background(deliver(raised, rung, [operator], services))
    if waited and session is not None and may_push(raised):
        await outbox.tell(session, common()["claimed"], services)
    return raised
