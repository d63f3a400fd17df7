"""One phone call, from answering to the end: what is heard, what is due, who talks."""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from functools import cache
from typing import Any

from hotline.danger import says_yes
from hotline.sessions import Utterance
from language.text import spoken
from voice.audio import tone
from voice.desk import CallState, Desk, DeskUnavailable
from voice.events import CallEvent, EventKind, OnEvent, unwatched
from voice.hearing import Hearing, screened
from voice.keys import KeyPad
from voice.legs import Audio, CallLeg, HungUp, Key, LegEvent
from voice.mouth import Mouth, MouthEvents
from voice.speech import Ears, Heard, Voice
from voice.talk import Talk
from voice.timing import CallTiming
from voice.turn_taking import SpeechStarted, TurnEvent, TurnTaker
from voice.waiting import Due, Scene, due

log = logging.getLogger(__name__)

TICK_SECONDS = 0.1
SHORT_YES = 4
"""Characters: 嗯, 好的, 对对对. Said into the middle of a reply they only mean: I am listening."""
MOST_FAULTS = 50
"""Events of one call that our own code failed on; a call that goes on so is ended truthfully."""


@dataclass(frozen=True)
class Opening:
    """How a call begins: the recording that is heard first, and words or keys that were heard before it.

    `waits`: a person is being called for this caller already.
    """

    key: str = "opening_phone"
    said: str = ""
    keys: str = ""
    waits: bool = False


