"""What is stored comes back the same, and each question of `hotline.ports` finds what it should."""

from __future__ import annotations

from collections.abc import AsyncIterator
from copy import deepcopy
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hotline.booking import OrderEvent, VisitOrder
from hotline.callbacks import Callback
from hotline.cases import Case, ProfileChange
from hotline.danger import DangerCheck
from hotline.errors import NotFound
from hotline.escalation import Escalation, Notice
from hotline.outbox import Message
from hotline.people import ChatLink, Elder, FamilyContact, Operator, Role
from hotline.sessions import CallSession, Channel, Turn
from store.database import Database
from tests.integration.store.samples import NOON, SHANGHAI, VALUES, at, everything, sample


@pytest.fixture
async def other(url: str) -> AsyncIterator[Database]:
    """The same database seen by another process, in another zone."""
    database = Database(url, ZoneInfo("Europe/London"), busy_seconds=5.0)
    yield database
    await database.close()


async def save(database: Database, *items: Any) -> None:
    async with database.unit_of_work() as uow:
        for item in items:
            uow.sessions.add(item)  # every repository adds in the same way
        await uow.commit()


async def test_every_field_of_every_record_comes_back(database: Database, other: Database) -> None:
    before = everything()
    expected = [asdict(deepcopy(item)) for item in before]
    await save(database, *before)
    async with other.unit_of_work() as uow:
        read = [await uow.work.get(kind, next(iter(VALUES[kind].values()))) for kind in VALUES]
    assert [asdict(item) for item in read] == expected


async def test_moments_come_back_aware_in_the_zone_of_the_database(database: Database, other: Database) -> None:
    await save(database, sample(CallSession, pinned_now=None))
    async with other.unit_of_work() as uow:
        session = await uow.sessions.require("ses_1")
    assert session.started_at == NOON
    assert session.started_at.utcoffset() == timedelta(0)
    assert session.pinned_now is None
    async with Database.unit_of_work(database) as uow:
        assert (await uow.sessions.require("ses_1")).started_at.tzinfo == SHANGHAI


async def test_enum_members_are_kept_as_their_words(database: Database, other: Database) -> None:
    await save(database, sample(CallSession, channel=Channel.PHONE), sample(Operator, role=Role.SUPERVISOR))
    async with other.unit_of_work() as uow:
        assert (await uow.sessions.require("ses_1")).channel == "phone"
        assert (await uow.operators.require("opr_1")).role == "supervisor"


async def test_what_is_not_committed_is_gone_and_what_was_read_stays_readable(database: Database) -> None:
    await save(database, sample(Elder))
    async with database.unit_of_work() as uow:
        elder = await uow.elders.require("eld_1")
        elder.name = "改名"
        uow.operators.add(sample(Operator))
    assert elder.birth_year == 1943
    async with database.unit_of_work() as uow:
        assert (await uow.elders.require("eld_1")).name == "贺兰芝"
        assert await uow.operators.get("opr_1") is None
        with pytest.raises(NotFound):
            await uow.operators.require("opr_1")


async def test_a_new_record_that_was_rolled_back_can_be_added_again(database: Database) -> None:
    operator = sample(Operator)
    async with database.unit_of_work() as uow:
        uow.operators.add(operator)
        assert await uow.operators.all() == [operator]
    await save(database, operator)
    async with database.unit_of_work() as uow:
        assert await uow.operators.get("opr_1") == operator


async def test_a_change_of_a_record_read_earlier_is_written_when_it_is_added(database: Database) -> None:
    await save(database, sample(CallSession, turns=1))
    async with database.unit_of_work() as uow:
        session = await uow.sessions.require("ses_1")
    session.turns = 2
    await save(database, session)
    async with database.unit_of_work() as uow:
        assert (await uow.sessions.require("ses_1")).turns == 2


# --- sessions and turns --------------------------------------------------------------------------------


async def test_the_open_session_of_a_contact_is_the_latest_that_has_not_ended(database: Database) -> None:
    await save(
        database,
        sample(CallSession, session_id="ses_ended", ended_at=at(3), started_at=at(2)),
        sample(CallSession, session_id="ses_old", ended_at=None, started_at=at(0)),
        sample(CallSession, session_id="ses_new", ended_at=None, started_at=at(1)),
    )
    async with database.unit_of_work() as uow:
        found = await uow.sessions.open_for("phone", "13800000901", "call-7")
        assert found is not None
        assert found.session_id == "ses_new"
        assert await uow.sessions.open_for("phone", "13800000901", "call-8") is None
        assert await uow.sessions.open_for("telegram", "13800000901", "call-7") is None


