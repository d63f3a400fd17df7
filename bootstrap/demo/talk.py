"""Speaking as a caller in the demonstration: in the terminal channel, or in a chat of the test server."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from bootstrap.demo import show
from bootstrap.demo.people import CHATS
from bot.terminal import Terminal
from bot.testserver import BotApiServer, SentMessage
from hotline.ports import Services

REPLY_LIMIT_SECONDS = 20.0
MOST_ANSWERS = 8

Answers = Mapping[str, str]
"""What to say when a slot is asked for, by slot."""


class NoReply(Exception):
    """Nothing came back in time; the scene ends here and its expectations fail."""


@dataclass
class InTerminal:
    """A caller in the terminal channel: `take_turn` in this process, exactly as in `warmline chat`."""

    services: Services
    address: str
    name: str

    async def converse(self, lines: list[str], answers: Answers) -> None:
        """Say each line, and answer what is asked in between."""
        terminal = Terminal(self.services, lambda text: show.answered(self.name, text, []), self.address)
        await terminal.open()
        for line in lines:
            asked = await self._say(terminal, line)
            for _ in range(MOST_ANSWERS):
                if asked not in answers:
                    break
                asked = await self._say(terminal, answers[asked])
        await terminal.close(hung_up=False)

    async def _say(self, terminal: Terminal, line: str) -> str:
        show.said(self.name, line)
        return (await terminal.turn(terminal.utterance(line))).asks or ""


@dataclass
class OnTelegram:
    """Everybody on our Bot API server. What Warmline sends is shown by `watch` as it arrives there."""

    server: BotApiServer
    services: Services
    shown: int = 0
    _seen: set[int] = field(default_factory=set)

    async def converse(self, chat: int, lines: list[str], answers: Answers) -> None:
        """As in the terminal; what was asked is read from the database, as no chat shows it."""
        for line in lines:
            await self.say(chat, line)
            for _ in range(MOST_ANSWERS):
                asked = await self._asked(chat)
                if asked not in answers:
                    break
                await self.say(chat, answers[asked])

    async def say(self, chat: int, text: str) -> str:
        """Write, and wait for the answer."""
        show.said(CHATS[chat], text)
        before = len(self.server.messages(chat))
        self.server.say(chat, text)
        await self.until(lambda: len(self.server.messages(chat)) > before, f"no answer to {CHATS[chat]}")
        return self.server.messages(chat)[-1].text

    async def press(self, chat: int, label: str) -> None:
        """Press a button, and wait until the press is answered."""
        show.said(CHATS[chat], f"[按下“{label}”]")
        before = len(self.server.answers)
        self.server.press(chat, label)
        await self.until(lambda: len(self.server.answers) > before, "no answer to the button")

    async def until(self, condition: "show.Any", what: str, seconds: float = REPLY_LIMIT_SECONDS) -> None:
        """Wait for it. Raises NoReply."""
        try:
            await self.server.until(condition, seconds)
        except TimeoutError:
            raise NoReply(what) from None

    async def _asked(self, chat: int) -> str:
        async with self.services.unit_of_work() as uow:
            session = await uow.sessions.open_for("telegram", str(chat), "")
            last = await uow.turns.last(session.session_id) if session else None
            return (last.asks if last else None) or ""

    async def watch(self) -> None:
        """Show each message as it arrives in a chat, and the change of one that was edited; until cancelled."""
        edits = 0
        while True:
            for message in self._new():
                show.answered(CHATS[message.chat_id], message.text, message.labels)
            edited = [m for m in self._all() if m.edits]
            if len(edited) > edits:
                edits = len(edited)
                show.remark(f"（{CHATS[edited[-1].chat_id]} 的那条消息变成：{edited[-1].text.splitlines()[-1]}）")
            seen, calls = len(self._seen), len(edited)
            await self.server.until(lambda: len(self._all()) > seen or self._edited() > calls, 3600)

    def _all(self) -> list[SentMessage]:
        return [message for chat in CHATS for message in self.server.messages(chat)]

    def _edited(self) -> int:
        return sum(1 for message in self._all() if message.edits)

    def _new(self) -> list[SentMessage]:
        fresh = sorted((m for m in self._all() if m.message_id not in self._seen), key=lambda m: m.message_id)
        self._seen.update(message.message_id for message in fresh)
        return fresh


async def shown(chats: OnTelegram, seconds: float = 1.0) -> None:
    """Let `watch` show what has arrived."""
    async with asyncio.timeout(seconds):
        while any(m.message_id not in chats._seen for m in chats._all()):
            await asyncio.sleep(0)
