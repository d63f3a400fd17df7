"""Taking over what nobody raised: a contact that goes on, a promised callback, what a relative has stood down."""

import pytest

from hotline import board, family
from hotline.assignment import take_callback, take_over
from hotline.callbacks import Callback, NewCallback, promise
from hotline.ending import end_contact
from hotline.errors import AlreadyClaimed, NotAllowed
from hotline.escalation import STOOD_DOWN, Escalation, close
from hotline.people import Operator
from hotline.ports import Delivery
from hotline.ring_out import due
from tests.unit.console.world import browser, employ
from tests.unit.hotline.conftest import ELDER_NUMBER, Line

SON_CHAT = "77"


class OnePhone:
    """Remembers whom it rang for what."""

    def __init__(self) -> None:
        self.rang: list[tuple[str, str]] = []

    async def ring_operator(self, operator: Operator, one: Escalation) -> Delivery:
        self.rang.append((operator.name, one.kind))
        return Delivery("sending")


async def with_phone(line: Line, name: str) -> tuple[Operator, OnePhone]:
    me, phone = await employ(line.services, name), OnePhone()
    line.services.dialler = phone
    async with line.services.unit_of_work() as uow:
        (await uow.operators.require(me.operator_id)).sip_address = "sip:xu@127.0.0.1"
        await uow.commit()
    return me, phone


async def promised(line: Line, reason: str = "requested") -> Callback:
    """A call is over in which a callback was promised."""
    await line.say("您好")
    session = await line.session()
    assert session is not None
    made = await promise(session.session_id, NewCallback("trn_cb", reason), line.services)
    await end_contact(line.utterance(), line.services, hung_up=True)
    return made


# --- a contact that goes on ----------------------------------------------------------------------------------


async def test_a_call_without_any_escalation_is_taken_over_and_ended(line: Line) -> None:
    await employ(line.services, "小许")
    await employ(line.services, "小马")
    await line.say("我想约助浴")
    session = await line.session()
    assert session is not None
    where = f"/calls/{session.session_id}"
    async with browser(line.services) as mine, browser(line.services) as other:
        await mine.enter("小许")
        await other.enter("小马")
        assert f'hx-post="{where}/take"' in await mine.see("/")
        assert f'hx-post="{where}/take"' in await mine.see(where)
        went = (await mine.do(f"{where}/take")).headers["hx-redirect"]
        assert "已由小许先接手" in (await other.do(f"{where}/take", 409)).text
        assert (await mine.do(f"{where}/take")).headers["hx-redirect"] == went  # pressed twice
        assert "话务员接过来的" in await mine.see(went)
        assert (await line.say("喂")).text == ""  # the assistant is silent
        await mine.do(f"{went}/hand-back")
    assert (await line.say("喂")).text == "听到喂"
    async with line.services.reading() as uow:
        [raised] = await uow.escalations.of_session(session.session_id)
    assert (raised.kind, raised.status, raised.ladder_started_at) == ("taken_over", "closed", None)
    assert line.notifier.alerts == []  # nobody else was disturbed


async def test_what_is_open_in_the_contact_is_what_is_taken(line: Line) -> None:
    await line.say("我要找人工")
    await line.say("我摔倒了，起不来")
    session = await line.session()
    assert session is not None
    assert (await take_over(session.session_id, "opr_1", line.services)).kind == "fall"
    with pytest.raises(AlreadyClaimed):
        await take_over(session.session_id, "opr_2", line.services)


async def test_a_contact_that_is_over_is_not_taken(line: Line) -> None:
    await line.say("您好")
    session = await line.session()
    assert session is not None
    await end_contact(line.utterance(), line.services, hung_up=True)
    with pytest.raises(NotAllowed):
        await take_over(session.session_id, "opr_1", line.services)


async def test_violence_spoken_of_before_goes_on_to_bind(line: Line) -> None:
    await line.say("他打我，救命")
    [raised] = await line.escalations()
    await close(raised.escalation_id, "answered", line.services)
    async with line.services.unit_of_work() as uow:
        (await uow.sessions.require(raised.session_id)).ended_at = None
        await uow.commit()
    again = await take_over(raised.session_id, "opr_1", line.services)
    assert (again.tell_family, again.safe_to_ring) == (False, False)


