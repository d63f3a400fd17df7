"""Visits, callbacks, cases, and who may hear what."""

import asyncio
from datetime import datetime, timedelta

import pytest

from hotline import booking, callbacks, cases, people, understanding
from hotline.booking import BookVisit, VisitOrder
from hotline.errors import NotAllowed, TimeTaken
from tests.unit.hotline.conftest import DAUGHTER_NUMBER, ELDER_NUMBER, ZONE, Line

TOMORROW = datetime(2026, 11, 24, 15, 0, tzinfo=ZONE)


async def session_id(line: Line, address: str = ELDER_NUMBER) -> str:
    await line.say("你好", address=address)
    session = await line.session(address=address)
    assert session is not None
    return session.session_id


def visit(session: str, turn: str = "t1", at: datetime = TOMORROW, **more: str | None) -> BookVisit:
    given = {"elder_id": "eld_1", "name": "赵秀英", "phone": ELDER_NUMBER, **more}
    return BookVisit(session, turn, "bathing", at, at + timedelta(hours=1), **given)


async def book(line: Line, *args: object, **more: object) -> VisitOrder:
    return await booking.book(visit(await session_id(line), *args, **more), line.services)  # type: ignore[arg-type]


async def test_a_visit_takes_address_and_place_from_the_profile_and_keeps_its_history(line: Line) -> None:
    order = await book(line)
    assert (order.address, order.place, order.status) == ("示例社区3号楼302", "雄安", "booked")
    await booking.cancel(order.session_id, "t9", order.order_id, line.services)
    async with line.services.unit_of_work() as uow:
        assert [e.what for e in await uow.orders.history(order.order_id)] == ["booked", "cancelled"]


async def test_a_turn_books_once(line: Line) -> None:
    session = await session_id(line)
    orders = await asyncio.gather(*(booking.book(visit(session), line.services) for _ in range(5)))
    assert len({order.order_id for order in orders}) == 1


async def test_an_elder_is_not_visited_twice_at_a_time(line: Line) -> None:
    order = await book(line)
    with pytest.raises(TimeTaken) as taken:
        await booking.book(visit(order.session_id, "t2", TOMORROW + timedelta(minutes=30)), line.services)
    assert taken.value.order_id == order.order_id
    await booking.book(visit(order.session_id, "t3", TOMORROW + timedelta(hours=1)), line.services)
    with pytest.raises(TimeTaken):
        await booking.move(order.session_id, "t4", order.order_id, TOMORROW + timedelta(hours=1),
                           TOMORROW + timedelta(hours=2), line.services)  # fmt: skip


async def test_an_unregistered_elder_is_told_apart_by_name_and_number(line: Line) -> None:
    session = await session_id(line, "13811112222")
    stranger = {"elder_id": None, "name": "刘芳", "phone": "13811112222", "address": "容城县示例路1号"}
    order = await booking.book(visit(session, "t1", **stranger), line.services)
    assert order.place == "雄安"
    with pytest.raises(TimeTaken):
        await booking.book(visit(session, "t2", **{**stranger, "name": "柳方"}), line.services)
    await booking.book(visit(session, "t3", **{**stranger, "phone": "13811112223"}), line.services)


async def test_who_may_hear_of_visits(line: Line) -> None:
    order = await book(line)
    for address, allowed in ((ELDER_NUMBER, "all"), (DAUGHTER_NUMBER, "all"), ("13811112222", "nothing")):
        found = await booking.upcoming(await session_id(line, address), line.services)
        assert found.may_hear == allowed
        assert [o.order_id for o in found.orders] == ([] if allowed == "nothing" else [order.order_id])


async def test_name_and_last_four_digits_let_dates_be_heard_but_change_nothing(line: Line) -> None:
    order = await book(line)
    stranger = await session_id(line, "13811112222")
    assert not await people.identify(stranger, "赵秀英", "9999", line.services)
    assert not await people.identify(stranger, "王桂兰", "2222", line.services)
    assert await people.identify(stranger, "招秀英", "1111", line.services)
    found = await booking.upcoming(stranger, line.services)
    assert found.may_hear == "dates" and len(found.orders) == 1
    with pytest.raises(NotAllowed):
        await booking.cancel(stranger, "t5", order.order_id, line.services)
    async with line.services.unit_of_work() as uow:
        assert (await uow.orders.require(order.order_id)).status == "booked"
        [case] = await uow.cases.by_session(stranger)
    assert (case.type, case.order_id, case.wants_callback) == ("cancel_booking", order.order_id, True)


