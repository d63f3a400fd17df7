"""Playing one scenario: each step through `take_turn`, as its channel would hand it over."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.engine import make_url

from bootstrap.environment import rasa_token
from bootstrap.scenario.answers import Answers
from bootstrap.scenario.script import Contact, Scenario, Step
from bootstrap.scenario.world import RECORDS, World, end_state, local
from bootstrap.services import build_services, open_database, people_notifier
from bootstrap.settings import Settings
from bot.notifier import ListNotifier
from hotline import conversation, ending, escalation, outbox
from hotline.errors import HotlineError
from hotline.escalation import Escalation
from hotline.people import Operator, find_operator
from hotline.ports import Delivery, Dialogue, Services
from hotline.sessions import CallSession, Channel, Reply, Utterance
from nlu.client import RasaDialogue
from store.database import Database

Show = Callable[[dict[str, Any]], None]

SETTLE_SECONDS = 2.5
"""The sweep runs every second; a wait gives it time to do what fell due."""

DOWN_URL = "http://127.0.0.1:9"
"""The discard port: nothing listens there."""


@dataclass
class Player:
    """One scenario on one stack."""

    scenario: Scenario
    settings: Settings
    database: Database
    dialogue: Dialogue
    show: Show
    channel: str | None = None
    sessions: list[str] = field(default_factory=list)
    turns: list[dict[str, Any]] = field(default_factory=list)

    async def play(self) -> dict[str, Any]:
        """Everything that was said and what it left."""
        async with people_notifier(self.settings) as notifier:
            services = build_services(self.settings, self.database, notifier, self.dialogue)
            now = services.clock.now()
            contacts = self.scenario.contacts()
            addressed = [(self._channel(c), self._address(c, n), c.caller) for n, c in enumerate(contacts)]
            pinned = local(self.scenario.clock, now) if self.scenario.clock else now
            world = World(services, self.database, pinned)
            await world.prepare(self.scenario.given, addressed)
            async with faults(self.scenario, self.settings, services, self.database) as faulty:
                for number, contact in enumerate(contacts):
                    await self._contact(contact, number, addressed[number][1], faulty)
            await services.live.settle()
            if self.scenario.given.database != "up":
                await asyncio.sleep(SETTLE_SECONDS)
            state = await end_state(self.database, self.sessions, now.tzinfo)
        return {**self.so_far(), "end": state}

    def so_far(self) -> dict[str, Any]:
        """The turns up to now, with an empty end."""
        empty: dict[str, Any] = {"outcome": None, **dict.fromkeys(RECORDS, ())}
        return {"name": self.scenario.name, "turns": self.turns, "end": empty}

    def _channel(self, contact: Contact) -> str:
        name = self.channel or contact.channel or "chat"
        return Channel.PHONE if name == "phone" else Channel.TERMINAL

    def _address(self, contact: Contact, number: int) -> str:
        return contact.caller.number or ("" if self._channel(contact) == "phone" else f"chat-{number}") or "unknown"

    async def _contact(self, contact: Contact, number: int, address: str, services: Services) -> None:
        now = services.clock.now()
        channel = self._channel(contact)
        pinned = local(contact.clock, now) if contact.clock else None
        first = Utterance(
            Channel(channel),
            address,
            contact=f"call-{number}" if channel == "phone" else "",
            pinned_now=pinned,
            place=contact.caller.place,
        )
        reply = await conversation.open_contact(first, services)
        self._record("opening", "", reply)
        await _Talk(self, contact, first, services).go_on(reply)

    def _record(self, what: str, said: str, reply: Reply) -> None:
        trace = reply.trace
        if trace.session_id and trace.session_id not in self.sessions:
            self.sessions.append(trace.session_id)
        turn = {
            "turn": trace.number,
            "what": what,
            "said": said,
            "reply": reply.text,
            "response": reply.response,
            "asks": reply.asks,
            "intent": trace.intent,
            "screen": {"tier": trace.tier, "kind": trace.kind, "person": trace.wants_person},
            "path": trace.path,
            "milliseconds": trace.milliseconds.get("total"),
        }
        self.turns.append(turn)
        self.show(turn)


@dataclass
class _Talk:
    """One contact while it goes on."""

    player: Player
    contact: Contact
    first: Utterance
    services: Services
    ended: bool = False

    def __post_init__(self) -> None:
        self.answers = Answers(self.contact.answers)

    async def go_on(self, reply: Reply) -> None:
        for step in self.contact.turns:
            if self.ended:
                break
            reply = await self._answers(reply)
            reply = await self._step(step, reply)
            if step.then_wait_seconds:
                await self._wait(step.then_wait_seconds)
        if not self.ended:
            await self._answers(reply)
            await ending.end_contact(self.first, self.services, hung_up=False)

    async def _answers(self, reply: Reply) -> Reply:
        """Say the given answers as long as their slots are asked for."""
        while reply.asks and not self.ended:
            answer = self.answers.to(reply.asks)
            if answer is None:
                break
            reply = await self._say(answer)
        return reply

    async def _step(self, step: Step, reply: Reply) -> Reply:
        if step.claim is not None:
            await self._claim(step.claim)
        if step.operator_says is not None:
            await self._operator_says(step.operator_says)
        if step.hand_back:
            await self._hand_back()
        if step.say is not None or step.press is not None:
            return await self._say(step.say or step.press or "", twice=step.twice)
        if step.location is not None:
            return await self._turn("location", "", location=step.location)
        if step.keys is not None:
            return await self._turn("keys", step.keys, keys=step.keys)
        if step.silence_seconds is not None:
            return await self._silence(step.silence_seconds, reply)
        if step.hang_up:
            await ending.end_contact(self.first, self.services, hung_up=True)
            self.ended = True
            self.player._record("hang_up", "", Reply(""))
        return reply

    async def _say(self, text: str, twice: bool = False) -> Reply:
        heard = as_recognised(text) if self.first.channel == Channel.PHONE else text
        return await self._turn("say", heard, twice=twice, text=heard)

    async def _turn(self, what: str, shown: str, twice: bool = False, **given: Any) -> Reply:
        said = len(self.player.turns)  # a later contact goes on counting
        utterance_id = f"{self.player.scenario.name}:{self.first.contact}:{self.first.address}:{said}"
        utterance = replace(self.first, utterance_id=utterance_id, **given)
        reply = await conversation.take_turn(utterance, self.services)
        self.player._record(what, shown, reply)
        if twice:
            self.player._record("again", shown, await conversation.take_turn(utterance, self.services))
        self.ended = self.ended or reply.then == "hang_up"
        await self._pushed()
        return reply

    async def _silence(self, seconds: float, reply: Reply) -> Reply:
        """A phone line hears the silence; in a chat only time goes by."""
        if self.first.channel == Channel.PHONE:
            return await self._turn("silence", f"({seconds:g} s)", silence_seconds=seconds)
        await self._wait(seconds)
        return reply

    async def _wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self.services.timing.scale + SETTLE_SECONDS)
        await self._pushed()

    async def _pushed(self) -> None:
        """What was said to the caller outside a turn."""
        try:
            told = await outbox.take(self.first.channel, self.first.address, self.services)
        except HotlineError:
            return  # the database is down, which the scenario asked for
        for text in told:
            self.player._record("told", "", Reply(text, response="told"))

    async def _claim(self, name: str) -> None:
        async with self.services.unit_of_work() as uow:
            operator = await find_operator(name, uow)
            waiting = await uow.escalations.open()
        if operator is None or not waiting:
            raise HotlineError(f"claim: no operator {name} or nothing to claim")
        await escalation.claim(waiting[0].escalation_id, operator.operator_id, self.services)
        await self._pushed()

    async def _holder(self) -> str:
        async with self.services.unit_of_work() as uow:
            session = await uow.sessions.open_for(self.first.channel, self.first.address, self.first.contact)
        return (session.operator_id if session else None) or ""

    async def _operator_says(self, text: str) -> None:
        await conversation.operator_says(await self._holder(), text, self.services)
        await self._pushed()

    async def _hand_back(self) -> None:
        await conversation.hand_back(await self._holder(), self.services)


def as_recognised(text: str) -> str:
    """As Vosk would hand it over: no punctuation, spaces between words (here, between characters)."""
    kept = [c for c in text if c.isalnum()]
    return " ".join(kept)


class Unreachable(ListNotifier):
    """Nobody can be told: every message fails."""

    async def alert(self, operator: Operator, escalation: Escalation, rung: str) -> Delivery:
        return Delivery("failed")

    async def say(self, session: CallSession, text: str) -> Delivery:
        return Delivery("failed")


@asynccontextmanager
async def faults(
    scenario: Scenario, settings: Settings, services: Services, database: Database
) -> AsyncIterator[Services]:
    """Services with what the scenario wants broken; mended at the end."""
    if scenario.given.telegram == "down":
        services = replace(services, notifier=Unreachable())
    if scenario.given.rasa == "down":
        services = replace(services, dialogue=RasaDialogue(DOWN_URL, rasa_token(settings)))
    if scenario.given.database == "up":
        yield services
        return
    path = make_url(str(settings.database_url)).database or ""
    if scenario.given.database == "locked":
        with _locked(path):
            yield services
        return
    with _full(path):
        full = open_database(settings.model_copy(update={"sqlite_max_pages": _pages(path)}))
        try:
            yield replace(services, unit_of_work=full.unit_of_work)
        finally:
            await services.live.settle()
            await full.close()


@contextmanager
def _locked(path: str) -> Iterator[None]:
    """Another program holds the database."""
    holder = sqlite3.connect(path, isolation_level=None, timeout=10)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        holder.rollback()
        holder.close()


@contextmanager
def _full(path: str) -> Iterator[None]:
    """Every new row wants more room than the slack of half-filled pages, which would take the first few."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        connection.execute("CREATE TABLE room (bytes BLOB)")
        for name in (n for n in tables if not n.startswith("sqlite_")):
            grow = "INSERT INTO room VALUES (zeroblob(1000000))"
            connection.execute(f"CREATE TRIGGER room_{name} AFTER INSERT ON {name} BEGIN {grow}; END")
        try:
            yield
        finally:
            connection.execute("DROP TABLE room")
            for name in tables:
                connection.execute(f"DROP TRIGGER IF EXISTS room_{name}")


def _pages(path: str) -> int:
    """The number of pages in use, so that not one more fits."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(connection.execute("PRAGMA page_count").fetchone()[0])


def as_moment(value: Any, zone: Any) -> datetime | None:
    """A datetime out of a file or an end state; None when it is none."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, str):
        try:
            return as_moment(datetime.fromisoformat(value), zone)
        except ValueError:
            return None
    return None
