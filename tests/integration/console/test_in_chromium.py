"""The console as an operator meets it: a process of its own, real Chromium, real pages."""

import asyncio
import re
from pathlib import Path
from time import perf_counter

import pytest
from playwright.async_api import Browser, expect

from bot.telegram import TelegramBot
from bot.testserver import TOKEN, BotApiServer
from hotline.booking import BookVisit, book, window_end
from tests.integration.bot.world import QUICK
from tests.integration.console.pictures import looked_at, take
from tests.integration.console.rig import (
    DESK,
    ELDER_NUMBER,
    PHONE,
    WAIT_MS,
    Console,
    needs_chromium,
    open_console,
    tab_to,
)

pytestmark = [needs_chromium, pytest.mark.browser, pytest.mark.timeout(240)]

NEIGHBOUR, CALLER = "13800000301", 510088123
SOON_SECONDS = 2.0
expect.set_options(timeout=WAIT_MS)


async def test_a_wrong_password_and_signing_out(console: Console, browser: Browser, tmp_path: Path) -> None:
    page = await console.enter(browser, "李娜")
    await page.get_by_role("button", name="退出").click()
    await page.get_by_label("姓名").fill("李娜")
    await page.get_by_label("密码").fill("不是这个密码")
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_role("alert")).to_contain_text("姓名或者密码不对")
    await looked_at(page, "sign-in", tmp_path / "pictures")
    await page.goto(f"{console.url}/escalations/esc_1")
    await expect(page).to_have_url(re.compile("/sign-in$"))


async def test_an_emergency_from_being_heard_to_being_closed(
    console: Console, browser: Browser, tmp_path: Path
) -> None:
    pictures = tmp_path / "pictures"
    await console.say("我想约个助浴", NEIGHBOUR)
    mine, other = await console.enter(browser, "李娜"), await console.enter(browser, "马强")
    await expect(mine).to_have_title("看板 · 暖线")

    began = perf_counter()
    await console.say("我在厕所摔倒了，起不来")
    await mine.get_by_role("button", name="我来接").wait_for()
    assert perf_counter() - began < SOON_SECONDS
    await expect(mine).to_have_title("🔴 (1) 看板 · 暖线")
    await expect(mine.get_by_text("有人有危险，没人接手：1 个")).to_be_visible()
    await expect(mine.locator("body")).to_have_attribute("data-sounded", re.compile("[1-9]"))
    await console.say("就我一个人")
    await expect(mine.locator(".raised .facts")).to_contain_text("就我一个人")
    await looked_at(mine, "board", pictures)

    # both press at once: one gets it, the other is told who
    both = [page.get_by_role("button", name="我来接") for page in (mine, other)]
    await asyncio.gather(*(button.click() for button in both))
    there = re.compile("/escalations/esc_")
    async with asyncio.timeout(15):
        while not (there.search(mine.url) or there.search(other.url)):  # noqa: ASYNC110  # the browser's news, not ours
            await asyncio.sleep(0.05)
    winner, loser = (mine, other) if there.search(mine.url) else (other, mine)
    name = "李娜" if winner is mine else "马强"
    await expect(loser.get_by_text(f"已由{name}先接手")).to_be_visible()
    await expect(loser.get_by_role("button", name="我来接")).to_have_count(0)
    await expect(loser).to_have_title("看板 · 暖线")
    raised = winner.url.rsplit("/", 1)[1]
    await winner.wait_for_load_state()

    # what is said meanwhile comes by itself; what the operator says stands beside it
    await winner.get_by_label("打字，助手念给他听").fill("您别动，我叫人过去。")
    await winner.keyboard.press("Enter")
    await expect(winner.locator(".line.operator")).to_contain_text("您别动，我叫人过去。")
    began = perf_counter()
    await console.say("好，我不动")
    await winner.locator(".line.caller", has_text="好，我不动").wait_for()
    assert perf_counter() - began < SOON_SECONDS
    await looked_at(winner, "escalation", pictures)

    # a callback, done; a note; the outcome
    await winner.get_by_text("约回电", exact=True).click()
    await winner.get_by_label("说什么").fill("问问腿")
    await winner.get_by_role("button", name="记下").first.click()
    await winner.get_by_role("button", name="打过了").click()
    await expect(winner.get_by_text("这个电话打过了")).to_be_visible()
    await expect(winner.get_by_role("button", name="打过了")).to_have_count(0)
    await winner.get_by_text("结束", exact=True).click()
    await winner.get_by_label("家里人或邻居到了").check()
    await winner.get_by_label("要交代的").fill("女儿到家了，没受伤")
    await looked_at(winner, "closing", pictures)
    await winner.get_by_role("button", name="结束这一件").click()
    await expect(winner.get_by_text("现在没有人等着。")).to_be_visible()

    closed = await console.within(lambda uow: uow.escalations.require(raised))
    assert (closed.status, closed.outcome) == ("closed", "family_there")
    await winner.goto(f"{console.url}/escalations/{raised}")
    for shown in ("接手", "回电打过了", "女儿到家了，没受伤", "家里人或邻居到了"):
        await expect(winner.locator(".timeline").get_by_text(shown).first).to_be_visible()