async def test_a_session_being_added_does_not_make_its_address_known(database: Database) -> None:
    async with database.unit_of_work() as uow:
        uow.sessions.add(sample(CallSession))
        assert not await uow.sessions.known_address("phone", "13800000901")
        await uow.commit()
        assert await uow.sessions.known_address("phone", "13800000901")
        assert not await uow.sessions.known_address("web", "13800000901")


async def test_an_operator_holds_the_session_used_last(database: Database) -> None:
    held = {"operator_id": "opr_1", "ended_at": None}
    await save(
        database,
        sample(CallSession, session_id="ses_a", last_turn_at=at(2), **held),
        sample(CallSession, session_id="ses_b", last_turn_at=at(1), **held),
        sample(CallSession, session_id="ses_c", last_turn_at=at(3), operator_id="opr_1", ended_at=at(4)),
    )
    async with database.unit_of_work() as uow:
        found = await uow.sessions.held_by("opr_1")
        assert found is not None
        assert found.session_id == "ses_a"
        assert await uow.sessions.held_by("opr_2") is None


async def test_turns_are_found_by_utterance_within_a_channel_and_in_order(database: Database) -> None:
    await save(
        database,
        sample(CallSession),
        sample(Turn, turn_id="trn_2", number=2, utterance_id="u2", reply="最后说的"),
        sample(Turn, turn_id="trn_3", number=3, utterance_id="u3", reply=""),
        sample(Turn, turn_id="trn_1", number=1, utterance_id="u1"),
    )
    async with database.unit_of_work() as uow:
        found = await uow.turns.by_utterance("phone", "u2")
        assert found is not None
        assert found.turn_id == "trn_2"
        assert await uow.turns.by_utterance("telegram", "u2") is None
        last = await uow.turns.last("ses_1")
        assert last is not None
        assert last.reply == "最后说的"
        assert [turn.number for turn in await uow.turns.of("ses_1")] == [1, 2, 3]


# --- people --------------------------------------------------------------------------------------------


async def save_two_families(database: Database) -> None:
    await save(
        database,
        sample(Elder, elder_id="eld_a", phone="138-0000 0911"),
        sample(Elder, elder_id="eld_b", phone="0631-5550001"),
        sample(Elder, elder_id="eld_c", phone=None),
        sample(
            FamilyContact,
            contact_id="con_a2",
            elder_id="eld_a",
            phone="+86 13800000912",
            telegram_chat_id="77",
            rank=2,
        ),
        sample(FamilyContact, contact_id="con_a1", elder_id="eld_a", phone=None, telegram_chat_id=None, rank=1),
        sample(FamilyContact, contact_id="con_b", elder_id="eld_b", phone="8613800000912", telegram_chat_id=None),
        sample(ChatLink, channel="web", address="13800000911", elder_id="eld_b", contact_id="con_b"),
    )


@pytest.mark.parametrize(
    ("channel", "address", "elders", "contact"),
    [
        ("phone", "13800000911", ["eld_a"], None),
        ("phone", "+86 138 0000 0911", ["eld_a"], None),
        ("phone", "008613800000912", ["eld_a", "eld_b"], "con_b"),
        ("phone", "06315550001", ["eld_b"], None),
        ("phone", "anonymous", [], None),
        ("phone", "", [], None),
        ("telegram", "77", ["eld_a"], "con_a2"),
        ("telegram", "13800000911", [], None),
        ("web", "13800000911", ["eld_b"], "con_b"),
        ("terminal", "77", [], None),
    ],
)
async def test_an_address_belongs_to_whoever_registered_it(
    database: Database, channel: str, address: str, elders: list[str], contact: str | None
) -> None:
    await save_two_families(database)
    async with database.unit_of_work() as uow:
        assert [elder.elder_id for elder in await uow.elders.linked_to(channel, address)] == elders
        found = await uow.contacts.by_address(channel, address)
        assert (found.contact_id if found else None) == contact


@pytest.mark.parametrize(
    ("last_four", "elders"),
    [
        ("0911", ["eld_a"]),
        ("0912", ["eld_a", "eld_b"]),
        ("0001", ["eld_b"]),
        ("%", []),
        ("____", []),
        ("911", []),
    ],
)
async def test_the_last_four_digits_find_own_and_family_numbers(
    database: Database, last_four: str, elders: list[str]
) -> None:
    await save_two_families(database)
    async with database.unit_of_work() as uow:
        assert [elder.elder_id for elder in await uow.elders.by_last_four(last_four)] == elders


