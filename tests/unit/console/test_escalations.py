"""A case: what the page shows, who may do what, and that two can't do the same."""

import pytest

from hotline import escalation
from hotline.escalation import Escalation
from hotline.notes import Note
from hotline.people import ChatLink, Operator, Role
from hotline.ports import Delivery
from tests.unit.console.world import Browser, browser, employ
from tests.unit.hotline.conftest import ELDER_NUMBER, Line

CHAT = "770077"


@pytest.fixture
async def raised(line: Line) -> Escalation:
    """An elder on the phone who fell."""
    await line.say("我想约个助浴")
    await line.say("我在厕所摔倒了，起不来")
    [one] = await line.escalations()
    return one


@pytest.fixture
async def written(line: Line) -> Escalation:
    """A daughter who writes on Telegram and wants a person."""
    async with line.services.unit_of_work() as uow:
        uow.links.add(ChatLink("lnk_1", "telegram", CHAT, "eld_1", "con_1", line.clock.now()))
        await uow.commit()
    await line.say("我要找人工", channel="telegram", address=CHAT)
    [one] = await line.escalations()
    return one


async def stored(line: Line, one: Escalation) -> Escalation:
    async with line.services.reading() as uow:
        return await uow.escalations.require(one.escalation_id)


async def noted(line: Line, one: Escalation) -> list[Note]:
    async with line.services.reading() as uow:
        return await uow.notes.of(one.session_id)


async def deeds(line: Line) -> list[tuple[str, str]]:
    async with line.services.reading() as uow:
        return [(entry.what, entry.subject) for entry in await uow.audit.latest(99)]


def path(one: Escalation, what: str = "") -> str:
    return f"/escalations/{one.escalation_id}{what}"


async def taken(mine: Browser, one: Escalation, name: str = "小许") -> None:
    await mine.enter(name)
    await mine.do(path(one, "/claim"))
    await mine.see(path(one))


# --- what is shown -----------------------------------------------------------------------------------------


async def test_the_page_shows_the_whole_packet_and_is_written_down(line: Line, raised: Escalation) -> None:
    await employ(line.services, "小许")
    async with browser(line.services) as mine:
        await mine.enter("小许")
        text = await mine.see(path(raised))
    for shown in (
        "跌倒",
        "我在厕所摔倒了",
        "赵秀英",
        "82 岁",
        "示例社区3号楼302",
        ELDER_NUMBER,
        "王晓梅",
        "小林",
        "还没有人接手",
    ):
        assert shown in text, shown
    assert ("view_escalation", raised.escalation_id) in await deeds(line)


async def test_of_violence_no_number_is_shown_and_no_family(line: Line) -> None:
    await employ(line.services, "小许")
    await line.say("他打我，救命")
    [one] = await line.escalations()
    async with browser(line.services) as mine:
        await taken(mine, one)
        text = await mine.see(path(one))
        assert ELDER_NUMBER not in text
        assert "13800001111" not in text  # the daughter's
        assert "不要告诉家属" in text
        await mine.do(path(one, "/family/con_1"), 409)
        await mine.do(path(one, "/ring"))  # still on the line: putting through needs no dialling
    assert line.notifier.contacts == []


async def test_a_case_that_is_not_there_is_404(line: Line) -> None:
    await employ(line.services, "小许")
    async with browser(line.services) as mine:
        await mine.enter("小许")
        await mine.see("/escalations/esc_nothing", 404)


# --- taking it over ----------------------------------------------------------------------------------------


async def test_the_first_claim_wins_and_the_second_hears_who(line: Line, raised: Escalation) -> None:
    await employ(line.services, "小许")
    await employ(line.services, "小马")
    async with browser(line.services) as mine, browser(line.services) as other:
        await mine.enter("小许")
        await other.enter("小马")
        assert (await mine.do(path(raised, "/claim"))).headers["hx-redirect"] == path(raised)
        assert "已由小许先接手" in (await other.do(path(raised, "/claim"), 409)).text
        await mine.do(path(raised, "/claim"))  # again, oneself: harmless
    assert (await stored(line, raised)).status == "claimed"


DOINGS = ["/say", "/note", "/ring", "/family/con_1", "/callback", "/book", "/hand-back", "/close"]


@pytest.mark.parametrize("what", DOINGS)
async def test_who_has_not_taken_it_over_does_nothing(line: Line, raised: Escalation, what: str) -> None:
    await employ(line.services, "小许")
    async with browser(line.services) as mine:
        await mine.enter("小许")
        await mine.do(path(raised, what), 403, text="一", outcome="safe", minutes="0", form="f", service="bathing")
    assert await noted(line, raised) == []


async def test_declining_asks_why_and_tells_the_next(line: Line, raised: Escalation) -> None:
    me = await employ(line.services, "小许")
    async with browser(line.services) as mine:
        await mine.enter("小许")
        await mine.do(path(raised, "/decline"), 422)
        await mine.do(path(raised, "/decline"), 404, reason="no reason of ours")
        before = len(line.notifier.alerts)
        await mine.do(path(raised, "/decline"), reason="busy")
        await line.services.live.settle()
        assert line.notifier.alerts[before:] == [("小林", f"declined:{me.operator_id}")]
        await mine.do(path(raised, "/decline"), reason="busy")
        await line.services.live.settle()
        assert len(line.notifier.alerts) == before + 1
        assert "手上有人" in await mine.see(path(raised))
    assert (await stored(line, raised)).status == "open"


