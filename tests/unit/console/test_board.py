"""What the board shows of a hotline, and how it comes to the pages that are open."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from console.live import SECTIONS, Live, as_event, shown, stream
from hotline import board
from hotline.callbacks import NewCallback, promise
from hotline.errors import StoreUnavailable
from hotline.escalation import claim
from hotline.recovery import replay
from hotline.sign_in import sign_in, sign_out, still_present
from tests.unit.console.world import PASSWORD, QuickPasswords, browser, employ
from tests.unit.hotline.conftest import Line

ALL = frozenset(SECTIONS)


async def test_the_board_tells_who_waits_with_words_facts_and_targets(line: Line) -> None:
    await line.say("我在厨房摔倒了，起不来")
    await line.say("门锁着")
    await line.say("我要找人工", address="13900000000", contact="c2")
    seen = await board.look(line.services)
    first, second = seen.waiting
    assert (first.escalation.kind, first.elder.name if first.elder else None) == ("fall", "赵秀英")
    assert (first.trigger, first.said, first.present) == ("我在厨房摔倒了，起不来", "门锁着", True)
    assert first.targets_seconds == (60, 180)
    assert (second.escalation.kind, second.elder) == ("operator_request", None)
    assert seen.emergencies == (first.escalation.escalation_id,)
    assert [call.turns[-1].said for call in seen.calls] == ["门锁着", "我要找人工"]


async def test_what_is_taken_over_waits_no_longer(line: Line) -> None:
    await line.say("我摔倒了，起不来")
    [raised] = await line.escalations()
    await claim(raised.escalation_id, "opr_1", line.services)
    seen = await board.look(line.services)
    assert (seen.waiting, seen.emergencies) == ((), ())
    assert [case.holder for case in seen.held] == ["小林"]
    assert [call.holder for call in seen.calls] == ["小林"]


async def test_callbacks_name_the_elder_and_the_escalation(line: Line) -> None:
    await line.say("我摔倒了，起不来")
    [raised] = await line.escalations()
    await promise(raised.session_id, NewCallback("t1", "fall"), line.services)
    [one] = (await board.look(line.services)).callbacks
    assert (one.elder.name if one.elder else None, one.escalation_id) == ("赵秀英", raised.escalation_id)


async def test_a_number_that_must_not_be_rung_is_nowhere_on_the_board(line: Line) -> None:
    await employ(line.services, "小许")
    await line.say("他打我，救命")
    [raised] = await line.escalations()
    await promise(raised.session_id, NewCallback("t1", "violence"), line.services)
    async with browser(line.services) as mine:
        await mine.enter("小许")
        text = await mine.see("/")
    assert "不要回拨" in text
    assert line.utterance().address not in text


async def test_words_of_a_caller_are_shown_as_words(line: Line) -> None:
    await employ(line.services, "小许")
    await line.say("<script>alert(1)</script>我要找人工")
    async with browser(line.services) as mine:
        await mine.enter("小许")
        assert "<script>alert" not in await mine.see("/")


async def test_nothing_changes_while_nothing_happens(line: Line) -> None:
    await line.say("我摔倒了，起不来")
    before = shown(await board.look(line.services))
    line.clock.pass_seconds(20)
    assert shown(await board.look(line.services)) == before


# --- to the pages ------------------------------------------------------------------------------------------


async def until(page: object, wanted: str) -> dict[str, str]:
    """What comes to a page, up to and with this event."""
    got: dict[str, str] = {}
    async with asyncio.timeout(5):
        while wanted not in got:
            got |= await page.take(1)  # type: ignore[attr-defined]  # a Page
    return got


async def test_a_page_gets_how_it_stands_and_then_what_changes(line: Line) -> None:
    live = Live(line.services, look_seconds=0.02)
    with live.opened(ALL) as page:
        first = await until(page, "alarm")
        assert json.loads(first["alarm"]) == {"waiting": 0, "emergencies": [], "held": {}}
        await line.say("我摔倒了，起不来")
        got = await until(page, "alarm")
        [raised] = await line.escalations()
        assert json.loads(got["alarm"])["emergencies"] == [raised.escalation_id]
        assert "duty" not in got
        with live.opened(frozenset()) as second:
            assert set(await until(second, "alarm")) == {"alarm"}


async def test_one_look_serves_all_pages_and_without_pages_nobody_looks(line: Line) -> None:
    looks = 0

    def counting() -> object:
        nonlocal looks
        looks += 1
        return line.database.reading()

    line.services.read_only = counting  # type: ignore[assignment]
    live = Live(line.services, look_seconds=0.02)
    with live.opened(ALL) as one, live.opened(ALL) as other:
        await until(one, "alarm")
        await until(other, "alarm")
        assert looks <= 2
    await asyncio.sleep(0.1)
    before = looks
    await asyncio.sleep(0.1)
    assert looks == before


async def test_a_slow_page_skips_what_is_past(line: Line) -> None:
    live = Live(line.services, look_seconds=0.02)
    with live.opened(ALL) as page:
        await until(page, "alarm")
        for number in range(5):
            await line.say("我要找人工", address=f"1390000000{number}", contact=f"c{number}")
        await asyncio.sleep(0.2)
        got = await page.take(1)
    assert json.loads(got["alarm"])["waiting"] == 5


async def test_while_the_database_cannot_be_read_there_is_no_beat(line: Line) -> None:
    def locked() -> object:
        raise StoreUnavailable

    live = Live(line.services, look_seconds=0.02)
    with live.opened(ALL) as page:
        await until(page, "alarm")
        assert live.is_fresh()
        line.services.read_only = locked  # type: ignore[assignment]
        async with asyncio.timeout(5):
            while live.is_fresh():  # noqa: ASYNC110  # it is time that is waited for
                await asyncio.sleep(0.05)
        line.services.read_only = line.database.reading
        async with asyncio.timeout(5):
            while not live.is_fresh():  # noqa: ASYNC110  # as above
                await asyncio.sleep(0.02)


async def test_a_stream_begins_with_how_it_stands(line: Line) -> None:
    live = Live(line.services, look_seconds=0.02)

    async def yes() -> bool:
        return True

    got = ""
    async with asyncio.timeout(5), aclosing(stream(live, ALL, "", yes)) as told:  # type: ignore[type-var]
        async for part in told:
            got += part
            if "event: beat" in got:
                break
    assert got.startswith("retry: 1000\n\n")
    assert "event: waiting\ndata: " in got


async def test_a_stream_ends_with_the_sign_in(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.live.ASK_SECONDS", 0.0)
    await employ(line.services, "小许")
    _, known = await sign_in("小许", PASSWORD, QuickPasswords(), line.services)
    live = Live(line.services, look_seconds=0.02)

    async def may_go_on() -> bool:
        return await still_present(known.sign_in_id, line.services)

    told = stream(live, ALL, "", may_go_on)
    async with asyncio.timeout(10):
        await anext(told)
        await anext(told)
        await sign_out(known.sign_in_id, line.services)
        assert [part async for part in told][-1].startswith("event: beat")


async def test_an_open_page_is_a_sign_of_life(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    me = await employ(line.services, "小许")
    await line.say("我摔倒了，起不来")
    [raised] = await line.escalations()
    async with browser(line.services) as mine:
        await mine.enter("小许")
        await mine.do(f"/escalations/{raised.escalation_id}/claim")
        line.clock.pass_seconds(100)

        async def one_beat(*_: object) -> AsyncIterator[str]:
            yield as_event("beat", "")

        monkeypatch.setattr("console.board.stream", one_beat)
        await mine.see("/events?show=&watch=")
    [now] = await line.escalations()
    assert (now.claimed_by, now.attended_at) == (me.operator_id, line.clock.now())


def test_an_event_of_several_lines_stays_one_event() -> None:
    assert as_event("x", "一\n二") == "event: x\ndata: 一\ndata: 二\n\n"
    assert as_event("beat", "") == "event: beat\ndata: \n\n"


async def test_the_board_is_read_while_the_file_is_locked_for_writing(line: Line) -> None:
    await line.say("我要找人工")
    async with line.services.unit_of_work():  # holds the write lock
        seen = await asyncio.wait_for(board.look(line.services), 0.4)
    assert len(seen.waiting) == 1


async def test_every_look_at_the_board_is_written_down(line: Line) -> None:
    await employ(line.services, "小许")
    async with browser(line.services) as mine:
        await mine.enter("小许")
    async with line.services.reading() as uow:
        assert {entry.what for entry in await uow.audit.latest(9)} == {"sign_in", "view_board"}


async def test_who_is_in_the_spool_waits_on_the_board_too(line: Line) -> None:
    """A full database: the alarm sounds, the number is there, and nothing says that nobody waits."""
    writing = line.services.unit_of_work
    await line.say("您好呀")

    def full() -> object:
        raise StoreUnavailable

    line.services.unit_of_work = full  # type: ignore[assignment]
    await line.say("我摔倒了，起不来")
    seen = await board.look(line.services)
    [one] = seen.waiting
    assert (one.recorded, one.escalation.kind, len(seen.emergencies)) == (False, "fall", 1)
    parts = shown(seen)
    assert line.utterance().address in parts["waiting"]
    assert "我来接" not in parts["waiting"]
    line.services.unit_of_work = writing
    await replay(line.services)
    [one] = (await board.look(line.services)).waiting
    assert one.recorded
    assert "我来接" in shown(await board.look(line.services))["waiting"]
