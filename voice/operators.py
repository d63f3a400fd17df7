"""Operators' phones: rung for what needs a person, one ring per operator; key 1 takes it over and puts it through."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from hotline.escalation import STOOD_DOWN, Escalation
from hotline.people import Operator
from hotline.ports import Delivery
from knowledge.ringing import ringing
from voice.legs import CallLeg, DialFailed, Endpoint
from voice.line import Line
from voice.office import Claimed, Office, OfficeUnavailable
from voice.operator_call import YES, OperatorCall, OperatorGone, Overtaken
from voice.placing import RING_SECONDS, placed
from voice.putting_through import PuttingThrough
from voice.speech import Voice
from voice.wording import alert_words, say

log = logging.getLogger(__name__)

QUICK_SECONDS = 3.0
"""Whoever asked hears so soon what came of it; a phone that still rings then is `sending`."""
LOOK_SECONDS = 1.0
RING_AGAIN_SECONDS = 30.0
"""Between two rings of an operator who has taken over in another way, while the caller waits on the line."""
ATTEND_SECONDS = 10.0
CLAIM_AGAIN_SECONDS, CLAIM_TRIES = 2.0, 900
"""Half an hour of a database that takes nothing."""

NO_PHONE, SENT, RINGING, BUSY = (
    Delivery("no_channel"),
    Delivery("sent"),
    Delivery("sending"),
    Delivery("failed", "busy"),
)


@dataclass
class Ring:
    """An operator's phone that rings or is being talked to. `wanted` are the escalations to offer, by id."""

    operator: Operator
    wanted: dict[str, Escalation]
    outcome: asyncio.Future[Delivery]
    over: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    taken: asyncio.Event = field(default_factory=asyncio.Event)
    leg: CallLeg | None = None
    put_through: bool = False
    reported_ringing: bool = False
    ring_seconds: float = RING_SECONDS

    @property
    def closed(self) -> bool:
        """Nothing more can join it: its operator talks with a caller, or its call is ending."""
        return self.put_through or self.over.is_set()

    @property
    def ending(self) -> bool:
        """It will be gone in a moment."""
        return self.closed and (self.leg is None or not self.leg.alive or not self.put_through)

    def next(self, waits: Callable[[Escalation], bool]) -> Escalation | None:
        """The most urgent one first; of those, whose caller `waits` on the line before one who has hung up."""
        order = {"now": 0, "today": 1}
        weight = {e.escalation_id: (order.get(e.urgency, 2), not waits(e), e.raised_at) for e in self.wanted.values()}
        return min(self.wanted.values(), key=lambda e: weight[e.escalation_id], default=None)

    def drop(self, escalation_id: str) -> None:
        """It is settled; with nothing left the ringing stops."""
        self.wanted.pop(escalation_id, None)
        if not self.wanted:
            self.over.set()


