"""Phones, speech and a desk without any of them: what is said is text inside sound, told back with its times.

For tests, demonstrations and trying out a conversation. Sound made here carries its text frame by frame, so that what
was really played is known even when it was broken off, slowed down or made louder.
"""

import asyncio
import itertools
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np

from hotline.sessions import Reply, Utterance
from knowledge.screening import ScreenHit
from knowledge.wording import say
from voice.desk import CallState, Desk, DeskUnavailable
from voice.legs import FRAME_BYTES, FRAME_SECONDS, SAMPLE_RATE, Audio, CallLeg, DialFailed, HungUp, Key, LegEvent
from voice.speech import Heard, SpeechUnavailable

CHARACTER_SECONDS = 0.2
"""A character spoken unhurriedly."""
SILENT_FRAME = bytes(FRAME_BYTES)
BITS = 32
LEVEL = 1000
SOUND = "♪"
"""How sound without words is told."""


# --- our side: what is played ----------------------------------------------------------------------------------


@dataclass
class Spoken:
    """Something heard by the caller: `text` as far as known, from `start` to `end` (the leg's loop time).

    `whole` is False when it was broken off; `gain` 1 is as made.
    """

    text: str
    start: float
    end: float
    whole: bool = True
    gain: float = 1.0
    pace: float = 1.0


class FakeVoice:
    """Speaks at once, or `slow_seconds` later; `down` makes every sentence fail, `down_after` after so many more."""

    _texts: ClassVar[list[tuple[str, float]]] = []
    _sounds: ClassVar[dict[tuple[str, float], bytes]] = {}

    def __init__(self) -> None:
        self.down, self.slow_seconds = False, 0.0
        self.down_after: int | None = None
        self.hangs = False

    async def speak(self, text: str, pace: float = 1.0) -> bytes:
        if self.hangs:
            await asyncio.Event().wait()
        if self.slow_seconds:
            await asyncio.sleep(self.slow_seconds)
        if self.down_after is not None:
            self.down = self.down or self.down_after <= 0
            self.down_after -= 1
        if self.down:
            raise SpeechUnavailable
        return self._sound(text, pace)

    def recorded(self, key: str) -> bytes:
        return self._sound(say(key), 1.0)

    @classmethod
    def _sound(cls, text: str, pace: float) -> bytes:
        if (text, pace) not in cls._sounds:
            number = len(cls._texts)
            cls._texts.append((text, pace))
            count = max(1, round(len(text) * CHARACTER_SECONDS / pace / FRAME_SECONDS))
            cls._sounds[text, pace] = b"".join(_marked(number, index, index == count - 1) for index in range(count))
        return cls._sounds[text, pace]

    @classmethod
    def read(cls, frame: bytes) -> tuple[str, float, int, bool, float] | None:
        """Text, pace, place within it, whether the last frame, and gain; None for sound that is none of this."""
        samples = np.frombuffer(frame, dtype="<i2")
        if not samples.any() or np.ptp(np.abs(samples.astype(int))) > 2:
            return None
        word = int("".join("1" if s > 0 else "0" for s in samples[:BITS]), 2)
        number, index, last = word >> 16, word >> 1 & 0x7FFF, bool(word & 1)
        text, pace = cls._texts[number]
        return text, pace, index, last, abs(int(samples[0])) / LEVEL


