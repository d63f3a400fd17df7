"""An operator at the web console in the demonstration: in Chromium where it is installed, else by the same requests."""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol

import httpx

if TYPE_CHECKING:
    from playwright.async_api import Page

LIMIT_SECONDS = 20.0
LOOK_SECONDS = 0.2
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
CLAIM = re.compile(r'class="danger" id="claim-(esc_\w+)"')
TOKEN = re.compile(r'"X-CSRF-Token": "([^"]+)"')


class DeskTrouble(Exception):
    """The console did not do what it was asked for; the text says what."""


class Desk(Protocol):
    """What an operator does there."""

    how: str
    """By what, as it is shown."""

    async def sign_in(self, name: str, password: str) -> None: ...
    async def claim(self) -> str:
        """Wait until somebody is in danger, and take it over; the escalation's id. Raises DeskTrouble."""

    async def tell(self, contact_id: str) -> None:
        """Ask a relative to look at the elder. Raises DeskTrouble."""

    async def close(self, outcome: str, words: str) -> None:
        """End it. Raises DeskTrouble."""


def chromium() -> str | None:
    """Where it is installed; None where it is not."""
    return next((path for name in CHROMIUMS if (path := shutil.which(name))), None)


@asynccontextmanager
async def open_desk(url: str) -> AsyncIterator[Desk]:
    """A desk at the console that is served at `url`."""
    try:
        from playwright.async_api import async_playwright
    except ImportError:  # installed without its development tools
        path = None
    else:
        path = chromium()
    if path is None:
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=LIMIT_SECONDS) as client:
            desk = ByRequests(client)
            try:
                yield desk
            finally:
                await desk.leave()
        return
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        page = await browser.new_page(locale="zh-CN", viewport={"width": 1280, "height": 800})
        page.set_default_timeout(LIMIT_SECONDS * 1000)
        try:
            yield InChromium(page, url)
        finally:
            await browser.close()


class InChromium:
    """A scripted browser."""

    how = "in Chromium"

    def __init__(self, page: "Page", url: str) -> None:
        self._page, self._url = page, url

    async def sign_in(self, name: str, password: str) -> None:
        await self._page.goto(self._url)
        await self._page.get_by_label("姓名").fill(name)
        await self._page.get_by_label("密码").fill(password)
        await self._page.get_by_role("button", name="登录").click()
        await self._page.get_by_role("button", name="退出").wait_for()

    async def claim(self) -> str:
        await self._page.locator("li.urgency-now").get_by_role("button", name="我来接").first.click()
        await self._page.wait_for_url(re.compile("/escalations/esc_"))
        return self._page.url.rsplit("/", 1)[1]

    async def tell(self, contact_id: str) -> None:
        await self._page.locator(f'[hx-post$="/family/{contact_id}"]').click()
        await self._page.get_by_text("已发消息，请他马上联系老人。").wait_for()

    async def close(self, outcome: str, words: str) -> None:
        await self._page.locator("#closing > summary").click()
        await self._page.locator(f'input[name="outcome"][value="{outcome}"]').check()
        await self._page.get_by_label("要交代的").fill(words)
        await self._page.get_by_role("button", name="结束这一件").click()
        await self._page.get_by_role("heading", name=re.compile("等人接手")).wait_for()


class ByRequests:
    """What the browser would ask for, without one: the same addresses, cookie and token."""

    how = "by HTTP, as Chromium is not installed"

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._token = self._raised = ""
        self._watching: asyncio.Task[None] | None = None

    async def sign_in(self, name: str, password: str) -> None:
        await self._asked("POST", "/sign-in", name=name, password=password)
        page = await self._asked("GET", "/")
        self._token = TOKEN.findall(page)[0]
        self._watching = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        """As a page does: an open stream tells that somebody is there."""
        async with self._client.stream("GET", "/events", timeout=None) as answer:
            async for _ in answer.aiter_bytes():
                pass

    async def claim(self) -> str:
        async with asyncio.timeout(LIMIT_SECONDS):
            while not (found := CLAIM.findall(await self._asked("GET", "/"))):  # noqa: ASYNC110  # its news, not ours
                await asyncio.sleep(LOOK_SECONDS)
        self._raised = found[0]
        await self._asked("POST", f"/escalations/{self._raised}/claim")
        return self._raised

    async def tell(self, contact_id: str) -> None:
        said = await self._asked("POST", f"/escalations/{self._raised}/family/{contact_id}")
        if "已发消息" not in said:
            raise DeskTrouble(said)

    async def close(self, outcome: str, words: str) -> None:
        await self._asked("POST", f"/escalations/{self._raised}/close", outcome=outcome, text=words)

    async def leave(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)

    async def _asked(self, method: str, path: str, **fields: str) -> str:
        headers = {"X-CSRF-Token": self._token, "HX-Request": "true"} if self._token and method == "POST" else {}
        answer = await self._client.request(method, path, data=fields or None, headers=headers)
        if answer.is_error:
            raise DeskTrouble(f"{method} {path}: {answer.status_code} {answer.text[:100]}")
        return answer.text
