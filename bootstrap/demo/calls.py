"""The four telephone calls. What people say; what the line answers comes out of the running stack."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bootstrap.demo import show
from bootstrap.demo.telephone import Page, Talker, Telephones
from bootstrap.ring.caller import Caller
from bootstrap.ring.phone import NoCall
from bootstrap.ring.speaking import CannotSpeak
from bootstrap.scenario.answers import Answers
from hotline import people
from hotline.people import OperatorStatus, Role

ELDER_NUMBER, FALLEN_NUMBER, STRANGER_NUMBER, KEYS_NUMBER = "13800000301", "13800000401", "13800000998", "13800000997"
WOMAN, MAN, OLD_MAN = "cmn-latn-pinyin+f3", "cmn-latn-pinyin+m1", "cmn-latn-pinyin+m3"
OPERATOR = "小郑"
OPERATOR_WORDS = "您等一下，我给您女儿打电话"
CALLER_WORDS = "好，谢谢"
ALERT_LIMIT_SECONDS = 30.0
CONNECTED_SECONDS = 3.0
"""The operator hears that he is being put through, the caller that somebody is coming."""


@dataclass
class Heard:
    """What the two who were put through heard of each other, as far as it was recognised."""

    by_operator: str = ""
    by_caller: str = ""
    alert: str = ""
    broken: list[str] = field(default_factory=list)


Scene = Callable[[Telephones, Page, Heard], Awaitable[None]]


async def a_bath_is_booked(phones: Telephones, page: Page, heard: Heard) -> None:
    """An elder who is known by his number."""
    talker = await Talker.calling(phones, ELDER_NUMBER, "丛培德（老人）", page, OLD_MAN)
    await talker.converse(["我要预约助浴"], Answers({"when": "后天下午三点", "confirm": "对"}))
    await hang_up(talker)


async def a_callback_is_asked_for(phones: Telephones, page: Page, heard: Heard) -> None:
    """Somebody unknown; the number is the one that rings in."""
    talker = await Talker.calling(phones, STRANGER_NUMBER, "陌生来电人", page, WOMAN)
    answers = {
        "reason": "想问老人吃饭的问题",
        "when": "今天下午",
        "callback_phone": "对",
        "confirm": "对",
        "phone": "对",
    }
    await talker.converse(["请你们给我回电话"], Answers(answers))
    await hang_up(talker)


async def only_keys_are_pressed(phones: Telephones, page: Page, heard: Heard) -> None:
    """Somebody who says no word."""
    talker = await Talker.calling(phones, KEYS_NUMBER, "不说话的来电人", page, WOMAN)
    await talker.silent()
    await talker.press("*")
    await talker.press("0")
    await hang_up(talker)


async def an_elder_has_fallen(phones: Telephones, page: Page, heard: Heard) -> None:
    """Put through to an operator's softphone, which is rung, hears the alert and takes it over with key 1."""
    await people.add_operator(
        people.new_operator(OPERATOR, Role.OPERATOR, OperatorStatus.READY, None, phones.softphone), phones.services
    )
    show_remark = f"{OPERATOR} has a softphone, no Telegram."
    page.add(lambda: show.remark(show_remark))
    talker = await Talker.calling(phones, FALLEN_NUMBER, "熊桂花（老人）", page, WOMAN)
    rung = asyncio.create_task(_rung(phones, page))
    try:
        falling = asyncio.create_task(talker.say("我摔倒了，起不来"))
        operator = await rung
        heard.alert = (await operator.hears()).heard
        await operator.press("1", CONNECTED_SECONDS)
        await falling
        await asyncio.sleep(CONNECTED_SECONDS)
        talker.caller.listens("told")
        await operator.speak(OPERATOR_WORDS)
        heard.by_caller = (await talker.hears()).heard
        operator.caller.listens("told")
        await talker.speak(CALLER_WORDS)
        heard.by_operator = (await operator.hears()).heard
        await hang_up(talker)
        await operator.caller.close()
    finally:
        rung.cancel()
        await talker.caller.close()


async def _rung(phones: Telephones, page: Page) -> Talker:
    """The operator's softphone rings and is answered."""
    async with asyncio.timeout(ALERT_LIMIT_SECONDS):
        leg = await phones.endpoint.incoming.get()
    page.add(lambda: show.remark(f"{OPERATOR}'s softphone rings and is answered."))
    await leg.answer()
    return Talker(f"{OPERATOR}（话务员）", Caller(leg), page, MAN)


async def hang_up(talker: Talker) -> None:
    """Hang up, and wait until the line has closed the contact."""
    what = "[挂断]" if talker.caller.over is None else "[通话结束]"
    talker.page.add(lambda: show.said(talker.name, what))
    await talker.caller.close()
    if talker.turns:
        await talker.turns.ended()


SIDE_BY_SIDE: tuple[tuple[Scene, str, str], ...] = (
    (a_bath_is_booked, "6  An elder rings and books a bath", "a real SIP call, recognised by the 4.4 MB test model"),
    (a_callback_is_asked_for, "7  Somebody asks to be rung back", "a second call, at the same time"),
    (only_keys_are_pressed, "8  Somebody presses keys only", "a third call, at the same time"),
)
FALL = (an_elder_has_fallen, "9  An elder has fallen, and is put through", "the line rings the operator's softphone")


async def play(phones: Telephones) -> Heard:
    """All four; what broke off is named."""
    heard = Heard()
    pages = [(Page(title, about), scene) for scene, title, about in SIDE_BY_SIDE]
    tasks = [asyncio.create_task(_played(scene, phones, page, heard)) for page, scene in pages]
    for (page, _), task in zip(pages, tasks, strict=True):
        page.open()
        await task
    scene, title, about = FALL
    page = Page(title, about)
    page.open()
    await _played(scene, phones, page, heard)
    return heard


async def _played(scene: Scene, phones: Telephones, page: Page, heard: Heard) -> None:
    try:
        await scene(phones, page, heard)
    except (NoCall, CannotSpeak, TimeoutError) as error:
        heard.broken.append(f"{scene.__name__}: {error or type(error).__name__}")
