"""What a person who takes over is given, and what he may say is done."""

from datetime import timedelta

import pytest

from hotline import booking, callbacks, cases, escalation, handoff, people
from hotline.callbacks import NewCallback
from hotline.cases import NewCase
from hotline.errors import AlreadyRegistered, NotFound, StillHolding
from hotline.escalation import Escalation
from hotline.handoff import Packet
from hotline.people import Elder, FamilyContact, OperatorStatus, Role
from tests.unit.hotline.conftest import DAUGHTER_NUMBER, ELDER_NUMBER, Line
from tests.unit.hotline.test_care import TOMORROW, visit


async def packet_of(line: Line, raised: Escalation) -> Packet:
    return await handoff.packet(raised.escalation_id, line.services)


async def fallen(line: Line) -> Escalation:
    """Somebody who has fallen, and has said where."""
    await line.say("喂您好")
    await line.say("我摔倒了起不来")
    await line.say("在阳台上")
    [raised] = await line.escalations()
    return raised


async def test_the_packet_has_what_was_said_who_was_told_and_whom_it_is_about(line: Line) -> None:
    packet = await packet_of(line, await fallen(line))
    assert [turn.said for turn in packet.turns] == ["喂您好", "我摔倒了起不来", "在阳台上"]
    assert packet.turns[1].kind == "fall" and packet.turns[1].received_at == line.clock.now()
    assert packet.escalation.known["where"] == "在阳台上"
    assert packet.escalation.draft == {"service": "bathing"}
    assert [(told.name, told.rung, told.state) for told in packet.told] == [("小林", "0s", "sent")]
    assert packet.elder is not None and packet.elder.address == "示例社区3号楼302"
    assert [contact.name for contact in packet.contacts] == ["王晓梅", "王建国"]
    assert packet.may_ring and packet.claimed_by_name is None


async def test_the_packet_names_who_has_claimed_it_even_when_he_is_gone(line: Line) -> None:
    raised = await fallen(line)
    await escalation.claim(raised.escalation_id, "opr_2", line.services)
    assert (await packet_of(line, raised)).claimed_by_name == "小赵"
    async with line.services.unit_of_work() as uow:
        await uow.operators.remove("opr_1")
        await uow.operators.remove("opr_2")
        await uow.commit()
    packet = await packet_of(line, raised)
    assert packet.claimed_by_name == "opr_2"
    assert [told.name for told in packet.told] == ["opr_1"]


async def test_open_visits_callbacks_and_cases_are_in_it_and_finished_ones_are_not(line: Line) -> None:
    raised = await fallen(line)
    kept = await booking.book(visit(raised.session_id, "b1"), line.services)
    gone = await booking.book(visit(raised.session_id, "b2", TOMORROW + timedelta(days=1)), line.services)
    await booking.cancel(raised.session_id, "b3", gone.order_id, line.services)
    rung = await callbacks.promise(raised.session_id, NewCallback("c1", "requested"), line.services)
    waits = await callbacks.promise(raised.session_id, NewCallback("c2", "requested"), line.services)
    await callbacks.finish(rung.callback_id, line.services)
    case = await cases.open_case(raised.session_id, NewCase("c3", "complain", "总是迟到"), line.services)
    packet = await packet_of(line, raised)
    assert [o.order_id for o in packet.orders] == [kept.order_id]
    assert [c.callback_id for c in packet.callbacks] == [waits.callback_id]
    assert [c.case_id for c in packet.cases] == [case.case_id]


async def test_violence_may_not_be_rung_until_the_caller_says_it_is_safe(line: Line) -> None:
    await line.say("儿子打我")
    [raised] = await line.escalations()
    packet = await packet_of(line, raised)
    assert not packet.may_ring and not packet.escalation.tell_family
    async with line.services.unit_of_work() as uow:
        (await uow.escalations.require(raised.escalation_id)).safe_to_ring = True
        await uow.commit()
    packet = await packet_of(line, raised)
    assert packet.may_ring and not packet.escalation.tell_family