async def test_when_all_ready_ones_decline_the_supervisor_is_told(line: Line, raised: Escalation) -> None:
    from hotline.assignment import decline

    told = await decline(raised.escalation_id, "opr_1", "busy", line.services)
    assert [operator.name for operator in told] == ["周主管"]
    told = await decline(raised.escalation_id, "opr_3", "busy", line.services)
    assert [operator.name for operator in told] == ["小赵"]


async def test_only_a_supervisor_reassigns(line: Line, raised: Escalation) -> None:
    await employ(line.services, "小许")
    await employ(line.services, "郑班长", Role.SUPERVISOR)
    async with browser(line.services) as mine, browser(line.services) as chief:
        await taken(mine, raised)
        await mine.do(path(raised, "/reassign"), 403, to="opr_2")
        await chief.enter("郑班长")
        await chief.do(path(raised, "/reassign"), to="opr_2")
        await mine.do(path(raised, "/say"), 403, text="还在吗")
    await line.services.live.settle()
    assert (await stored(line, raised)).claimed_by == "opr_2"
    assert line.notifier.alerts[-1][0] == "小赵"
    session = await line.session()
    assert session is not None
    assert session.operator_id == "opr_2"


# --- while it is held --------------------------------------------------------------------------------------


async def test_words_go_to_the_chat_of_the_caller_and_stand_in_the_transcript(line: Line, written: Escalation) -> None:
    await employ(line.services, "小许")
    async with browser(line.services) as mine:
        await taken(mine, written)
        shown = await mine.do(path(written, "/say"), text="我是小许，您说")
        assert "我是小许，您说" in shown.text
        assert line.notifier.said[-1] == "我是小许，您说"
        reply = await line.say("我妈想约助浴", channel="telegram", address=CHAT)
        assert reply.text == ""  # the assistant stays silent
        assert "我妈想约助浴" in await mine.see(path(written))
        assert "我妈想约助浴" in await mine.see(path(written, "/live?key=x"))


async def test_an_operator_with_two_callers_answers_the_one_whose_page_it_is(line: Line, written: Escalation) -> None:
    await employ(line.services, "小许")
    await line.say("我要找人工", address="13900000007", contact="c7")
    later = next(e for e in await line.escalations() if e.escalation_id != written.escalation_id)
    async with browser(line.services) as mine:
        await taken(mine, written)
        line.clock.pass_seconds(5)
        await mine.do(path(later, "/claim"))
        await mine.do(path(written, "/say"), text="说给先来的")
    [said] = [note for note in await noted(line, written) if note.kind == "said"]
    assert said.words == "说给先来的"
    assert await noted(line, later) == []


async def test_forms_are_shown_again_only_when_others_are_due(line: Line, raised: Escalation) -> None:
    me = await employ(line.services, "小许")
    async with browser(line.services) as mine:
        await taken(mine, raised)
        assert 'id="actions"' not in await mine.see(path(raised, f"/live?key=claimed-{me.operator_id}-11"))
        assert 'id="actions"' in await mine.see(path(raised, "/live?key=open-"))


async def test_family_is_told_by_hand_once_a_press(line: Line, raised: Escalation) -> None:
    await employ(line.services, "小许")
    async with browser(line.services) as mine:
        await taken(mine, raised)
        await mine.do(path(raised, "/family/con_2"))
        await mine.do(path(raised, "/family/nobody"), 404)
        assert "通知家属 王建国" in await mine.see(path(raised))
    assert line.notifier.contacts == ["王建国"]
    async with line.services.reading() as uow:
        assert [n.state for n in await uow.notices.of(raised.escalation_id) if n.rung.startswith("by_hand")] == ["sent"]


async def test_a_callback_is_promised_once_and_done(line: Line, raised: Escalation) -> None:
    await employ(line.services, "小许")
    async with browser(line.services) as mine:
        await taken(mine, raised)
        for _ in range(2):  # pressed twice
            await mine.do(path(raised, "/callback"), form="f1", minutes="30", number="13911112222", text="问腿")
        async with line.services.reading() as uow:
            [one] = await uow.callbacks.open()
        assert (one.number, one.words) == ("13911112222", "问腿")
        assert (one.promised_at - line.clock.now()).total_seconds() == 1800
        await mine.do(f"/callbacks/{one.callback_id}/done")
        async with line.services.reading() as uow:
            assert await uow.callbacks.open() == []


