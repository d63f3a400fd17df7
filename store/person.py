"""Which rows of the database are about one elder."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, false, or_, select

from hotline.errors import NotFound
from store import tables as t
from store.columns import phone_spellings
from store.work import Work

_MENTION = (t.visit_orders, t.callbacks, t.cases, t.profile_changes, t.eligibilities, t.escalations)
"""Tables with a session and, when it is known, an elder."""


async def about_person(elder_id: str, work: Work) -> dict[Table, ColumnElement[bool]]:
    """For each table the condition that picks the elder's rows. Raises NotFound.

    Ids are looked up now, so that the conditions hold while rows are being changed.
    """
    elder = await _elder(elder_id, work)
    sessions = await sessions_of(elder_id, work)
    kin = t.family_contacts.c
    contacts = await work.column(select(kin.contact_id).where(kin.elder_id == elder_id))
    orders = await work.column(select(t.visit_orders.c.order_id).where(_ordered_for(elder, sessions)))
    raised = _about(t.escalations, elder_id, sessions)
    escalations = await work.column(select(t.escalations.c.escalation_id).where(raised))
    called = _about(t.callbacks, elder_id, sessions)
    callbacks = await work.column(select(t.callbacks.c.callback_id).where(called))
    opened, wished = _about(t.cases, elder_id, sessions), _about(t.profile_changes, elder_id, sessions)
    cases = await work.column(select(t.cases.c.case_id).where(opened))
    changes = await work.column(select(t.profile_changes.c.change_id).where(wished))
    subjects = [elder_id, *contacts, *sessions, *orders, *escalations, *callbacks, *cases, *changes]
    linked = or_(t.chat_links.c.elder_id == elder_id, t.chat_links.c.contact_id.in_(contacts))
    return {
        t.elders: t.elders.c.elder_id == elder_id,
        t.family_contacts: t.family_contacts.c.contact_id.in_(contacts),
        t.chat_links: linked,
        t.sessions: t.sessions.c.session_id.in_(sessions),
        t.turns: t.turns.c.session_id.in_(sessions),
        t.danger_checks: t.danger_checks.c.session_id.in_(sessions),
        t.visit_orders: t.visit_orders.c.order_id.in_(orders),
        t.order_events: t.order_events.c.order_id.in_(orders),
        t.callbacks: t.callbacks.c.callback_id.in_(callbacks),
        t.callback_tries: t.callback_tries.c.callback_id.in_(callbacks),
        t.link_codes: t.link_codes.c.elder_id == elder_id,
        t.link_tries: await _tried_to_link(elder_id, work),
        t.cases: t.cases.c.case_id.in_(cases),
        t.profile_changes: t.profile_changes.c.change_id.in_(changes),
        t.eligibilities: _about(t.eligibilities, elder_id, sessions),
        t.escalations: t.escalations.c.escalation_id.in_(escalations),
        t.outbox: t.outbox.c.session_id.in_(sessions),
        t.notes: t.notes.c.session_id.in_(sessions),
        t.notices: t.notices.c.escalation_id.in_(escalations),
        t.audit_log: t.audit_log.c.subject.in_(subjects),
    }


async def sessions_of(elder_id: str, work: Work) -> list[str]:
    """Ids of the sessions about the elder, oldest first. Raises NotFound."""
    elder = await _elder(elder_id, work)
    s = t.sessions.c
    nobody_else = or_(s.elder_id.is_(None), s.elder_id == elder_id)
    theirs = or_(
        s.elder_id == elder_id,
        s.identified_elder_id == elder_id,
        s.session_id.in_(await _mentioning(elder_id, work)),
        and_(nobody_else, await _from_linked_address(elder, work)),
    )
    return await work.column(select(s.session_id).where(theirs).order_by(s.started_at, s.session_id))


async def _elder(elder_id: str, work: Work) -> dict[str, Any]:
    found = await work.rows(select(t.elders).where(t.elders.c.elder_id == elder_id))
    if not found:
        raise NotFound
    return found[0]


async def _mentioning(elder_id: str, work: Work) -> list[str]:
    """Sessions in which something was written down for the elder."""
    found: set[str] = set()
    for table in _MENTION:
        found.update(await work.column(select(table.c.session_id).where(table.c.elder_id == elder_id)))
    return sorted(found)


async def _from_linked_address(elder: dict[str, Any], work: Work) -> ColumnElement[bool]:
    s, elder_id = t.sessions.c, elder["elder_id"]
    contacts = await work.rows(select(t.family_contacts).where(t.family_contacts.c.elder_id == elder_id))
    phones = [spelling for who in (elder, *contacts) for spelling in phone_spellings(who["phone"] or "")]
    chats = await _chats(elder_id, work)
    return or_(
        and_(s.channel == "phone", s.address.in_(phones)),
        *(and_(s.channel == channel, s.address == address) for channel, address in chats),
    )


async def _tried_to_link(elder_id: str, work: Work) -> ColumnElement[bool]:
    """Tries of the chats that are tied to the elder now."""
    tried, chats = t.link_tries.c, await _chats(elder_id, work)
    return or_(false(), *(and_(tried.channel == channel, tried.address == address) for channel, address in chats))


async def _chats(elder_id: str, work: Work) -> list[tuple[str, str]]:
    """Channel and address of every chat tied to the elder or to one of the family."""
    contacts = await work.rows(select(t.family_contacts).where(t.family_contacts.c.elder_id == elder_id))
    links = await work.rows(select(t.chat_links).where(t.chat_links.c.elder_id == elder_id))
    of_contacts = [("telegram", c["telegram_chat_id"]) for c in contacts if c["telegram_chat_id"]]
    return [*of_contacts, *((link["channel"], link["address"]) for link in links)]


def _about(table: Table, elder_id: str, sessions: Sequence[str]) -> ColumnElement[bool]:
    """Rows for this elder, and rows for nobody in particular in one of the elder's sessions."""
    unnamed = and_(table.c.elder_id.is_(None), table.c.session_id.in_(sessions))
    return or_(table.c.elder_id == elder_id, unnamed)


def _ordered_for(elder: dict[str, Any], sessions: Sequence[str]) -> ColumnElement[bool]:
    """Orders without an elder count by number or name: a call may book a visit for a neighbour too."""
    o = t.visit_orders.c
    phones = phone_spellings(elder["phone"] or "")
    same_person = or_(o.phone.in_(phones), and_(o.name == elder["name"], o.session_id.in_(sessions)))
    return or_(o.elder_id == elder["elder_id"], and_(o.elder_id.is_(None), same_person))
