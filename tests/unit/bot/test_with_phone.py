"""An operator is told by chat and phone at once; the better of the two counts."""

from datetime import UTC, datetime

import pytest

from bot.notifier import ListNotifier
from bot.with_phone import WithPhone
from hotline.escalation import Escalation
from hotline.people import Operator
from hotline.ports import Delivery


class Says(ListNotifier):
    def __init__(self, state: str) -> None:
        super().__init__()
        self.state, self.asked = state, 0

    async def alert(self, operator: Operator, escalation: Escalation, rung: str) -> Delivery:
        return await self.ring_operator(operator, escalation)

    async def ring_operator(self, operator: Operator, escalation: Escalation) -> Delivery:
        self.asked += 1
        return Delivery(self.state)


NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def raised(urgency: str) -> Escalation:
    return Escalation("esc_1", "ses_1", "trn_1", 1, "fall", urgency, NOW)


@pytest.mark.parametrize(
    ("chat", "phone", "together"),
    [
        ("sent", "failed", "sent"),
        ("failed", "sent", "sent"),
        ("listed", "sending", "sending"),
        ("listed", "failed", "failed"),
        ("listed", "no_channel", "listed"),
    ],
)
async def test_the_better_state_counts_and_both_are_asked(chat: str, phone: str, together: str) -> None:
    people, dialler = Says(chat), Says(phone)
    delivery = await WithPhone(people, dialler).alert(Operator("o", "小林"), raised("now"), "0s")
    assert delivery.state == together and (people.asked, dialler.asked) == (1, 1)


@pytest.mark.parametrize(("urgency", "rung", "rings"), [("today", "0s", 0), ("today", "300s", 1), ("soon", "0s", 0)])
async def test_at_first_no_phone_rings_for_what_is_no_danger(urgency: str, rung: str, rings: int) -> None:
    people, dialler = Says("listed"), Says("sent")
    await WithPhone(people, dialler).alert(Operator("o", "小林"), raised(urgency), rung)
    assert (people.asked, dialler.asked) == (1, rings)