async def test_a_chat_is_taken_over_both_ways_and_handed_back(browser: Browser, tmp_path: Path) -> None:
    async with BotApiServer() as telegram:
        chats = {"telegram_token": TOKEN, "telegram_base_url": telegram.base_url}
        async with open_console(tmp_path, **chats) as console:
            bot = TelegramBot(TOKEN, console.services, base_url=telegram.base_url, pace=QUICK)
            await bot.start()
            try:
                await _taken_over(console, telegram, browser, tmp_path)
            finally:
                await bot.stop()


async def _taken_over(console: Console, telegram: BotApiServer, browser: Browser, tmp_path: Path) -> None:
    await console.employ("李娜")
    page = await console.enter(browser, "李娜")
    telegram.say(CALLER, "我要找人工")
    await page.get_by_role("button", name="我来接").click()
    await page.get_by_label("打字，话直接发给他").wait_for()
    await telegram.wait_for(CALLER, lambda sent: any("已经接手" in message.text for message in sent))

    await page.get_by_label("打字，话直接发给他").fill("我是李娜，您说。")
    await page.get_by_role("button", name="发送").click()
    await telegram.wait_for(CALLER, lambda sent: sent[-1].text == "我是李娜，您说。")

    before = len(telegram.texts(CALLER))
    began = perf_counter()
    telegram.say(CALLER, "我妈想约个助浴")
    await page.locator(".line.caller", has_text="我妈想约个助浴").wait_for()
    assert perf_counter() - began < SOON_SECONDS
    await console.services.live.settle()
    assert len(telegram.texts(CALLER)) == before  # the assistant stays silent
    await looked_at(page, "chat", tmp_path / "pictures")

    await page.get_by_role("button", name="交还给助手").click()
    await expect(page.get_by_text("现在没有人等着。")).to_be_visible()
    telegram.say(CALLER, "那就明天吧")
    await telegram.wait_for(CALLER, lambda sent: "那就明天吧" in sent[-1].text)


async def test_everything_by_the_keyboard(console: Console, browser: Browser) -> None:
    await console.say("我摔倒了，起不来")
    page = await console.enter(browser, "李娜")
    await tab_to(page, "button[id^=claim-]")
    await page.keyboard.press("Enter")
    await page.locator("#say-text").wait_for()
    await tab_to(page, "#say-text")
    await page.keyboard.type("我在")
    await page.keyboard.press("Enter")
    await expect(page.locator(".line.operator")).to_contain_text("我在")
    await tab_to(page, "#closing > summary")
    await page.keyboard.press("Enter")
    await tab_to(page, "#closing input[name=outcome]")
    await page.keyboard.press("Space")
    await tab_to(page, "#closing button.main")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("现在没有人等着。")).to_be_visible()
    assert await console.within(lambda uow: uow.escalations.open()) == []


async def test_the_focus_stays_when_the_board_changes(console: Console, browser: Browser) -> None:
    await console.say("我摔倒了，起不来")
    page = await console.enter(browser, "李娜")
    await tab_to(page, "button[id^=claim-]")
    focused = await page.evaluate("document.activeElement.id")
    await console.say("我要找人工", "13900000009")
    await expect(page.get_by_role("button", name="我来接")).to_have_count(2)
    assert await page.evaluate("document.activeElement.id") == focused


