"""Where Chromium is missing the demonstration asks for what the browser would: the same console, the same outcome."""

from pathlib import Path

import httpx
import pytest

from bootstrap.demo.desk import ByRequests, DeskTrouble
from hotline.ports import Delivery
from tests.integration.console.rig import PASSWORD, open_console


class Told:
    """Every message arrives."""

    async def tell_contact(self, *_: object) -> Delivery:
        return Delivery("sent")

    alert = say = relay = tell_contact


async def test_an_emergency_is_claimed_told_and_closed(tmp_path: Path) -> None:
    async with open_console(tmp_path, Told()) as console:  # type: ignore[arg-type]  # only what is used
        await console.employ("李娜")
        await console.say("我摔倒了，起不来")
        async with httpx.AsyncClient(base_url=console.url, trust_env=False) as client:
            desk = ByRequests(client)
            with pytest.raises(DeskTrouble):
                await desk.sign_in("李娜", "不是这一个密码啊")
            await desk.sign_in("李娜", PASSWORD)
            escalation_id = await desk.claim()
            with pytest.raises(DeskTrouble):  # nobody was told: the console's own process has no Telegram
                await desk.tell("con_demo_2a")
            await desk.close("safe", "没事")
            await desk.leave()
        closed = await console.within(lambda uow: uow.escalations.require(escalation_id))
    assert (closed.kind, closed.status, closed.outcome) == ("fall", "closed", "safe")
