"""A browser, and a console with three people who may sign in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from hotline.people import Role
from tests.integration.console.rig import Console, chromium, open_console


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@pytest.fixture
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    async with open_console(tmp_path) as opened:
        await opened.employ("李娜")
        await opened.employ("马强")
        await opened.employ("郑班长", Role.SUPERVISOR)
        yield opened
