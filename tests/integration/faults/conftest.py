"""The Bot API server of a test; the service is brought up by each test as it needs it."""

from collections.abc import AsyncIterator

import pytest

from bot.testserver import BotApiServer


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with BotApiServer() as running:
        yield running