def _marked(number: int, index: int, last: bool) -> bytes:
    """A frame that tells which text it is of; the signs carry it, so that loudness changes nothing."""
    bits = f"{number << 16 | index << 1 | last:0{BITS}b}"
    signs = np.array([1 if bits[place % BITS] == "1" else -1 for place in range(FRAME_BYTES // 2)])
    return (signs * LEVEL).astype("<i2").tobytes()


# --- the caller's side: what is said -----------------------------------------------------------------------------


def voiced(seconds: float) -> bytes:
    """A hum with formants that a voice detector takes for a voice."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    phase = 2 * np.pi * np.cumsum(140 + 15 * np.sin(2 * np.pi * 3 * time)) / SAMPLE_RATE
    total = np.zeros(len(time))
    for harmonic in range(1, 25):
        at = harmonic * 140
        weight = sum(
            w * np.exp(-(((at - f) / b) ** 2)) for f, b, w in ((600, 250, 1), (1500, 300, 0.6), (2500, 400, 0.3))
        )
        total += weight * np.sin(harmonic * phase)
    total *= 0.6 + 0.4 * np.sin(2 * np.pi * 4 * time)
    return bytes((total / np.abs(total).max() * 9000).astype("<i2").tobytes())


class Sayings:
    """Texts said by callers, known by the lowest bits of their sound."""

    _said: ClassVar[list[str]] = []
    _hum: ClassVar[list[bytes]] = []

    @classmethod
    def frames(cls, text: str, seconds: float | None = None) -> list[bytes]:
        """`text` as a voice; the recogniser hears a character more every moment. Empty text: a voice without words."""
        if not cls._hum:
            hum = voiced(2.0)
            cls._hum = [hum[at : at + FRAME_BYTES] for at in range(0, len(hum), FRAME_BYTES)]
        cls._said.append(text)
        length = seconds if seconds is not None else max(0.6, len(text) * CHARACTER_SECONDS)
        count = round(length / FRAME_SECONDS)
        return [
            cls._mark(cls._hum[i % len(cls._hum)], len(cls._said), i * len(text) // count + 1) for i in range(count)
        ]

    @staticmethod
    def _mark(frame: bytes, number: int, characters: int) -> bytes:
        samples = np.frombuffer(frame, dtype="<i2").copy()
        bits = f"{number << 16 | characters:0{BITS}b}"
        samples[:BITS] = (samples[:BITS] & ~1) | np.array([int(bit) for bit in bits], dtype="<i2")
        return samples.tobytes()

    @classmethod
    def read(cls, frame: bytes) -> tuple[int, str] | None:
        """Which saying, and its text so far."""
        if frame == SILENT_FRAME:
            return None
        word = int("".join(str(s & 1) for s in np.frombuffer(frame, dtype="<i2")[:BITS]), 2)
        number, characters = word >> 16, word & 0xFFFF
        return (number, cls._said[number - 1][:characters]) if 0 < number <= len(cls._said) else None


class FakeListening:
    """Hears what `Sayings` put into the sound."""

    def __init__(self, ears: "FakeEars") -> None:
        self._ears = ears
        self._heard: dict[int, str] = {}
        self._complete = True

    def feed(self, pcm: bytes) -> None:
        said = Sayings.read(pcm) if len(pcm) == FRAME_BYTES else None
        if said is None or not said[1]:
            self._complete = self._complete and (said is None or self.working)
        elif self.working:
            self._heard[said[0]] = said[1]
        else:
            self._complete = False

    @property
    def partial(self) -> str:
        return " ".join(self._heard.values())

    @property
    def working(self) -> bool:
        return not self._ears.down

    async def finish(self, limit_seconds: float = 1.0) -> Heard:
        heard, complete = self.partial, self._complete
        self._heard, self._complete = {}, True
        await asyncio.sleep(min(self._ears.slow_seconds, limit_seconds))
        late = self._ears.slow_seconds > limit_seconds
        return Heard(heard, complete and self.working and not late)

    async def close(self) -> None:
        pass


class FakeEars:
    """Recognition that never errs; `down` takes it away, `slow_seconds` keeps each final text back."""

    def __init__(self) -> None:
        self.down, self.slow_seconds = False, 0.0

    def listen(self) -> FakeListening:
        return FakeListening(self)


# --- a phone -----------------------------------------------------------------------------------------------------


class FakeLeg:
    """A call leg in memory. The test is the phone: `says`, `press`, `hangs_up`; `spoken` is what it has heard.

    A muted phone (`mute`) sends no sound at all.
    """

    _ids = itertools.count(1)

    def __init__(
        self, remote: str = "13800002222", dialled: str = "12349", headers: Mapping[str, str] | None = None
    ) -> None:
        self.leg_id = f"fake-{next(self._ids)}"
        self.remote, self.dialled, self.headers = remote, dialled, headers or {}
        self.events: asyncio.Queue[LegEvent] = asyncio.Queue()
        self.bridged_to: CallLeg | None = None
        self.bridges: list[str | None] = []
        self.mute = self.answered = False
        self.answered_at = 0.0
        self.hung_up: str | None = None
        self.spoken: list[Spoken] = []
        """Everything that was played, in order."""
        self.played_at: list[float] = []
        self.keys_sent = ""
        self._playing: deque[bytes] = deque()
        self._saying: deque[bytes] = deque()
        self._changed = asyncio.Condition()
        self._pump: asyncio.Task[None] | None = None

    # --- what a CallLeg can ------------------------------------------------------------------------------

    @property
    def alive(self) -> bool:
        return self.hung_up is None

    async def answer(self) -> None:
        if not self.answered:
            self.answered, self.answered_at = True, asyncio.get_running_loop().time()
            self._pump = asyncio.create_task(self._run())

    def play(self, pcm: bytes) -> None:
        for at in range(0, len(pcm), FRAME_BYTES):
            self._playing.append(pcm[at : at + FRAME_BYTES].ljust(FRAME_BYTES, b"\0"))

    def flush(self) -> None:
        self._playing.clear()

    @property
    def queued_seconds(self) -> float:
        return len(self._playing) * FRAME_SECONDS

    async def drained(self) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: not self._playing or not self.alive)

    def send_keys(self, digits: str) -> None:
        self.keys_sent += digits

    def bridge(self, other: CallLeg | None) -> None:
        self._playing.clear()
        self.bridged_to = other
        self.bridges.append(other.leg_id if other else None)

    def hang_up(self) -> None:
        self.hangs_up("local")

    # --- what a phone does -------------------------------------------------------------------------------

    async def says(self, text: str, seconds: float | None = None) -> None:
        """Say it; returns when it has been said."""
        self._saying.extend(Sayings.frames(text, seconds))
        async with self._changed:
            await self._changed.wait_for(lambda: not self._saying or not self.alive)

    async def noise(self, seconds: float) -> None:
        """A voice of which nothing can be understood."""
        await self.says("", seconds)

    def press(self, keys: str) -> None:
        for key in keys:
            self.events.put_nowait(Key(key))

    def hangs_up(self, reason: Literal["remote", "local", "media_timeout", "error"] = "remote") -> None:
        if self.hung_up is None:
            self.hung_up = reason
            self._playing.clear()
            self.events.put_nowait(HungUp(reason))

    # --- what was heard ----------------------------------------------------------------------------------

    @property
    def texts(self) -> list[str]:
        """The texts alone; what was broken off ends in a dash."""
        return [s.text if s.whole else f"{s.text}—" for s in self.spoken if s.text != SOUND]

    def heard(self, text: str) -> bool:
        """Whether a sentence with this in it was played to its end."""
        return any(text in s.text and s.whole for s in self.spoken)

    async def hears(self, text: str, limit_seconds: float = 60.0) -> Spoken:
        """Wait until it has been played to its end, after this moment or before. Raises TimeoutError."""
        async with asyncio.timeout(limit_seconds), self._changed:
            await self._changed.wait_for(lambda: self.heard(text))
        return next(s for s in self.spoken if text in s.text and s.whole)

    async def begins(self, text: str, limit_seconds: float = 60.0) -> None:
        """Wait until it is being played."""
        async with asyncio.timeout(limit_seconds), self._changed:
            await self._changed.wait_for(lambda: any(text in s.text for s in self.spoken[-1:]))

    def longest_gap(self, start: float, end: float) -> float:
        """Seconds, within that time, in which the phone heard nothing of ours at all."""
        inside = [at for at in self.played_at if start <= at <= end]
        return max(b - a for a, b in itertools.pairwise([start, *inside, end]))

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while self.alive:
            async with self._changed:
                self._frame(loop.time())
                self._changed.notify_all()
            due += FRAME_SECONDS
            await asyncio.sleep(max(0.0, due - loop.time()))
        async with self._changed:
            self._changed.notify_all()

    def _hear(self, at: float, frame: bytes) -> None:
        """Add a frame to what was heard."""
        self.played_at.append(at)
        read = FakeVoice.read(frame)
        text, pace, index, last, gain = read or (SOUND, 1.0, 0, True, 1.0)
        before = self.spoken[-1] if self.spoken else None
        same = before is not None and before.text == text and at - before.end < FRAME_SECONDS / 2
        if before is not None and same and (read is None or index > 0):
            before.end, before.whole = at + FRAME_SECONDS, last
        else:
            self.spoken.append(Spoken(text, at, at + FRAME_SECONDS, last, gain, pace))

    def _frame(self, now: float) -> None:
        if self._playing:
            self._hear(now, self._playing.popleft())
        said = self._saying.popleft() if self._saying else SILENT_FRAME
        if not self.mute:
            self.events.put_nowait(Audio(said))


class FakeEndpoint:
    """`rings` puts a call in; calls placed are answered by whatever `phones` has for that address."""

    def __init__(self) -> None:
        self.incoming: asyncio.Queue[CallLeg] = asyncio.Queue()
        self.phones: dict[str, CallLeg | DialFailed] = {}
        self.dialled: list[str] = []

    def rings(self, leg: CallLeg) -> None:
        self.incoming.put_nowait(leg)

    async def dial(
        self, address: str, *, number: str = "", ring_seconds: float = 30.0, headers: Mapping[str, str] | None = None
    ) -> CallLeg:
        self.dialled.append(address)
        phone = self.phones.get(address)
        if phone is None:
            await asyncio.sleep(ring_seconds)
            raise DialFailed("no_answer")
        if isinstance(phone, DialFailed):
            raise phone
        await phone.answer()
        return phone

    async def close(self) -> None:
        for phone in self.phones.values():
            if not isinstance(phone, DialFailed):
                phone.hang_up()


# --- a desk ------------------------------------------------------------------------------------------------------

Answer = Callable[[Utterance], Awaitable[Reply]]


@dataclass
class FakeDesk(Desk):
    """Answers by a function, or repeats what it hears; remembers what was asked of it.

    `hangs`: nothing is answered until it is False again; `slow_seconds` before each answer.
    """

    answer: Answer | None = None
    now: CallState | None = field(default_factory=lambda: CallState("ses_1"))
    hangs: bool = False
    raises: bool = False
    slow_seconds: float = 0.0
    number_known: bool = True
    danger_left: bool = False
    asked: list[Utterance] = field(default_factory=list)
    ended: list[bool] = field(default_factory=list)
    promised: int = 0
    raised: list[tuple[Utterance, ScreenHit]] = field(default_factory=list)
    to_tell: list[str] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    async def open(self, utterance: Utterance) -> Reply:
        await self._works()
        return Reply("")

    async def turn(self, utterance: Utterance) -> Reply:
        self.asked.append(utterance)
        await asyncio.sleep(self.slow_seconds)
        await self._works()
        reply = await self.answer(utterance) if self.answer else Reply(f"听到{utterance.text or utterance.keys}。")
        self.done.append(utterance.text or utterance.keys)
        return reply

    async def end(self, utterance: Utterance, *, hung_up: bool) -> None:
        await self._works()
        self.ended.append(hung_up)

    async def promise_trouble(self, utterance: Utterance) -> str:
        self.promised += 1
        return "will_be_rung" if self.number_known else "number_unknown"

    async def raise_beside(self, utterance: Utterance, hit: ScreenHit) -> None:
        self.raised.append((utterance, hit))

    async def told(self, utterance: Utterance, session_id: str) -> list[str]:
        await self._works()
        telling, self.to_tell = self.to_tell, []
        return telling

    async def state(self, utterance: Utterance) -> CallState | None:
        await self._works()
        return self.now

    async def operator_left(self, session_id: str, operator_id: str) -> bool:
        self.left.append((session_id, operator_id))
        return self.danger_left

    async def answers(self) -> bool:
        if self.hangs:
            await asyncio.sleep(2.5)
        return not self.hangs

    async def _works(self) -> None:
        while self.hangs:  # noqa: ASYNC110  # a plain switch for tests
            await asyncio.sleep(0.1)
        if self.raises:
            raise DeskUnavailable