# --- a promised callback -------------------------------------------------------------------------------------


async def test_an_operator_rings_back_and_the_line_does_not_any_more(line: Line) -> None:
    _, phone = await with_phone(line, "小许")
    callback = await promised(line)
    line.clock.pass_seconds(3600)
    assert [one.callback_id for one in await due(line.services)] == [callback.callback_id]
    async with browser(line.services) as mine:
        await mine.enter("小许")
        assert f"/callbacks/{callback.callback_id}/take" in await mine.see("/")
        went = (await mine.do(f"/callbacks/{callback.callback_id}/take")).headers["hx-redirect"]
        assert ELDER_NUMBER in await mine.see(went)
        assert phone.rang == [("小许", "callback")]
        assert await due(line.services) == []
        await mine.do(f"{went}/close", outcome="answered")
        assert "已经打过了" in (await mine.do(f"/callbacks/{callback.callback_id}/take", 409)).text
    async with line.services.reading() as uow:
        assert (await uow.callbacks.require(callback.callback_id)).status == "done"


async def test_the_second_who_wants_to_ring_back_hears_who_does(line: Line) -> None:
    callback = await promised(line)
    await take_callback(callback.callback_id, "opr_1", line.services)
    with pytest.raises(AlreadyClaimed) as first:
        await take_callback(callback.callback_id, "opr_2", line.services)
    assert first.value.operator_id == "opr_1"


async def test_of_danger_the_danger_itself_is_taken(line: Line) -> None:
    await line.say("我摔倒了，起不来")
    await end_contact(line.utterance(), line.services, hung_up=True)
    async with line.services.reading() as uow:
        [callback] = await uow.callbacks.open()
    assert callback.urgency == "now"
    assert (await take_callback(callback.callback_id, "opr_1", line.services)).kind == "fall"


async def test_where_ringing_may_endanger_no_phone_rings(line: Line) -> None:
    _, phone = await with_phone(line, "小许")
    await line.say("他打我，救命")
    [raised] = await line.escalations()
    callback = await promise(raised.session_id, NewCallback("t1", "violence"), line.services)
    await end_contact(line.utterance(), line.services, hung_up=True)
    async with browser(line.services) as mine:
        await mine.enter("小许")
        went = (await mine.do(f"/callbacks/{callback.callback_id}/take")).headers["hx-redirect"]
        assert ELDER_NUMBER not in await mine.see(went)
    assert phone.rang == []


# --- stood down by a relative ----------------------------------------------------------------------------------


async def test_what_a_relative_has_stood_down_is_looked_at_and_raised_again(line: Line) -> None:
    await employ(line.services, "小许")
    await line.say("我摔倒了，起不来")
    await end_contact(line.utterance(), line.services, hung_up=True)
    [raised] = await line.escalations()
    assert await family.reached(raised.escalation_id, "telegram", SON_CHAT, line.services) == STOOD_DOWN
    seen = await board.look(line.services)
    assert (seen.waiting, seen.held, seen.emergencies) == ((), (), ())
    assert [one.reached_by for one in seen.stood_down] == ["王建国"]
    async with browser(line.services) as mine:
        await mine.enter("小许")
        assert "家属说联系上了" in await mine.see("/")
        page = await mine.see(f"/escalations/{raised.escalation_id}")
        assert "王建国" in page and "说已联系上老人" in page
        went = (await mine.do(f"/escalations/{raised.escalation_id}/reopen")).headers["hx-redirect"]
        await mine.do(f"{went}/claim")
        assert "小许" in await mine.see(went)
        assert "重新叫人" in await mine.see(f"/escalations/{raised.escalation_id}")


def test_whatever_may_be_shown_has_a_label() -> None:
    """Kinds, why and how a callback was rung, who answered a turn: read out of the sources that write them."""
    import re
    from pathlib import Path

    from console.wording import kind_label, labels
    from hotline import escalation

    kinds = {escalation.OPERATOR_REQUEST, escalation.CALLBACK, escalation.TAKEN_OVER, *escalation.PRIVATE_KINDS}
    assert all(kind_label(kind) != kind for kind in kinds)
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(family.__file__).parent.glob("*.py"))
    paths = set(re.findall(r'_on\(\s*"(\w+)"', sources))
    assert len(paths) > 5
    assert paths <= labels("path").keys()
