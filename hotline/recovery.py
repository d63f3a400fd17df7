"""The sweep: what a crash, a lock or a silence left behind is made good within seconds."""

import logging
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

from hotline import company, escalation, orphans, outbox, standby
from hotline.audit import AuditEntry
from hotline.callbacks import Callback
from hotline.danger import DangerCheck
from hotline.errors import StoreUnavailable
from hotline.escalation import Escalation, Urgency, may_push, new_escalation
from hotline.fallback import TROUBLE
from hotline.people import recognise
from hotline.ports import Services, UnitOfWork
from hotline.records import from_record
from hotline.sessions import CallSession, Turn

log = logging.getLogger(__name__)


async def sweep(services: Services) -> None:
    """Replay the spool, act on danger questions nobody answered, and on words that a crash left unanswered.

    Each part and each question on its own: one that fails stops no other, and is tried again by the next
    sweep. Raises ExceptionGroup in the end with what failed.
    """
    failed = [error for part in (replay, act_on_silences, recover_turns) for error in await _failures(part(services))]
    if failed:
        raise ExceptionGroup("sweep", failed)


async def _failures(part: Awaitable[object]) -> list[Exception]:
    try:
        await part
    except ExceptionGroup as errors:
        return list(errors.exceptions)
    except Exception as error:  # whatever it is, the other parts are somebody's danger
        return [error]
    return []


async def replay(services: Services) -> int:
    """Put spooled records into the database, oldest first; gives how many.

    Raises StoreUnavailable when the database still takes nothing; the ladders go on from memory then.
    """
    records, done = services.spool.drain(), 0
    try:
        for kind, record in records:
            await _restored(kind, record, services)
            done += 1
    except StoreUnavailable:
        for kind, record in records[done:]:
            if kind == "escalation":
                await standby.climb_unrecorded(from_record(Escalation, record), services)
        raise
    finally:
        services.spool.acknowledge(done)
    return done


async def _restored(kind: str, record: dict[str, Any], services: Services) -> None:
    """A record that nobody can use is logged and passed over: it must not hide the ones behind it."""
    try:
        await _restore(kind, record, services)
    except StoreUnavailable:
        raise
    except Exception as broken:
        log.error("spool record of kind %s can't be used: %s", kind, type(broken).__name__)


async def _restore(kind: str, record: dict[str, Any], services: Services) -> None:
    if kind == "escalation":
        await escalation.restore(record, services)
        return
    async with services.unit_of_work() as uow:
        if kind == "callback":
            await _restore_callback(record, uow)
        elif kind == "turn":
            await _restore_turn(record, uow)
        elif kind == "audit" and await uow.audit.get(record["entry_id"]) is None:
            uow.audit.add(from_record(AuditEntry, record))
        await uow.commit()


async def _restore_callback(record: dict[str, Any], uow: UnitOfWork) -> None:
    """Unless it is there, or the same trouble was promised to be seen to before the database failed too."""
    callback = from_record(Callback, record)
    promised = [c for c in await uow.callbacks.by_session(callback.session_id) if c.status == "open"]
    again = callback.reason == TROUBLE and any(c.reason == TROUBLE for c in promised)
    if not again and await uow.callbacks.get(callback.callback_id) is None:
        uow.callbacks.add(callback)


async def _restore_turn(record: dict[str, Any], uow: UnitOfWork) -> None:
    session, turn = from_record(CallSession, record["session"]), from_record(Turn, record["turn"])
    stored = await uow.sessions.get(session.session_id)
    if stored is None:
        await _recognise(session, uow)
        uow.sessions.add(session)
    known = await uow.turns.get(turn.turn_id)
    if known is None and await uow.turns.by_utterance(session.channel, turn.utterance_id) is None:
        taken = {t.number for t in await uow.turns.of(session.session_id)}
        turn.number = turn.number if turn.number not in taken else max(taken) + 1
        uow.turns.add(turn)
        if stored is not None:
            stored.turns = max(stored.turns, turn.number)
    elif known is not None and not known.reply:
        known.reply, known.path = turn.reply, turn.path


async def _recognise(session: CallSession, uow: UnitOfWork) -> None:
    """A session begun while the database was away knows nobody yet; its escalations get their elder too."""
    found = await recognise(session.channel, session.address, uow)
    session.recognised, session.elder_id, session.contact_id = found.recognised, found.elder_id, found.contact_id
    for raised in await uow.escalations.of_session(session.session_id):
        raised.elder_id = raised.elder_id or found.elder_id
        await escalation.fill_in_elder(raised, uow)


async def act_on_silences(services: Services) -> None:
    """Every danger question whose time is up, each on its own. Raises ExceptionGroup with what failed."""
    async with services.unit_of_work() as uow:
        overdue = await uow.danger_checks.overdue(services.clock.now())
    failed = [error for check in overdue for error in await _failures(act_on_silence(check, services))]
    if failed:
        raise ExceptionGroup("danger questions", failed)


async def recover_turns(services: Services) -> None:
    """Every turn left without a reply, each on its own. Raises ExceptionGroup with what failed."""
    turns = await orphans.unanswered_turns(services)
    failed = [error for turn in turns for error in await _failures(orphans.recover(turn, services))]
    if failed:
        raise ExceptionGroup("unanswered turns", failed)


async def act_on_silence(check: DangerCheck, services: Services) -> None:
    """No answer to the danger question: escalate, and tell the caller so where that is safe."""
    async with services.unit_of_work() as uow:
        session = await uow.sessions.require(check.session_id)
        open_check = await uow.danger_checks.require(check.check_id)
        if open_check.outcome is not None:
            return
    raised = new_escalation(
        session, check.turn_id, check.turn_number, check.kind, Urgency.NOW, services.clock.now(), "no_answer"
    )
    raised = await escalation.raise_escalation(replace_without_state(raised), services)
    async with services.unit_of_work() as uow:
        stored = await uow.danger_checks.require(check.check_id)
        stored.answered_at, stored.outcome = services.clock.now(), "acted"
        await uow.commit()
    if may_push(raised):
        await outbox.tell(session, company.first_words(check.kind, session.channel, raised.number).text, services)


def replace_without_state(raised: Escalation) -> Escalation:
    """A fresh copy, so that a retry never adds the same instance twice."""
    return replace(raised)