class OperatorPhones:
    """Lives on the audio loop."""

    def __init__(self, endpoint: Endpoint, voice: Voice, line: Line, office: Office) -> None:
        self._endpoint, self._voice, self._line, self._office = endpoint, voice, line, office
        self._rings: dict[str, Ring] = {}
        self._tasks: set[asyncio.Task[object]] = set()
        self._rung_at: dict[str, float] = {}
        self._let_ring_at: dict[str, float] = {}
        self._attended_at = float("-inf")

    def is_free(self, operator_id: str) -> bool:
        """The phone neither rings nor is talked into, as far as this line knows."""
        return operator_id not in self._rings

    def expected(self, operators: list[Operator]) -> int:
        """How many of these are free and have not just let it ring."""
        now, rest = asyncio.get_running_loop().time(), ringing().operators.rest_seconds
        let_ring = {who for who, at in self._let_ring_at.items() if now - at < rest}
        return sum(self.is_free(o.operator_id) and o.operator_id not in let_ring for o in operators)

    async def ring_alone(self, operator: Operator, waiting: list[Escalation], ring_seconds: float) -> None:
        """Ring this operator alone for those who wait; returns when he talks with one, or the ringing is over."""
        if not self.is_free(operator.operator_id):
            return  # an emergency was quicker
        ring = self._begin(operator, ring_seconds)
        ring.reported_ringing = True
        self.offer(operator.operator_id, waiting)
        over, gone = asyncio.create_task(ring.taken.wait()), asyncio.create_task(ring.gone.wait())
        await asyncio.wait({over, gone}, return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        gone.cancel()

    def offer(self, operator_id: str, waiting: list[Escalation]) -> None:
        """Let whoever picks up this ringing phone be offered these too."""
        ring = self._rings.get(operator_id)
        if ring is not None and not ring.closed:
            ring.wanted.update((one.escalation_id, one) for one in waiting if one.claimed_by is None)

    def drop(self, escalation_id: str) -> None:
        """It waits no more: a phone with nothing else to offer stops ringing."""
        self._settled(escalation_id)

    async def ring(self, operator: Operator, escalation: Escalation) -> Delivery:
        """Ring the operator for it, or let it join the ring that is going on; answers within QUICK_SECONDS."""
        if not operator.sip_address or escalation.claimed_by not in (None, operator.operator_id):
            return NO_PHONE
        loop = asyncio.get_running_loop()
        limit = loop.time() + QUICK_SECONDS
        while (ring := self._rings.get(operator.operator_id)) is not None and ring.closed:
            if not ring.ending or not await _within(ring.gone.wait(), limit - loop.time()):
                return BUSY
        if ring is None:
            ring = self._begin(operator)
        ring.wanted[escalation.escalation_id] = escalation
        await asyncio.wait({ring.outcome}, timeout=limit - loop.time())
        ring.reported_ringing = ring.reported_ringing or not ring.outcome.done()
        return ring.outcome.result() if ring.outcome.done() else RINGING

    async def watch(self) -> None:
        """As long as the line runs: what is claimed or closed elsewhere stops ringing, and who has taken over
        elsewhere is rung while his caller waits."""
        while True:
            try:
                await self._stop_settled()
                await self._ring_takers()
                await self._attend()
            except OfficeUnavailable:
                log.debug("operators: the database does not answer")
            await asyncio.sleep(LOOK_SECONDS)

    # --- one ring ------------------------------------------------------------------------------------------

    def _begin(self, operator: Operator, ring_seconds: float = RING_SECONDS) -> Ring:
        ring = Ring(operator, {}, asyncio.get_running_loop().create_future(), ring_seconds=ring_seconds)
        self._rings[operator.operator_id] = ring
        self._beside(self._run(ring))
        return ring

    async def _run(self, ring: Ring) -> None:
        try:
            address = str(ring.operator.sip_address)
            leg = await placed(self._endpoint, address, ring.over.wait(), ring.ring_seconds)
            if leg is not None:
                ring.leg = leg
                ring.outcome.set_result(SENT)
                await self._talk(ring, leg)
        except DialFailed as failed:
            log.info("operator %s: %s", ring.operator.operator_id, failed.reason)
            ring.outcome.set_result(Delivery("failed", failed.reason))
            self._lets_ring(ring.operator)
            if ring.reported_ringing:
                await self._in_vain(ring)
        finally:
            del self._rings[ring.operator.operator_id]
            ring.gone.set()
            if not ring.outcome.done():
                ring.outcome.set_result(SENT if ring.over.is_set() else Delivery("failed", "stopped"))

    async def _talk(self, ring: Ring, leg: CallLeg) -> None:
        call = OperatorCall(leg, ring.operator.operator_id, self._voice, ring.over)
        try:
            await self._offer(ring, call)
        except OperatorGone:
            if not ring.put_through:
                self._lets_ring(ring.operator)
                await self._in_vain(ring)
        finally:
            call.close()

    async def _offer(self, ring: Ring, call: OperatorCall) -> None:
        """One after the other until the operator takes one, declines, or none is left."""
        while (raised := ring.next(self._waits)) is not None:
            try:
                key = await call.ask(alert_words(raised))
            except Overtaken:
                break
            if key != YES:
                self._lets_ring(ring.operator)
            if key is None:
                await self._in_vain(ring)
                return await call.tell(say("no_key"))
            if key != YES:
                return await call.tell(say("declined"))
            pressing = ring.next(self._waits) or raised  # somebody may have come to wait while the words were spoken
            if await self._taken(ring, pressing, call):
                return None
        await call.tell(say("claimed_by_other"))

    def _waits(self, raised: Escalation) -> bool:
        call = self._line.by_session(raised.session_id)
        return call is not None and not call.bridged

    async def _taken(self, ring: Ring, raised: Escalation, call: OperatorCall) -> bool:
        """Claim it and put the caller through; False when somebody else was first, or it did not work."""
        mine = raised.claimed_by == ring.operator.operator_id
        claimed: Claimed = "won" if mine else await self._office.claim(raised.escalation_id, ring.operator.operator_id)
        through = PuttingThrough(self._endpoint, self._line, self._office, call)
        if claimed == "trouble" and through.caller_waits(raised):
            self._beside(self._claim_later(raised.escalation_id, ring.operator.operator_id))
        elif claimed == "trouble":
            await call.tell(say("claim_failed"))
            return False
        elif claimed != "won":
            ring.drop(raised.escalation_id)
            return False
        ring.put_through = True
        ring.taken.set()
        self._let_ring_at.pop(ring.operator.operator_id, None)
        self._settled(raised.escalation_id, but=ring)
        await through.put_through(raised)
        self._rung_at[raised.escalation_id] = asyncio.get_running_loop().time()
        return True

    async def _claim_later(self, escalation_id: str, operator_id: str) -> None:
        """The caller has a person already; the record follows when the database answers."""
        for _ in range(CLAIM_TRIES):
            if await self._office.claim(escalation_id, operator_id) != "trouble":
                return
            await asyncio.sleep(CLAIM_AGAIN_SECONDS)
        log.error("escalation %s: its claim could not be recorded", escalation_id)

    def _lets_ring(self, operator: Operator) -> None:
        self._let_ring_at[operator.operator_id] = asyncio.get_running_loop().time()

    async def _in_vain(self, ring: Ring) -> None:
        for escalation_id in ring.wanted:
            await self._office.not_answered(escalation_id, ring.operator.operator_id)

    # --- what happens elsewhere -----------------------------------------------------------------------------

    def _settled(self, escalation_id: str, but: Ring | None = None) -> None:
        for ring in self._rings.values():
            if ring is not but and not ring.put_through:
                ring.drop(escalation_id)

    async def _stop_settled(self) -> None:
        wanted = {e for ring in self._rings.values() if not ring.put_through for e in ring.wanted}
        if not wanted:
            return
        for escalation_id, now in (await self._office.latest(wanted)).items():
            for ring in self._rings.values():
                if escalation_id not in ring.wanted or ring.put_through:
                    continue
                if now.status in ("closed", STOOD_DOWN) or now.claimed_by not in (None, ring.operator.operator_id):
                    ring.drop(escalation_id)
                else:
                    ring.wanted[escalation_id] = now

    async def _ring_takers(self) -> None:
        """Who took over at a screen is rung while the caller is on the line and alone; a phone that rings for something
        else offers it too, the more urgent first.
        """
        if not self._line.calls:
            return
        now = asyncio.get_running_loop().time()
        for taken in await self._office.taken():
            ref, operator_id = taken.escalation.escalation_id, taken.operator.operator_id
            call = self._line.by_session(taken.escalation.session_id)
            rung_at = self._rung_at.get(ref)
            recently = rung_at is not None and now - rung_at < RING_AGAIN_SECONDS
            ring = self._rings.get(operator_id)
            if call is not None and not call.bridged and (ring is None or not ring.closed) and not recently:
                self._rung_at[ref] = now
                self._beside(self.ring(taken.operator, taken.escalation))

    async def _attend(self) -> None:
        """Whoever talks with a caller is there, whatever his browser does."""
        now = asyncio.get_running_loop().time()
        if now - self._attended_at < ATTEND_SECONDS:
            return
        self._attended_at = now
        for operator_id in [ring.operator.operator_id for ring in self._rings.values() if ring.put_through]:
            await self._office.attends(operator_id)

    def _beside(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("an operator's phone failed: %s", type(error).__name__)


async def _within(work: Coroutine[Any, Any, object], seconds: float) -> bool:
    """Whether it was done by then."""
    try:
        await asyncio.wait_for(work, seconds)
    except TimeoutError:
        return False
    return True