class Call:
    """One caller on the line. `first` names the contact."""

    def __init__(
        self,
        leg: CallLeg,
        first: Utterance,
        desk: Desk,
        voice: Voice,
        ears: Ears,
        timing: CallTiming,
        *,
        on_event: OnEvent = unwatched,
        opening: Opening | None = None,
    ) -> None:
        self.leg, self.first = leg, first
        self.operator_leg: CallLeg | None = None
        self._desk, self._timing, self._on_event = desk, timing, on_event
        self._opening = opening or Opening()
        self._loop = asyncio.get_running_loop()
        self._began = self._key_at = self._loop.time()
        mouth_events = MouthEvents(begins=lambda _piece: None, failed=lambda piece: self._talk.speech_failed(piece))
        self._mouth = Mouth(leg, voice, mouth_events, timing.speech_limit)
        self._talk = Talk(first, desk, self._mouth, timing, self._note)
        self._talk.may_begin = lambda: not self._hearing.speaking
        self._keypad = KeyPad(self._keys, timing.keys_gap)
        taker = TurnTaker(timing.end_of_turn, timing.longest_turn)
        self._hearing = Hearing(ears.listen(), taker, self._began)
        self._finishing_since: float | None = None
        self._waits_since: float | None = None
        self._words_order = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._meanwhile: list[str] = []
        self._deaf = self._leaving = self._given_up = self._gap_said = self._offered = False
        self._ended = asyncio.Event()

    # --- what others may know and do ---------------------------------------------------------------------

    @property
    def session_id(self) -> str | None:
        """The session of this call, as last seen; None before the database has answered."""
        return self._talk.session_id

    @property
    def state(self) -> CallState | None:
        """The session as last seen, at most some seconds ago."""
        return self._talk.state

    @property
    def bridged(self) -> bool:
        """An operator talks with the caller, or is being announced."""
        return self.operator_leg is not None

    async def run(self) -> None:
        """The whole call; returns when it is over and its end is recorded."""
        reason = "error"
        try:
            await self.leg.answer()
            self._begin()
            reason = await self._listen()
        finally:
            await self._finish(reason)

    async def hand_to(self, operator_leg: CallLeg, operator_id: str = "") -> None:
        """Announce the operator and let the two talk, until one of them hangs up.

        Afterwards the caller, if still there, hears that the operator has left, and the conversation goes on. The
        operator's leg stays the caller's of this function to end. `operator_id`: who holds the session, when known.
        """
        self.operator_leg, self._talk.silent = operator_leg, True
        self._mouth.stop(everything=True)
        self._talk.recorded("operator_coming", interruptible=False)
        await self._mouth.done()
        gone = asyncio.create_task(_until_hung_up(operator_leg))
        ended = asyncio.create_task(self._ended.wait())
        try:
            if self.leg.alive and operator_leg.alive:
                self._note("bridged", operator_leg.leg_id)
                self.leg.bridge(operator_leg)
            await asyncio.wait({gone, ended}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            ended.cancel()
            self.leg.bridge(None)
            await self._alone_again(operator_id)

    # --- beginning and end ---------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._began = self._key_at = self._loop.time()
        self._note("answered")
        self._talk.recorded(self._opening.key)  # before anything that could take time
        self._talk.open()
        if self._opening.waits:
            self._talk.calls_person()
        if self._opening.said or self._opening.keys:
            self._talk.take(self._opening.said, keys=self._opening.keys)
        self._beside(self._talk.follow())
        self._beside(self._tick_on())

    async def _listen(self) -> str:
        """Every event of the leg until the last; why it ended."""
        faults = 0
        while True:
            event = await self.leg.events.get()
            if isinstance(event, HungUp):
                return event.reason
            try:
                self._event(event)
            except Exception as error:  # a caller is not dropped for a fault of ours
                faults += 1
                log.error("an event of a call failed: %s", type(error).__name__)
                if faults > MOST_FAULTS:
                    raise

    async def _finish(self, reason: str) -> None:
        """What is in progress comes to its end first: nothing stays half done."""
        with_operator = self.bridged and reason == "remote"
        self._ended.set()
        self._note("hung_up", reason)
        for task in self._tasks:
            task.cancel()
        self._keypad.close()
        self._mouth.close()
        if not self.bridged:
            await self._last_words()
        await self._hearing.close()
        await self._talk.settle(self._timing.last_turn)
        self._talk.close()
        hung_up = self._given_up or not (reason == "local" or with_operator)
        try:
            await self._desk.end(self.first, hung_up=hung_up)
        except DeskUnavailable:
            log.error("the end of a call could not be recorded now")

    async def _last_words(self) -> None:
        """Cut off in mid-sentence: danger in it, or the wish for a person, is not lost; anything else was not said."""
        heard = await self._hearing.finish(self._timing.hearing_limit)
        words = " ".join([*self._meanwhile, heard.text]).strip()
        hit = screened(words)
        if hit.tier is not None or hit.wants_person:
            self._talk.take(words)

    async def _alone_again(self, operator_id: str) -> None:
        """The operator has left."""
        if self._ended.is_set():
            return
        state = self._talk.state
        holder = operator_id or (state.held_by if state else None) or ""
        try:
            danger = await self._desk.operator_left(state.session_id, holder) if state else False
        except DeskUnavailable:
            danger = self._talk.urgent  # as last seen; the hotline tells everybody as soon as it can
        self._hearing.forget()
        self.operator_leg, self._talk.silent = None, False
        self._key_at = self._loop.time()
        self._talk.left_alone(danger)

    # --- what is heard -------------------------------------------------------------------------------------

    def _event(self, event: LegEvent) -> None:
        if self.bridged:
            return  # what two people say to each other is not ours
        if isinstance(event, Audio):
            self._follow(self._hearing.frame(event.pcm, self._loop.time()))
        elif isinstance(event, Key):
            self._key(event.digit)

    def _follow(self, events: list[TurnEvent]) -> None:
        for event in events:
            if isinstance(event, SpeechStarted):
                self._talk.spoken_over()
            else:
                self._finishing_since = self._finishing_since or self._loop.time()
                self._beside(self._words())

    async def _words(self) -> None:
        """A turn of the caller's is over: what was it?"""
        try:
            async with self._words_order:
                heard = await self._hearing.finish(self._timing.hearing_limit)
        finally:
            self._finishing_since = None
        if self.bridged:
            return
        if heard.text.strip():
            self._heard(heard)
        else:
            self._heard_nothing(heard)

    def _heard(self, heard: Heard) -> None:
        text = heard.text.strip()
        hit = screened(text)
        matters = hit.tier is not None or hit.wants_person or self._talk.urgent
        if not heard.complete and not matters and not self._gap_said:
            self._gap_said = True
            self._talk.answered_over()
            return self._talk.recorded("hearing_gap")
        self._gap_said = False
        if self._mouth.must_finish and not (hit.tier == "certain" and hit.kind != self._talk.kind):
            return self._meanwhile.append(text)
        if self._talk.in_mid_reply and says_yes(text) and len(spoken(text)) <= SHORT_YES:
            return self._talk.resume()
        self._take_words(text)

    def _take_words(self, text: str) -> None:
        words = " ".join([*self._meanwhile, text]).strip()
        self._meanwhile = []
        self._talk.answered_over()
        self._talk.take(words)

    def _heard_nothing(self, heard: Heard) -> None:
        """A noise, or speech while the recogniser is away."""
        self._talk.resume()
        if heard.complete or self._talk.held:
            return
        if not self._deaf:
            self._turn_deaf()
        elif self._talk.pending_since is None and self._talk.person_since is None:
            self._talk.take(silence_seconds=self._timing.silence, unheard=True)

    def _turn_deaf(self) -> None:
        self._deaf = True
        self._talk.trouble("hearing_failed")

    # --- keys -----------------------------------------------------------------------------------------------

    def _key(self, digit: str) -> None:
        self._note("key", digit)
        self._key_at = self._loop.time()
        self._talk.spoken_over()
        self._keypad.press(digit, collecting=self._talk.asks_a_number)

    def _keys(self, keys: str) -> None:
        """Keys say more than half a sentence; danger in that half sentence is heard all the same."""
        said = self._hearing.partial.strip()
        if self._hearing.in_turn or said:
            self._hearing.forget()
            self._beside(self._forget_words())
        self._talk.answered_over()
        if said and screened(said).tier is not None:
            self._talk.take(said)
        self._talk.take(keys=keys)

    async def _forget_words(self) -> None:
        await self._hearing.finish(self._timing.hearing_limit)

    # --- what is due while nobody speaks -----------------------------------------------------------------

    async def _tick_on(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            try:
                if not self.bridged:
                    self._tick(self._loop.time())
            except Exception as error:
                log.error("a look at a call failed: %s", type(error).__name__)

    def _tick(self, now: float) -> None:
        self._follow(self._hearing.missing(now))
        self._look_at_ears(now)
        if self._meanwhile and not self._mouth.must_finish and not self._hearing.in_turn:
            self._take_words("")
        pending = self._pending_since()
        quiet = self._mouth.quiet and not self._hearing.in_turn
        if self._talk.then == "hang_up" and quiet and pending is None:
            return self._leave()
        if self._mouth.sounding or self._hearing.speaking or self._keypad.collecting:
            return None
        if pending is None and not quiet:
            return None
        what = due(self._scene(now, pending), self._timing)
        return self._do(what) if what else None

    def _pending_since(self) -> float | None:
        """Since when the caller waits for us: for the desk, the recogniser or the voice, one after the other."""
        waits = (self._talk.pending_since, self._finishing_since, self._mouth.making_since, self._waits_since)
        known = [since for since in waits[:3] if since is not None]
        self._waits_since = min(since for since in waits if since is not None) if known else None
        return self._waits_since

    def _scene(self, now: float, pending: float | None) -> Scene:
        caller = max(self._hearing.spoke_at, self._key_at)
        return Scene(
            now=now,
            words_until=max(self._mouth.words_until, caller),
            sound_until=max(self._mouth.sounded_until, caller),
            silent_since=caller,
            pending_since=pending,
            desk_down=self._talk.desk_down,
            urgent=self._talk.urgent,
            held=self._talk.held,
            person_since=self._talk.person_since,
            can_ring=self._talk.can_be_rung,
            offered=self._offered,
            deaf=self._deaf,
        )

    def _do(self, what: Due) -> None:
        if what == "filler":
            self._talk.filler()
        elif what == "tone":
            self._mouth.tone(waiting_tone())
        elif what in ("company", "silence", "unheard"):
            seconds = self._timing.company if what == "company" else self._timing.silence
            self._talk.take(silence_seconds=seconds, unheard=what == "unheard")
        elif what == "offer":
            self._offered = True
            self._talk.take(waited_seconds=self._timing.offer_callback)
        elif what in ("person", "person_long"):
            self._talk.still_calling(WAITING_WORDS[what])
        elif what == "nobody":
            self._given_up, self._talk.then = True, "hang_up"
            self._talk.recorded("nobody_there")
        else:
            self._talk.recorded(WAITING_WORDS[what])

    def _look_at_ears(self, now: float) -> None:
        away = self._hearing.away_seconds(now)
        if not self._deaf and away >= self._timing.hearing_grace:
            self._turn_deaf()
        elif self._deaf and away == 0:
            self._deaf = False
            self._talk.recorded("hearing_back")

    def _leave(self) -> None:
        """Our own end of the call, after our last word."""
        if not self._leaving:
            self._leaving = True
            self.leg.hang_up()

    # --- small things -----------------------------------------------------------------------------------------

    def _note(self, kind: EventKind, text: str = "") -> None:
        at_ms = round((self._loop.time() - self._began) * 1000)
        self._on_event(CallEvent(kind, self.leg.leg_id, at_ms, text, self.session_id))

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a part of a call failed: %s", type(error).__name__)


WAITING_WORDS: dict[Due, str] = {
    "desk": "line_trouble_again",
    "held": "held_wait",
    "person": "person_wait",
    "person_long": "person_wait_long",
}


@cache
def waiting_tone() -> bytes:
    """A soft tone, as while a phone rings."""
    return tone(450, 0.4, 0.06)


async def _until_hung_up(leg: CallLeg) -> None:
    while leg.alive and not isinstance(await leg.events.get(), HungUp):
        pass
