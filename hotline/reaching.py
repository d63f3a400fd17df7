"""Reaching people by hand: an operator tells a relative, or has his own phone rung to be put through to the caller."""

from hotline import family
from hotline.errors import NotAllowed
from hotline.escalation import may_push, new_notice
from hotline.escalation import record as record_states
from hotline.notes import NoteKind, new_note
from hotline.ports import Delivery, Services


async def tell_relative(escalation_id: str, contact_id: str, operator_id: str, services: Services) -> Delivery:
    """Ask a relative to look at the elder now. Raises NotFound, and NotAllowed of violence, abuse and fraud and for
    somebody who is no contact of this elder.
    """
    async with services.unit_of_work() as uow:
        raised = await uow.escalations.require(escalation_id)
        contact = await uow.contacts.require(contact_id)
        session = await uow.sessions.get(raised.session_id)
        elder_id = raised.elder_id or (session and (session.elder_id or session.identified_elder_id))
        if not raised.tell_family or contact.elder_id != elder_id:
            raise NotAllowed("No relative may be told of this, or this is nobody of the elder's.")
        note = new_note(raised, operator_id, NoteKind.TOLD_FAMILY, contact_id, services)
        rung = f"by_hand:{note.note_id}"
        uow.notes.add(note)
        chats = await family.chats_of(contact, uow)
        uow.notices.add(new_notice(raised, rung, "contact", contact_id, services.clock.now()))
        await uow.commit()
    delivery = await family.tell_danger(contact, chats, raised, services)
    await record_states(escalation_id, rung, {contact_id: delivery.state}, services)
    return delivery


async def ring_my_phone(escalation_id: str, operator_id: str, services: Services) -> Delivery:
    """Ring the phone of the operator who has taken it over; picking up puts him through to the caller, who is dialled
    when he has hung up. `no_channel` without a phone. Raises NotFound, and NotAllowed for anybody else.
    """
    async with services.unit_of_work() as uow:
        raised = await uow.escalations.require(escalation_id)
        operator = await uow.operators.require(operator_id)
        session = await uow.sessions.get(raised.session_id)
        present = session is not None and session.ended_at is None
        if raised.claimed_by != operator_id or raised.status != "claimed" or not (present or may_push(raised)):
            raise NotAllowed("Take it over first; a caller who must not be rung is not dialled.")
        if services.dialler is None or not operator.sip_address:
            return Delivery("no_channel")
        uow.notes.add(new_note(raised, operator_id, NoteKind.RANG, "", services))
        await uow.commit()
    return await services.dialler.ring_operator(operator, raised)
