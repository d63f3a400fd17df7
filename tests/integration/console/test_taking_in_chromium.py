"""What operators take by themselves, and who they are: in real Chromium, on a desk, on a telephone, by the keyboard."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from hotline import cases, escalation, family, linking
from hotline.callbacks import NewCallback, promise
from hotline.ending import end_contact
from hotline.people import Role
from hotline.sessions import CallSession, Channel, Utterance
from tests.integration.console.pictures import looked_at
from tests.integration.console.rig import (
    DESK,
    ELDER_NUMBER,
    PHONE,
    WAIT_MS,
    Console,
    needs_chromium,
    tab_to,
)

pytestmark = [needs_chromium, pytest.mark.browser, pytest.mark.timeout(240)]
expect.set_options(timeout=WAIT_MS)
HERS = re.compile("/escalations/esc_")


async def session_of(console: Console, address: str = ELDER_NUMBER) -> CallSession:
    session = await console.within(lambda uow: uow.sessions.open_for("phone", address, "c1"))
    assert session is not None
    return session  # type: ignore[no-any-return]  # the rig reads anything


async def hang_up(console: Console, address: str = ELDER_NUMBER) -> None:
    await end_contact(Utterance(Channel.PHONE, address, "", "over", "c1"), console.services, hung_up=True)


async def on_a_telephone(console: Console, browser: Browser, page: Page, name: str, who: str, folder: Path) -> None:
    """The same page as `page`, on a small screen."""
    small = await console.enter(browser, who, PHONE)
    await small.goto(page.url)
    await small.locator("main").wait_for()
    await small.wait_for_timeout(600)
    await looked_at(small, f"{name}-phone", folder)


async def test_a_contact_is_taken_over_by_the_keyboard(console: Console, browser: Browser, tmp_path: Path) -> None:
    await console.say("我想约个助浴")
    page = await console.enter(browser, "李娜")
    await expect(page.locator("#live-clock")).to_have_text(re.compile(":"))  # it has heard from the server
    await tab_to(page, "button[id^=take-]")
    await page.keyboard.press("Enter")
    await page.wait_for_url(HERS)
    await expect(page.locator("main")).to_contain_text("话务员接过来的")
    await tab_to(page, "#say-text")
    await page.keyboard.type("我是李娜，您说。")
    await page.keyboard.press("Enter")
    await expect(page.locator(".line.operator")).to_contain_text("我是李娜，您说。")
    assert (await console.say("我要明天的")).text == ""  # the assistant is silent
    await expect(page.locator(".line.caller", has_text="我要明天的")).to_be_visible()
    await looked_at(page, "taken-over", tmp_path / "pictures")
    await on_a_telephone(console, browser, page, "taken-over", "李娜", tmp_path / "pictures")
    assert (await session_of(console)).operator_id


async def test_what_is_claimed_by_a_key_of_the_telephone_opens_by_itself(console: Console, browser: Browser) -> None:
    me = await console.employ("孙")
    board, report, other = [await console.enter(browser, name) for name in ("孙", "孙", "马强")]
    await report.get_by_role("link", name="工单").click()
    await expect(report.locator("#live-clock")).to_have_text(re.compile(":"))  # it has heard from the server
    await console.say("我在厕所摔倒了，起不来")
    await expect(board.get_by_role("button", name="我来接")).to_be_visible()
    [raised] = await console.within(lambda uow: uow.escalations.open())
    await escalation.claim(raised.escalation_id, me, console.services)  # as the line does for key 1
    await board.wait_for_url(HERS)
    await expect(board.locator("main")).to_contain_text("我在厕所摔倒了")
    await report.get_by_role("link", name="打开").click()
    await report.wait_for_url(HERS)
    await expect(other).to_have_url(f"{console.url}/")


async def test_a_promised_callback_is_rung_by_ones_own_phone(
    console: Console, browser: Browser, tmp_path: Path
) -> None:
    await console.say("您好")
    session = await session_of(console)
    wanted = NewCallback("t_cb", "requested", words="问问助餐卡的事")
    callback = await promise(session.session_id, wanted, console.services)
    await hang_up(console)
    page, other = await console.enter(browser, "李娜"), await console.enter(browser, "马强")
    row = page.locator(f"#callback-{callback.callback_id}")
    await expect(row).to_contain_text("问问助餐卡的事")
    await looked_at(page, "callback-due", tmp_path / "pictures")
    await tab_to(page, f"#ring-{callback.callback_id}")
    await page.keyboard.press("Enter")
    await page.wait_for_url(HERS)
    await expect(page.locator(f'a[href="tel:{ELDER_NUMBER}"]').first).to_be_visible()
    await expect(page.locator("#facts")).to_contain_text("要说的是“问问助餐卡的事”")
    await looked_at(page, "callback", tmp_path / "pictures")
    await on_a_telephone(console, browser, page, "callback", "李娜", tmp_path / "pictures")
    await other.locator(f"#ring-{callback.callback_id}").click()
    await expect(other.get_by_text("已由李娜先接手")).to_be_visible()
    await page.get_by_role("button", name="打过了").click()
    await expect(other.get_by_text("没有要回的电话。")).to_be_visible()
    kept = await console.within(lambda uow: uow.callbacks.require(callback.callback_id))
    assert kept.status == "done"


async def test_what_a_relative_has_stood_down_is_looked_at_and_raised_again(
    console: Console, browser: Browser, tmp_path: Path
) -> None:
    await console.say("我在厕所摔倒了，起不来")
    await hang_up(console)
    [raised] = await console.within(lambda uow: uow.escalations.open())
    [contact, *_] = await console.within(lambda uow: uow.contacts.of(raised.elder_id))
    async with console.services.unit_of_work() as uow:
        (await uow.contacts.require(contact.contact_id)).telegram_chat_id = "77"
        await uow.commit()
    page = await console.enter(browser, "李娜")
    await expect(page).to_have_title("🔴 (1) 看板 · 暖线")
    await family.reached(raised.escalation_id, "telegram", "77", console.services)
    await expect(page.get_by_text("家属说联系上了，等您看一眼")).to_be_visible()
    await expect(page).to_have_title("看板 · 暖线")
    await looked_at(page, "stood-down", tmp_path / "pictures")
    await on_a_telephone(console, browser, page, "stood-down", "李娜", tmp_path / "pictures")
    await tab_to(page, f"#raised-{raised.escalation_id} a")
    await page.keyboard.press("Enter")
    await page.wait_for_url(HERS)
    await looked_at(page, "stood-down-page", tmp_path / "pictures")
    await tab_to(page, "button[hx-post$='/reopen']")
    await page.keyboard.press("Enter")
    await expect(page).to_have_title(re.compile(r"🔴 \(1\)"))
    await expect(page.locator("#claim")).to_be_visible()
    await expect(page.locator(".timeline")).to_contain_text(f"{contact.name} 说已联系上老人")


async def test_a_change_that_a_caller_asked_for_is_confirmed(
    console: Console, browser: Browser, tmp_path: Path
) -> None:
    await console.say("我换手机号了，新号码13912345678")
    session = await session_of(console)
    await cases.ask_profile_change(session.session_id, "t1", "phone", "13912345678", "我换手机号了", console.services)
    page = await console.enter(browser, "李娜")
    await page.get_by_role("link", name="工单").click()
    await expect(page.get_by_text(f"现在是 {ELDER_NUMBER}")).to_be_visible()
    await looked_at(page, "changes", tmp_path / "pictures")
    await on_a_telephone(console, browser, page, "changes", "李娜", tmp_path / "pictures")
    await tab_to(page, "input[name=value]")
    await tab_to(page, "button.main")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("存好了。")).to_be_visible()
    await expect(page.get_by_label("电话").first).to_have_value("13912345678")


async def test_a_relative_is_given_a_code(console: Console, browser: Browser, tmp_path: Path) -> None:
    [elder, *_] = await console.within(lambda uow: uow.elders.search("赵秀英", 1))
    for size, mark in ((DESK, ""), (PHONE, "-phone")):
        page = await console.enter(browser, "李娜", size)
        await page.goto(f"{console.url}/elders/{elder.elder_id}")
        await page.get_by_text("家属绑定 Telegram").click()
        await page.get_by_role("button", name="给绑定数字").last.click()
        shown = page.locator(".given strong")
        await expect(shown).to_have_text(re.compile(r"^\d{6}$"))
        await looked_at(page, f"link-code{mark}", tmp_path / "pictures")
    linked = await linking.redeem("telegram", "4711", await shown.inner_text(), "王远", console.services)
    assert linked.elder.elder_id == elder.elder_id


async def test_an_operator_is_registered_given_a_password_and_changes_it(
    console: Console, browser: Browser, tmp_path: Path
) -> None:
    pictures = tmp_path / "pictures"
    await console.employ("何主任", Role.ADMINISTRATOR)
    page = await console.enter(browser, "何主任")
    page.on("dialog", lambda dialog: dialog.accept())
    await page.get_by_role("link", name="人员").click()
    await tab_to(page, "form[hx-post='/operators/new'] input[name=name]")
    await page.keyboard.type("小孟")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.type("778899")
    await page.keyboard.press("Enter")
    row = page.locator("li", has=page.get_by_text("小孟", exact=True))
    await expect(row).not_to_contain_text("没有 Telegram")
    await row.locator("summary").click()
    await row.get_by_role("button", name="给新密码").click()
    given = await row.locator(".given strong").inner_text()
    await looked_at(page, "staff", pictures)
    await on_a_telephone(console, browser, page, "staff", "何主任", pictures)

    his = await console.enter(browser, "小孟", password=given)
    await his.get_by_title("改密码").click()
    await looked_at(his, "my-password", pictures)
    await tab_to(his, "input[name=old]")
    for word in (given, "早上六点开门的那家豆浆店", "早上六点开门的那家豆浆店"):
        await his.keyboard.type(word)
        await his.keyboard.press("Tab")
    await his.keyboard.press("Enter")
    await his.wait_for_url(re.compile("/sign-in"))
    again = await console.enter(browser, "小孟", PHONE, password="早上六点开门的那家豆浆店")
    await again.get_by_title("改密码").click()
    await looked_at(again, "my-password-phone", pictures)
    await again.goto(f"{console.url}/operators")
    await expect(again.get_by_text("您的岗位不能做这一步")).to_be_visible()

    await row.get_by_role("button", name="删除").click()
    await expect(page.get_by_text("小孟", exact=True)).to_have_count(0)
