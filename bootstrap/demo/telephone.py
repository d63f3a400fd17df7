"""People on the telephone in the demonstration: real SIP calls of synthetic voices to the line of the own stack."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bootstrap.demo import show
from bootstrap.ring.caller import Caller, Exchange
from bootstrap.ring.phone import ring_up
from bootstrap.ring.speaking import Speaker
from bootstrap.scenario.answers import Answers
from bootstrap.scenario.turns import CallTurns
from hotline.ports import Services
from knowledge import wording
from voice.legs import Endpoint


@dataclass
class Page:
    """What is shown of one call. Calls go on side by side; each is shown when its turn to be shown has come."""

    title: str
    about: str
    _waiting: list[Callable[[], None]] = field(default_factory=list)
    _open: bool = False

    def open(self) -> None:
        """Show what happened up to now, and from now on everything at once."""
        show.title(self.title, self.about)
        self._open = True
        for line in self._waiting:
            line()

    def add(self, line: Callable[[], None]) -> None:
        """Something to show, now or later."""
        if self._open:
            line()
        else:
            self._waiting.append(line)


@dataclass(frozen=True)
class Telephones:
    """What all calls are made with; `softphone` is our own address, where an operator may be rung."""

    endpoint: Endpoint
    softphone: str
    line: str
    services: Services


class Talker:
    """One who speaks on an answered call; shows what is said, and what the database has of it when it is a caller."""

    def __init__(self, name: str, caller: Caller, page: Page, voice: str, turns: CallTurns | None = None) -> None:
        self.name, self.caller, self.page, self.turns = name, caller, page, turns
        self._speaker = Speaker(voice)

    @classmethod
    async def calling(cls, phones: Telephones, number: str, name: str, page: Page, voice: str) -> "Talker":
        """Rings the line; comes back when it has finished its opening. Raises NoCall."""
        page.add(lambda: show.remark(f"{name} rings from {number}"))
        leg = await ring_up(phones.endpoint, phones.line, number)
        talker = cls(name, Caller(leg), page, voice, CallTurns(phones.services, leg.leg_id))
        await talker.hears()
        return talker

    async def converse(self, lines: Sequence[str], answers: Answers) -> None:
        """Say each line, and answer what is asked in between."""
        for line in lines:
            await self.say(line)
            while self.turns and self.caller.over is None and (answer := answers.to(self.turns.asks)) is not None:
                await self.say(answer)

    async def say(self, words: str) -> Exchange:
        """Speak, and hear what comes back."""
        await self.speak(words)
        return await self.hears()

    async def speak(self, words: str) -> None:
        """Speak without waiting for an answer."""
        self.page.add(lambda: show.said(self.name, words))
        await self.caller.say(await self._speaker.sound(words), words)

    async def press(self, key: str, limit: float = 12.0) -> Exchange:
        """Press a key, and hear what comes back."""
        self.page.add(lambda: show.said(self.name, f"[按 {key}]"))
        await self.caller.press(key)
        return await self.hears(limit)

    async def silent(self, limit: float = 12.0) -> Exchange:
        """Say nothing until the other side has spoken."""
        self.caller.listens("silence")
        return await self.hears(limit)

    async def hears(self, limit: float = 12.0) -> Exchange:
        """Hear the other side to its end, and show it."""
        exchange = await self.caller.reply(limit)
        turns = await self.turns.new(exchange) if self.turns else []
        ours = wording.say("opening_phone") if exchange.what == "opening" and self.turns else ""
        words = " ".join(turn["reply"] for turn in turns if turn["reply"]) or ours or exchange.heard
        recognised = ["as the test model recognised it"] if words == exchange.heard and words else []
        line = ", ".join(filter(None, [self._line(exchange, turns[-1] if turns else {}), *recognised]))
        self.page.add(lambda: show.on_phone(self.name, words, line))
        return exchange

    def _line(self, exchange: Exchange, turn: dict[str, object]) -> str:
        """Heard, understood, answered, with milliseconds."""
        parts = [f"heard {turn['said']}"] if turn.get("said") else []
        danger = f"{turn['tier']} {turn['kind']}" if turn.get("kind") else None
        understood = danger or turn.get("intent") or turn.get("path")
        parts += [f"understood {understood}"] if understood else []
        after = None if exchange.reply_after is None else round(exchange.reply_after * 1000)
        began = {"opening": "the call was answered", "press": "the key", "say": "the last word"}.get(exchange.what)
        parts += [f"answered {after} ms after {began}"] if after is not None and began else []
        return ", ".join([*parts, *(["a filler first"] if exchange.filler else [])])
