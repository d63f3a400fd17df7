"""Looking up and correcting records; the visits of a day as list, calendar and table."""

import csv
import io
import re

from icalendar import Calendar

from console.csv_files import as_csv
from hotline import cases, linking
from hotline.booking import BookVisit, book, window_end
from hotline.cases import NewCase, ProfileChange, open_case
from hotline.people import Elder
from tests.unit.console.world import browser, employ
from tests.unit.hotline.conftest import DAUGHTER_NUMBER, ELDER_NUMBER, Line

SAVED = {"name": "赵秀英", "phone": ELDER_NUMBER, "place": "雄安", "address": "新址9号", "birth_year": "1943"}


async def elder(line: Line, elder_id: str = "eld_1") -> Elder:
    async with line.services.reading() as uow:
        return await uow.elders.require(elder_id)


async def test_elders_are_found_by_what_an_operator_may_know(line: Line) -> None:
    await employ(line.services, "小许")
    async with browser(line.services) as mine:
        await mine.enter("小许")
        for words in ("赵秀英", "秀英", "雄安", "302", ELDER_NUMBER, DAUGHTER_NUMBER, "王晓梅"):
            assert "/elders/eld_1" in await mine.see(f"/search?q={words}"), words
        for words in ("钱", "%", "_", "'; drop table elders"):
            assert "/elders/eld_1" not in await mine.see(f"/search?q={words}"), words


async def test_escalations_are_found_by_elder_and_id_and_without_words_the_latest(line: Line) -> None:
    await employ(line.services, "小许")
    await line.say("我摔倒了，起不来")
    await line.say("我要找人工", address="13900000008", contact="c8")
    mine_, other = await line.escalations()
    async with browser(line.services) as mine:
        await mine.enter("小许")
        found = await mine.see("/search?q=赵秀英")
        assert mine_.escalation_id in found
        assert other.escalation_id not in found
        assert other.escalation_id in await mine.see(f"/search?q={other.escalation_id}")
        assert other.escalation_id in await mine.see("/search?q=13900000008")
        latest = await mine.see("/search")
        assert mine_.escalation_id in latest
        assert other.escalation_id in latest


async def test_a_record_is_corrected_and_both_looks_and_changes_are_written_down(line: Line) -> None:
    await employ(line.services, "小许")
    async with browser(line.services) as mine:
        await mine.enter("小许")
        assert "示例社区3号楼302" in await mine.see("/elders/eld_1")
        await mine.do("/elders/eld_1", devices="呼叫器", **SAVED)
        assert "新址9号" in await mine.see("/elders/eld_1")
    saved = await elder(line)
    assert (saved.address, saved.birth_year, saved.devices, saved.key_holder) == ("新址9号", 1943, "呼叫器", None)
    async with line.services.reading() as uow:
        deeds = {(entry.what, entry.subject) for entry in await uow.audit.latest(9)}
    assert {("view_elder", "eld_1"), ("change_elder", "eld_1")} <= deeds


async def test_what_cannot_be_is_refused_by_name_and_nothing_is_stored(line: Line) -> None:
    await employ(line.services, "小许")
    wrong = {"name": " ", "place": "上海", "birth_year": "1800", "phone": "12"}
    async with browser(line.services) as mine:
        await mine.enter("小许")
        for field, value in wrong.items():
            answer = await mine.do("/elders/eld_1", 422, **{**SAVED, field: value})
            assert "填得不对" in answer.text, field
        await mine.do("/elders/eld_1", 422, **{**SAVED, "birth_year": "十九"})
        await mine.do("/elders/eld_nobody", 404, **SAVED)
    assert (await elder(line)).address == "示例社区3号楼302"


async def test_somebody_new_is_registered_and_recognised_when_ringing(line: Line) -> None:
    await employ(line.services, "小许")
    async with browser(line.services) as mine:
        await mine.enter("小许")
        await mine.see("/elders/new")
        answer = await mine.do("/elders/new", name="孙桂兰", phone="138 0000 7777", place="威海")
        there = answer.headers["hx-redirect"].removesuffix("?saved=1")
        await mine.do(f"{there}/contacts", name="孙强", relation="mother", phone="13800007778", emergency="1")
        assert "孙强" in await mine.see(there)
    await line.say("您好", address="13800007777")
    session = await line.session(address="13800007777")
    assert session is not None
    assert session.elder_id == there.removeprefix("/elders/")


