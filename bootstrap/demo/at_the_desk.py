"""The last scene: an emergency taken over in the web console, put through, a relative told, closed; its timeline."""

import asyncio
from dataclasses import dataclass

from bootstrap.demo import show
from bootstrap.demo.calls import ALERT_LIMIT_SECONDS, CONNECTED_SECONDS, OLD_MAN, WOMAN, hang_up
from bootstrap.demo.desk import Desk, DeskTrouble, open_desk
from bootstrap.demo.left import Left
from bootstrap.demo.people import SON_CHAT
from bootstrap.demo.telephone import Page, Talker, Telephones
from bootstrap.ring.caller import Caller
from bootstrap.ring.phone import NoCall, open_phone
from bootstrap.ring.speaking import CannotSpeak
from bot.testserver import BotApiServer
from console.passwords import Argon2Passwords
from console.wording import event_text
from hotline import handoff, people
from hotline.people import OperatorStatus, Role
from hotline.ports import Services
from hotline.sign_in import set_password
from hotline.timeline import timeline
from voice.legs import CallLeg, Endpoint

NAME, PASSWORD = "小许", "示例口令只在演示里用"
ELDER, ELDER_NUMBER = "丛培德（老人）", "13800000301"
SON, SON_NAME = "con_demo_3a", "丛海涛"
OPERATOR_WORDS = "您别动，我给您儿子打电话"
CALLER_WORDS = "好，谢谢"
OUTCOME, LAST_WORDS = "family_there", "儿子到家了，人没受伤"
TITLE = "10  An elder has fallen, and is taken over in the web console"


@dataclass
class Seen:
    """What came of it, as far as it went."""

    escalation_id: str = ""
    by_operator: str = ""
    by_caller: str = ""
    broken: str = ""


async def play(phones: Telephones, console_url: str) -> Seen:
    """One more call, with an operator at a desk and a softphone beside it."""
    seen = Seen()
    page = Page(TITLE, "the operators' web console, and an operator's softphone")
    page.open()
    try:
        async with open_phone(calls=2) as (softphone, address), open_desk(console_url) as desk:
            await _employ(address, phones.services)
            show.remark(f"{NAME} signs in to the console, {desk.how}; her softphone lies beside it.")
            await desk.sign_in(NAME, PASSWORD)
            await _taken_over(phones, softphone, desk, page, seen)
        await _show_timeline(seen.escalation_id, phones.services)
    except (NoCall, CannotSpeak, DeskTrouble, TimeoutError) as error:
        seen.broken = f"{type(error).__name__} {error}".splitlines()[0]
    return seen


async def _employ(address: str, services: Services) -> None:
    made = people.new_operator(NAME, Role.OPERATOR, OperatorStatus.READY, None, address)
    await people.add_operator(made, services)
    await set_password(made.operator_id, PASSWORD, Argon2Passwords(), services)


async def _taken_over(phones: Telephones, softphone: Endpoint, desk: Desk, page: Page, seen: Seen) -> None:
    elder = await Talker.calling(phones, ELDER_NUMBER, ELDER, page, OLD_MAN)
    falling = asyncio.create_task(elder.say("我摔倒了，起不来"))
    try:
        seen.escalation_id = await desk.claim()
        show.remark(f"{NAME} presses 我来接 in the console.")
        async with asyncio.timeout(ALERT_LIMIT_SECONDS):
            leg = await _ringing(softphone)
        await leg.answer()
        operator = Talker(f"{NAME}（话务员）", Caller(leg), page, WOMAN)
        await operator.hears()
        await operator.press("1", CONNECTED_SECONDS)
        await falling
        await _talk(elder, operator, seen)
        await desk.tell(SON)
        show.remark(f"{NAME} presses 发消息 beside {SON_NAME}, the son.")
        await hang_up(elder)  # first, and to its end: an operator who leaves somebody in danger calls everybody anew
        await operator.caller.close()
        await desk.close(OUTCOME, LAST_WORDS)
        show.remark(f"{NAME} ends it.")
    finally:
        falling.cancel()
        await elder.caller.close()


async def _ringing(softphone: Endpoint) -> CallLeg:
    """A ring that goes on; it may have rung before for somebody else who waits."""
    while not (leg := await softphone.incoming.get()).alive:
        pass
    return leg


async def _talk(elder: Talker, operator: Talker, seen: Seen) -> None:
    await asyncio.sleep(CONNECTED_SECONDS)
    elder.caller.listens("told")
    await operator.speak(OPERATOR_WORDS)
    seen.by_caller = (await elder.hears()).heard
    operator.caller.listens("told")
    await elder.speak(CALLER_WORDS)
    seen.by_operator = (await operator.hears()).heard


async def _show_timeline(escalation_id: str, services: Services) -> None:
    packet = await handoff.packet(escalation_id, services)
    zone = services.clock.now().tzinfo
    show.timeline([(event.at.astimezone(zone), event_text(event)) for event in timeline(packet)])


def checks(left: Left, seen: Seen, server: BotApiServer) -> list[tuple[str, bool]]:
    """Every expectation, and whether it is met. `left` holds this scene alone."""
    raised = left.fall()
    ended = (raised.status, raised.outcome) if raised else None
    by_hand = [n for n in left.stored["notices"] if n.recipient_id == SON and n.rung.startswith("by_hand")]
    return [
        *([(f"at the desk: {seen.broken}", False)] if seen.broken else []),
        (f"at the desk: {NAME} has claimed it in the console",
         raised is not None and left.name(raised.claimed_by) == NAME and raised.escalation_id == seen.escalation_id),
        ("the caller heard her", "儿子" in seen.by_caller),
        ("she heard the caller", "谢谢" in seen.by_operator),
        ("the son was told by hand", [n.state for n in by_hand] == ["sent"] and bool(server.texts(SON_CHAT))),
        ("the case is closed", ended == ("closed", OUTCOME)),
        ("no callback is left over from it", all(c.status != "open" for c in left.stored["callbacks"])),
    ]  # fmt: skip
