"""Real calls between processes: operators are rung and take over by a key, callers who were cut off are rung back."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from hotline import callbacks, escalation, ring_out
from hotline.callbacks import Callback, NewCallback
from hotline.sessions import CallSession, Channel
from tests.integration.line.rig import CALLER, Phone, Rig, rig, until
from voice.audio import tone

pytestmark = pytest.mark.sip

PITCH = 800
"""Hertz."""


async def heard_by(one: Phone, other: Phone) -> None:
    """A tone that one phone sends is what the other one hears, once both are joined."""
    other.forget()
    async with asyncio.timeout(30):
        while not _rings_out(bytes(other.heard)):
            one.leg.play(tone(PITCH, 0.5, 0.4))
            await one.leg.drained()


def _rings_out(pcm: bytes) -> bool:
    """A quarter of a second in which there is hardly anything but the tone."""
    samples = np.frombuffer(pcm[: len(pcm) // 2 * 2], dtype="<i2").astype(float)
    for at in range(0, len(samples) - 2000, 500):
        power = np.abs(np.fft.rfft(samples[at : at + 2000])) ** 2
        near = power[PITCH // 4 - 3 : PITCH // 4 + 4].sum()  # 4 Hz a step
        if near > 1e10 and near > 0.8 * power.sum():
            return True
    return False


async def put_through(here: Rig, words: str = "我摔倒了起不来") -> tuple[Phone, Phone]:
    """Caller and operator lin talk."""
    caller = await here.calls()
    await here.says(caller, words)
    lin = await here.picks_up("lin")
    await lin.hears_something()
    lin.leg.send_keys("1")
    await until(lambda: _is_claimed(here, "lin"))
    await heard_by(caller, lin)
    return caller, lin


async def _is_claimed(here: Rig, operator_id: str) -> bool:
    return await here.claimed_by() == operator_id


async def test_two_phones_ring_at_once_and_the_first_key_one_wins(tmp_path: Path) -> None:
    async with rig(tmp_path, "lin", "zhao") as here:
        caller = await here.calls()
        await here.says(caller, "我摔倒了起不来")
        legs = {leg.dialled: leg for leg in [await here.phones.incoming.get() for _ in range(2)]}
        assert legs.keys() == {"lin", "zhao"}
        for leg in legs.values():
            await leg.answer()
        lin, zhao = Phone(legs["lin"]), Phone(legs["zhao"])
        await lin.hears_something()
        await zhao.hears_something()
        lin.leg.send_keys("1")
        await until(lambda: _is_claimed(here, "lin"))
        await zhao.hears_something()  # why
        await until(lambda: zhao.over)
        await heard_by(caller, lin)
        await heard_by(lin, caller)
        lin.leg.hang_up()
        await caller.hears_something()
        assert not caller.over
        again = {(await asyncio.wait_for(here.phones.incoming.get(), 30)).dialled for _ in range(2)}
        assert again == {"lin", "zhao"}  # still in danger: everybody is told again


async def test_a_claim_by_command_stops_a_phone_that_rings(tmp_path: Path) -> None:
    async with rig(tmp_path, "zhao") as here:
        caller = await here.calls()
        raised = await here.says(caller, "我摔倒了起不来")
        ringing = await here.rings("zhao")
        await escalation.claim(raised.escalation_id, "somebody", here.services)
        await until(lambda: not ringing.alive)


async def test_the_caller_is_cut_off_and_the_operator_rings_back_by_a_key(tmp_path: Path) -> None:
    async with rig(tmp_path, "lin") as here:
        caller, lin = await put_through(here)
        caller.leg.hang_up()
        await lin.hears_something()
        assert await here.claimed_by() == "lin"
        assert [(c.status, c.number, c.tries) for c in await here.callbacks()] == [("open", CALLER, 0)]
        lin.leg.send_keys("1")
        elder = await here.picks_up(CALLER)
        await heard_by(elder, lin)
        await until(lambda: _callbacks_are(here, "done"))


async def test_a_killed_line_rings_back_who_was_in_danger(tmp_path: Path) -> None:
    async with rig(tmp_path) as here:
        caller = await here.calls()
        raised = await here.says(caller, "我摔倒了起不来")
        await here.kill_line()
        await here.start_line()
        elder = await here.picks_up(CALLER)
        await elder.hears_something()
        await until(lambda: _callbacks_are(here, "done"))
        async with here.services.unit_of_work() as uow:
            [going_on] = await uow.sessions.open_on("phone")
        assert going_on.session_id == raised.session_id
        assert [c.tries for c in await here.callbacks()] == [1]


async def _callbacks_are(here: Rig, status: str) -> bool:
    return [callback.status for callback in await here.callbacks()] == [status]


# --- promised callbacks -------------------------------------------------------------------------------------------


async def promise(here: Rig) -> Callback:
    """Somebody was promised to be rung at a moment that is now: no calling hours, no waiting."""
    now = here.services.clock.now()
    session = CallSession("ses_promised", Channel.PHONE, CALLER, "an earlier call", now, now, ended_at=now)
    async with here.services.unit_of_work() as uow:
        uow.sessions.add(session)
        await uow.commit()
    wanted = NewCallback("trn_1", "requested", at=now)
    return await callbacks.promise(session.session_id, wanted, here.services)


async def _callback(here: Rig, callback: Callback) -> tuple[str, str | None, int]:
    async with here.services.unit_of_work() as uow:
        kept = await uow.callbacks.require(callback.callback_id)
    return kept.status, kept.outcome, kept.tries


async def test_a_promised_callback_rings_the_elder_then_an_operator_and_joins_them(tmp_path: Path) -> None:
    async with rig(tmp_path, "lin") as here:
        callback = await promise(here)
        elder = await here.picks_up(CALLER)
        await elder.hears_something()
        elder.leg.send_keys("1")
        lin = await here.picks_up("lin")
        await lin.hears_something()
        lin.leg.send_keys("1")
        await heard_by(elder, lin)
        await heard_by(lin, elder)
        assert await _callback(here, callback) == ("done", "kept", 1)
        assert here.rung == [CALLER, "lin"]


async def test_a_line_killed_during_a_callback_rings_again_when_its_hold_is_over(tmp_path: Path) -> None:
    async with rig(tmp_path, "lin") as here:
        callback = await promise(here)
        elder = await here.picks_up(CALLER)
        await elder.hears_something()
        await here.kill_line()
        await until(lambda: _is_held(here, callback))
        await _release(here, callback)  # a minute later
        await here.start_line()
        again = await here.picks_up(CALLER)
        await again.hears_something()
        again.leg.send_keys("1")
        lin = await here.picks_up("lin")
        await lin.hears_something()
        lin.leg.send_keys("1")
        await heard_by(again, lin)
        assert await _callback(here, callback) == ("done", "kept", 2)


async def _is_held(here: Rig, callback: Callback) -> bool:
    async with here.services.unit_of_work() as uow:
        held = (await uow.callbacks.require(callback.callback_id)).rung_until
    assert await ring_out.due(here.services) == []
    return held is not None and held > here.services.clock.now()


async def _release(here: Rig, callback: Callback) -> None:
    async with here.services.unit_of_work() as uow:
        (await uow.callbacks.require(callback.callback_id)).rung_until = here.services.clock.now()
        await uow.commit()
