from __future__ import annotations

from sqlalchemy import select

from knowledge import vocabulary
from store import tables
from store.database import Database
from store.seed import SEED, seed_demo


async def test_the_demonstration_people_are_made_up_and_complete(database: Database) -> None:
    added = await seed_demo(database)
    assert added["elders"] == 5
    async with database.unit_of_work() as uow:
        elders = await uow.elders.all()
        assert {elder.place for elder in elders} == set(vocabulary.places())
        assert all(elder.address is not None and "示例" in elder.address for elder in elders)
        for elder in elders:
            contacts = await uow.contacts.of(elder.elder_id)
            assert sum(contact.is_emergency_contact for contact in contacts) == 1
            relations = {"mother", "father", "spouse", "grandparent", "neighbour", "other"}
            assert {contact.relation for contact in contacts} <= relations
            numbers = [elder.phone, *(contact.phone for contact in contacts)]
            assert all(number is not None and number.startswith("1380000") for number in numbers)
            assert all(contact.telegram_chat_id is None for contact in contacts)
        roles = sorted(operator.role for operator in await uow.operators.all())
        assert roles == ["operator", "operator", "supervisor"]
        assert [e.elder_id for e in await uow.elders.linked_to("terminal", "demo-daughter")] == ["eld_demo_2"]
    assert "made up" in SEED.read_text(encoding="utf-8").splitlines()[0]


async def test_places_and_services_are_those_of_knowledge(database: Database) -> None:
    await seed_demo(database)
    async with database.unit_of_work() as uow:
        services = await uow.work.rows(select(tables.services))
        places = await uow.work.rows(select(tables.places))
    assert {row["service"]: row["visit_minutes"] for row in services} == {
        key: service.visit_minutes for key, service in vocabulary.services().items()
    }
    assert {row["place"] for row in places} == set(vocabulary.places())


async def test_seeding_again_changes_nothing_that_people_changed(database: Database) -> None:
    await seed_demo(database)
    async with database.unit_of_work() as uow:
        (await uow.operators.require("opr_demo_1")).status = "away"
        await uow.work.change(tables.services.update().where(tables.services.c.service == "bathing").values(label="旧"))
        await uow.commit()
    again = await seed_demo(database)
    assert again == {name: 1 if name == "services" else 0 for name in again}
    async with database.unit_of_work() as uow:
        assert (await uow.operators.require("opr_demo_1")).status == "away"
