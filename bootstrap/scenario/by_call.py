"""Playing one scenario as real telephone calls: spoken, heard by the line, and looked up in its database."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bootstrap.ring.caller import Caller, Exchange
from bootstrap.ring.phone import ring_up
from bootstrap.ring.speaking import Speaker
from bootstrap.scenario.answers import Answers
from bootstrap.scenario.script import Contact, Scenario, Step
from bootstrap.scenario.turns import CallTurns
from bootstrap.scenario.world import RECORDS, World, end_state, local
from hotline import conversation, escalation
from hotline.errors import HotlineError
from hotline.people import find_operator
from hotline.ports import Services
from hotline.sessions import Channel
from store.database import Database
from voice.legs import Endpoint

Show = Callable[[dict[str, Any]], None]

SETTLE_SECONDS = 2.5
"""The sweep runs every second; a wait gives it time to do what fell due."""
SHORT_SECONDS = 0.5
LONGEST_SILENCE_SECONDS = 25.0
PATIENCE_SECONDS = 5.0
"""The line asks again after `silence_seconds`; so much later it must have spoken."""


@dataclass(frozen=True)
class Phones:
    """What calls are made with: our endpoint, the line's address, the voice."""

    endpoint: Endpoint
    line: str
    speaker: Speaker


@dataclass
class CallPlayer:
    """One scenario on one stack with a phone line, perhaps `beside_others`."""

    scenario: Scenario
    services: Services
    database: Database
    phones: Phones
    show: Show
    beside_others: bool = False
    sessions: list[str] = field(default_factory=list)
    turns: list[dict[str, Any]] = field(default_factory=list)
    world: World | None = None

    async def play(self) -> dict[str, Any]:
        """Everything that was said, what it left when the last caller is about to hang up, and the outcome after it."""
        now, contacts = self.services.clock.now(), self.scenario.contacts()
        pinned = local(self.scenario.clock, now) if self.scenario.clock else now
        self.world = World(self.services, self.database, pinned)
        callers = [(Channel.PHONE.value, contact.caller.number or "", contact.caller) for contact in contacts]
        await self.world.prepare(self.scenario.given, callers, beside_others=self.beside_others)
        state: dict[str, Any] = {}
        for contact in contacts:
            state = await self._contact(contact)
        ended = await self._end_state()
        return {**self.so_far(), "end": {**state, "outcome": ended["outcome"], "outcomes": ended["outcomes"]}}

    def so_far(self) -> dict[str, Any]:
        """The turns up to now, with an empty end."""
        empty: dict[str, Any] = {"outcome": None, **dict.fromkeys(RECORDS, ())}
        return {"name": self.scenario.name, "turns": self.turns, "end": empty}

    async def _contact(self, contact: Contact) -> dict[str, Any]:
        for text in contact.words():  # made before ringing: one who is slow to speak is asked whether he is there
            await self.phones.speaker.sound(text)
        now = self.services.clock.now()
        headers = {"X-Warmline-Now": local(contact.clock, now).isoformat()} if contact.clock else None
        leg = await ring_up(self.phones.endpoint, self.phones.line, contact.caller.number or "anonymous", headers)
        caller, turns = Caller(leg), CallTurns(self.services, leg.leg_id)
        talk = _Talk(self, contact, caller, turns)
        try:
            await talk.go_on()
            if talk.hung_up:
                await turns.ended()
            return await self._end_state()
        finally:
            await caller.close()
            await turns.ended()

    async def _end_state(self) -> dict[str, Any]:
        elders = {elder.elder_id for elder in self.world.elders.values()} if self.world else set()
        return await end_state(self.database, self.sessions, self.services.clock.now().tzinfo, elders)

    async def record(self, exchange: Exchange, turns: CallTurns) -> None:
        """What was just said and heard, with what the database has of it."""
        for turn in await turns.new(exchange):
            self.turns.append(turn)
            self.show(turn)
        if turns.session_id and turns.session_id not in self.sessions:
            self.sessions.append(turns.session_id)


@dataclass
class _Talk:
    """One call while it goes on."""

    player: CallPlayer
    contact: Contact
    caller: Caller
    turns: CallTurns
    hung_up: bool = False

    async def go_on(self) -> None:
        answers = Answers(self.contact.answers)
        await self._heard()
        for step in [*self.contact.turns, None]:
            while not self.caller.over and (answer := answers.to(self.turns.asks)) is not None:
                await self._say(answer)
            if self.caller.over or step is None:
                break
            await self._step(step)
        self.hung_up = self.hung_up or self.caller.over is not None

    async def _step(self, step: Step) -> None:
        if step.claim is not None:
            await self._claim(step.claim)
        if step.operator_says is not None:
            await conversation.operator_says(await self._holder(), step.operator_says, self.player.services)
            await self._listen("told")
        if step.hand_back:
            await conversation.hand_back(await self._holder(), self.player.services)
            await self._listen("told")
        if step.say is not None or step.press is not None:
            await self._say(step.say or step.press or "")
        if step.keys is not None:
            await self.caller.press(step.keys)
            await self._heard()
        if step.silence_seconds is not None:
            await self._silence(step.silence_seconds)
        if step.hang_up:
            self.caller.hang_up()
            self.hung_up = True
        if step.then_wait_seconds:
            self.caller.listens("wait")
            await asyncio.sleep(step.then_wait_seconds * self.player.services.timing.scale + SETTLE_SECONDS)
            await self._heard(SHORT_SECONDS)

    async def _say(self, text: str) -> None:
        await self.caller.say(await self.player.phones.speaker.sound(text), text)
        await self._heard()

    async def _silence(self, seconds: float) -> None:
        """Silent until the line speaks of itself, as it does to one who says nothing."""
        await self._listen("silence", min(seconds, LONGEST_SILENCE_SECONDS) + PATIENCE_SECONDS)

    async def _listen(self, what: str, limit: float = 10.0) -> None:
        self.caller.listens(what)
        await self._heard(limit)

    async def _heard(self, limit: float | None = None) -> None:
        exchange = await (self.caller.reply(limit) if limit else self.caller.reply())
        await self.player.record(exchange, self.turns)

    async def _claim(self, name: str) -> None:
        """The most urgent of this call's own escalations."""
        async with self.player.services.unit_of_work() as uow:
            operator = await find_operator(name, uow)
            waiting = [e for e in await uow.escalations.open() if e.session_id == self.turns.session_id]
        if operator is None or not waiting:
            raise HotlineError(f"claim: no operator {name} or nothing to claim")
        await escalation.claim(waiting[0].escalation_id, operator.operator_id, self.player.services)
        await self._listen("told")

    async def _holder(self) -> str:
        async with self.player.services.unit_of_work() as uow:
            session = await uow.sessions.get(self.turns.session_id)
        return (session.operator_id if session else None) or ""
