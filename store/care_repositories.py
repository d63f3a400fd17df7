"""Orders, callbacks, cases, danger checks and escalations, as `hotline.ports` asks for them."""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Table, case, or_, select, update

from hotline.booking import OrderEvent, OrderStatus, VisitOrder
from hotline.callbacks import Callback, CallbackTry
from hotline.cases import ASKED, Case, ProfileChange
from hotline.danger import DangerCheck
from hotline.eligibility import Eligibility
from hotline.escalation import STOOD_DOWN, Escalation, Notice
from hotline.outbox import Message
from hotline.timing import CLOCK_SKEW
from store import tables as t
from store.repositories import Base

T = TypeVar("T")


def _most_urgent_first(urgency: ColumnElement[str]) -> ColumnElement[int]:
    return case({"now": 0, "today": 1, "soon": 2}, value=urgency, else_=3)


class PerTurn(Base[T]):
    """Made at most once for a session and turn."""

    async def _for_turn(self, table: Table, session_id: str, turn_id: str, *also: ColumnElement[bool]) -> T | None:
        """Looks, and makes a second delivery of the turn wait until the first one has written or given up."""
        await self._work.hold(f"{table.name}:{session_id}:{turn_id}")
        same = (table.c.session_id == session_id, table.c.turn_id == turn_id, *also)
        return await self._work.first(select(self.kind).where(*same))

    async def _by_session(self, table: Table, session_id: str, order: ColumnElement[object]) -> list[T]:
        return await self._work.all(select(self.kind).where(table.c.session_id == session_id).order_by(order))


class Orders(PerTurn[VisitOrder]):
    kind = VisitOrder

    async def lock(self, elder_key: str) -> None:
        await self._work.hold(elder_key)

    async def overlapping(self, elder_key: str, starts_at: datetime, ends_at: datetime) -> list[VisitOrder]:
        o = t.visit_orders.c
        live = select(VisitOrder).where(o.elder_key == elder_key, o.status == OrderStatus.BOOKED.value)
        touching = live.where(o.starts_at < ends_at, o.ends_at > starts_at)
        return await self._work.all(touching.order_by(o.starts_at))

    async def upcoming(self, elder_ids: list[str], now: datetime) -> list[VisitOrder]:
        o = t.visit_orders.c
        ahead = (o.elder_id.in_(elder_ids), o.status == OrderStatus.BOOKED.value, o.ends_at > now)
        return await self._work.all(select(VisitOrder).where(*ahead).order_by(o.starts_at))

    async def by_session(self, session_id: str) -> list[VisitOrder]:
        return await self._by_session(t.visit_orders, session_id, t.visit_orders.c.starts_at)

    async def for_turn(self, session_id: str, turn_id: str) -> VisitOrder | None:
        return await self._for_turn(t.visit_orders, session_id, turn_id)

    def add_event(self, event: OrderEvent) -> None:
        self._work.add(event)

    async def of_elder(self, elder_id: str, limit: int) -> list[VisitOrder]:
        o = t.visit_orders.c
        theirs = select(VisitOrder).where(o.elder_id == elder_id)
        return await self._work.all(theirs.order_by(o.starts_at.desc()).limit(limit))

    async def between(self, starts: datetime, ends: datetime) -> list[VisitOrder]:
        o = t.visit_orders.c
        then = (o.starts_at >= starts, o.starts_at < ends, o.status != OrderStatus.CANCELLED.value)
        return await self._work.all(select(VisitOrder).where(*then).order_by(o.starts_at, o.order_id))

    async def history(self, order_id: str) -> list[OrderEvent]:
        e = t.order_events.c
        return await self._work.all(select(OrderEvent).where(e.order_id == order_id).order_by(e.at))


