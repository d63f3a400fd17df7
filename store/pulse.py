"""What changes in a contact, as a few counts and sums: cheap to ask for many contacts at once."""

from collections.abc import Iterator

from sqlalchemy import Select, func, select

from store import tables as t


def pulse_statements(session_ids: set[str]) -> Iterator[Select[tuple[object, ...]]]:
    """Each gives a session's id and values that change with what is said, done, promised or told in it."""
    u, e, n, c, s = t.turns.c, t.escalations.c, t.notes.c, t.callbacks.c, t.sessions.c
    yield select(s.session_id, s.operator_id, s.ended_at).where(s.session_id.in_(session_ids))
    spoken = select(u.session_id, func.count(), func.sum(func.length(u.reply)), func.sum(func.length(u.path)))
    yield spoken.where(u.session_id.in_(session_ids)).group_by(u.session_id)
    raised = select(e.session_id, e.escalation_id, e.status, e.claimed_by, e.company_turns, e.caller_says_ok, e.outcome)
    yield raised.where(e.session_id.in_(session_ids)).order_by(e.escalation_id)
    told = select(e.session_id, func.count(), func.max(t.notices.c.finished_at)).join(
        t.notices, t.notices.c.escalation_id == e.escalation_id
    )
    yield told.where(e.session_id.in_(session_ids)).group_by(e.session_id)
    yield select(n.session_id, func.count()).where(n.session_id.in_(session_ids)).group_by(n.session_id)
    promised = select(c.session_id, func.count(), func.count(c.closed_at), func.sum(c.tries))
    yield promised.where(c.session_id.in_(session_ids)).group_by(c.session_id)
