"""What the logs hold while people talk: ids, and nothing that anyone said or is."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.testserver import TOKEN, BotApiServer
from hotline.quiet import quiet_loggers
from tests.integration.bot.world import CALLER, LIN, NEIGHBOUR, QUICK, open_world

WORDS = ("王桂花", "小林", "13900001111", "蓝花胡同", "跌倒", "29.6537", "91.1322")
SECRETS = (TOKEN, TOKEN.partition(":")[2], *WORDS, str(CALLER), str(LIN))


class Everything(logging.Handler):
    """Keeps each record as any formatter might print it."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        shown = logging.Formatter("%(name)s %(message)s").format(record)
        self.lines.append(f"{shown} {record.args!r} {record.__dict__!r}")


@pytest.fixture
def everything() -> Iterator[Everything]:
    """Every logger at DEBUG, now and later."""
    heard, root = Everything(), logging.getLogger()
    loggers = [logging.getLogger(name) for name in list(root.manager.loggerDict)]
    kept = {logger: logger.level for logger in [root, *loggers]}
    root.addHandler(heard)
    yield heard
    root.removeHandler(heard)
    for logger, level in kept.items():
        logger.setLevel(level)


def listen_to_all() -> None:
    for name in (None, *logging.getLogger().manager.loggerDict):
        logging.getLogger(name).setLevel(logging.DEBUG)


async def test_no_logger_at_debug_prints_token_words_names_or_numbers(tmp_path: Path, everything: Everything) -> None:
    server = BotApiServer()
    await server.up()
    async with open_world(tmp_path, server=server) as world:
        listen_to_all()
        world.script.broken.add("王桂花住蓝花胡同")
        world.server.say(CALLER, "王桂花住蓝花胡同")
        await world.replies(CALLER, 1)
        world.server.send_message(CALLER, location={"latitude": 29.6537, "longitude": 91.1322})
        await world.replies(CALLER, 2)
        world.server.say(CALLER, "电话13900001111，我摔倒了站不起来")
        await world.reply_with(LIN, "编号")
        world.server.press(LIN, "我来接")
        await world.server.until(lambda: bool(world.server.answers))
        world.server.say(LIN, "王桂花您别动")
        await world.reply_with(CALLER, "王桂花您别动")
        world.server.flood(0.05)
        world.server.block(NEIGHBOUR)
        world.server.say(NEIGHBOUR, "王桂花在吗")
        world.server.say(CALLER, "13900001111")
        await world.reply_with(LIN, "13900001111")
        await server.down()  # the library logs outages
        await server.up()
        world.server.send_raw({"message": {"message_id": "王桂花", "chat": 1}})
        await world.server.until(lambda: len(world.server.called("getUpdates")) > 3)
    await server.down()
    assert any(line.startswith(("telegram", "httpx", "httpcore")) for line in everything.lines)
    assert any(line.startswith("bot.") for line in everything.lines)
    told = "\n".join(everything.lines)
    assert {secret: _around(told, secret) for secret in SECRETS if secret in told} == {}


def _around(told: str, secret: str) -> str:
    at = told.index(secret)
    return told[max(0, at - 300) : at + 60]


def test_without_the_quiet_a_token_would_be_printed(everything: Everything) -> None:
    """So that the test above can fail: the same record, from a library and from our own code."""
    quiet_loggers()
    listen_to_all()
    logging.getLogger("httpx").warning("HTTP Request: POST %s", f"https://api.telegram.org/bot{TOKEN}/getMe")
    assert TOKEN not in "".join(everything.lines)
    logging.getLogger("bot.unknown").info("HTTP Request: POST %s", TOKEN)
    assert TOKEN in everything.lines[-1]


async def test_nothing_of_all_this_reaches_the_internet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every connection of a whole conversation, alert and claim stays on loopback, whatever proxy is set."""
    import asyncio

    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:1")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:1")
    reached: list[str] = []
    loop = asyncio.get_running_loop()
    connect = loop.sock_connect
    look_up = loop.getaddrinfo

    async def noted_connect(sock: object, address: tuple[str, int]) -> None:
        reached.append(address[0])
        await connect(sock, address)  # type: ignore[arg-type]  # handed through

    async def noted_look_up(host: str, *args: object, **options: object) -> object:
        reached.append(str(host))
        return await look_up(host, *args, **options)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(loop, "sock_connect", noted_connect)
    monkeypatch.setattr(loop, "getaddrinfo", noted_look_up)
    async with open_world(tmp_path, pace=QUICK) as world:
        world.server.say(CALLER, "我摔倒了站不起来")
        await world.reply_with(LIN, "编号")
        world.server.press(LIN, "我来接")
        await world.server.until(lambda: bool(world.server.answers))
    assert reached
    assert set(reached) == {"127.0.0.1"}
