"""Who takes an escalation: declining it, which tells the next; a supervisor's giving it to somebody; taking over a
contact that asked for nobody, and a promised callback.
"""

from hotline import outbox
from hotline.callbacks import Callback
from hotline.errors import AlreadyClaimed, NotAllowed
from hotline.escalation import (
    CALLBACK,
    STOOD_DOWN,
    TAKEN_OVER,
    Escalation,
    Urgency,
    claim_in,
    deliver,
    may_push,
    new_escalation,
    new_notice,
)
from hotline.ids import new_id
from hotline.notes import NoteKind, new_note
from hotline.people import Operator, OperatorStatus, Role
from hotline.ports import Services, UnitOfWork
from hotline.ring_out import BY_OPERATOR, wish_for, wish_of
from hotline.sessions import CallSession
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
        waited = raised.status in ("open", STOOD_DOWN)
        raised.status, raised.claimed_by = "claimed", to_operator_id
        raised.claimed_at = raised.claimed_at or services.clock.now()
        raised.attended_at = services.clock.now()  # whoever does not come leaves it to the others
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


async def take_over(session_id: str, operator_id: str, services: Services) -> Escalation:
    """An operator comes into a contact that goes on: what is open in it becomes his, else it is raised for him.

    Raises NotFound, NotAllowed when the contact is over, and AlreadyClaimed when it is another operator's.
    """
    async with services.unit_of_work() as uow:
        session = await uow.sessions.require(session_id)
        if session.operator_id not in (None, operator_id):
            raise AlreadyClaimed(session.operator_id)
        before = await uow.escalations.of_session(session_id)
        raised = _most_urgent(before) or _taken_over(session, before, services)
        if raised not in before:
            uow.escalations.add(raised)
        first = await claim_in(uow, raised.escalation_id, operator_id, services, in_console=True)
        await uow.commit()
    if first and may_push(raised):
        await outbox.tell(session, common()["claimed"], services)
    return raised


def _most_urgent(raised: list[Escalation]) -> Escalation | None:
    order = list(Urgency)
    waiting = [one for one in raised if one.status != "closed"]
    return min(waiting, key=lambda one: order.index(Urgency(one.urgency)), default=None)


def _taken_over(session: CallSession, before: list[Escalation], services: Services) -> Escalation:
    """Whatever was said of violence, abuse or fraud before goes on to bind."""
    if session.ended_at is not None:
        raise NotAllowed("The contact is over.")
    now = services.clock.now()
    raised = new_escalation(session, new_id("tko"), session.turns, TAKEN_OVER, Urgency.TODAY, now, TAKEN_OVER)
    raised.tell_family = all(one.tell_family for one in before)
    if raised.safe_to_ring is None and not all(map(may_push, before)):
        raised.safe_to_ring = False
    return raised


async def take_callback(callback_id: str, operator_id: str, services: Services) -> Escalation:
    """An operator rings back himself: it is his, and the line rings it no more by itself.

    Raises NotFound, NotAllowed when it has been kept, and AlreadyClaimed when another operator has it.
    """
    async with services.unit_of_work() as uow:
        callback = await uow.callbacks.require(callback_id)
        if callback.status != "open":
            raise NotAllowed("It has been kept already.")
        callback.handed_at = callback.handed_at or services.clock.now()
        raised = await _wish(callback, uow, services)
        await claim_in(uow, raised.escalation_id, operator_id, services, in_console=True)
        await uow.commit()
    return raised


async def _wish(callback: Callback, uow: UnitOfWork, services: Services) -> Escalation:
    """What needs a person: the danger that it was promised for, or the wish itself, raised now if it was not before."""
    if callback.urgency == Urgency.NOW:
        danger = _most_urgent(await uow.escalations.of_session(callback.session_id))
        if danger is not None:
            return danger
    wish = await wish_of(callback, uow)
    if wish is None or (wish.status == "closed" and wish.kind != CALLBACK):
        wish = await wish_for(callback, BY_OPERATOR, uow, services)
        uow.escalations.add(wish)
    elif wish.status == "closed":
        wish.status, wish.claimed_by, wish.claimed_at, wish.closed_at, wish.outcome = "open", None, None, None, None
    return wish
