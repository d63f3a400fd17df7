"""Rasa killed under a running service, and what all its processes print while everything goes wrong."""

import asyncio
import re
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.testserver import TOKEN, BotApiServer
from tests.integration.faults.service import (
    CALLER,
    DAUGHTER,
    ELDER_PHONE,
    HE,
    LIN,
    NEIGHBOUR,
    Service,
    answered,
    has_got,
    running,
    told,
    until,
)

pytestmark = [pytest.mark.rasa, pytest.mark.asyncio(loop_scope="module")]

STRANGER, OTHER, BOOKER, FALLEN = 620114498, 620114497, 620114496, 620114495
NUMBER, OTHER_NUMBER = "13877776666", "13855554444"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def busy(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Service, BotApiServer]]:
    """One service with real Rasa for this file, printing all it has to print."""
    async with (
        BotApiServer() as server,
        running(tmp_path_factory.mktemp("faults"), server, "app rasa") as service,
    ):
        yield service, server


async def test_rasa_killed_leaves_the_line_working_and_is_back(busy: tuple[Service, BotApiServer]) -> None:
    service, server = busy
    killed = service.kill("rasa")
    server.say(CALLER, "我摔倒了起不来")
    await has_got(server, CALLER, "120")
    await has_got(server, LIN, "跌倒")
    server.say(NEIGHBOUR, "人工")
    await has_got(server, NEIGHBOUR, "正在")
    await has_got(server, LIN, "找人工")
    for words in ("想给家里老人约个助餐", "有人能帮我吗，约助餐"):
        await answered(server, STRANGER, words)
    assert told(server, STRANGER, "联系您") == 1
    await until(lambda: len(service.pids("rasa")) == 2, "a new process", max(0.1, killed + 5 - time.monotonic()))
    ((session_id,),) = service.rows("SELECT session_id FROM sessions WHERE address = ?", str(STRANGER))
    assert service.count("callbacks", f"session_id = '{session_id}'") == 1
    assert service.count("escalations", "kind = 'fall' AND status = 'open'") == 1
    await service.ready("rasa", times=2)
    server.say(OTHER, "我想约个助餐")
    await has_got(server, OTHER, "想哪天")


async def test_nothing_said_or_known_is_printed_by_any_process(busy: tuple[Service, BotApiServer]) -> None:
    """At debug, with bookings, claims, a lock, an outage and a crash."""
    service, server = busy
    await _booking(server)
    await _claimed(server)
    with service.locked():
        await answered(server, STRANGER, "家里老人叫诸葛明远，住梧桐巷，电话" + OTHER_NUMBER)
    await server.down()
    await asyncio.to_thread(service.rows, "SELECT 1")
    await server.up()
    service.kill("app")
    server.say(FALLEN, f"也可以打{OTHER_NUMBER}")
    await service.ready("app", times=2)
    await has_got(server, LIN, OTHER_NUMBER)  # the session is held: after the crash too, words go to the operator
    await service.stop()
    printed = service.printed()
    assert " DEBUG " in printed
    assert re.findall(r".*[\u4e00-\u9fff].*", printed) == []
    assert re.findall(r".*\\u[4-9][0-9a-f]{3}.*|.*\\xe[4-9]\\x.*|.*%E[4-9]%.*", printed) == []
    assert [secret for secret in _secrets(service) if secret in printed] == []


async def _booking(server: BotApiServer) -> None:
    """Somebody unknown begins a booking with everything personal in it."""
    for words in ("我想约个助餐", "诸葛明远", NUMBER, "明天上午十点", "梧桐巷十七号"):
        await answered(server, BOOKER, words)


async def _claimed(server: BotApiServer) -> None:
    """An operator takes a caller who has fallen, and they talk."""
    server.say(FALLEN, "我摔倒了起不来")
    await has_got(server, FALLEN, "120")
    await has_got(server, LIN, "跌倒")
    server.press(LIN, "我来接")
    await has_got(server, FALLEN, "已经接手")
    server.say(LIN, "您好，我是林小满")
    await has_got(server, FALLEN, "林小满")
    server.say(FALLEN, f"我的号码是{NUMBER}")
    await has_got(server, LIN, NUMBER)


def _secrets(service: Service) -> list[str]:
    """Numbers, chats and tokens; words are any Chinese at all."""
    chats = (CALLER, NEIGHBOUR, LIN, HE, DAUGHTER, STRANGER, OTHER, BOOKER, FALLEN)
    token = (service.settings.data_dir / "rasa_token").read_text(encoding="ascii").strip()
    return [
        TOKEN,
        TOKEN.partition(":")[2],
        token,
        ELDER_PHONE,
        NUMBER,
        OTHER_NUMBER,
        *map(str, chats),
    ]
