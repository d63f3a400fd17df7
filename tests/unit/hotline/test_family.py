"""Relatives in linked chats: what they are told and what never, and 已联系上."""

from datetime import timedelta

import pytest

from hotline import callbacks, escalation, family, ring_out
from hotline.audit import latest
from hotline.booking import BookVisit, book, cancel, move
from hotline.callbacks import NewCallback
from hotline.ending import end_contact
from hotline.errors import NotAllowed, NotFound
from hotline.escalation import STOOD_DOWN, Escalation
from hotline.ladder import climb
from hotline.people import ChatLink
from hotline.reaching import tell_relative
from hotline.ring_out import TRIES_OVER
from knowledge.ladder import ladders
from tests.unit.hotline.conftest import ZONE, HandClock, Line

SON, SECOND = "77", "78"
"""con_2's own chat, and one more that is linked."""


def visit(session_id: str, turn_id: str = "trn_1", hours: float = 30) -> BookVisit:
    starts_at = HandClock().moment.replace(tzinfo=ZONE) + timedelta(hours=hours)
    return BookVisit(
        session_id, turn_id, "bathing", starts_at, starts_at + timedelta(hours=1), "赵秀英", None, elder_id="eld_1"
    )


async def session_id(line: Line, **more: str) -> str:
    await line.say("您好", **more)
    session = await line.session(**more)
    assert session is not None
    return session.session_id


async def link_second(line: Line) -> None:
    async with line.services.unit_of_work() as uow:
        uow.links.add(ChatLink("lnk_1", "telegram", SECOND, "eld_1", "con_2", line.clock.now()))
        await uow.commit()


async def in_danger(line: Line, words: str = "我摔倒了起不来") -> Escalation:
    """The elder's call is over."""
    await line.say(words)
    await end_contact(line.utterance(), line.services, hung_up=True)
    return (await line.escalations())[0]


async def rung(line: Line, raised: Escalation, number: int = 2) -> None:
    await climb(raised.escalation_id, ladders()["now"].rung(number), line.services)


# --- told ------------------------------------------------------------------------------------------------------


async def test_booked_moved_and_cancelled_by_the_elder_the_family_hears_of_it(line: Line) -> None:
    await link_second(line)
    session = await session_id(line)
    order = await book(visit(session), line.services)
    later = order.starts_at + timedelta(hours=2)
    await move(session, "trn_2", order.order_id, later, later + timedelta(hours=1), line.services)
    await cancel(session, "trn_3", order.order_id, line.services)
    await line.services.live.settle()
    said = line.notifier.said
    assert [("约好了" in t, "改了时间" in t, "取消了" in t) for t in said] == [
        *[(True, False, False)] * 2,
        *[(False, True, False)] * 2,
        *[(False, False, True)] * 2,
    ]
    assert all("赵秀英" in text and "助浴" in text and "示例社区" not in text for text in said)


async def test_who_did_it_is_not_told_of_it(line: Line) -> None:
    await link_second(line)
    session = await session_id(line, channel="telegram", address=SON)
    await book(visit(session), line.services)
    await line.services.live.settle()
    assert len(line.notifier.said) == 1


async def test_a_chat_that_can_t_be_reached_now_is_told_later_at_its_own_address(line: Line) -> None:
    line.notifier.failing = True
    session = await session_id(line)
    await book(visit(session), line.services)
    await line.services.live.settle()
    async with line.services.unit_of_work() as uow:
        assert [(m.channel, m.address) for m in await uow.outbox.waiting()] == [("telegram", SON)]


@pytest.mark.parametrize("words", ["我儿子在打我"])
async def test_of_what_is_private_no_relative_hears_anything(line: Line, words: str) -> None:
    raised = await in_danger(line, words)
    await rung(line, raised)
    session = await session_id(line)
    await book(visit(session), line.services)
    callback = await callbacks.promise(session, NewCallback("trn_9", "requested"), line.services)
    await ring_out.hand_over(callback, TRIES_OVER, line.services)
    await line.services.live.settle()
    assert line.notifier.contacts == [] and not any("赵秀英" in text for text in line.notifier.said)


async def test_a_callback_that_was_missed_is_told_once(line: Line) -> None:
    session = await session_id(line)
    callback = await callbacks.promise(session, NewCallback("trn_9", "requested"), line.services)
    for _ in range(2):
        await ring_out.hand_over(callback, TRIES_OVER, line.services)
    await line.services.live.settle()
    assert [text for text in line.notifier.said if "没有人接" in text and "赵秀英" in text] == line.notifier.said