async def test_contacts_come_by_rank_and_operators_by_chat(database: Database) -> None:
    await save_two_families(database)
    await save(
        database,
        sample(Operator, telegram_chat_id="55"),
        sample(Operator, operator_id="opr_2", telegram_chat_id=None),
    )
    async with database.unit_of_work() as uow:
        assert [contact.contact_id for contact in await uow.contacts.of("eld_a")] == ["con_a1", "con_a2"]
        found = await uow.operators.by_chat("55")
        assert found is not None
        assert found.operator_id == "opr_1"
        assert [operator.operator_id for operator in await uow.operators.all()] == ["opr_1", "opr_2"]
        assert [elder.elder_id for elder in await uow.elders.all()] == ["eld_a", "eld_b", "eld_c"]


# --- care ----------------------------------------------------------------------------------------------


async def test_orders_overlap_when_their_half_open_windows_touch(database: Database) -> None:
    order = {"elder_key": "k", "starts_at": at(10), "ends_at": at(11)}
    await save(
        database,
        sample(VisitOrder, **order),
        sample(VisitOrder, order_id="ord_2", turn_id="t2", **order | {"status": "cancelled"}),
    )
    async with database.unit_of_work() as uow:
        for starts, ends, touches in [(10.5, 10.6, 1), (9, 12, 1), (9, 10, 0), (11, 12, 0), (10.99, 12, 1)]:
            assert len(await uow.orders.overlapping("k", at(starts), at(ends))) == touches, (starts, ends)
        assert await uow.orders.overlapping("other", at(10), at(11)) == []


async def test_upcoming_orders_are_booked_ones_not_over_yet_soonest_first(database: Database) -> None:
    def order(number: int, starts: float, **values: Any) -> VisitOrder:
        window = {"starts_at": at(starts), "ends_at": at(starts + 1)}
        return sample(VisitOrder, order_id=f"ord_{number}", session_id="ses_1", turn_id=f"t{number}", **window | values)

    await save(
        database, order(1, 30), order(2, 20), order(3, -0.5), order(4, -5), order(5, 22, status="cancelled"),
        order(6, 23, elder_id="eld_9"),
    )  # fmt: skip
    async with database.unit_of_work() as uow:
        ahead = await uow.orders.upcoming(["eld_1"], NOON)
        assert [order.order_id for order in ahead] == ["ord_3", "ord_2", "ord_1"]
        assert await uow.orders.upcoming([], NOON) == []
        assert len(await uow.orders.by_session("ses_1")) == 6
        found = await uow.orders.for_turn("ses_1", "t2")
        assert found is not None
        assert found.order_id == "ord_2"
        assert await uow.orders.for_turn("ses_1", "t9") is None


async def test_an_orders_history_is_kept_in_order(database: Database) -> None:
    async with database.unit_of_work() as uow:
        uow.orders.add_event(sample(OrderEvent, event_id="evt_2", at=at(2)))
        uow.orders.add_event(sample(OrderEvent, event_id="evt_1", at=at(1)))
        uow.orders.add(sample(VisitOrder))
        await uow.commit()
        assert [event.event_id for event in await uow.orders.history("ord_1")] == ["evt_1", "evt_2"]


async def test_open_callbacks_have_emergencies_first_then_the_promised_time(database: Database) -> None:
    def callback(number: int, urgency: str, promised: float, status: str = "open") -> Callback:
        values = {"urgency": urgency, "promised_at": at(promised), "status": status, "turn_id": f"t{number}"}
        return sample(Callback, callback_id=f"cbk_{number}", session_id="ses_1", **values)

    await save(
        database,
        callback(1, "today", 1),
        callback(2, "soon", 0),
        callback(3, "now", 5),
        callback(4, "now", 0, "done"),
    )
    async with database.unit_of_work() as uow:
        assert [c.callback_id for c in await uow.callbacks.open()] == ["cbk_3", "cbk_2", "cbk_1"]
        found = await uow.callbacks.for_turn("ses_1", "t1")
        assert found is not None
        assert found.callback_id == "cbk_1"
        assert len(await uow.callbacks.by_session("ses_1")) == 4


async def test_cases_of_elders_come_newest_first(database: Database) -> None:
    await save(
        database,
        sample(Case, case_id="case_1", session_id="ses_1", turn_id="t1", opened_at=at(1)),
        sample(Case, case_id="case_2", session_id="ses_1", turn_id="t2", opened_at=at(2)),
        sample(Case, case_id="case_3", session_id="ses_1", turn_id="t3", elder_id=None),
    )
    async with database.unit_of_work() as uow:
        assert [case.case_id for case in await uow.cases.of_elders(["eld_1"])] == ["case_2", "case_1"]
        assert len(await uow.cases.by_session("ses_1")) == 3
        assert await uow.cases.for_turn("ses_1", "t4") is None


