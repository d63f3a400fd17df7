"""What the web console needs: passwords, sign-ins, the audit log; as `hotline.ports` asks for them."""

from datetime import datetime

from sqlalchemy import delete, select

from hotline.audit import AuditEntry
from hotline.credentials import Credential, SignIn
from hotline.notes import Note
from store import tables as t
from store.repositories import Base


class Notes(Base[Note]):
    kind = Note

    async def of(self, session_id: str) -> list[Note]:
        n = t.notes.c
        return await self._work.all(select(Note).where(n.session_id == session_id).order_by(n.at, n.note_id))


class Credentials(Base[Credential]):
    kind = Credential

    async def remove(self, operator_id: str) -> None:
        await self._work.change(delete(t.credentials).where(t.credentials.c.operator_id == operator_id))


class SignIns(Base[SignIn]):
    kind = SignIn

    async def end(self, sign_in_id: str) -> None:
        await self._work.change(delete(t.sign_ins).where(t.sign_ins.c.sign_in_id == sign_in_id))

    async def end_of(self, operator_id: str) -> None:
        await self._work.change(delete(t.sign_ins).where(t.sign_ins.c.operator_id == operator_id))

    async def end_older(self, before: datetime) -> None:
        await self._work.change(delete(t.sign_ins).where(t.sign_ins.c.began_at < before))


class Audit(Base[AuditEntry]):
    kind = AuditEntry

    async def latest(self, count: int) -> list[AuditEntry]:
        a = t.audit_log.c
        return await self._work.all(select(AuditEntry).order_by(a.at.desc(), a.entry_id).limit(count))
