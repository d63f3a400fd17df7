"""The terminal's loop, without a terminal: a scripted conversation behind it."""

import asyncio
import io
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from rich.console import Console

from bot import terminal
from bot.terminal import chat, console_writer, stdin_reader
from hotline.sessions import Choice, Reply, Utterance


class Conversation:
    """Stands for `hotline.conversation` and `hotline.ending`."""

    def __init__(self) -> None:
        self.heard: list[Utterance] = []
        self.ended: list[bool] = []
        self.replies: dict[str, Reply] = {}

    async def open_contact(self, utterance: Utterance, services: Any) -> Reply:
        return Reply("您好，我是机器", choices=(Choice("找人工", "人工"),))

    async def take_turn(self, utterance: Utterance, services: Any) -> Reply:
        self.heard.append(utterance)
        if utterance.text == "坏掉":
            raise RuntimeError("secret")
        return self.replies.get(utterance.text, Reply(f"听到：{utterance.text}"))

    async def end_contact(self, utterance: Utterance, services: Any, *, hung_up: bool) -> None:
        self.ended.append(hung_up)

    @property
    def texts(self) -> list[str]:
        return [utterance.text for utterance in self.heard]


@pytest.fixture
def conversation(monkeypatch: pytest.MonkeyPatch) -> Conversation:
    made = Conversation()
    monkeypatch.setattr(terminal, "conversation", made)
    monkeypatch.setattr(terminal, "ending", made)
    return made


async def talk(*lines: str, outbox: "asyncio.Queue[str] | None" = None) -> list[str]:
    """Everything shown while these lines are typed; then the input ends."""
    shown: list[str] = []
    typed: Iterator[str] = iter(lines)

    async def read_line() -> str | None:
        return next(typed, None)

    services: Any = None
    await chat(services, read_line, shown.append, outbox or asyncio.Queue())
    return shown


async def test_a_line_in_and_a_reply_out(conversation: Conversation) -> None:
    shown = await talk("问补贴", "", "  ", "/quit")
    assert shown[1] == "您好，我是机器\n  1. 找人工"
    assert "听到：问补贴" in shown
    assert conversation.texts == ["问补贴"]
    assert conversation.ended == [False]


async def test_a_number_presses_the_choice_that_is_shown(conversation: Conversation) -> None:
    conversation.replies["约"] = Reply("哪天？", choices=(Choice("明天", "明天上午"), Choice("后天", "后天上午")))
    await talk("1", "约", "2", "2", "/quit")
    assert conversation.texts == ["人工", "约", "后天上午", "2"]


async def test_silence_in_seconds(conversation: Conversation) -> None:
    shown = await talk("/silence 12", "/silence", "/silence 许久", "/quit")
    assert [utterance.silence_seconds for utterance in conversation.heard] == [12.0]
    assert sum("秒数" in line for line in shown[2:]) == 2


async def test_the_end_of_input_is_a_hang_up(conversation: Conversation) -> None:
    await talk("喂")
    assert conversation.ended == [True]


async def test_a_reply_that_ends_the_contact_ends_it(conversation: Conversation) -> None:
    conversation.replies["再见"] = Reply("慢走", then="hang_up")
    await talk("再见", "还在吗")
    assert conversation.texts == ["再见"]
    assert conversation.ended == [False]


async def test_a_turn_that_breaks_is_said_and_the_next_works(conversation: Conversation) -> None:
    shown = await talk("坏掉", "好了吗", "/quit")
    assert any("120" in line for line in shown)
    assert not any("secret" in line for line in shown)
    assert "听到：好了吗" in shown


async def test_a_slash_gives_the_engine_no_commands(conversation: Conversation) -> None:
    await talk("/affirm", "/quit")
    assert conversation.texts == ["affirm"]


async def test_silence_of_the_assistant_shows_nothing(conversation: Conversation) -> None:
    conversation.replies["嗯"] = Reply("")
    shown = await talk("嗯", "/quit")
    assert "" not in shown


async def test_what_is_said_outside_a_turn_is_shown_as_it_comes(conversation: Conversation) -> None:
    outbox: asyncio.Queue[str] = asyncio.Queue()
    shown: list[str] = []
    seen = asyncio.Event()
    services: Any = None

    def write(text: str) -> None:
        shown.append(text)
        if text == "值班人员已接手":
            seen.set()

    async def read_line() -> str | None:
        outbox.put_nowait("值班人员已接手")
        await asyncio.wait_for(seen.wait(), 5)
        outbox.put_nowait("说到最后")
        return None

    await chat(services, read_line, write, outbox)
    assert shown.count("值班人员已接手") == 1
    assert shown[-1] == "说到最后"


async def test_lines_of_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("一\n二"))
    read_line = stdin_reader()
    assert [await read_line(), await read_line(), await read_line()] == ["一\n", "二", None]


def test_a_reply_is_never_read_as_markup() -> None:
    output = io.StringIO()
    console_writer(Console(file=output))("[bold]您好[/bold]")
    assert output.getvalue() == "[bold]您好[/bold]\n"