async def test_a_contact_is_corrected_and_keeps_his_linked_chat(line: Line) -> None:
    await employ(line.services, "小许")
    async with browser(line.services) as mine:
        await mine.enter("小许")
        changed = {"name": "王建国", "relation": "father", "phone": "13800001119", "rank": "1"}
        await mine.do("/elders/eld_1/contacts", contact_id="con_2", **changed)
        await mine.do("/elders/eld_1/contacts", 422, contact_id="con_2", **{**changed, "relation": "boss"})
    async with line.services.reading() as uow:
        contact = await uow.contacts.require("con_2")
    assert (contact.phone, contact.telegram_chat_id, contact.rank) == ("13800001119", "77", 1)


async def booked(line: Line) -> None:
    await line.say("您好")
    session = await line.session()
    assert session is not None
    starts = line.clock.now().replace(hour=15)
    ends = window_end("bathing", starts)
    await book(
        BookVisit(session.session_id, "t1", "bathing", starts, ends, "", None, None, "eld_1", note="=1+1"),
        line.services,
    )


async def test_the_visits_of_a_day_as_list_calendar_and_table(line: Line) -> None:
    await employ(line.services, "小许")
    await booked(line)
    async with browser(line.services) as mine:
        await mine.enter("小许")
        assert "15:00–16:00" in await mine.see("/orders?day=2026-11-23")
        assert "没有约好的服务" in await mine.see("/orders?day=2026-11-24")
        await mine.see("/orders?day=nonsense", 422)
        calendar = Calendar.from_ical(await mine.see("/orders.ics?day=2026-11-23"))
        [event] = calendar.walk("VEVENT")
        assert (str(event["summary"]), event["dtstart"].dt.isoformat()) == ("助浴 赵秀英", "2026-11-23T15:00:00+08:00")
        rows = list(csv.reader(io.StringIO((await mine.see("/orders.csv?day=2026-11-23")).lstrip("\ufeff"))))
    assert rows[1][1:5] == ["2026-11-23 15:00:00", "2026-11-23 16:00:00", "bathing", "赵秀英"]
    assert "'=1+1" in rows[1]


def test_no_cell_begins_a_formula() -> None:
    class Row:
        words = "=HYPERLINK(1)"
        number = "+8613800000000"
        plain = "好"
        nothing = None

    lines = as_csv(("words", "number", "plain", "nothing"), [Row]).decode("utf-8-sig").splitlines()
    assert lines[1] == "'=HYPERLINK(1),'+8613800000000,好,"


async def test_cases_are_listed_and_ended_with_an_outcome_code(line: Line) -> None:
    await employ(line.services, "小许")
    await line.say("我要投诉护理员")
    session = await line.session()
    assert session is not None
    case = await open_case(session.session_id, NewCase("t9", "complain", "护理员来晚了"), line.services)
    async with browser(line.services) as mine:
        await mine.enter("小许")
        text = await mine.see("/cases")
        for shown in ("投诉", "护理员来晚了", "赵秀英", "11月26日前答复"):
            assert shown in text, shown
        await mine.do(f"/cases/{case.case_id}/close", 404, outcome="whatever")
        await mine.do("/cases/case_nothing/close", 404, outcome="answered")
        await mine.do(f"/cases/{case.case_id}/close", outcome="answered")
        assert "都办结了" in await mine.see("/cases")


async def asked(line: Line, field: str, value: str, address: str = ELDER_NUMBER) -> ProfileChange:
    """A caller wishes it; what he says becomes a case too."""
    await line.say("我要改资料", address=address)
    session = await line.session(address=address)
    assert session is not None
    return await cases.ask_profile_change(session.session_id, f"t_{field}", field, value, "换号码了", line.services)


async def status_of(line: Line, change: ProfileChange) -> str:
    async with line.services.reading() as uow:
        return (await uow.profile_changes.require(change.change_id)).status


