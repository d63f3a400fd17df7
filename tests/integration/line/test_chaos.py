"""What may go wrong around a call: a phone that refuses, a trunk that is away, a line killed, two lines at once."""

import asyncio
from pathlib import Path

import pytest

from bootstrap.own_stack import free_port, free_udp_port, free_udp_ports
from hotline import ring_out
from hotline.callbacks import Callback
from hotline.escalation import CALLBACK
from knowledge.ringing import ringing
from tests.integration.line.rig import CALLER, LineProcess, Phone, Rig, rig, until
from tests.integration.line.test_people_by_sip import heard_by, promise, put_through
from tests.integration.store.conftest import execute, postgres

__all__ = ["postgres"]  # the fixture

pytestmark = pytest.mark.sip

LOOKS_SECONDS = 6.0
"""A line looks for callbacks once a second: in so long both have looked, and would have rung."""


async def test_a_phone_that_refuses_and_one_that_hangs_up_leave_the_caller_in_company(tmp_path: Path) -> None:
    async with rig(tmp_path, "lin", "zhao", "he") as here:
        caller = await here.calls()
        await here.says(caller, "我摔倒了起不来")
        legs = {leg.dialled: leg for leg in [await here.phones.incoming.get() for _ in range(3)]}
        legs["lin"].hang_up()  # declines
        await legs["zhao"].answer()
        legs["zhao"].hang_up()  # picks up, and puts down without a key
        await caller.hears_something()
        assert await here.claimed_by() is None
        assert not caller.over
        await legs["he"].answer()
        he = Phone(legs["he"])
        await he.hears_something()
        he.leg.send_keys("1")
        await heard_by(caller, he)
        assert await here.claimed_by() == "he"


async def test_a_line_killed_in_a_bridge_tells_the_operator_and_rings_the_caller_for_him(tmp_path: Path) -> None:
    async with rig(tmp_path, "lin") as here:
        caller, lin = await put_through(here)
        await here.kill_line()
        caller.leg.hang_up()
        lin.leg.hang_up()
        await here.start_line()
        again = await here.picks_up("lin")
        await again.hears_something()
        assert await here.claimed_by() == "lin"
        again.leg.send_keys("1")
        elder = await here.picks_up(CALLER)
        await heard_by(elder, again)
        assert here.rung == ["lin", "lin", CALLER]


async def test_without_the_trunk_a_callback_becomes_peoples(tmp_path: Path) -> None:
    nowhere = f"127.0.0.1:{free_udp_port()}"
    async with rig(tmp_path, "lin", sip_trunk=nowhere, time_scale=0.01) as here:
        callback = await promise(here)
        await until(lambda: _is_peoples(here, callback), 120)
        assert [(raised.kind, raised.number) for raised in await here.escalations()] == [(CALLBACK, CALLER)]
        lin = await here.rings("lin")  # by the exchange in the house, which is there
        assert lin.alive


async def _is_peoples(here: Rig, callback: Callback) -> bool:
    """As the jobs look every second."""
    await ring_out.hand_over_due(here.services)
    async with here.services.unit_of_work() as uow:
        kept = await uow.callbacks.require(callback.callback_id)
    assert kept.status == "open"
    return kept.tries == ringing().callbacks.tries and kept.handed_at is not None


async def test_two_lines_on_one_postgresql_ring_a_callback_once(tmp_path: Path, postgres: str) -> None:
    execute(postgres, "CREATE DATABASE warmline_two_lines")
    shared = postgres.rpartition("/postgres?")[0] + "/warmline_two_lines?" + postgres.rpartition("?")[2]
    try:
        async with rig(tmp_path, "lin", database_url=shared) as here:
            first, last = free_udp_ports(40)
            other = LineProcess(
                here.settings.model_copy(
                    update={
                        "line_port": free_port(),
                        "sip_port": free_udp_port(),
                        "rtp_first_port": first,
                        "rtp_last_port": last,
                    }
                )
            )
            await other.start()
            try:
                await promise(here)
                elder = await here.rings(CALLER)
                await asyncio.sleep(LOOKS_SECONDS)
                assert here.phones.incoming.empty()
                assert elder.alive
            finally:
                await other.stop()
    finally:
        execute(postgres, "DROP DATABASE warmline_two_lines WITH (FORCE)")