async def test_a_danger_check_is_pending_until_it_has_an_outcome(database: Database) -> None:
    open_check = {"answered_at": None, "outcome": None, "session_id": "ses_1"}
    await save(
        database,
        sample(DangerCheck, check_id="chk_late", due_at=at(1), **open_check),
        sample(DangerCheck, check_id="chk_early", due_at=at(-1), asked_at=at(-2), **open_check),
        sample(DangerCheck, check_id="chk_done", due_at=at(-1), session_id="ses_2", outcome="safe"),
    )
    async with database.unit_of_work() as uow:
        pending = await uow.danger_checks.pending("ses_1")
        assert pending is not None
        assert pending.check_id == "chk_late"
        assert await uow.danger_checks.pending("ses_2") is None
        assert [check.check_id for check in await uow.danger_checks.overdue(NOON)] == ["chk_early"]
        assert [check.check_id for check in await uow.danger_checks.of_session("ses_1")] == [
            "chk_early",
            "chk_late",
        ]


def escalation(number: int, **values: Any) -> Escalation:
    unclaimed = {
        "claimed_by": None,
        "claimed_at": None,
        "closed_at": None,
        "outcome": None,
        "ladder_started_at": None,
    }
    named = {"escalation_id": f"esc_{number}", "session_id": "ses_1", "turn_id": f"t{number}"}
    return sample(Escalation, **unclaimed | named | values)


async def test_open_escalations_are_ordered_by_urgency_then_age(database: Database) -> None:
    await save(
        database,
        escalation(1, urgency="soon", raised_at=at(0)),
        escalation(2, urgency="now", raised_at=at(2), status="claimed", claimed_by="opr_1"),
        escalation(3, urgency="today", raised_at=at(0)),
        escalation(4, urgency="now", raised_at=at(1), ladder_started_at=at(1)),
        escalation(5, urgency="now", raised_at=at(0), status="closed"),
    )
    async with database.unit_of_work() as uow:
        assert [e.escalation_id for e in await uow.escalations.open()] == ["esc_4", "esc_2", "esc_3", "esc_1"]
        assert {e.escalation_id for e in await uow.escalations.without_ladder()} == {"esc_1", "esc_3"}
        assert len(await uow.escalations.of_session("ses_1")) == 5
        assert await uow.escalations.for_turn("ses_1", "t1", "gas") is None
        found = await uow.escalations.for_turn("ses_1", "t1", "fall")
        assert found is not None
        assert found.escalation_id == "esc_1"


async def test_a_claim_is_seen_by_the_object_already_in_memory(database: Database) -> None:
    await save(database, escalation(1))
    async with database.unit_of_work() as uow:
        known = await uow.escalations.require("esc_1")
        known.company_turns = 9  # a change of this transaction is not lost by the claim
        assert await uow.escalations.claim("esc_1", "opr_1", at(1))
        assert (known.claimed_by, known.claimed_at, known.status) == ("opr_1", at(1), "claimed")
        assert not await uow.escalations.claim("esc_1", "opr_2", at(2))
        assert known.claimed_by == "opr_1"
        assert known.company_turns == 9
        assert not await uow.escalations.claim("esc_none", "opr_2", at(2))


async def test_a_closed_escalation_cannot_be_claimed(database: Database) -> None:
    await save(database, escalation(1, status="closed"))
    async with database.unit_of_work() as uow:
        assert not await uow.escalations.claim("esc_1", "opr_1", at(1))


async def test_messages_wait_until_they_are_delivered_oldest_first(database: Database) -> None:
    await save(
        database,
        sample(Message, message_id="msg_2", created_at=at(2), delivered_at=None),
        sample(Message, message_id="msg_1", created_at=at(1), delivered_at=None),
        sample(Message, message_id="msg_0", created_at=at(0)),
    )
    async with database.unit_of_work() as uow:
        assert [message.message_id for message in await uow.outbox.waiting()] == ["msg_1", "msg_2"]


async def test_profile_changes_of_a_session_and_links_of_an_elder(database: Database) -> None:
    await save(
        database,
        sample(Elder),
        sample(FamilyContact),
        sample(ChatLink),
        sample(ProfileChange, session_id="ses_1"),
        sample(ProfileChange, change_id="chg_2", session_id="ses_2", status="requested"),
    )
    async with database.unit_of_work() as uow:
        assert [change.change_id for change in await uow.profile_changes.by_session("ses_1")] == ["chg_1"]
        assert [change.change_id for change in await uow.profile_changes.asked()] == ["chg_2"]
        assert [link.link_id for link in await uow.links.of_elder("eld_1")] == ["lnk_1"]
        assert await uow.links.of_elder("eld_2") == []


async def test_notices_of_an_escalation(database: Database) -> None:
    await save(database, sample(Notice), sample(Notice, notice_id="ntc_2", escalation_id="esc_2"))
    async with database.unit_of_work() as uow:
        assert [notice.notice_id for notice in await uow.notices.of("esc_1")] == ["ntc_1"]