async def test_a_network_break_is_said_and_got_over(console: Console, browser: Browser, tmp_path: Path) -> None:
    page = await console.enter(browser, "李娜")
    stale = page.get_by_text("现在看到的不是实时的。")
    await expect(stale).to_be_hidden()
    console.kill()
    await expect(stale).to_be_visible()
    await expect(page.get_by_text("现在没有人等着。")).to_be_hidden()
    await take(page, "not-live", tmp_path / "pictures")
    await console.say("我摔倒了，起不来")  # while nobody sees it
    console.start()
    await console.ready()
    await expect(page.get_by_role("button", name="我来接")).to_be_visible(timeout=30_000)
    await expect(stale).to_be_hidden()
    await expect(page).to_have_title("🔴 (1) 看板 · 暖线")


async def test_a_text_that_is_being_typed_stays_while_the_case_changes(console: Console, browser: Browser) -> None:
    await console.say("我摔倒了，起不来")
    page = await console.enter(browser, "李娜")
    await page.get_by_role("button", name="我来接").click()
    await page.get_by_text("写备注", exact=True).click()
    await page.get_by_label("备注").last.fill("写到一半")
    await console.say("我在厨房")
    await page.locator(".line.caller", has_text="我在厨房").wait_for()
    assert await page.get_by_label("备注").last.input_value() == "写到一半"


async def test_every_page_on_a_desk_and_on_a_telephone(console: Console, browser: Browser, tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    await _a_day(console)
    for size, mark in ((DESK, ""), (PHONE, "-phone")):
        page = await console.enter(browser, "郑班长", size)
        await page.wait_for_timeout(1200)
        await looked_at(page, f"board{mark or '-full'}", pictures)
        for path, name in (
            ("/search?q=赵", "search"),
            ("/orders", "orders"),
            ("/cases", "cases"),
            ("/report", "report"),
            ("/audit", "audit"),
        ):
            await page.goto(console.url + path)
            await page.locator("main").wait_for()
            await looked_at(page, name + mark, pictures)
        await page.goto(f"{console.url}/report")
        for one in await page.get_by_text("的数字").all():
            await one.click()
        await looked_at(page, f"report-figures{mark}", pictures)
        await page.goto(f"{console.url}/elders/eld_demo_2")
        await looked_at(page, f"elder{mark}", pictures)
        [raised, *_] = await console.within(lambda uow: uow.escalations.open())
        await page.goto(f"{console.url}/escalations/{raised.escalation_id}")
        await page.wait_for_timeout(600)
        await looked_at(page, f"raised-waiting{mark}", pictures)


async def _a_day(console: Console) -> None:
    """Somebody waits, somebody is held, somebody is to be rung, visits today."""
    await console.say("我想约个助浴", ELDER_NUMBER)
    session = await console.within(lambda uow: uow.sessions.open_for("phone", ELDER_NUMBER, "c1"))
    for hour, service in ((9, "meal"), (15, "bathing")):
        starts = console.services.clock.now().replace(hour=hour, minute=0, second=0, microsecond=0)
        ends = window_end(service, starts)
        elder = "eld_demo_2" if hour == 9 else "eld_demo_3"
        await book(
            BookVisit(session.session_id, f"t{hour}", service, starts, ends, "", None, None, elder), console.services
        )
    await console.say("我在厕所摔倒了，起不来", ELDER_NUMBER)
    await console.say("就我一个人", ELDER_NUMBER)
    await console.say("他打我，救命", "13800000401")
    await console.say("我要找人工", "13800000101")
    await console.say("这句话系统坏了", "13800000501")


async def test_a_record_is_put_right_and_a_day_is_taken_along(console: Console, browser: Browser) -> None:
    await _a_day(console)
    page = await console.enter(browser, "李娜")
    await page.get_by_role("link", name="查找").click()
    await page.get_by_label("找老人、家属、求助、工单").fill("丛培德")
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="丛培德").click()
    await page.get_by_label("家里的设备").fill("呼叫器")
    await page.get_by_role("button", name="存好").first.click()
    await expect(page.get_by_text("存好了。")).to_be_visible()
    await expect(page.get_by_label("家里的设备")).to_have_value("呼叫器")
    await page.get_by_label("出生年份").fill("1492")
    await page.get_by_role("button", name="存好").first.click()
    await expect(page.get_by_text("出生年份填得不对")).to_be_visible()
    await page.get_by_role("link", name="服务单").click()
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="日历文件").click()
    download = await waiting.value
    calendar = await asyncio.to_thread((await download.path()).read_text, encoding="utf-8")
    assert calendar.count("BEGIN:VEVENT") == 2
