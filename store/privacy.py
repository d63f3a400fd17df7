"""The database's side of privacy: old words go, a person can have all that is kept, and can be deleted."""

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, String, Table, and_, cast, delete, or_, select, update

from store import tables as t
from store.person import about_person, sessions_of
from store.work import Work

_NO_WORDS: dict[Table, dict[str, Any]] = {
    t.turns: {"said": "", "reply": "", "choices": []},
    t.danger_checks: {"words": ""},
    t.callbacks: {"words": None, "when_words": None},
    t.cases: {"words": ""},
    t.profile_changes: {"value": ""},
    t.eligibilities: {"facts": {}},
    t.escalations: {"trigger": "", "draft": {}, "asked": [], "known": {}},
    t.sessions: {"safe_times": None},
    t.outbox: {"text": ""},
    t.notes: {"words": ""},
}
"""What is blanked of each table that holds words; ids, kinds and times stay for statistics."""

_WRITTEN_AT = {
    t.turns: t.turns.c.received_at,
    t.danger_checks: t.danger_checks.c.asked_at,
    t.callbacks: t.callbacks.c.created_at,
    t.cases: t.cases.c.opened_at,
    t.profile_changes: t.profile_changes.c.asked_at,
    t.eligibilities: t.eligibilities.c.judged_at,
    t.escalations: t.escalations.c.raised_at,
    t.sessions: t.sessions.c.last_turn_at,
    t.outbox: t.outbox.c.created_at,
    t.notes: t.notes.c.at,
}

_ABOUT_NOBODY: dict[Table, dict[str, Any]] = {
    t.order_events: {"detail": ""},
    t.visit_orders: {
        "elder_key": "",
        "name": "",
        **dict.fromkeys(("phone", "address", "elder_id", "contact", "note", "case_id")),
    },
    t.escalations: {"number": None, "elder_id": None, "reached_by": None, **_NO_WORDS[t.escalations]},
    t.audit_log: {"subject": ""},
}
"""Rows that stay after a person was deleted, and what is blanked of them."""

_DELETED = (
    t.turns,
    t.danger_checks,
    t.callback_tries,
    t.callbacks,
    t.cases,
    t.profile_changes,
    t.eligibilities,
    t.outbox,
    t.notes,
    t.sessions,
    t.link_tries,
    t.link_codes,
    t.chat_links,
    t.family_contacts,
    t.elders,
)


class Privacy:
    """Part of a unit of work: nothing lasts before commit. Afterwards call `Database.scrub`."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def purge(self, before: datetime) -> dict[str, int]:
        """Blank every word said or written before that moment; how many rows of each table were changed."""
        changed = {}
        for table, blank in _NO_WORDS.items():
            has_words = or_(*(_is_not(table.c[name], value) for name, value in blank.items()))
            old = and_(_WRITTEN_AT[table] < before, has_words)
            changed[table.name] = await self._work.change(update(table).where(old).values(blank))
        self._work.session.expunge_all()
        return changed

    async def sessions_before(self, before: datetime) -> list[str]:
        """Sessions whose last turn is older."""
        s = t.sessions.c
        return await self._work.column(select(s.session_id).where(s.last_turn_at < before).order_by(s.started_at))

    async def sessions_of(self, elder_id: str) -> list[str]:
        """Sessions about the elder, and those of the elder's own and linked addresses about nobody else.

        Raises NotFound.
        """
        return await sessions_of(elder_id, self._work)

    async def export(self, elder_id: str) -> dict[str, Any]:
        """Everything about one elder: rows by table, as plain JSON values. Raises NotFound."""
        exported = {}
        for table, theirs in (await about_person(elder_id, self._work)).items():
            rows = await self._work.rows(select(table).where(theirs).order_by(*table.primary_key))
            exported[table.name] = [{name: _plain(value) for name, value in row.items()} for row in rows]
        return exported

    async def forget(self, elder_id: str) -> dict[str, int]:
        """Delete what names or describes the elder; orders and escalations stay, about nobody.

        How many rows of each table were deleted or blanked. Raises NotFound.
        """
        theirs = await about_person(elder_id, self._work)
        theirs[t.sessions] = await self._release_shared_sessions(elder_id, theirs[t.sessions])
        changed = {}
        for table, blank in _ABOUT_NOBODY.items():
            changed[table.name] = await self._work.change(update(table).where(theirs[table]).values(blank))
        for table in _DELETED:
            changed[table.name] = await self._work.change(delete(table).where(theirs[table]))
        self._work.session.expunge_all()
        return changed

    async def _release_shared_sessions(self, elder_id: str, theirs: ColumnElement[bool]) -> ColumnElement[bool]:
        """A session that is also about another elder stays, without its words; gives the others back."""
        s = t.sessions.c
        identified_here = and_(theirs, s.identified_elder_id == elder_id)
        await self._work.change(
            update(t.sessions)
            .where(identified_here, s.elder_id != elder_id)
            .values(identified_elder_id=None)
        )  # fmt: skip
        return and_(theirs, or_(s.elder_id.is_(None), s.elder_id == elder_id))


def _is_not(column: ColumnElement[Any], blank: Any) -> ColumnElement[bool]:
    if blank is None:
        return column.is_not(None)
    if isinstance(column.type, JSON):
        return cast(column, String) != json.dumps(blank)
    return column.is_distinct_from(blank)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