class Callbacks(PerTurn[Callback]):
    kind = Callback

    async def for_turn(self, session_id: str, turn_id: str) -> Callback | None:
        return await self._for_turn(t.callbacks, session_id, turn_id)

    async def by_session(self, session_id: str) -> list[Callback]:
        return await self._by_session(t.callbacks, session_id, t.callbacks.c.created_at)

    async def open(self) -> list[Callback]:
        c = t.callbacks.c
        emergencies_first = case({"now": 0}, value=c.urgency, else_=1)
        waiting = select(Callback).where(c.status == "open")
        return await self._work.all(waiting.order_by(emergencies_first, c.promised_at, c.created_at))

    async def between(self, starts: datetime, ends: datetime) -> list[Callback]:
        then = t.callbacks.c.promised_at
        return await self._work.all(select(Callback).where(then >= starts, then < ends).order_by(then))

    async def take_try(self, callback_id: str, tries: int, at: datetime, until: datetime | None = None) -> bool:
        c = t.callbacks.c
        free = or_(c.rung_until.is_(None), c.rung_until <= at)
        same = (c.callback_id == callback_id, c.status == "open", c.tries == tries, free)
        taken = {"tries": tries + 1, "tried_at": at, "rung_until": until, "outcome": None}
        won = await self._work.change(update(t.callbacks).where(*same).values(taken)) == 1
        await self._work.get(Callback, callback_id, fresh=True)
        return won


class CallbackTries(Base[CallbackTry]):
    kind = CallbackTry

    async def of(self, callback_id: str) -> list[CallbackTry]:
        c = t.callback_tries.c
        return await self._work.all(select(CallbackTry).where(c.callback_id == callback_id).order_by(c.number))


class Cases(PerTurn[Case]):
    kind = Case

    async def for_turn(self, session_id: str, turn_id: str) -> Case | None:
        return await self._for_turn(t.cases, session_id, turn_id)

    async def by_session(self, session_id: str) -> list[Case]:
        return await self._by_session(t.cases, session_id, t.cases.c.opened_at)

    async def of_elders(self, elder_ids: list[str]) -> list[Case]:
        theirs = select(Case).where(t.cases.c.elder_id.in_(elder_ids))
        return await self._work.all(theirs.order_by(t.cases.c.opened_at.desc()))

    async def open(self) -> list[Case]:
        c = t.cases.c
        waiting = select(Case).where(c.status == "open")
        return await self._work.all(waiting.order_by(c.promised_on, c.opened_at))

    async def found(self, words: str, elder_ids: list[str], limit: int) -> list[Case]:
        c = t.cases.c
        within = (c.number.contains(words, autoescape=True), c.words.contains(words, autoescape=True))
        fitting = select(Case).where(or_(c.elder_id.in_(elder_ids), c.case_id == words, *within))
        return await self._work.all(fitting.order_by(c.opened_at.desc()).limit(limit))


class ProfileChanges(Base[ProfileChange]):
    kind = ProfileChange

    async def by_session(self, session_id: str) -> list[ProfileChange]:
        c = t.profile_changes.c
        asked = select(ProfileChange).where(c.session_id == session_id)
        return await self._work.all(asked.order_by(c.asked_at))

    async def asked(self) -> list[ProfileChange]:
        c = t.profile_changes.c
        return await self._work.all(select(ProfileChange).where(c.status == ASKED).order_by(c.asked_at))


class Eligibilities(PerTurn[Eligibility]):
    kind = Eligibility

    async def for_turn(self, session_id: str, turn_id: str) -> Eligibility | None:
        return await self._for_turn(t.eligibilities, session_id, turn_id)

    async def by_session(self, session_id: str) -> list[Eligibility]:
        return await self._by_session(t.eligibilities, session_id, t.eligibilities.c.judged_at)