async def test_every_chat_of_a_relative_is_told_of_danger(line: Line) -> None:
    await link_second(line)
    await rung(line, await in_danger(line))
    assert line.notifier.contacts == ["王晓梅", "王建国", "王建国"]


async def test_by_hand_every_chat_of_a_relative_is_told(line: Line) -> None:
    await link_second(line)
    raised = await in_danger(line)
    await escalation.claim(raised.escalation_id, "opr_1", line.services)
    assert (await tell_relative(raised.escalation_id, "con_2", "opr_1", line.services)).state == "sent"
    assert line.notifier.contacts == ["王建国", "王建国"]


# --- 已联系上 ---------------------------------------------------------------------------------------------------


async def test_reached_the_ladder_stands_down_and_it_is_kept_who_and_when(line: Line) -> None:
    raised = await in_danger(line)
    assert await family.reached(raised.escalation_id, "telegram", SON, line.services) == "stood_down"
    [seen] = await line.escalations()  # an operator still sees it
    assert (seen.status, seen.reached_by, seen.reached_at) == (STOOD_DOWN, "con_2", line.clock.now())
    assert [(one.operator_id, one.what) for one in await latest(9, line.services)] == [("family", "reached")]
    told = len(line.notifier.alerts)
    assert (await climb(raised.escalation_id, ladders()["now"].rung(3), line.services)).over
    assert len(line.notifier.alerts) == told
    claimed = await escalation.claim(raised.escalation_id, "opr_1", line.services)
    assert (claimed.status, claimed.reached_by) == ("claimed", "con_2")


async def test_reopened_it_has_a_ladder_of_its_own_from_the_beginning(line: Line) -> None:
    raised = await in_danger(line)
    await family.reached(raised.escalation_id, "telegram", SON, line.services)
    line.clock.pass_seconds(100)
    again = await family.reopen(raised.escalation_id, line.services)
    await line.services.live.settle()
    assert again.escalation_id != raised.escalation_id
    assert (again.status, again.raised_at, again.reached_by) == ("open", line.clock.now(), "con_2")
    [seen] = await line.escalations()
    assert seen.escalation_id == again.escalation_id
    assert (await family.reopen(again.escalation_id, line.services)).escalation_id == again.escalation_id
    async with line.services.unit_of_work() as uow:
        assert [e.escalation_id for e in await uow.escalations.without_ladder()] == [again.escalation_id]


async def test_while_the_elder_is_on_the_line_a_person_goes_on_being_called(line: Line) -> None:
    await line.say("我摔倒了起不来")
    [raised] = await line.escalations()
    assert await family.reached(raised.escalation_id, "telegram", SON, line.services) == "noted"
    [seen] = await line.escalations()
    assert (seen.status, seen.reached_by) == ("open", "con_2")
    assert not (await climb(raised.escalation_id, ladders()["now"].rung(1), line.services)).over


async def test_new_danger_after_it_was_stood_down_calls_everybody_again(line: Line) -> None:
    raised = await in_danger(line)
    await family.reached(raised.escalation_id, "telegram", SON, line.services)
    reply = await line.say("又摔倒了，救命", contact="again")
    assert (reply.response or "").startswith("emergency_")
    assert [e.status for e in await line.escalations()].count("open") == 1


@pytest.mark.parametrize("chat", ["4711", ""])
async def test_a_chat_that_is_not_linked_can_t_stand_anything_down(line: Line, chat: str) -> None:
    raised = await in_danger(line)
    with pytest.raises(NotAllowed):
        await family.reached(raised.escalation_id, "telegram", chat, line.services)
    assert (await line.escalations())[0].reached_by is None


async def test_what_the_family_is_not_told_of_it_can_t_stand_down_either(line: Line) -> None:
    raised = await in_danger(line, "我儿子在打我")
    with pytest.raises(NotAllowed):
        await family.reached(raised.escalation_id, "telegram", SON, line.services)
    with pytest.raises(NotFound):
        await family.reached("esc_none", "telegram", SON, line.services)


async def test_a_claimed_one_stays_claimed_and_a_closed_one_closed(line: Line) -> None:
    raised = await in_danger(line)
    await escalation.claim(raised.escalation_id, "opr_1", line.services)
    assert await family.reached(raised.escalation_id, "telegram", SON, line.services) == "noted"
    assert (await line.escalations())[0].status == "claimed"
    await escalation.close(raised.escalation_id, "answered", line.services)
    assert await family.reached(raised.escalation_id, "telegram", SON, line.services) == "over"
