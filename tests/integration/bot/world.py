"""A small hotline for the tests of the chat: real store, real turns, a scripted dialogue engine, and the Bot
API test server on loopback."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bootstrap.services import build_services
from bootstrap.settings import Settings
from bot.notifier import TelegramNotifier, sending_bot
from bot.telegram import Pace, TelegramBot, Webhook
from bot.testserver import TOKEN, BotApiServer, SentMessage
from hotline.errors import DialogueUnavailable
from hotline.escalation import Escalation, Urgency, new_escalation, raise_escalation
from hotline.people import Operator
from hotline.ports import DialogueAnswer, DialogueMessage, DialogueRequest, Services
from hotline.sessions import CallSession, Choice, Turn
from store import upgrade
from store.database import Database

CALLER, NEIGHBOUR, LIN, ZHAO = 510077341, 510077352, 910077363, 910077374
QUICK = Pace(
    typing_after_seconds=0.05,
    poll_seconds=5,
    poll_again_seconds=0.02,
    outage_seconds=0.02,
    retry_seconds=(0.02, 0.05, 0.1, 0.2, 0.4, 0.8),
    connect_seconds=1.0,
    roster_seconds=60,
    stop_seconds=5.0,
)


@dataclass
class Script:
    """A dialogue engine that repeats what it hears, waits where it is told to, and offers buttons."""

    choices: dict[str, tuple[Choice, ...]] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    points: list[tuple[float, float]] = field(default_factory=list)
    _gates: dict[str, asyncio.Event] = field(default_factory=dict)
    _reached: defaultdict[str, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))

    def hold(self, text: str) -> asyncio.Event:
        """Answer `text` only when the event that this gives is set."""
        return self._gates.setdefault(text, asyncio.Event())

    async def reached(self, text: str) -> None:
        """Wait until `text` is being answered."""
        await asyncio.wait_for(self._reached[text].wait(), 5)

    async def respond(self, request: DialogueRequest) -> DialogueAnswer:
        text = request.text
        self.asked.append(text)
        self.points += [request.location] if request.location else []
        self._reached[text].set()
        if text in self._gates:
            await self._gates[text].wait()
        if text in self.broken:
            raise DialogueUnavailable
        said = self.answers.get(text, f"听到：{text}")
        return DialogueAnswer((DialogueMessage(said, "utter_test", self.choices.get(text, ())),), "inform", 1.0)

    async def draft(self, session_id: str) -> dict[str, Any]:
        return {}


@dataclass
class World:
    """Everything a test needs in its hands."""

    server: BotApiServer
    services: Services
    script: Script
    bot: TelegramBot
    settings: Settings

    async def replies(self, chat_id: int, count: int) -> list[str]:
        """The texts sent to a chat, as soon as there are so many."""
        await self.server.wait_for(chat_id, lambda sent: len(sent) >= count)
        return self.server.texts(chat_id)

    async def reply_with(self, chat_id: int, words: str) -> SentMessage:
        """The first message to a chat that holds these words."""
        found = await self.server.wait_for(chat_id, lambda sent: any(words in m.text for m in sent))
        return next(m for m in found if words in m.text)

    async def quiet(self) -> None:
        """Everything fetched is dealt with and confirmed, and nothing is left to be sent."""
        await self.server.until(lambda: not self.server.waiting)
        await self.services.live.settle()

    async def opened(self, chat_id: int = CALLER) -> None:
        """Let a caller have a session."""
        self.server.say(chat_id, "您好呀")
        await self.reply_with(chat_id, "您好呀")

    async def escalate(self, kind: str = "fall", chat_id: int = CALLER) -> Escalation:
        """An open escalation of a caller's session, alerted to the ready operators."""
        async with self.services.unit_of_work() as uow:
            session = await uow.sessions.open_for("telegram", str(chat_id), "")
        assert session is not None
        raised = new_escalation(session, "turn_t", 1, kind, Urgency.NOW, self.services.clock.now())
        return await raise_escalation(raised, self.services)

    async def stored(self, escalation_id: str) -> Escalation:
        async with self.services.unit_of_work() as uow:
            return await uow.escalations.require(escalation_id)

    async def turns(self, chat_id: int = CALLER) -> list[Turn]:
        async with self.services.unit_of_work() as uow:
            session = await uow.sessions.open_for("telegram", str(chat_id), "")
            return await uow.turns.of(session.session_id) if session else []

    async def session(self, chat_id: int = CALLER) -> CallSession | None:
        async with self.services.unit_of_work() as uow:
            return await uow.sessions.open_for("telegram", str(chat_id), "")


def operator(name: str, chat_id: int) -> Operator:
    return Operator(f"op_{name}", name, status="ready", telegram_chat_id=str(chat_id))


def patient(settings: Settings) -> Database:
    """A busy machine must not look like a locked database."""
    return Database(str(settings.database_url), zone=settings.zone, busy_seconds=20)


async def prepared(settings: Settings) -> Database:
    """A database with two ready operators."""
    await asyncio.to_thread(upgrade, str(settings.database_url))
    database = patient(settings)
    async with database.unit_of_work() as uow:
        uow.operators.add(operator("小林", LIN))
        uow.operators.add(operator("小赵", ZHAO))
        await uow.commit()
    return database


@asynccontextmanager
async def open_world(
    folder: Path,
    *,
    webhook: Webhook | None = None,
    server: BotApiServer | None = None,
    pace: Pace = QUICK,
    start: bool = True,
    fresh: bool = True,
) -> AsyncIterator[World]:
    """A hotline with its bot running; `server` may be one that ran before."""
    settings = Settings(data_dir=folder)
    database = await prepared(settings) if fresh else patient(settings)
    own = server or BotApiServer()
    if server is None:
        await own.up()
    sender = TelegramNotifier(sending_bot(TOKEN, own.base_url))
    script = Script()
    services = build_services(settings, database, sender, script)
    services.timing = replace(services.timing, save_limit_seconds=20)  # as in `patient`
    bot = TelegramBot(TOKEN, services, base_url=own.base_url, webhook=webhook, pace=pace)
    try:
        if start:
            await bot.start()
        yield World(own, services, script, bot, settings)
    finally:
        await bot.stop()
        await services.live.settle()
        await sender.close()
        await database.close()
        if server is None:
            await own.down()
