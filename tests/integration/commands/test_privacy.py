"""`privacy delete`: what waits in the spool goes with the person."""

import pytest

from bootstrap.services import make_spool
from hotline.errors import StoreUnavailable
from hotline.ports import UnitOfWork
from tests.integration.commands.conftest import ELDER_NUMBER, Installation

WORDS = "蓝布手套"


def spooled(place: Installation, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    """Somebody speaks while the database takes nothing."""

    def locked(*_: object, **__: object) -> None:
        raise StoreUnavailable

    with monkeypatch.context() as patched:
        patched.setattr("store.work.AsyncSession.connection", locked)
        place.say(said)


def spool_text(place: Installation) -> str:
    file = place.settings.data_dir / "spool" / "spool.jsonl"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def test_words_in_the_spool_are_deleted_with_the_person(place: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    spooled(place, monkeypatch, f"我想要{WORDS}")
    assert WORDS in spool_text(place) and ELDER_NUMBER in spool_text(place)
    counts = place.run("privacy", "delete", "齐玉兰", "--yes", "--json").data
    assert counts["elders"] == 1 and counts["turns"] == 1 and counts["spool"] >= 2
    assert spool_text(place) == ""
    assert make_spool(place.settings).drain() == []

    async def look(uow: UnitOfWork) -> tuple[object, ...]:
        return (
            await uow.elders.all(),
            await uow.sessions.open_for("phone", ELDER_NUMBER, ""),
            await uow.callbacks.open(),
        )

    assert place.stored(look) == ([], None, [])


def test_an_emergency_in_the_spool_keeps_the_person(place: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    spooled(place, monkeypatch, "我摔倒了起不来")
    done = place.run("privacy", "delete", "eld_q", "--yes")
    assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
    assert "open escalation" in done.err
    assert [row["elder_id"] for row in place.run("people", "list", "--json").data] == ["eld_q"]
    assert place.run("escalations", "list", "--json").data[0]["kind"] == "fall"


def test_a_broken_line_stays_for_somebody_to_look_at(place: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    spooled(place, monkeypatch, f"我想要{WORDS}")
    with (place.settings.data_dir / "spool" / "spool.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"kind": "turn", "rec')
    done = place.run("privacy", "delete", "齐玉兰", "--yes")
    assert done.status == 0 and "broken-" in done.err
    assert list((place.settings.data_dir / "spool").glob("broken-*"))