async def test_with_two_elders_behind_a_number_none_is_guessed(line: Line) -> None:
    async with line.services.unit_of_work() as uow:
        uow.elders.add(Elder("eld_2", "王大山", None, "雄安"))
        uow.contacts.add(FamilyContact("con_3", "eld_2", "王晓梅", "father", DAUGHTER_NUMBER))
        await uow.commit()
    await line.say("老人摔倒了", address=DAUGHTER_NUMBER)
    [raised] = await line.escalations()
    packet = await packet_of(line, raised)
    assert packet.elder is None and packet.contacts == ()
    assert {elder.name for elder in packet.candidates} == {"赵秀英", "王大山"}


async def test_an_unknown_escalation_has_no_packet(line: Line) -> None:
    with pytest.raises(NotFound):
        await handoff.packet("esc_none", line.services)


async def test_a_callback_is_done_once_and_leaves_the_list(line: Line) -> None:
    raised = await fallen(line)
    later = await callbacks.promise(raised.session_id, NewCallback("c1", "requested"), line.services)
    first = await callbacks.promise(raised.session_id, NewCallback("c2", "fall", "now"), line.services)
    assert [c.callback_id for c in await callbacks.listing(line.services)] == [first.callback_id, later.callback_id]
    done = await callbacks.finish(first.callback_id, line.services)
    at = done.closed_at
    line.clock.pass_seconds(60)
    assert at is not None and (await callbacks.finish(first.callback_id, line.services)).closed_at == at
    assert [c.callback_id for c in await callbacks.listing(line.services)] == [later.callback_id]
    with pytest.raises(NotFound):
        await callbacks.finish("cbk_none", line.services)


async def test_a_case_is_closed_with_an_outcome_code_and_abuse_comes_first(line: Line) -> None:
    raised = await fallen(line)
    for turn, kind in (("c1", "complain"), ("c2", "report_abuse"), ("c3", "volunteer")):
        await cases.open_case(raised.session_id, NewCase(turn, kind, "请看一看"), line.services)
    listed = await cases.listing(line.services)
    assert [case.type for case in listed] == ["report_abuse", "complain", "volunteer"]
    with pytest.raises(NotFound, match="answered"):
        await cases.finish(listed[0].case_id, "fertig", line.services)
    closed = await cases.finish(listed[0].case_id, "answered", line.services)
    assert (closed.status, closed.outcome) == ("closed", "answered")
    assert [case.type for case in await cases.listing(line.services)] == ["complain", "volunteer"]


async def test_operators_are_registered_once_and_told_apart(line: Line) -> None:
    new = people.new_operator("李娜", Role.SUPERVISOR, OperatorStatus.READY, "901")
    added = await people.add_operator(new, line.services)
    async with line.services.unit_of_work() as uow:
        stored = await uow.operators.require(added.operator_id)
    assert (stored.name, stored.role, stored.status) == ("李娜", "supervisor", "ready")
    for name, chat in (("李娜", None), ("李娜娜", "901")):
        with pytest.raises(AlreadyRegistered):
            same = people.new_operator(name, Role.OPERATOR, OperatorStatus.AWAY, chat)
            await people.add_operator(same, line.services)
    await people.add_operator(people.new_operator("王芳", Role.OPERATOR, OperatorStatus.AWAY), line.services)


async def test_an_operator_who_holds_somebody_is_not_removed(line: Line) -> None:
    raised = await fallen(line)
    await escalation.claim(raised.escalation_id, "opr_1", line.services)
    with pytest.raises(StillHolding, match=raised.escalation_id):
        await people.remove_operator("opr_1", line.services)
    await escalation.close(raised.escalation_id, "女儿到了", line.services)
    await people.remove_operator("opr_1", line.services)
    with pytest.raises(NotFound):
        await people.remove_operator("opr_1", line.services)


async def test_a_status_is_known_at_once_also_without_the_database(line: Line) -> None:
    await people.set_status("opr_2", OperatorStatus.READY, line.services)
    await people.set_status("opr_1", OperatorStatus.BUSY, line.services)
    assert {o.operator_id: o.status for o in line.services.roster} == {
        "opr_1": "busy", "opr_2": "ready", "opr_3": "away",
    }  # fmt: skip
    await line.say("我摔倒了", address=ELDER_NUMBER)
    assert [name for name, rung in line.notifier.alerts if rung == "0s"] == ["小赵"]
