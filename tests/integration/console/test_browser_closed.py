"""An operator claims, and his browser is gone: given back, the ladder begins anew (real DBOS), another takes over."""

import asyncio
import re
from pathlib import Path
from time import monotonic

import pytest
from playwright.async_api import expect

from hotline.people import OperatorStatus, Role
from tests.integration.console.rig import chromium, needs_chromium, open_console
from tests.integration.jobs.test_ladder import jobs, statuses, told, wait_for

pytestmark = [needs_chromium, pytest.mark.browser, pytest.mark.timeout(300)]

SCALE = 0.15
ABANDONED_SECONDS = 120 * SCALE
SLACK_SECONDS = 15.0


async def until(condition: object, what: str) -> None:
    await asyncio.to_thread(wait_for, condition, what)  # type: ignore[arg-type]  # a lambda of the test


async def test_what_a_closed_browser_leaves_is_given_back_and_told_anew(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    async with open_console(tmp_path, time_scale=SCALE) as console, chromium() as browser:
        lina = await console.employ("李娜")
        maqiang = await console.employ("马强")
        boss = await console.employ("郑班长", Role.SUPERVISOR, OperatorStatus.AWAY)
        with jobs(folder, scale=SCALE):
            async with chromium() as closing:
                other, page = await console.enter(browser, "马强"), await console.enter(closing, "李娜")
                await console.say("我在厕所摔倒了，起不来")
                await page.get_by_role("button", name="我来接").click()
                await page.wait_for_url(re.compile("/escalations/esc_"))
                raised = page.url.rsplit("/", 1)[1]
                await until(lambda: statuses(folder, raised) == ["SUCCESS"], "the ladder ends with the claim")
                await asyncio.sleep(ABANDONED_SECONDS + 3)  # an open page is a sign of life
                held = await console.within(lambda uow: uow.escalations.require(raised))
                assert (held.status, held.claimed_by) == ("claimed", lina)
                console.contexts.remove(page.context)
            gone = monotonic()
            waits = other.locator(f"#raised-{raised}")
            await expect(waits.get_by_text("李娜接手过，人不在了")).to_be_visible(timeout=60_000)
            assert monotonic() - gone < ABANDONED_SECONDS + SLACK_SECONDS
            await expect(other).to_have_title("🔴 (1) 看板 · 暖线")
            await until(lambda: statuses(folder, raised) == ["PENDING"], "a ladder climbs again")
            await until(lambda: boss in {line["person"] for line in told(folder)}, "the ladder tells the supervisor")
            left = [line["person"] for line in told(folder) if line["rung"].startswith("left:")]
            assert maqiang in left
            assert lina not in left
            assert len(left) == len(set(left))
            await waits.get_by_role("button", name="我来接").click()
            await other.wait_for_url(re.compile(raised))
            await expect(other.get_by_text("接手以后不在了，重新叫人")).to_be_visible()
            held = await console.within(lambda uow: uow.escalations.require(raised))
            assert (held.status, held.claimed_by) == ("claimed", maqiang)
