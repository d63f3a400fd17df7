"""The records of a turn: opened before anything is answered, finished when the reply is known."""

from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter

from hotline.danger import DangerCheck
from hotline.escalation import Escalation, Urgency
from hotline.ids import new_id
from hotline.live import LiveSession
from hotline.people import Operator, recognise
from hotline.places import place_in
from hotline.ports import Services, UnitOfWork
from hotline.sessions import CallSession, Reply, Trace, Turn, Utterance, start_session

MAX_TURNS = 60
"""A chat that goes on longer gets a new session: Rasa's tracker slows every turn as it grows."""

RECOVERED, LOOKED_AT = "recovered", "unanswered"
"""Ways of turns that a crash kept from being answered, once the sweep has looked at their words."""

NOT_ANSWERED = ("", RECOVERED, LOOKED_AT)


@dataclass
class Opened:
    """All that a turn needs to know before it answers."""

    session: CallSession
    turn: Turn
    last: Turn | None = None
    urgent: Escalation | None = None
    check: DangerCheck | None = None
    operator: Operator | None = None
    first_contact: bool = False
    duplicate: bool = False
    stored: bool = True


class Stopwatch:
    """Milliseconds by stage, for the trace."""

    def __init__(self) -> None:
        self._started = self._lap = perf_counter()
        self.stages: dict[str, float] = {}

    def stage(self, name: str) -> None:
        now = perf_counter()
        self.stages[name] = round((now - self._lap) * 1000, 2)
        self._lap = now

    def total(self) -> dict[str, float]:
        return {**self.stages, "total": round((perf_counter() - self._started) * 1000, 2)}


async def open_turn(utterance: Utterance, services: Services) -> Opened:
    """Open or resume the session and write the words down. A repeated utterance id comes back as duplicate,
    unless a crash kept the first one from being answered.
    """
    now = services.clock.now()
    async with services.unit_of_work() as uow:
        known = await uow.turns.by_utterance(utterance.channel, utterance.utterance_id)
        if known is not None and known.path not in NOT_ANSWERED:
            session = await uow.sessions.require(known.session_id)
            return Opened(session, known, duplicate=True)
        session, first_contact = await open_session(utterance, uow, services)
        last = await uow.turns.last(session.session_id)
        session.place = session.place or place_in(utterance.text)
        turn = known or new_turn(session, utterance, now)  # known: a crash came between words and reply
        opened = Opened(session, turn, last, first_contact=first_contact)
        opened.urgent = await urgent_escalation(session.session_id, uow) or await _in_the_spool(
            utterance, uow, services
        )
        opened.check = await uow.danger_checks.pending(session.session_id)
        opened.operator = await uow.operators.get(session.operator_id) if session.operator_id else None
        if known is None:
            uow.turns.add(turn)
        await uow.commit()
        return opened


def new_turn(session: CallSession, utterance: Utterance, now: datetime) -> Turn:
    """The next turn of the session; counts it."""
    session.turns += 1
    session.last_turn_at = now
    session.silences = session.silences + 1 if utterance.silence_seconds and not utterance.text else 0
    return Turn(new_id("trn"), session.session_id, session.turns, utterance.utterance_id, utterance.written, now)


async def open_session(utterance: Utterance, uow: UnitOfWork, services: Services) -> tuple[CallSession, bool]:
    """The open session of this contact, or a new one; and whether this address is new to us."""
    session = await uow.sessions.open_for(utterance.channel, utterance.address, utterance.contact)
    if session is not None and not await _is_over(session, uow, services):
        return session, False
    if session is not None:
        session.ended_at = services.clock.now()
    first_contact = session is None and not await uow.sessions.known_address(utterance.channel, utterance.address)
    fresh = start_session(utterance, services.clock.now())
    found = await recognise(utterance.channel, utterance.address, uow)
    fresh.recognised, fresh.elder_id, fresh.contact_id = found.recognised, found.elder_id, found.contact_id
    elder = await uow.elders.get(fresh.elder_id) if fresh.elder_id else None
    fresh.place = fresh.place or (elder.place if elder else None)
    uow.sessions.add(fresh)
    return fresh, first_contact


async def _is_over(session: CallSession, uow: UnitOfWork, services: Services) -> bool:
    """Idle or very long, with nobody in danger and no operator in it."""
    idle = session.is_idle(services.clock.now(), services.timing.session_idle_seconds)
    if session.operator_id or not (idle or session.turns >= MAX_TURNS):
        return False
    last = await uow.turns.last(session.session_id)
    in_a_question = last is not None and last.asks is not None and not idle
    waiting = await uow.danger_checks.pending(session.session_id)
    return not in_a_question and waiting is None and await urgent_escalation(session.session_id, uow) is None


async def urgent_escalation(session_id: str, uow: UnitOfWork) -> Escalation | None:
    """The escalation of urgency now that nobody has closed, and no relative has stood down, if the session has one."""
    of_session = await uow.escalations.of_session(session_id)
    return next((e for e in of_session if e.urgency == Urgency.NOW and e.status in ("open", "claimed")), None)


async def _in_the_spool(utterance: Utterance, uow: UnitOfWork, services: Services) -> Escalation | None:
    """The danger of this contact that the database did not take and does not know yet."""
    raised = services.live.of(utterance.key).urgent
    known = raised is None or await uow.escalations.get(raised.escalation_id) is not None
    return None if known else raised


async def finish_turn(opened: Opened, reply: Reply, watch: Stopwatch, services: Services) -> Reply:
    """Write the reply down; gives it back with the session's pace and gain."""
    watch.stage("answer")
    async with services.unit_of_work() as uow:
        turn = await uow.turns.require(opened.turn.turn_id)
        session = await uow.sessions.require(turn.session_id)
        describe(turn, reply, watch)
        if session.misunderstood_at != turn.number:
            session.misunderstandings = 0
        await uow.commit()
    return replace(reply, pace=session.pace, gain=session.gain)


def describe(turn: Turn, reply: Reply, watch: Stopwatch) -> None:
    """Copy what the operator will want to see from the reply onto the turn."""
    trace = reply.trace
    turn.reply, turn.response, turn.asks, turn.then = reply.text, reply.response, reply.asks, reply.then
    turn.choices = [{"label": c.label, "says": c.says} for c in reply.choices]
    turn.intent, turn.confidence, turn.tier, turn.kind = (
        trace.intent,
        trace.confidence,
        trace.tier,
        trace.kind,
    )
    turn.path, turn.milliseconds = trace.path, watch.total()


def trace_of(opened: Opened, path: str, watch: Stopwatch, **understood: object) -> Trace:
    """A trace for this turn."""
    return Trace(
        turn_id=opened.turn.turn_id,
        session_id=opened.session.session_id,
        number=opened.turn.number,
        path=path,
        milliseconds=watch.total(),
        **understood,  # type: ignore[arg-type]  # the callers pass Trace's own fields by name
    )


def from_memory(utterance: Utterance, live: LiveSession, services: Services) -> Opened:
    """The same when the database does not answer: the session as last seen here, or a new one."""
    session = live.session or start_session(utterance, services.clock.now())
    live.session = session
    return Opened(session, new_turn(session, utterance, services.clock.now()), urgent=live.urgent, stored=False)
