"""One caller's conversation: each utterance to the desk, each reply to the mouth; what to say when either fails."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, Literal

from hotline.escalation import PRIVATE_KINDS
from hotline.ids import new_id
from hotline.sessions import Reply, Utterance
from knowledge.wording import say, words_for_keys
from language.counts import say_count
from voice.desk import CallState, Desk, DeskUnavailable
from voice.events import EventKind
from voice.hearing import screened
from voice.mouth import Mouth, Piece, pieces
from voice.timing import CallTiming

log = logging.getLogger(__name__)

Note = Callable[[EventKind, str], None]
"""Kind and words of something that happened, for whoever watches."""

COMPANY = "keep_company"
EMERGENCY = "emergency_"
"""How the names of safety replies begin; the kind follows."""

PHONE_SLOTS = frozenset({"phone", "last_four"})
"""Slots whose answer may be typed in, digit by digit."""


@dataclass
class Expecting:
    """What this call waits for, as far as the replies tell; the desk's state corrects it."""

    danger: bool = False
    person_since: float | None = None
    told_ahead: int = 0
    told_minutes: int = 0


class Talk:
    """Everything between what was understood of the caller and what is said to him."""

    def __init__(self, first: Utterance, desk: Desk, mouth: Mouth, timing: CallTiming, note: Note) -> None:
        self.first = first
        self.state: CallState | None = None
        self.asks: str | None = None
        self.then: Literal["listen", "hang_up"] = "listen"
        self.silent = False
        """An operator talks with the caller: nothing of ours may be said."""
        self.desk_down = False
        self.pending_since: float | None = None
        self.may_begin: Callable[[], bool] = lambda: True
        """False while the caller is speaking: what may be spoken over is not begun then."""
        self._desk, self._mouth, self._timing, self._note = desk, mouth, timing, note
        self.shape = Piece()
        """How this caller wants to be spoken to: pace and gain."""
        self._broken: list[Piece] = []
        self._unbegun: list[Piece] = []
        self._unbegun_asks = False
        self.kind = ""
        """Of the danger that this call is about, "" for none."""
        self._expecting = Expecting()
        self._turns: set[asyncio.Task[None]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._look = asyncio.Event()
        self._promised = self._filled = False
        self._faults = 0

    # --- what is the case ----------------------------------------------------------------------------------

    @property
    def session_id(self) -> str | None:
        """As last seen at the desk."""
        return self.state.session_id if self.state else None

    @property
    def urgent(self) -> bool:
        """Danger that nobody has closed."""
        return self._expecting.danger or bool(self.state and self.state.urgent)

    @property
    def held(self) -> bool:
        """An operator holds the session, on whatever channel."""
        return bool(self.state and self.state.held_by)

    @property
    def person_since(self) -> float | None:
        """Since when a person is being called while the caller waits on the line."""
        return self._expecting.person_since

    @property
    def can_be_rung(self) -> bool:
        """The caller's number is shown."""
        return any(char.isdigit() for char in self.first.address)

    @property
    def asks_a_number(self) -> bool:
        """Keys are digits of a number now."""
        return self.asks in PHONE_SLOTS

    # --- the caller ------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Begin the contact's session, beside the opening words."""
        self._turn(self._open())

    def calls_person(self) -> None:
        """A person is being called from now on, and the caller waits on the line."""
        if self._expecting.person_since is None:
            self._expecting.person_since = asyncio.get_running_loop().time()

    def take(
        self,
        text: str = "",
        *,
        keys: str = "",
        silence_seconds: float = 0.0,
        unheard: bool = False,
        waited_seconds: float = 0.0,
    ) -> None:
        """One utterance, answered beside everything else; the hotline keeps the order, danger overtakes."""
        self.then = "listen"
        utterance = replace(
            self.first,
            utterance_id=new_id("utt"),
            text=text,
            keys=keys,
            silence_seconds=silence_seconds,
            unheard=unheard,
            waited_seconds=waited_seconds,
        )
        if text:
            self._note("heard", text)
        if self.pending_since is None:
            self._filled = False
            self.pending_since = asyncio.get_running_loop().time()
        self._turn(self._answer(utterance))

    async def settle(self, limit_seconds: float) -> None:
        """Wait for the turns in progress: nothing is left half done."""
        if self._turns:
            await asyncio.wait(set(self._turns), timeout=limit_seconds)

    def close(self) -> None:
        """No more looking around."""
        for task in self._tasks:
            task.cancel()

    # --- words of our own --------------------------------------------------------------------------------------

    def recorded(self, key: str, *, interruptible: bool = True) -> None:
        """Say a recorded sentence, as loud as this caller wants it."""
        self._mouth.say([replace(self.shape, key=key, interruptible=interruptible)])

    def still_calling(self, key: str) -> None:
        """A person is still being called: how many come before, or how long it has taken, where that is news; else
        the recording `key`.
        """
        news = self._place()
        if news is None:
            self.recorded(key)
        else:
            self._mouth.speak(news, self.shape)

    def _place(self) -> str | None:
        now, expecting = asyncio.get_running_loop().time(), self._expecting
        ahead = self.state.ahead if self.state else 0
        minutes = int((now - (expecting.person_since or now)) // 60)
        told, expecting.told_ahead = expecting.told_ahead, ahead
        if ahead != told:
            return say("person_ahead", count=say_count(ahead, "位")) if ahead else say("person_next")
        if minutes > expecting.told_minutes:
            expecting.told_minutes = minutes
            return say("person_waited", minutes=say_count(minutes, "分钟"))
        return None

    def trouble(self, key: str) -> None:
        """Say that something fails, and once what we promise because of it."""
        self._faults += 1
        self.recorded(key)
        self._promise()

    def filler(self) -> None:
        """We are still at it."""
        key = "with_you" if self.urgent and self._loud else "one_moment_more" if self._filled else "one_moment"
        self._filled = True
        self._mouth.fill(replace(self.shape, key=key))

    def left_alone(self, danger: bool) -> None:
        """The operator has hung up; `danger`: everybody is told again."""
        self.state = replace(self.state, held_by=None) if self.state else None
        self._expecting = Expecting(danger=danger)
        self.asks = None
        self.recorded("operator_left_urgent" if danger else "operator_left", interruptible=not danger)
        self.look()

    def speech_failed(self, piece: Piece) -> None:
        """A sentence could not be spoken."""
        if piece.urgent:
            self.recorded("speech_failed_urgent", interruptible=False)
        elif self._faults:
            self.recorded("speech_failed_again")
        else:
            self.trouble("speech_failed")

    # --- spoken over -------------------------------------------------------------------------------------------

    def spoken_over(self) -> None:
        """The caller speaks: stop, and keep what he has not heard."""
        self._broken = self._mouth.stop() or self._broken

    @property
    def in_mid_reply(self) -> bool:
        """The caller spoke before the last sentence, which may be a question, had begun."""
        return len(self._broken) > 1

    def resume(self) -> None:
        """It was nothing: say the rest."""
        rest = [*self._broken, *self._unbegun]
        self._broken, self._unbegun = [], []
        self._mouth.again(rest)

    def answered_over(self) -> None:
        """There are newer words: what was broken off is dropped, and a question that was not begun; no statement."""
        self._broken = []
        if self._unbegun_asks:
            self._unbegun = []

    # --- news from outside -----------------------------------------------------------------------------------

    async def follow(self) -> None:
        """As long as the call lasts: who holds it, and what is to be said outside a turn."""
        while True:
            try:
                await self._news()
            except DeskUnavailable:
                log.info("news of a call: the desk does not answer")
            wait = self._timing.news if self._expects_news() else self._timing.idle_news
            try:
                await asyncio.wait_for(self._look.wait(), wait)
            except TimeoutError:
                continue
            self._look.clear()

    def look(self) -> None:
        """Look for news at once."""
        self._look.set()

    def _expects_news(self) -> bool:
        return self.urgent or self.held or self.person_since is not None or self.session_id is None

    async def _news(self) -> None:
        self.state = await self._desk.state(self.first) or self._ended()
        self._expecting.danger = False
        if self.state is None:
            return
        if not self.state.waiting_for_person:
            self._expecting = Expecting()
        for text in await self._desk.told(self.first, self.state.session_id):
            self._note("said", text)
            if not self.silent:
                self._mouth.speak(text, replace(self.shape, interruptible=False))

    def _ended(self) -> CallState | None:
        """The session was closed from outside: its last messages may still have to be said."""
        return CallState(self.state.session_id) if self.state else None

    # --- a turn ----------------------------------------------------------------------------------------------

    def _turn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._turns.add(task)
        task.add_done_callback(self._turned)

    def _turned(self, task: asyncio.Task[None]) -> None:
        self._turns.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a turn on the line failed: %s", type(error).__name__)
            self.trouble("line_trouble")
        if not self._turns:
            self.pending_since, self.desk_down = None, False

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _open(self) -> None:
        try:
            await self._desk.open(self.first)
        except DeskUnavailable:
            return  # the first words try again
        self._look.set()

    async def _answer(self, utterance: Utterance) -> None:
        hit = screened(utterance.text)
        watch = asyncio.create_task(self._watch(utterance, 0.0 if hit.tier == "certain" else self._timing.patience))
        try:
            reply = await self._desk.turn(utterance)
        except DeskUnavailable:
            await self._without_desk(utterance)
        else:
            self._reply(reply)
        finally:
            watch.cancel()

    async def _watch(self, utterance: Utterance, patience_seconds: float) -> None:
        """While an answer takes long: is anybody there at all? Danger is not kept waiting for it."""
        await asyncio.sleep(patience_seconds)
        if not await self._desk.answers():
            await self._without_desk(utterance, hangs=True)

    async def _without_desk(self, utterance: Utterance, *, hangs: bool = False) -> None:
        """Say what is true, and keep danger and the wish for a person for another process."""
        told, self.desk_down = self.desk_down, hangs
        hit = screened(utterance.text or words_for_keys(utterance.keys))
        if hit.tier == "certain":
            self._mouth.stop()
            self.recorded("line_trouble_urgent", interruptible=False)
        elif self._faults == 0:
            self.trouble("line_trouble")
        elif not told:
            self.recorded("line_trouble_again")
        if hit.tier == "certain" or hit.wants_person:
            await self._desk.raise_beside(utterance, hit)

    def _promise(self) -> None:
        """Once per call: somebody rings back, or, without a number, that nobody can."""
        if not self._promised:
            self._promised = True
            self._beside(self._promise_now())

    async def _promise_now(self) -> None:
        key = await self._desk.promise_trouble(self.first)
        if key and not self.silent:
            self.recorded(key)

    # --- a reply -----------------------------------------------------------------------------------------------

    def _reply(self, reply: Reply) -> None:
        trace = reply.trace
        self._note("understood", trace.intent or trace.path)
        if trace.path in ("overtaken", "duplicate"):
            return
        self.shape = replace(self.shape, pace=min(self.shape.pace, reply.pace), gain=max(self.shape.gain, reply.gain))
        self._expect(reply)
        if self.silent:
            return
        if reply.text:
            self._say(reply)
        elif trace.path == "human":
            self.recorded("held_heard")
        self.then = "hang_up" if reply.then == "hang_up" else "listen"

    def _expect(self, reply: Reply) -> None:
        """What the reply says about what comes next; the next look at the desk confirms it."""
        self.asks = reply.asks
        safety = self._is_safety(reply)
        if safety and reply.trace.kind:
            self.kind = reply.trace.kind
        self._expecting.danger = self._expecting.danger or safety
        if reply.then == "hand_over":
            self.calls_person()
        if safety or reply.then == "hand_over" or self.session_id is None or reply.trace.path == "danger_question":
            self._look.set()

    def _say(self, reply: Reply) -> None:
        safety = self._is_safety(reply)
        said = pieces(reply.text, replace(self.shape, interruptible=reply.interruptible, urgent=safety and self._loud))
        self._note("said", reply.text)
        if (reply.response or "").startswith(EMERGENCY):
            self._mouth.stop()
            self._broken, self._unbegun = [], []
        if reply.interruptible and not self.may_begin():
            self._unbegun, self._unbegun_asks = [*self._unbegun, *said], reply.asks is not None
            return
        self._mouth.say([*self._unbegun, *said])
        self._unbegun = []

    @staticmethod
    def _is_safety(reply: Reply) -> bool:
        response = reply.response or ""
        return response.startswith(EMERGENCY) or response == COMPANY

    @property
    def _loud(self) -> bool:
        """The matter may be named: nobody dangerous is listening beside the caller."""
        return self.kind not in PRIVATE_KINDS and not (self.state and self.state.quiet)