async def test_a_change_that_a_caller_asked_for_holds_when_it_is_confirmed(line: Line) -> None:
    await employ(line.services, "小许")
    change = await asked(line, "phone", "13912345678")
    async with browser(line.services) as mine:
        await mine.enter("小许")
        for path in ("/cases", "/elders/eld_1"):
            text = await mine.see(path)
            assert f"现在是 {ELDER_NUMBER}" in text, path
            assert "13912345678" in text, path
        where = f"/changes/{change.change_id}"
        for wrong in ("", "12"):
            assert "电话填得不对" in (await mine.do(f"{where}/confirm", 422, value=wrong)).text
        assert ((await elder(line)).phone, await status_of(line, change)) == (ELDER_NUMBER, "requested")
        await mine.do(f"{where}/confirm", value="139 1234 5679")  # corrected on the telephone
        for deed in ("confirm", "refuse"):
            assert "别人已经办过" in (await mine.do(f"{where}/{deed}", 409, value="1")).text
        assert change.change_id not in await mine.see("/cases")
        assert "改资料" in await mine.see("/cases")  # the answer that was promised is still due
    assert ((await elder(line)).phone, await status_of(line, change)) == ("13912345679", "confirmed")
    assert (await elder(line)).address == "示例社区3号楼302"
    async with line.services.reading() as uow:
        assert ("confirm_change", change.change_id) in {(e.what, e.subject) for e in await uow.audit.latest(20)}


async def test_a_change_that_is_refused_changes_nothing(line: Line) -> None:
    await employ(line.services, "小许")
    change = await asked(line, "address", "别的地方1号")
    async with browser(line.services) as mine:
        await mine.enter("小许")
        await mine.do(f"/changes/{change.change_id}/refuse")
        await mine.do("/changes/chg_nothing/refuse", 404)
    assert ((await elder(line)).address, await status_of(line, change)) == ("示例社区3号楼302", "refused")


async def test_what_the_words_leave_open_is_put_right_by_hand(line: Line) -> None:
    await employ(line.services, "小许")
    other = await asked(line, "other", "钥匙换人拿了")
    nobodys = await asked(line, "phone", "13912345678", address="13900000077")
    async with browser(line.services) as mine:
        await mine.enter("小许")
        text = await mine.see("/cases")
        assert "他说：钥匙换人拿了" in text
        assert "不知道是哪位老人" in text
        for change in (other, nobodys):
            await mine.do(f"/changes/{change.change_id}/confirm")
    assert [await status_of(line, change) for change in (other, nobodys)] == ["confirmed", "confirmed"]
    assert (await elder(line)).phone == ELDER_NUMBER


async def test_cases_are_found_by_elder_id_number_and_words(line: Line) -> None:
    await employ(line.services, "小许")
    await line.say("我要投诉护理员")
    session = await line.session()
    assert session is not None
    case = await open_case(session.session_id, NewCase("t9", "complain", "护理员来晚了"), line.services)
    link = f"/cases#case-{case.case_id}"
    async with browser(line.services) as mine:
        await mine.enter("小许")
        for words in ("赵秀英", case.case_id, ELDER_NUMBER, "来晚了"):
            assert link in await mine.see(f"/search?q={words}"), words
        for words in ("来早了", "%"):
            assert link not in await mine.see(f"/search?q={words}"), words


async def test_a_relative_is_given_a_code_and_his_chat_is_taken_away_again(line: Line) -> None:
    await employ(line.services, "小许")
    async with browser(line.services) as mine:
        await mine.enter("小许")
        assert "已绑定" in await mine.see("/elders/eld_1")  # con_2, from the beginning
        answer = await mine.do("/elders/eld_1/link-code", contact_id="con_2")
        [code] = re.findall(r">(\d{6})<", answer.text)
        assert answer.headers["cache-control"] == "no-store"
        linked = await linking.redeem("telegram", "4711", code, "", line.services)
        assert (linked.elder.elder_id, linked.contact.contact_id) == ("eld_1", "con_2")
        [unnamed] = re.findall(r">(\d{6})<", (await mine.do("/elders/eld_1/link-code")).text)
        assert (await linking.redeem("telegram", "4712", unnamed, "王远", line.services)).contact.name == "王远"
        await mine.do("/elders/eld_1/link-code", 404, contact_id="con_nobody")
        await mine.do("/elders/eld_1/unlink", contact_id="con_2")
        await mine.do("/elders/eld_2/unlink", 404, contact_id="con_2")
    async with line.services.reading() as uow:
        assert await uow.links.of_chat("telegram", "4711") == []
        assert (await uow.contacts.require("con_2")).telegram_chat_id is None
        assert len(await uow.links.of_chat("telegram", "4712")) == 1
