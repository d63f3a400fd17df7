"""The database itself refuses what may be there only once; that is our fault to handle, not an outage."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from hotline.booking import OrderEvent, VisitOrder
from hotline.callbacks import Callback
from hotline.cases import Case
from hotline.escalation import Escalation, Notice
from hotline.people import ChatLink
from hotline.sessions import Turn
from store.database import Database
from tests.integration.store.samples import sample


@pytest.mark.parametrize(
    ("kind", "id_name", "key"),
    [
        (Turn, "turn_id", {"session_id": "s", "number": 4}),
        (VisitOrder, "order_id", {"session_id": "s", "turn_id": "t"}),
        (Callback, "callback_id", {"session_id": "s", "turn_id": "t"}),
        (Case, "case_id", {"session_id": "s", "turn_id": "t"}),
        (Escalation, "escalation_id", {"session_id": "s", "turn_id": "t", "kind": "fall"}),
        (Notice, "notice_id", {"escalation_id": "e", "rung": "60s", "recipient_id": "opr_1"}),
    ],
)
async def test_the_same_key_twice_is_refused_and_a_part_of_it_is_not(
    database: Database, kind: type[Any], id_name: str, key: dict[str, Any]
) -> None:
    for number, part in enumerate(key):  # each part of the key may differ alone
        async with database.unit_of_work() as uow:
            uow.sessions.add(sample(kind, **{id_name: "first"}, **key))
            changed = {**key, part: 5 if part == "number" else "other"}
            uow.sessions.add(sample(kind, **{id_name: f"second_{number}"}, **changed))
            await uow.work.session.flush()
    with pytest.raises(IntegrityError):
        async with database.unit_of_work() as uow:
            uow.sessions.add(sample(kind, **{id_name: "first"}, **key))
            uow.sessions.add(sample(kind, **{id_name: "second"}, **key))
            await uow.commit()
    async with database.unit_of_work() as uow:
        assert await uow.work.get(kind, "first") is None


@pytest.mark.parametrize("orphan", [sample(OrderEvent), sample(ChatLink)])
async def test_rows_that_belong_to_others_are_refused_alone(database: Database, orphan: Any) -> None:
    with pytest.raises(IntegrityError):
        async with database.unit_of_work() as uow:
            uow.sessions.add(orphan)
            await uow.commit()
