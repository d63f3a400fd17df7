"""Old words go and statistics stay; a person gets everything, and can be deleted down to the file's bytes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import String, cast, select

from hotline.audit import AuditEntry
from hotline.booking import OrderEvent, VisitOrder
from hotline.callbacks import Callback, CallbackTry
from hotline.cases import Case, ProfileChange
from hotline.danger import DangerCheck
from hotline.eligibility import Eligibility
from hotline.errors import NotFound, StoreUnavailable
from hotline.escalation import Escalation, Notice
from hotline.linking import LinkCode, LinkTry
from hotline.notes import Note
from hotline.outbox import Message
from hotline.people import ChatLink, Elder, FamilyContact
from hotline.sessions import CallSession, Turn
from store import tables
from store.database import Database
from tests.integration.store.samples import NOON, at, everything, sample


@pytest.fixture
async def sqlite(sqlite_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{sqlite_path}", busy_seconds=0.2)
    yield database
    await database.close()


SECRET = "秘密话语"
NAME, PHONE, ADDRESS, CHAT = "贺兰芝", "13800000901", "示例里四号", "chat-5"


async def save(database: Database, *items: Any) -> None:
    async with database.unit_of_work() as uow:
        for item in items:
            uow.sessions.add(item)
        await uow.commit()


def files_of(path: Path) -> list[bytes]:
    """The database and its write-ahead log."""
    return [path.read_bytes(), Path(f"{path}-wal").read_bytes()]


async def dump(database: Database) -> str:
    """Every value of every row, as text."""
    async with database.unit_of_work() as uow:
        rows = [
            row
            for table in tables.metadata.sorted_tables
            for row in await uow.work.rows(select(*(cast(column, String) for column in table.c)))
        ]
    return json.dumps(rows, ensure_ascii=False)


async def count(database: Database, name: str) -> int:
    async with database.unit_of_work() as uow:
        return len(await uow.work.rows(select(tables.metadata.tables[name])))


# --- retention -----------------------------------------------------------------------------------------


def with_words(number: int, when: Any) -> list[Any]:
    """One record of every kind that holds words, all of them secret."""
    key = {"session_id": "ses_1", "turn_id": f"t{number}"}
    return [
        sample(
            Turn,
            turn_id=f"t{number}",
            session_id="ses_1",
            number=number,
            received_at=when,
            said=SECRET,
            reply=SECRET,
            choices=[{"label": SECRET, "says": SECRET}],
        ),
        sample(DangerCheck, check_id=f"chk_{number}", words=SECRET, asked_at=when),
        sample(Callback, callback_id=f"cbk_{number}", words=SECRET, when_words=SECRET, created_at=when, **key),
        sample(Case, case_id=f"case_{number}", words=SECRET, opened_at=when, **key),
        sample(ProfileChange, change_id=f"chg_{number}", value=SECRET, asked_at=when),
        sample(
            Escalation,
            escalation_id=f"esc_{number}",
            trigger=SECRET,
            draft={"where": SECRET},
            asked=[SECRET],
            known={"where": SECRET},
            raised_at=when,
            **key,
        ),
        sample(Eligibility, eligibility_id=f"elg_{number}", facts={"self_care": SECRET}, judged_at=when, **key),
        sample(Message, message_id=f"msg_{number}", text=SECRET, created_at=when),
        sample(Note, note_id=f"nte_{number}", words=SECRET, at=when),
        sample(CallSession, session_id=f"ses_{number}0", safe_times=SECRET, started_at=when, last_turn_at=when),
    ]


PURGED = {
    "turns",
    "danger_checks",
    "callbacks",
    "cases",
    "profile_changes",
    "eligibilities",
    "escalations",
    "outbox",
    "sessions",
    "notes",
}


async def test_a_purge_takes_every_old_word_and_no_new_one(database: Database) -> None:
    await save(database, *with_words(1, at(-2)), *with_words(2, at(2)))
    async with database.unit_of_work() as uow:
        assert await uow.privacy.purge(NOON) == dict.fromkeys(PURGED, 1)
        await uow.commit()
        old, new = await uow.turns.of("ses_1")
        assert (old.said, old.reply, old.choices, old.intent, old.received_at) == ("", "", [], "字", at(-2))
        assert (new.said, new.reply) == (SECRET, SECRET)
        case = await uow.cases.require("case_1")
        assert (case.words, case.type, case.opened_at) == ("", "字", at(-2))
    async with database.unit_of_work() as uow:
        assert await uow.privacy.purge(NOON) == dict.fromkeys(PURGED, 0)
        await uow.privacy.purge(at(3))
        await uow.commit()
    assert SECRET not in await dump(database)
    for name in PURGED:
        assert await count(database, name) == 2


async def test_a_draft_alone_is_purged_too(database: Database) -> None:
    await save(database, sample(Escalation, trigger="", draft={"where": SECRET}))
    async with database.unit_of_work() as uow:
        assert (await uow.privacy.purge(at(1)))["escalations"] == 1
        await uow.commit()
    assert SECRET not in await dump(database)


async def test_a_purge_left_without_commit_takes_nothing(database: Database) -> None:
    await save(database, *with_words(1, at(-2)))
    async with database.unit_of_work() as uow:
        await uow.privacy.purge(NOON)
    assert SECRET in await dump(database)


async def test_sessions_before_a_moment_are_those_whose_last_turn_is_older(database: Database) -> None:
    await save(
        database,
        sample(CallSession, session_id="ses_old", started_at=at(-9), last_turn_at=at(-1)),
        sample(CallSession, session_id="ses_long", started_at=at(-9), last_turn_at=at(1)),
    )
    async with database.unit_of_work() as uow:
        assert await uow.privacy.sessions_before(NOON) == ["ses_old"]


# --- a person ------------------------------------------------------------------------------------------


def session(name: str, **values: Any) -> CallSession:
    nobody = {"elder_id": None, "contact_id": None, "identified_elder_id": None, "address": "13800000999"}
    return sample(CallSession, session_id=name, **nobody | values)


async def save_neighbours(database: Database) -> None:
    """Two elders with everything; the sessions of the second, and one that was about both."""
    own = {"elder_id": "eld_1", "session_id": "ses_own", "turn_id": "t1"}
    await save(
        database,
        sample(Elder, elder_id="eld_1", name=NAME, phone=PHONE, address=ADDRESS),
        sample(Elder, elder_id="eld_2", name="邻居", phone="13800000801"),
        sample(FamilyContact, elder_id="eld_1", name="女儿名", phone="13800000902", telegram_chat_id="tg-8"),
        sample(
            FamilyContact,
            contact_id="con_2",
            elder_id="eld_2",
            name="留下",
            phone="13800000902",
            telegram_chat_id=None,
        ),
        sample(ChatLink, elder_id="eld_1", channel="web", address=CHAT),
        session("ses_own", elder_id="eld_1", address=PHONE, started_at=at(-9)),
        session("ses_named", identified_elder_id="eld_1", started_at=at(-8)),
        session("ses_daughter", address="+8613800000902", started_at=at(-7)),
        session("ses_web", channel="web", address=CHAT, started_at=at(-6)),
        session("ses_telegram", channel="telegram", address="tg-8", started_at=at(-5)),
        session(
            "ses_mentioned",
            elder_id="eld_2",
            identified_elder_id="eld_1",
            address="13800000801",
            started_at=at(-4),
        ),
        session("ses_of_neighbour", elder_id="eld_2", address="13800000902", started_at=at(-3)),
        session("ses_stranger", started_at=at(-2)),
        sample(Turn, turn_id="t1", session_id="ses_own", said=f"我是{NAME}", reply=ADDRESS),
        sample(Turn, turn_id="t2", session_id="ses_of_neighbour", said="我是邻居"),
        sample(VisitOrder, **own, name=NAME, phone=PHONE, address=ADDRESS, elder_key=f"key|{PHONE}", note=SECRET),
        sample(
            VisitOrder,
            order_id="ord_2",
            session_id="ses_own",
            turn_id="t9",
            elder_id=None,
            name="同院的人",
            phone=None,
        ),
        sample(
            VisitOrder,
            order_id="ord_3",
            session_id="ses_own",
            turn_id="t8",
            elder_id=None,
            name=NAME,
            phone=None,
        ),
        sample(OrderEvent, detail=ADDRESS),
        sample(Callback, **own, number=PHONE, words=SECRET),
        sample(CallbackTry),
        sample(LinkCode, used_by=CHAT),
        sample(LinkTry, channel="web", address=CHAT),
        sample(Case, **own, words=SECRET, number=PHONE),
        sample(
            Case,
            case_id="case_2",
            session_id="ses_mentioned",
            turn_id="t3",
            elder_id="eld_2",
            words="邻居的事",
        ),
        sample(ProfileChange, elder_id="eld_1", session_id="ses_own", value=ADDRESS),
        sample(Eligibility, **own, facts={"self_care": SECRET}),
        sample(DangerCheck, session_id="ses_own", words=SECRET),
        sample(Escalation, **own, number=PHONE, trigger=SECRET, draft={"address": ADDRESS}, channel="phone"),
        sample(Notice),
        sample(Message, session_id="ses_own", address=PHONE, text=SECRET),
        sample(Note, session_id="ses_own", words=SECRET),
        sample(AuditEntry, subject="eld_1"),
        sample(AuditEntry, entry_id="aud_2", subject="eld_2"),
        sample(AuditEntry, entry_id="aud_3", what="confirm_change", subject="chg_1"),
    )


ABOUT_ELDER = ["ses_own", "ses_named", "ses_daughter", "ses_web", "ses_telegram", "ses_mentioned"]


async def test_the_sessions_of_an_elder_are_found_by_every_way_they_are_tied(database: Database) -> None:
    await save_neighbours(database)
    async with database.unit_of_work() as uow:
        assert await uow.privacy.sessions_of("eld_1") == ABOUT_ELDER
        with pytest.raises(NotFound):
            await uow.privacy.sessions_of("eld_9")


async def test_an_export_holds_everything_about_one_elder_and_is_plain_json(database: Database) -> None:
    await save_neighbours(database)
    async with database.unit_of_work() as uow:
        exported = await uow.privacy.export("eld_1")
    text = json.dumps(exported, ensure_ascii=False)
    assert all(word in text for word in (NAME, PHONE, ADDRESS, SECRET, CHAT, "女儿名"))
    assert "同院的人" not in text
    assert "邻居的事" not in text
    assert {name: len(rows) for name, rows in exported.items()} == {
        "elders": 1,
        "family_contacts": 1,
        "chat_links": 1,
        "link_codes": 1,
        "link_tries": 1,
        "sessions": 6,
        "turns": 1,
        "danger_checks": 1,
        "visit_orders": 2,
        "order_events": 1,
        "callbacks": 1,
        "callback_tries": 1,
        "cases": 1,
        "profile_changes": 1,
        "eligibilities": 1,
        "escalations": 1,
        "notices": 1,
        "outbox": 1,
        "notes": 1,
        "audit_log": 2,
    }
    assert exported["visit_orders"][0]["starts_at"] == at(24).isoformat()
    assert exported["escalations"][0]["draft"] == {"address": ADDRESS}


async def test_an_export_speaks_of_every_table_that_may_hold_a_person(database: Database) -> None:
    await save(database, *everything(session_id="ses_1"))
    async with database.unit_of_work() as uow:
        exported = await uow.privacy.export("eld_1")
    without_people = {"operators", "directory", "places", "services", "credentials", "sign_ins"}
    assert set(exported) == set(tables.metadata.tables) - without_people
    assert all(exported.values())


async def test_a_deleted_elder_is_in_no_row_any_more_and_others_stay(database: Database) -> None:
    await save_neighbours(database)
    async with database.unit_of_work() as uow:
        changed = await uow.privacy.forget("eld_1")
        await uow.commit()
    left = await dump(database)
    for trace in (NAME, PHONE, ADDRESS, SECRET, CHAT, "女儿名", "eld_1", "tg-8"):
        assert trace not in left, trace
    for other in (
        "邻居的事",
        "我是邻居",
        "留下",
        "同院的人",
        "ses_stranger",
        "ses_mentioned",
        "ses_of_neighbour",
    ):
        assert other in left, other
    assert changed == {
        "order_events": 1,
        "visit_orders": 2,
        "escalations": 1,
        "turns": 1,
        "danger_checks": 1,
        "callbacks": 1,
        "callback_tries": 1,
        "cases": 1,
        "profile_changes": 1,
        "eligibilities": 1,
        "sessions": 5,
        "chat_links": 1,
        "link_codes": 1,
        "link_tries": 1,
        "family_contacts": 1,
        "elders": 1,
        "outbox": 1,
        "notes": 1,
        "audit_log": 2,
    }
    assert await count(database, "visit_orders") == 3
    async with database.unit_of_work() as uow:
        escalation = await uow.escalations.require("esc_1")
        assert (escalation.kind, escalation.number, escalation.raised_at) == ("fall", None, NOON)
        with pytest.raises(NotFound):
            await uow.privacy.forget("eld_1")


async def test_the_file_itself_holds_no_trace_after_scrubbing(sqlite: Database, sqlite_path: Path) -> None:
    await save_neighbours(sqlite)
    assert any(ADDRESS.encode() in file for file in files_of(sqlite_path))
    async with sqlite.unit_of_work() as uow:
        await uow.privacy.forget("eld_1")
        await uow.commit()
    assert any(ADDRESS.encode() in file for file in files_of(sqlite_path))  # in the write-ahead log
    await sqlite.scrub()
    for trace in (NAME, PHONE, ADDRESS, SECRET):
        assert not any(trace.encode() in file for file in files_of(sqlite_path)), trace
    async with sqlite.unit_of_work() as uow:
        assert [elder.elder_id for elder in await uow.elders.all()] == ["eld_2"]


async def test_scrubbing_says_when_another_process_is_in_the_way(sqlite: Database, sqlite_path: Path) -> None:
    await save(sqlite, sample(Elder))
    with closing(sqlite3.connect(sqlite_path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM elders").fetchall()
        await save(sqlite, sample(Elder, elder_id="eld_2"))
        with pytest.raises(StoreUnavailable):
            await sqlite.scrub()
        reader.execute("COMMIT")
    await sqlite.scrub()
    assert files_of(sqlite_path)[1] == b""


async def test_scrubbing_is_for_every_database(database: Database) -> None:
    await save(database, sample(Elder))
    await database.scrub()
    async with database.unit_of_work() as uow:
        assert await uow.elders.get("eld_1") is not None