@pytest.mark.parametrize(
    ("address", "relation", "name", "found"),
    [
        (DAUGHTER_NUMBER, "mother", None, "赵秀英"),
        (DAUGHTER_NUMBER, None, None, "赵秀英"),
        (DAUGHTER_NUMBER, "father", None, None),
        (DAUGHTER_NUMBER, None, "李大山", None),
        (ELDER_NUMBER, "self", None, "赵秀英"),
        (ELDER_NUMBER, "spouse", None, None),
        ("13811112222", "mother", None, None),
    ],
)
async def test_whom_a_visit_is_for_is_never_guessed(
    line: Line, address: str, relation: str | None, name: str | None, found: str | None
) -> None:
    known = await people.known_facts(await session_id(line, address), relation, name, line.services)
    assert known.name == found


async def test_with_two_elders_the_name_is_needed(line: Line) -> None:
    async with line.services.unit_of_work() as uow:
        uow.elders.add(people.Elder("eld_2", "王大山", None, "雄安"))
        uow.contacts.add(people.FamilyContact("con_3", "eld_2", "王晓梅", "father", DAUGHTER_NUMBER))
        await uow.commit()
    session = await session_id(line, DAUGHTER_NUMBER)
    facts = [await people.known_facts(session, *asked, line.services) for asked in
             ((None, None), ("father", None), ("mother", None), (None, "王大山"))]  # fmt: skip
    assert [f.name for f in facts] == [None, "王大山", "赵秀英", "王大山"]


@pytest.mark.parametrize(
    ("heard", "found"), [("赵秀瑛", "赵秀瑛"), ("赵秀英", "赵秀英"), ("招秀音", None), ("王贵兰", "王桂兰")]
)
async def test_a_name_is_spelt_as_in_the_profile_unless_two_sound_alike(
    line: Line, heard: str, found: str | None
) -> None:
    async with line.services.unit_of_work() as uow:
        for number, name in enumerate(("赵秀瑛", "王桂兰")):
            uow.elders.add(people.Elder(f"eld_{number + 7}", name, None, "雄安"))
            uow.contacts.add(
                people.FamilyContact(f"con_{number + 7}", f"eld_{number + 7}", "王晓梅", "mother", DAUGHTER_NUMBER)
            )
        await uow.commit()
    known = await people.known_facts(await session_id(line, DAUGHTER_NUMBER), None, heard, line.services)
    assert known.name == found


async def test_an_address_is_known_by_its_sound(line: Line) -> None:
    async with line.services.unit_of_work() as uow:
        uow.elders.add(people.Elder("eld_9", "王桂兰", None, "威海", address="威海市环翠区阳光小区3号楼2单元501室"))
        await uow.commit()
    assert await people.lives_at("eld_9", "杨光小区三号楼二单元五零一", line.services)
    assert not await people.lives_at("eld_9", "阳光小区三号楼一单元五零一", line.services)
    assert not await people.lives_at("eld_8", "阳光小区三号楼二单元五零一", line.services)


async def test_callbacks_come_emergencies_first(line: Line) -> None:
    session = await session_id(line)
    for turn, urgency in (("t1", "today"), ("t2", "now"), ("t3", "soon")):
        await callbacks.promise(session, callbacks.NewCallback(turn, "requested", urgency), line.services)
    async with line.services.unit_of_work() as uow:
        assert next(iter(await uow.callbacks.open())).urgency == "now"


async def test_a_case_is_opened_once_and_its_progress_is_for_those_who_may_hear_it(line: Line) -> None:
    session = await session_id(line)
    wanted = cases.NewCase("t1", "complain", "送饭的总是迟到")
    first, second = [await cases.open_case(session, wanted, line.services) for _ in range(2)]
    assert first.case_id == second.case_id and first.promised_on.isoformat() == "2026-11-26"
    found = await cases.progress(await session_id(line, DAUGHTER_NUMBER), line.services)
    assert found is not None and [c.case_id for c in found] == [first.case_id]
    assert await cases.progress(await session_id(line, "13811112222"), line.services) is None


async def test_misunderstandings_count_in_a_row_only(line: Line) -> None:
    session = await session_id(line)
    assert [await understanding.misunderstood(session, line.services) for _ in range(2)] == [1, 1]
    await line.say("嗯")
    assert await understanding.misunderstood(session, line.services) == 1


async def test_slower_and_louder_have_their_limits(line: Line) -> None:
    session = await session_id(line)
    for _ in range(9):
        await understanding.speak_slower(session, line.services)
        await understanding.speak_louder(session, line.services)
    reply = await line.say("嗯")
    assert (reply.pace, reply.gain) == (understanding.SLOWEST, understanding.LOUDEST)
