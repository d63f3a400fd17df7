"""One simulated caller on one answered call: speaks, listens, presses keys, and keeps what both said on one clock."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bootstrap.ring.recognising import begins_with_filler, is_filler, words_of
from bootstrap.ring.timings import Span, first_after, is_loud, last_sound, longest_gap, sentences, spans
from bootstrap.ring.track import Arrivals, Track, seconds_of
from voice.legs import FRAME_SECONDS, Audio, CallLeg, HungUp

QUIET_SECONDS = 0.8
"""The line silent for so long, after it spoke, has finished speaking."""
REPLY_LIMIT_SECONDS = 12.0
"""A reply that has not begun by then does not come."""
SPEECH_LIMIT_SECONDS = 60.0
OVER_SECONDS = 1.0
"""How far into the line's sentence somebody speaks who speaks over it."""
KEY_GAP_SECONDS = 0.3


Recognise = Callable[[bytes], Awaitable[str]]


@dataclass(frozen=True)
class Exchange:
    """What the caller did, from `begin` to `end` (seconds since answered), and what was heard after it.

    `said` holds the caller's words or keys; `heard` what was recognised; `audio` where there was sound; `filler`: the
    first of it only says that the line is busy; `dead_air` is the longest quiet until the reply was complete.
    """

    what: str
    said: str
    begin: float
    end: float
    heard: str = ""
    audio: tuple[Span, ...] = ()
    filler: bool = False
    dead_air: float = 0.0

    @property
    def reply_after(self) -> float | None:
        """Seconds from the end of the caller's speech (its last sound) to the first reply audio; None: no reply."""
        first = first_after(self.audio, self.end)
        return first.begin - self.end if first else None


class Caller:
    """Make it when the call has just been answered; `close` ends it. Everything happens on this loop."""

    def __init__(self, leg: CallLeg, recognise: Recognise = words_of) -> None:
        self.leg, self._recognise = leg, recognise
        self.heard, self.said = Track(), Track()
        self.exchanges: list[Exchange] = []
        self.over: str | None = None
        """Why the call is over, None while it goes on."""
        self._loop = asyncio.get_running_loop()
        self._answered = self._loop.time()
        self._arrivals = Arrivals(self.heard)
        self._loud_at: float | None = None
        self._turn = Exchange("opening", "", 0.0, 0.0)
        self._pump = asyncio.create_task(self._receive())

    @property
    def now(self) -> float:
        """Seconds since the call was answered."""
        return self._loop.time() - self._answered

    async def _receive(self) -> None:
        while self.over is None:
            event = await self.leg.events.get()
            if isinstance(event, Audio):
                self._arrivals.add(self.now, event.pcm)
                if is_loud(event.pcm):
                    self._loud_at = self.now
            elif isinstance(event, HungUp):
                self.over = event.reason

    async def say(self, sound: bytes, words: str) -> None:
        """Speak now; returns when it has been said."""
        begin = self.now + self.leg.queued_seconds
        self._turn = Exchange("say", words, begin, begin + last_sound(sound))
        self.said.put(begin, sound)
        self.leg.play(sound)
        await self._until(lambda: self.now >= begin + seconds_of(sound), SPEECH_LIMIT_SECONDS)

    async def press(self, digits: str) -> None:
        """Press keys, one after the other."""
        begin = self.now
        self._turn = Exchange("press", digits, begin, begin + KEY_GAP_SECONDS * (len(digits) - 1))
        self.leg.send_keys(digits)
        await self._until(lambda: self.now >= begin + KEY_GAP_SECONDS * len(digits), SPEECH_LIMIT_SECONDS)

    def listens(self, what: str) -> None:
        """Do nothing but wait for what comes from now on."""
        self._turn = Exchange(what, "", self.now, self.now)

    async def silence(self, seconds: float) -> None:
        """Say nothing for so long."""
        begin = self.now
        self._turn = Exchange("silence", f"{seconds:g} s", begin, begin)
        await self._until(lambda: self.now >= begin + seconds, seconds + 1)

    async def reply(self, limit: float = REPLY_LIMIT_SECONDS) -> Exchange:
        """Listen until the line has finished its answer (a filler alone is none), is gone, or nothing came in time."""
        since = self._turn.end
        while True:
            began = await self._until(lambda: self._spoke(since), limit)  # noqa: B023  # called before it changes
            await self._until(lambda: not self.speaking, SPEECH_LIMIT_SECONDS)
            since, (exchange, answered) = self.now, await self._listened()
            if answered or not began or self.over:
                break
        self.exchanges.append(exchange)
        return exchange

    async def interrupted(self) -> Exchange:
        """Listen until the line is in the middle of a sentence: the moment to speak over it."""
        await self._until(lambda: self._spoke(self._turn.end), REPLY_LIMIT_SECONDS)
        begun = self.now
        await self._until(lambda: self.now >= begun + OVER_SECONDS, REPLY_LIMIT_SECONDS)
        exchange, _ = await self._listened()
        self.exchanges.append(exchange)
        return exchange

    @property
    def speaking(self) -> bool:
        """The line speaks, or did a moment ago."""
        return self._loud_at is not None and self.now - self._loud_at < QUIET_SECONDS

    def hang_up(self) -> None:
        """Put the receiver down."""
        if self.over is None:
            self.over = "caller"
            self.leg.hang_up()

    async def close(self) -> None:
        """Hang up if need be, and stop listening."""
        self.hang_up()
        self._pump.cancel()
        await asyncio.gather(self._pump, return_exceptions=True)

    def _spoke(self, since: float) -> bool:
        return self._loud_at is not None and self._loud_at > since

    async def _listened(self) -> tuple[Exchange, bool]:
        """The present turn with what was heard since it ended, and whether that is more than fillers.

        Speech that was going on when it ended is left out: it is no answer.
        """
        begin = self._turn.end
        sound = self.heard.between(begin)
        audio = tuple(one for one in spans(sound, begin) if one.begin > begin or not self.exchanges)
        texts = [await self._recognise(self.heard.between(*bounds)) for bounds in sentences(audio)]
        exchange = replace(
            self._turn,
            heard=" ".join(filter(None, texts)),
            audio=audio,
            filler=bool(texts) and begins_with_filler(texts[0]),
            dead_air=longest_gap(begin, audio),
        )
        return exchange, not all(map(is_filler, texts))

    async def _until(self, condition: Callable[[], bool], limit: float) -> bool:
        """Whether it came true before the limit and before the call was over."""
        last = self.now + limit
        while self.over is None and self.now < last and not condition():  # noqa: ASYNC110  # the audio's own clock
            await asyncio.sleep(FRAME_SECONDS)
        return condition()