class DangerChecks(Base[DangerCheck]):
    kind = DangerCheck

    async def pending(self, session_id: str) -> DangerCheck | None:
        c = t.danger_checks.c
        unanswered = select(DangerCheck).where(c.session_id == session_id, c.outcome.is_(None))
        return await self._work.first(unanswered.order_by(c.asked_at.desc()))

    async def of_session(self, session_id: str) -> list[DangerCheck]:
        c = t.danger_checks.c
        asked = select(DangerCheck).where(c.session_id == session_id)
        return await self._work.all(asked.order_by(c.asked_at))

    async def overdue(self, now: datetime) -> list[DangerCheck]:
        c = t.danger_checks.c
        over = or_(c.due_at <= now, c.asked_at > now + CLOCK_SKEW)
        due = select(DangerCheck).where(c.outcome.is_(None), over)
        return await self._work.all(due.order_by(c.due_at))


class Escalations(PerTurn[Escalation]):
    kind = Escalation

    async def open(self) -> list[Escalation]:
        e = t.escalations.c
        living = select(Escalation).where(e.status != "closed")
        return await self._work.all(living.order_by(_most_urgent_first(e.urgency), e.raised_at))

    async def of_session(self, session_id: str) -> list[Escalation]:
        return await self._by_session(t.escalations, session_id, t.escalations.c.raised_at)

    async def for_turn(self, session_id: str, turn_id: str, kind: str) -> Escalation | None:
        return await self._for_turn(t.escalations, session_id, turn_id, t.escalations.c.kind == kind)

    async def between(self, starts: datetime, ends: datetime) -> list[Escalation]:
        then = t.escalations.c.raised_at
        return await self._work.all(select(Escalation).where(then >= starts, then < ends).order_by(then))

    async def found(self, words: str, elder_ids: list[str], limit: int) -> list[Escalation]:
        e = t.escalations.c
        fitting = select(Escalation)
        if words or elder_ids:
            named = (e.escalation_id == words, e.number.contains(words, autoescape=True)) if words else ()
            fitting = fitting.where(or_(e.elder_id.in_(elder_ids), *named))
        return await self._work.all(fitting.order_by(e.raised_at.desc()).limit(limit))

    async def claim(self, escalation_id: str, operator_id: str, at: datetime) -> bool:
        e = t.escalations.c
        free = (e.escalation_id == escalation_id, e.claimed_by.is_(None), e.status.in_(("open", STOOD_DOWN)))
        taken = {"claimed_by": operator_id, "claimed_at": at, "status": "claimed"}
        won = await self._work.change(update(t.escalations).where(*free).values(taken)) == 1
        await self._work.get(Escalation, escalation_id, fresh=True)
        return won

    async def attend(self, operator_id: str, at: datetime | None) -> None:
        e = t.escalations.c
        judged = (e.claimed_by == operator_id, e.status == "claimed", e.attended_at.is_not(None))
        await self._work.change(update(t.escalations).where(*judged).values(attended_at=at))

    async def give_back(self, escalation_id: str, operator_id: str, attended_at: datetime | None) -> bool:
        e = t.escalations.c
        left = (e.escalation_id == escalation_id, e.claimed_by == operator_id, e.attended_at == attended_at)
        anew = dict.fromkeys(("claimed_by", "claimed_at", "attended_at", "ladder_started_at"))
        change = update(t.escalations).where(*left, e.status == "claimed")
        won = await self._work.change(change.values(status="open", left_by=operator_id, **anew)) == 1
        await self._work.get(Escalation, escalation_id, fresh=True)
        return won

    async def without_ladder(self) -> list[Escalation]:
        e = t.escalations.c
        waiting = (e.status == "open", e.claimed_by.is_(None), e.ladder_started_at.is_(None))
        return await self._work.all(select(Escalation).where(*waiting).order_by(e.raised_at))


class Notices(Base[Notice]):
    kind = Notice

    async def of(self, escalation_id: str) -> list[Notice]:
        n = t.notices.c
        return await self._work.all(select(Notice).where(n.escalation_id == escalation_id).order_by(n.started_at))


class Outbox(Base[Message]):
    kind = Message

    async def waiting(self) -> list[Message]:
        o = t.outbox.c
        undelivered = select(Message).where(o.delivered_at.is_(None))
        return await self._work.all(undelivered.order_by(o.created_at, o.message_id))
