"""A console process and real Chromium in front of it; the hotline behind it is spoken to by the test's own process."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from bootstrap.demo.desk import chromium as find_chromium
from bootstrap.environment import child_environment
from bootstrap.own_stack import free_port
from bootstrap.services import open_services
from bootstrap.settings import Settings
from bot.notifier import ListNotifier
from console.passwords import Argon2Passwords
from hotline import people
from hotline.conversation import take_turn
from hotline.errors import DialogueUnavailable
from hotline.people import OperatorStatus, Role
from hotline.ports import DialogueAnswer, DialogueMessage, DialogueRequest, Notifier, Services
from hotline.sessions import Channel, Reply, Utterance
from hotline.sign_in import set_password
from store import upgrade
from store.database import Database
from store.seed import seed_demo

CHROMIUM = find_chromium()
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (make test-deps, or apt install chromium)")
PASSWORD = "护理站的钥匙在抽屉里"
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
ELDER_NUMBER = "13800000201"
WAIT_MS = 15_000
"""A busy machine must not look like a broken page; what has to be quick is measured by itself."""


class Repeats:
    """A dialogue engine that repeats what it hears."""

    async def respond(self, request: DialogueRequest) -> DialogueAnswer:
        if "坏" in request.text:
            raise DialogueUnavailable
        return DialogueAnswer((DialogueMessage(f"听到了：{request.text}", "utter_x"),), "inform", 0.93)

    async def draft(self, session_id: str) -> dict[str, Any]:
        return {"service": "bathing", "when": None}


@dataclass
class Console:
    """The process, its address, and the hotline's services in the test's own process."""

    settings: Settings
    services: Services
    process: subprocess.Popen[bytes] | None = None
    said: int = 0
    contexts: list[BrowserContext] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings.console_port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "bootstrap.cli", "run", "console"]
        self.process = subprocess.Popen(command, env=child_environment(self.settings))

    async def ready(self) -> None:
        async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(60):
            while True:
                try:
                    if (await client.get(f"{self.url}/health")).is_success:
                        return
                except httpx.HTTPError:
                    await asyncio.sleep(0.1)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    async def say(self, text: str, address: str = ELDER_NUMBER, channel: str = "phone") -> Reply:
        self.said += 1
        utterance = Utterance(Channel(channel), address, text, f"rig-{self.said}", "c1" if channel == "phone" else "")
        reply = await take_turn(utterance, self.services)
        await self.services.live.settle()
        return reply

    async def employ(self, name: str, role: Role = Role.OPERATOR, status: OperatorStatus = OperatorStatus.READY) -> str:
        operator = await people.add_operator(people.new_operator(name, role, status), self.services)
        await set_password(operator.operator_id, PASSWORD, Argon2Passwords(), self.services)
        return operator.operator_id

    async def enter(
        self, browser: Browser, name: str, size: dict[str, int] | None = None, password: str = PASSWORD
    ) -> Page:
        """A browser of its own, signed in."""
        context = await browser.new_context(
            viewport=size or DESK,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            is_mobile=size is PHONE,  # type: ignore[arg-type]
        )
        context.set_default_timeout(WAIT_MS)
        self.contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"in the page: {error}"))
        await page.goto(self.url)
        await page.get_by_label("姓名").fill(name)
        await page.get_by_label("密码").fill(password)
        await page.get_by_role("button", name="登录").click()
        await page.get_by_role("button", name="退出").wait_for()
        return page

    async def within(self, look: Callable[[Any], Awaitable[Any]]) -> Any:
        async with self.services.reading() as uow:
            return await look(uow)


@asynccontextmanager
async def open_console(folder: Path, notifier: Notifier | None = None, **changes: Any) -> AsyncIterator[Console]:
    settings = Settings(
        data_dir=folder / "var", console_port=free_port(), console_plain_http=True, log_level="warning", **changes
    )
    settings.data_dir.mkdir()
    await asyncio.to_thread(upgrade, str(settings.database_url))
    database = Database(str(settings.database_url), zone=settings.zone)
    await seed_demo(database)
    await database.close()
    async with open_services(settings, notifier=notifier or ListNotifier(), dialogue=Repeats()) as services:
        console = Console(settings, services)
        console.start()
        try:
            await console.ready()
            yield console
        finally:
            for context in console.contexts:
                await context.close()
            console.process.terminate()  # type: ignore[union-attr]  # it was started above
            console.process.wait(15)  # type: ignore[union-attr]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium, without a window."""
    async with async_playwright() as playwright:
        arguments = ["--autoplay-policy=no-user-gesture-required", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        try:
            yield browser
        finally:
            await browser.close()


async def tab_to(page: Page, selector: str) -> None:
    """Press Tab until that has the focus, as somebody without a mouse does."""
    for _ in range(80):
        await page.keyboard.press("Tab")
        if await page.evaluate("(s) => document.activeElement?.matches(s)", selector):
            return
    pytest.fail(f"{selector} can't be reached by the keyboard")
