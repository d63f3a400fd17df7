"""经办记录: what operators did and said in a contact, in their words; turns are the caller's and ours."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hotline.escalation import Escalation
from hotline.ids import new_id
from hotline.ports import Services


class NoteKind(StrEnum):
    """What a note is about."""

    NOTE = "note"
    SAID = "said"
    DECLINED = "declined"
    REASSIGNED = "reassigned"
    TOLD_FAMILY = "told_family"
    RANG = "rang"
    LEFT = "left"
    CLOSED = "closed"


@dataclass
class Note:
    """`words` by kind (none for `rang` and `left`): what was noted or said to the caller, the reason, the id of the
    operator or contact, or of the outcome with what is to be known of it.
    """

    note_id: str
    session_id: str
    escalation_id: str | None
    operator_id: str
    at: datetime
    kind: str
    words: str = ""


def new_note(raised: Escalation, operator_id: str, kind: NoteKind, words: str, services: Services) -> Note:
    """One of now, not stored yet."""
    return Note(
        new_id("nte"), raised.session_id, raised.escalation_id, operator_id, services.clock.now(), kind.value, words
    )


async def add_note(escalation_id: str, operator_id: str, kind: NoteKind, words: str, services: Services) -> Note:
    """Write it down. Raises NotFound."""
    async with services.unit_of_work() as uow:
        note = new_note(await uow.escalations.require(escalation_id), operator_id, kind, words, services)
        uow.notes.add(note)
        await uow.commit()
        return note
