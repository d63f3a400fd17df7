"""操作记录: who looked at or changed what, and when. Ids only, never words; it delays nobody and is never lost."""

from dataclasses import dataclass
from datetime import datetime

from hotline.errors import StoreUnavailable
from hotline.ids import new_id
from hotline.ports import Services
from hotline.records import as_record

FAMILY = "family"


@dataclass
class AuditEntry:
    """`what` names the deed (claim, view_elder), `subject` the id it was done to; empty where it has none.
    `operator_id` is FAMILY where a relative did it; the escalation tells which.
    """

    entry_id: str
    at: datetime
    operator_id: str
    what: str
    subject: str = ""


def deed(who: str, what: str, subject: str, services: Services) -> AuditEntry:
    """One of now, not stored yet."""
    return AuditEntry(new_id("aud"), services.clock.now(), who, what, subject)


async def note_deed(operator_id: str, what: str, subject: str, services: Services) -> None:
    """Write it down before it is done; the spool takes it while the database does not."""
    entry = deed(operator_id, what, subject, services)
    try:
        async with services.unit_of_work() as uow:
            uow.audit.add(entry)
            await uow.commit()
    except StoreUnavailable:
        services.spool.append("audit", as_record(entry))


async def latest(count: int, services: Services) -> list[AuditEntry]:
    """The newest first."""
    async with services.reading() as uow:
        return await uow.audit.latest(count)
