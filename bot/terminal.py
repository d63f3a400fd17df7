"""The same conversation in a terminal: a line in, a reply out; what is said outside a turn as it comes."""

import asyncio
import logging
import sys
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from rich.console import Console
from rich.text import Text

from bot.render import numbered
from bot.wording import say
from hotline import conversation, ending
from hotline.ports import Services
from hotline.sessions import Channel, Choice, Reply, Utterance

log = logging.getLogger(__name__)

ReadLine = Callable[[], Awaitable[str | None]]
Write = Callable[[str], None]


@dataclass
class Terminal:
    """One contact. Turns follow each other: the next line is read when the reply has been shown."""

    services: Services
    write: Write
    address: str = "terminal"
    choices: tuple[Choice, ...] = field(default=(), init=False)

    def utterance(self, text: str = "", silence_seconds: float = 0.0) -> Utterance:
        return Utterance(Channel.TERMINAL, self.address, text=text, silence_seconds=silence_seconds)

    def chosen(self, line: str) -> str:
        """A number presses the button of that number; anything else is said as it stands."""
        if line.isdecimal() and 1 <= int(line) <= len(self.choices):
            return self.choices[int(line) - 1].says
        return line

    async def open(self) -> None:
        self.write(say("terminal.welcome"))
        await self._show(lambda: conversation.open_contact(self.utterance(), self.services))

    async def turn(self, utterance: Utterance) -> Reply:
        return await self._show(lambda: conversation.take_turn(utterance, self.services))

    async def close(self, *, hung_up: bool) -> None:
        await ending.end_contact(self.utterance(), self.services, hung_up=hung_up)
        self.write(say("terminal.bye"))

    async def _show(self, answer: Callable[[], Awaitable[Reply]]) -> Reply:
        try:
            reply = await answer()
        except Exception as error:  # never silent, and the next line may work
            log.error("turn failed: %s", type(error).__name__)
            reply = Reply(say("terminal.trouble"))
        if reply.text:
            self.choices = reply.choices
            self.write(numbered(reply))
        return reply


async def chat(
    services: Services,
    read_line: ReadLine,
    write: Write,
    outbox: "asyncio.Queue[str]",
    *,
    address: str = "terminal",
) -> None:
    """Talk until /quit, the end of input (a hang-up) or a reply that ends the contact.

    `outbox` holds what is said to this caller outside a turn; give its `put_nowait` to a ListNotifier.
    """
    terminal = Terminal(services, write, address)
    pump = asyncio.create_task(_show_outbox(outbox, write))
    try:
        await terminal.open()
        hung_up = await _talk(terminal, read_line)
        await terminal.close(hung_up=hung_up)
    finally:
        pump.cancel()
        await asyncio.gather(pump, return_exceptions=True)
    while not outbox.empty():
        write(outbox.get_nowait())


async def _talk(terminal: Terminal, read_line: ReadLine) -> bool:
    """True when the caller hung up: the input ended."""
    while (line := await read_line()) is not None:
        line = line.strip()
        command, _, argument = line.partition(" ")
        if command == "/quit":
            return False
        if command == "/silence":
            reply = await _silence(terminal, argument)
        elif line:
            reply = await terminal.turn(terminal.utterance(terminal.chosen(line).lstrip("/")))
        else:
            continue
        if reply is not None and reply.then == "hang_up":
            return False
    return True


async def _silence(terminal: Terminal, argument: str) -> Reply | None:
    try:
        seconds = float(argument)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 86_400:
        terminal.write(say("terminal.silence_usage"))
        return None
    return await terminal.turn(terminal.utterance(silence_seconds=seconds))


async def _show_outbox(outbox: "asyncio.Queue[str]", write: Write) -> None:
    while True:
        write(await outbox.get())


def console_writer(console: Console | None = None) -> Write:
    """Shows each reply set off from what is typed; never reads markup into a caller's words."""
    shown = console or Console(highlight=False)

    def write(text: str) -> None:
        shown.print(Text(text, style="cyan"))

    return write


def stdin_reader(prompt: bool = True) -> ReadLine:
    """Lines of standard input, from a thread: a terminal, a pipe and a file all work, and leaving never waits
    for a line."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str | None] = asyncio.Queue()

    def feed(line: str | None) -> None:
        try:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        except RuntimeError:
            return  # the loop has ended while we were reading

    def read() -> None:
        for line in sys.stdin:
            feed(line)
        feed(None)

    threading.Thread(target=read, daemon=True, name="stdin").start()

    async def read_line() -> str | None:
        if prompt and sys.stdin.isatty():
            sys.stdout.write(say("terminal.prompt"))
            sys.stdout.flush()
        return await lines.get()

    return read_line
