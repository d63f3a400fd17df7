"""The phone line's own trouble: a callback, or an alarm, that needs neither a turn nor, at worst, a database."""

from hotline.callbacks import Callback, NewCallback, new_callback, promise_in
from hotline.errors import StoreUnavailable
from hotline.escalation import OPERATOR_REQUEST, Urgency, new_escalation
from hotline.fallback import TROUBLE
from hotline.ids import new_id
from hotline.ports import Services
from hotline.records import as_record
from hotline.sessions import CallSession, Utterance, start_session
from hotline.turns import new_turn, open_session
from knowledge.screening import ScreenHit

PATH = "line"
"""How the turns came about that the line wrote down without an answer of ours."""


async def promise_callback(utterance: Utterance, services: Services) -> Callback:
    """A callback because the line failed this caller: once per session, and kept when the database is away."""
    try:
        async with services.unit_of_work() as uow:
            session, _ = await open_session(utterance, uow, services)
            wanted = NewCallback(f"{TROUBLE}:{utterance.contact}", TROUBLE)
            callback = await promise_in(uow, session, wanted, services)
            await uow.commit()
            return callback
    except StoreUnavailable:
        return spool_callback(utterance, services)


def spool_callback(utterance: Utterance, services: Services) -> Callback:
    """The same by the spool alone. Blocks for the disk; harmless from another thread."""
    session, turn_id = _spooled_turn(utterance, services)
    callback = new_callback(session, NewCallback(turn_id, TROUBLE), services)
    services.spool.append("callback", as_record(callback))
    return callback


def spool_call_for_help(utterance: Utterance, hit: ScreenHit, services: Services) -> None:
    """Danger, or the wish for a person, that could not be handed over: another process's sweep raises it in seconds."""
    session, turn_id = _spooled_turn(utterance, services)
    kind = (hit.kind or "other") if hit.tier else OPERATOR_REQUEST
    urgency = Urgency.NOW if hit.tier else Urgency.TODAY
    raised = new_escalation(session, turn_id, session.turns, kind, urgency, services.clock.now(), trigger=PATH)
    services.spool.append("escalation", as_record(raised))


def _spooled_turn(utterance: Utterance, services: Services) -> tuple[CallSession, str]:
    """Keep the session and the words, so that the record belongs to something; as last seen here, or new."""
    now = services.clock.now()
    session = services.live.of(utterance.key).session or start_session(utterance, now)
    turn = new_turn(session, utterance, now)
    turn.utterance_id, turn.path = new_id("utt"), PATH
    services.spool.append("turn", {"session": as_record(session), "turn": as_record(turn)})
    return session, turn.turn_id
