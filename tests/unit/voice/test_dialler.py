"""Asking the line to ring: token, what travels, and that no failure is ever raised or taken for a ring."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import pytest

from hotline.escalation import Escalation
from hotline.people import Operator
from hotline.ports import Delivery
from voice.control import make_control
from voice.dialler import LineDialler, request_for

LIN = Operator("opr_1", "小林", status="ready", sip_address="sip:lin@192.0.2.1")
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
FALL = Escalation(
    "esc_1", "ses_1", "trn_1", 1, "fall", "now", NOON, place="雄安", known={"where": "厨房"}, trigger="词"
)


@dataclass
class Rings:
    rung: list[tuple[Operator, Escalation]] = field(default_factory=list)

    async def ring_operator(self, operator: Operator, escalation: Escalation) -> Delivery:
        self.rung.append((operator, escalation))
        return Delivery("sent", "answered")


def dialler(line: Rings, token: str = "right") -> LineDialler:
    made = LineDialler("http://line", token)
    transport = httpx.ASGITransport(make_control(line, "right"))
    made._client = httpx.AsyncClient(transport=transport, base_url="http://line", headers=made._client.headers)
    return made


async def test_operator_and_escalation_arrive_without_the_callers_words() -> None:
    line = Rings()
    assert await dialler(line).ring_operator(LIN, FALL) == Delivery("sent", "answered")
    [(operator, escalation)] = line.rung
    assert operator == LIN
    assert (escalation.escalation_id, escalation.place, escalation.raised_at) == ("esc_1", "雄安", NOON)
    assert "厨房" not in str(request_for(LIN, FALL)) and "词" not in str(request_for(LIN, FALL))


async def test_without_the_token_nobody_is_rung() -> None:
    line = Rings()
    assert (await dialler(line, "wrong").ring_operator(LIN, FALL)).state == "failed"
    assert line.rung == []


async def test_a_line_that_is_away_is_a_failed_delivery() -> None:
    away = LineDialler("http://127.0.0.1:9", "right")
    assert (await away.ring_operator(LIN, FALL)).state == "failed"
    await away.close()


async def test_an_operator_without_a_phone_is_not_asked_for() -> None:
    line = Rings()
    assert (await dialler(line).ring_operator(Operator("opr_2", "小赵"), FALL)).state == "no_channel"
    assert line.rung == []


@pytest.mark.parametrize("body", ["[]", "{}", '{"operator": {}, "escalation": {}}', "no json"])
async def test_a_request_that_makes_no_sense_is_refused(body: str) -> None:
    line = Rings()
    transport = httpx.ASGITransport(make_control(line, "right"))
    async with httpx.AsyncClient(transport=transport, base_url="http://line") as client:
        answer = await client.post("/ring/operator", content=body, headers={"Authorization": "Bearer right"})
    assert answer.status_code == 400 and line.rung == []
