"""The figures of some days, from what happened; who may see them; that every deed has a label."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest

from console.wording import labels
from hotline import callbacks, escalation
from hotline.callbacks import NewCallback
from hotline.people import Role
from hotline.report import report, waits
from tests.unit.console.world import browser, employ
from tests.unit.hotline.conftest import Line

CONSOLE = Path(__file__).parents[3] / "console"


async def test_figures_of_a_day(line: Line) -> None:
    await line.say("我摔倒了，起不来")
    [first] = await line.escalations()
    line.clock.pass_seconds(45)
    await escalation.claim(first.escalation_id, "opr_1", line.services)
    await line.say("着火了", address="13900000001", contact="c1")
    second = next(e for e in await line.escalations() if e.kind == "fire")
    line.clock.pass_seconds(100)
    await escalation.claim(second.escalation_id, "opr_1", line.services)
    await line.say("明天天气好吗", address="13900000002", contact="c2")
    kept = await callbacks.promise(first.session_id, NewCallback("t1", "fall"), line.services)
    await callbacks.promise(second.session_id, NewCallback("t2", "fire"), line.services)
    await callbacks.finish(kept.callback_id, line.services)
    today = line.clock.now().date()
    line.clock.pass_seconds(3600)
    made = await report(today, today, line.services)
    total = made.total
    assert (total.contacts, total.claims.count) == (3, 2)
    assert (total.claims.median_seconds, total.claims.most_seconds) == (45, 100)
    assert (made.targets_seconds, made.claimed_within) == ((60, 180), (1, 2))
    assert total.handed_over == pytest.approx(2 / 3)
    assert (total.callbacks, total.callbacks_due, total.callbacks_kept) == (2, 2, 1)
    assert made.by_hour[9] == total
    assert {one.contacts for hour, one in enumerate(made.by_hour) if hour != 9} == {0}
    (unknown, elsewhere), (place, there) = made.by_place
    assert (unknown, elsewhere.contacts, elsewhere.handed_over, elsewhere.callbacks_kept) == ("", 2, 0.5, 0)
    assert (place, there.contacts, there.handed_over, there.callbacks_kept) == ("雄安", 1, 1, 1)
    assert (elsewhere.claims.median_seconds, there.claims.median_seconds) == (100, 45)
    assert (total.answers.count, elsewhere.answers.count, there.answers.count) == (3, 2, 1)


async def test_a_day_without_anybody(line: Line) -> None:
    yesterday = line.clock.now().date() - timedelta(days=1)
    await line.say("您好")
    made = await report(yesterday, yesterday, line.services)
    assert (made.total.contacts, made.total.handed_over, made.total.answers.median_seconds) == (0, None, None)
    assert (made.emergencies, made.by_place) == ((), ())


def test_waits_are_values_that_were_measured() -> None:
    hundred = waits(range(1, 101))
    assert (hundred.count, hundred.median_seconds, hundred.most_seconds) == (100, 50, 95)


@pytest.mark.parametrize("path", ["/report", "/report.csv", "/audit"])
async def test_only_supervisors_and_administrators_see_it(line: Line, path: str) -> None:
    for name, role, status in (
        ("小许", Role.OPERATOR, 403),
        ("郑班长", Role.SUPERVISOR, 200),
        ("管", Role.ADMINISTRATOR, 200),
    ):
        await employ(line.services, name, role)
        async with browser(line.services) as mine:
            await mine.enter(name)
            await mine.see(path, status)
            assert ('href="/report"' in await mine.see("/")) == (status == 200)


async def test_each_emergency_stands_with_its_timeline(line: Line) -> None:
    await employ(line.services, "郑班长", Role.SUPERVISOR)
    await line.say("我摔倒了，起不来")
    [one] = await line.escalations()
    await escalation.claim(one.escalation_id, "opr_1", line.services)
    async with browser(line.services) as mine:
        await mine.enter("郑班长")
        text = await mine.see("/report")
        table = await mine.see("/report.csv")
    for shown in ("发出求助", "接手", "<svg", "9点", "雄安", "按时回电", one.escalation_id):
        assert shown in text
    assert one.escalation_id in table
    assert "赵秀英" not in table


def test_every_deed_that_is_written_down_has_a_label() -> None:
    deeds = set()
    for path in CONSOLE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("note_deed", "_orders"):
                for argument in node.args[:2]:
                    deeds |= {
                        c.value for c in ast.walk(argument) if isinstance(c, ast.Constant) and isinstance(c.value, str)
                    }
    deeds = {deed for deed in deeds if deed not in ("", "status_")}
    assert len(deeds) > 20
    assert deeds <= labels("deed").keys()
