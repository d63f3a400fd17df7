"""Speaking as a caller in the demonstration: in the terminal channel, or in a chat of the test server."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bootstrap.demo import show
from bootstrap.demo.people import CHATS
from bot.terminal import Terminal
from bot.testserver import BotApiServer, SentMessage
from hotline.ports import Services

REPLY_LIMIT_SECONDS = 20.0
MOST_ANSWERS = 8
FOR_EVER_SECONDS = 86_400.0

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
    _shown: dict[int, str] = field(default_factory=dict)

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

    async def until(self, condition: Callable[[], bool], what: str, seconds: float = REPLY_LIMIT_SECONDS) -> None:
        """Wait for it. Raises NoReply."""
        try:
            await self.server.until(condition, seconds)
        except TimeoutError:
            raise NoReply(what) from None
        self.show_new()

    async def _asked(self, chat: int) -> str:
        async with self.services.unit_of_work() as uow:
            session = await uow.sessions.open_for("telegram", str(chat), "")
            last = await uow.turns.last(session.session_id) if session else None
            return (last.asks if last else None) or ""

    async def watch(self) -> None:
        """Show what arrives in any chat, until cancelled."""
        while True:
            self.show_new()
            await self.server.until(self._something_new, FOR_EVER_SECONDS)

    def show_new(self) -> None:
        """Show what is new: each message once, and once more what it became when it was edited."""
        for message in sorted(self._all(), key=lambda m: m.message_id):
            known = self._shown.get(message.message_id)
            if known is None:
                show.answered(CHATS[message.chat_id], message.text, message.labels)
            elif known != message.text:
                show.remark(f"（{CHATS[message.chat_id]}的那条消息现在写着：{message.text.splitlines()[-1]}）")
            self._shown[message.message_id] = message.text

    def _something_new(self) -> bool:
        return any(self._shown.get(message.message_id) != message.text for message in self._all())

    def _all(self) -> list[SentMessage]:
        return [message for chat in CHATS for message in self.server.messages(chat)]
