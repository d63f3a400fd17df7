"""A claim of the console whose operator is gone is given back, and no other."""

import sqlite3
from pathlib import Path

import pytest

from hotline import assignment, board, escalation, handoff
from hotline.attendance import LOOKS, Attendance, attend, give_back, works_elsewhere
from hotline.escalation import Escalation
from hotline.people import OperatorStatus, set_status
from hotline.timeline import timeline
from knowledge.ladder import ladders
from tests.unit.hotline.conftest import Line

LIMIT_SECONDS = ladders()["now"].abandoned_after_seconds


@pytest.fixture
async def claimed(line: Line) -> Escalation:
    """A fall, claimed in the console by somebody who has others beside him."""
    await set_status("opr_2", OperatorStatus.READY, line.services)
    await line.say("我摔倒了，起不来")
    [raised] = await line.escalations()
    line.notifier.alerts.clear()
    return await escalation.claim(raised.escalation_id, "opr_1", line.services, in_console=True)


async def looked(line: Line, watch: Attendance, times: int = LOOKS) -> list[str]:
    found = [one for _ in range(times) for one in await watch.look()]
    await line.services.live.settle()
    return found


async def test_who_is_gone_loses_it_and_everybody_ready_is_told(line: Line, claimed: Escalation) -> None:
    watch = Attendance(line.services)
    assert await looked(line, watch) == []
    line.clock.pass_seconds(LIMIT_SECONDS + 1)
    assert await looked(line, watch) == [claimed.escalation_id]
    [raised] = await line.escalations()
    assert (raised.status, raised.claimed_by, raised.left_by, raised.ladder_started_at) == ("open", None, "opr_1", None)
    assert [name for name, _ in line.notifier.alerts] == ["小赵"]
    [seen] = (await board.look(line.services)).waiting
    assert seen.left_by == "小林"
    assert (await line.say("在厨房")).response == "keep_company"  # the assistant is there again
    told = [event.what for event in timeline(await handoff.packet(claimed.escalation_id, line.services))]
    assert "left" in told
    again = await escalation.claim(claimed.escalation_id, "opr_2", line.services)
    assert again.attended_at is None


async def test_an_open_page_keeps_it(line: Line, claimed: Escalation) -> None:
    watch = Attendance(line.services)
    for _ in range(5):
        line.clock.pass_seconds(LIMIT_SECONDS - 1)
        await attend("opr_1", line.services)
        assert await looked(line, watch) == []


async def test_a_clock_that_jumps_is_no_absence(line: Line, claimed: Escalation) -> None:
    watch = Attendance(line.services)
    line.clock.pass_seconds(86_400)
    assert await looked(line, watch, LOOKS - 1) == []
    await attend("opr_1", line.services)  # the page tells again within 10 s
    assert await looked(line, watch) == []


async def test_a_sign_of_life_in_the_last_moment_counts(line: Line, claimed: Escalation) -> None:
    line.clock.pass_seconds(LIMIT_SECONDS + 1)
    [as_seen] = await line.escalations()
    await attend("opr_1", line.services)
    assert not await give_back(as_seen, line.services)
    [raised] = await line.escalations()
    assert raised.claimed_by == "opr_1"


@pytest.mark.parametrize("how", ["telegram", "later by telegram", "closed"])
async def test_what_is_not_judged_stays(line: Line, claimed: Escalation, how: str) -> None:
    if how == "closed":
        await escalation.close(claimed.escalation_id, "safe", line.services)
    elif how == "later by telegram":
        await works_elsewhere("opr_1", line.services)
    else:
        await escalation.close(claimed.escalation_id, "safe", line.services)
        await line.say("我要找人工", address="13900000007", contact="c7")
        [other] = await line.escalations()
        await escalation.claim(other.escalation_id, "opr_1", line.services)
    line.clock.pass_seconds(86_400)
    assert await looked(line, Attendance(line.services)) == []


async def test_whom_a_supervisor_gives_it_and_who_does_not_come_loses_it_too(line: Line, claimed: Escalation) -> None:
    await assignment.reassign(claimed.escalation_id, "opr_2", "opr_3", line.services)
    line.clock.pass_seconds(LIMIT_SECONDS + 1)
    await attend("opr_1", line.services)
    assert await looked(line, Attendance(line.services)) == [claimed.escalation_id]


async def test_signs_of_life_wait_for_no_database(line: Line, claimed: Escalation, tmp_path: Path) -> None:
    holder = sqlite3.connect(tmp_path / "line.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    await attend("opr_1", line.services)
    holder.rollback()
    holder.close()
