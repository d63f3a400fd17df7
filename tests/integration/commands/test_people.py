"""`people` and `operators`: registering everybody without SQL."""

from pathlib import Path

import pytest

from hotline import linking
from hotline.ports import Services, UnitOfWork
from store.seed import SEED
from tests.integration.commands.conftest import Installation

GOOD = """
elders:
  - {elder_id: e1, name: 孟繁荣, phone: "+86 138-0000-4101", place: 津市, birth_year: 1939}
  - {elder_id: e2, name: 孟夫人, place: 津市}
family_contacts:
  - {contact_id: k1, elder_id: e1, name: 孟洁, relation: father, phone: "13800004102", telegram_chat_id: 77001,
     is_emergency_contact: true}
operators:
  - {operator_id: o1, name: 老严, role: supervisor, status: ready, telegram_chat_id: "77002"}
chat_links:
  - {link_id: l1, channel: telegram, address: 77001, elder_id: e1, contact_id: k1}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_a_file_is_put_in_and_a_second_time_changes_nothing(empty: Installation, file: Path) -> None:
    first = empty.run("people", "load", str(file), "--json").data
    assert first["elders"] == {"added": 2, "changed": 0, "unchanged": 0} and first["chat_links"]["added"] == 1
    again = empty.run("people", "load", str(file), "--json").data
    assert {name: counts["unchanged"] for name, counts in again.items() if name != "loaded"} == {
        "elders": 2, "family_contacts": 1, "operators": 1, "chat_links": 1,
    }  # fmt: skip
    [first_elder, second] = empty.run("people", "list", "--json").data
    assert (first_elder["phone"], first_elder["contacts"][0]["telegram_chat_id"]) == ("13800004101", "77001")
    assert first_elder["links"][0]["address"] == "77001" and second["contacts"] == []
    assert "孟洁 13800004102*" in empty.run("people", "list").out


def test_a_changed_row_changes_what_it_names_and_nothing_else(empty: Installation, file: Path) -> None:
    empty.run("people", "load", str(file))
    empty.run("operators", "away", "老严")

    async def moved(uow: UnitOfWork) -> None:
        (await uow.elders.require("e2")).address = "示例巷4号"

    empty.stored(moved)
    file.write_text(GOOD.replace("孟夫人", "钟慧").replace("38-0000-4101", "38-0000-4199"), encoding="utf-8")
    counts = empty.run("people", "load", str(file), "--json").data
    assert counts["elders"] == {"added": 0, "changed": 2, "unchanged": 0}
    assert counts["operators"] == {"added": 0, "changed": 0, "unchanged": 1}
    first, second = empty.run("people", "list", "--json").data
    assert (first["phone"], second["name"], second["address"]) == ("13800004199", "钟慧", "示例巷4号")
    assert empty.run("operators", "list", "--json").data[0]["status"] == "away"


def test_check_writes_nothing(empty: Installation, file: Path) -> None:
    done = empty.run("people", "load", str(file), "--check")
    assert done.status == 0 and "2 added" in done.out and "nothing was written" in done.out
    assert empty.run("people", "list", "--json").data == []


def test_every_mistake_has_its_line_and_nothing_is_loaded(empty: Installation, file: Path) -> None:
    file.write_text(
        "elders:\n"
        "  - {elder_id: e1, name: 孟繁荣}\n"
        "  - {elder_id: e2, name: 钟慧, phone: 13800004101, colour: red}\n"
        "family_contacts:\n"
        "  - {contact_id: k1, elder_id: e1, name: 孟洁, relation: boss}\n",
        encoding="utf-8",
    )
    done = empty.run("people", "load", str(file), "--json")
    assert (done.status, done.out) == (1, "")
    lines = done.err.splitlines()
    assert ["line 3" in line for line in lines] == [True, True, False] and "line 5" in lines[2]
    assert "quotes" in lines[0] and "colour" in lines[1] and "neighbour" in lines[2]
    assert empty.run("people", "list", "--json").data == []


def test_rows_that_name_nobody_and_operators_who_are_alike(place: Installation, file: Path) -> None:
    file.write_text(
        "elders:\n"
        "  - {elder_id: e1, name: 孟繁荣}\n"
        "family_contacts:\n"
        "  - {contact_id: k1, elder_id: e9, name: 孟洁, relation: father}\n"
        "  - {contact_id: k2, elder_id: eld_q, name: 齐静, relation: mother}\n"
        "operators:\n"
        "  - {operator_id: o1, name: 小罗}\n"
        "chat_links:\n"
        "  - {link_id: l1, channel: web, address: x, elder_id: e1, contact_id: k2}\n",
        encoding="utf-8",
    )
    done = place.run("people", "load", str(file))
    assert done.status == 1
    assert [line.split("line ")[1].split(",")[0] for line in done.err.splitlines()] == ["4", "9", "7"]
    assert [row["elder_id"] for row in place.run("people", "list", "--json").data] == ["eld_q"]


@pytest.mark.parametrize("text", ["elders: [", "- 1", "", "people: []", "elders: {}", "elders: [3]"])
def test_what_is_no_file_of_people_is_said_so(empty: Installation, file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    done = empty.run("people", "load", str(file))
    assert done.status == 1 and done.out == "" and "line 1" in done.err
    assert empty.run("people", "load", str(file.with_name("none.yaml"))).status == 2


def test_the_seed_is_a_file_of_people(empty: Installation) -> None:
    assert empty.run("people", "load", str(SEED), "--json").data["elders"]["added"] == 5
    assert empty.run("db", "seed-demo", "--json").data["elders"] == 0


def test_the_example_in_the_documents_can_be_loaded(empty: Installation, file: Path) -> None:
    document = Path(__file__).parents[3] / "docs" / "install.md"
    file.write_text(document.read_text(encoding="utf-8").split("```yaml\n")[1].partition("```")[0], encoding="utf-8")
    counts = empty.run("people", "load", str(file), "--json").data
    assert all(counts[name]["added"] for name in ("elders", "family_contacts", "operators", "chat_links"))


def test_operators_are_added_and_removed(empty: Installation) -> None:
    added = empty.run(
        "operators", "add", "老严", "--role", "supervisor", "--telegram", "77002", "--sip", "sip:yan@example",
        "--ready", "--json",
    ).data  # fmt: skip
    assert (added["role"], added["status"], added["telegram_chat_id"]) == ("supervisor", "ready", "77002")
    assert empty.run("operators", "list", "--json").data == [added]
    same = empty.run("operators", "add", "老严")
    assert (same.status, same.err.count("\n")) == (1, 1)
    assert empty.run("operators", "add", "老白", "--telegram", "-100").status == 2
    assert empty.run("operators", "add", "老白", "--role", "boss").status == 2
    assert empty.run("operators", "remove", "老严").status == 0
    assert empty.run("operators", "list", "--json").data == []
    assert empty.run("operators", "remove", "老严").status == 1


def test_an_operator_who_has_claimed_stays(place: Installation) -> None:
    place.say("我摔倒了起不来")
    raised = place.escalation_id()
    place.run("escalations", "claim", raised, "--operator", "小罗")
    done = place.run("operators", "remove", "小罗")
    assert (done.status, done.err.count("\n")) == (1, 1) and raised in done.err


def test_a_code_for_a_relative_is_shown_once_and_kept_as_a_digest(place: Installation) -> None:
    made = place.run("people", "code", "齐玉兰", "--json").data
    assert made["elder_id"] == "eld_q" and len(made["code"]) == 6

    async def redeem(services: Services) -> str:
        return (await linking.redeem("telegram", "4711", made["code"], "小齐", services)).elder.name

    assert place.within(redeem) == "齐玉兰"
    assert "/link" in place.run("people", "code", "eld_q").out
    for unknown in (["nobody"], ["eld_q", "--contact", "con_none"]):
        done = place.run("people", "code", *unknown)
        assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