async def test_a_visit_is_booked_for_the_elder_and_not_over_another(line: Line, raised: Escalation) -> None:
    await employ(line.services, "小许")
    visit = {"service": "bathing", "starts": "2026-11-25T15:00", "name": "赵秀英", "phone": "", "address": ""}
    async with browser(line.services) as mine:
        await taken(mine, raised)
        shown = await mine.do(path(raised, "/book"), form="f1", **visit)
        assert "助浴" in shown.text
        await mine.do(path(raised, "/book"), 409, form="f2", **visit)
        await mine.do(path(raised, "/book"), 404, form="f3", **{**visit, "service": "party"})
    async with line.services.reading() as uow:
        [order] = await uow.orders.by_session(raised.session_id)
    assert (order.elder_id, order.address, order.starts_at.isoformat()) == (
        "eld_1", "示例社区3号楼302", "2026-11-25T15:00:00+08:00",
    )  # fmt: skip


class OnePhone:
    """Remembers whom it rang."""

    def __init__(self) -> None:
        self.rang: list[str] = []

    async def ring_operator(self, operator: Operator, one: Escalation) -> Delivery:
        self.rang.append(operator.name)
        return Delivery("sending")


async def test_one_s_own_phone_is_rung_to_be_put_through(line: Line, raised: Escalation) -> None:
    me, phone = await employ(line.services, "小许"), OnePhone()
    line.services.dialler = phone
    async with browser(line.services) as mine:
        await taken(mine, raised)
        assert "没有登记话机" in (await mine.do(path(raised, "/ring"))).text
        async with line.services.unit_of_work() as uow:
            (await uow.operators.require(me.operator_id)).sip_address = "sip:xu@127.0.0.1"
            await uow.commit()
        assert "正在响您的电话" in (await mine.do(path(raised, "/ring"))).text
    assert phone.rang == ["小许"]


async def test_handing_back_gives_the_caller_to_the_assistant(line: Line, written: Escalation) -> None:
    await employ(line.services, "小许")
    async with browser(line.services) as mine:
        await taken(mine, written)
        assert (await mine.do(path(written, "/hand-back"))).headers["hx-redirect"] == "/"
    assert (await stored(line, written)).outcome == "handed_back"
    assert (await line.say("在吗", channel="telegram", address=CHAT)).text == "听到在吗"


async def test_closing_needs_an_outcome_of_ours(line: Line, raised: Escalation) -> None:
    await employ(line.services, "小许")
    async with browser(line.services) as mine:
        await taken(mine, raised)
        await mine.do(path(raised, "/close"), 404, outcome="whatever")
        await mine.do(path(raised, "/close"), 404, outcome="operator_left")
        await mine.do(path(raised, "/close"), outcome="family_there", text="女儿到了")
        text = await mine.see(path(raised))
        assert "家里人或邻居到了" in text
        assert "女儿到了" in text
        assert "我来接" not in text
    assert (await stored(line, raised)).outcome == "family_there"


async def test_every_deed_is_written_down(line: Line, raised: Escalation) -> None:
    await employ(line.services, "小许")
    async with browser(line.services) as mine:
        await taken(mine, raised)
        await mine.do(path(raised, "/note"), text="门锁着")
        await mine.do(path(raised, "/close"), outcome="safe")
    done = await deeds(line)
    for what in ("claim", "view_escalation", "note", "close"):
        assert (what, raised.escalation_id) in done
    assert not any("门锁着" in part for deed in done for part in deed)


async def test_a_full_database_still_shows_the_case_and_spools_the_trace(line: Line, raised: Escalation) -> None:
    from hotline.errors import StoreUnavailable
    from hotline.recovery import replay

    await employ(line.services, "小许")
    writing = line.services.unit_of_work

    def full() -> object:
        raise StoreUnavailable

    async with browser(line.services) as mine:
        await mine.enter("小许")
        line.services.unit_of_work = full  # type: ignore[assignment]
        assert "赵秀英" in await mine.see(path(raised))
        answer = await mine.do(path(raised, "/claim"), 503)
        assert "请过几秒再试" in answer.text
    line.services.unit_of_work = writing
    await replay(line.services)
    assert ("view_escalation", raised.escalation_id) in await deeds(line)


async def test_claiming_by_command_and_answering_here(line: Line, written: Escalation) -> None:
    me = await employ(line.services, "小许")  # no chat of his own
    await escalation.claim(written.escalation_id, me.operator_id, line.services)
    async with browser(line.services) as mine:
        await mine.enter("小许")
        await mine.see(path(written))
        await mine.do(path(written, "/say"), text="我在这儿")
    assert line.notifier.said[-1] == "我在这儿"


async def test_a_contact_that_needs_nobody_can_be_read_and_that_is_written_down(line: Line) -> None:
    await employ(line.services, "小许")
    await line.say("我想约个助浴")
    session = await line.session()
    assert session is not None
    there = f"/calls/{session.session_id}"
    async with browser(line.services) as mine:
        await mine.enter("小许")
        assert there in await mine.see("/")
        text = await mine.see(there)
        for shown in ("我想约个助浴", "听到我想约个助浴", "赵秀英", "还在线上"):
            assert shown in text
        await line.say("明天下午")
        assert "明天下午" in await mine.see(f"{there}/live")
        await mine.see("/calls/ses_nothing", 404)
    assert ("view_call", session.session_id) in await deeds(line)
