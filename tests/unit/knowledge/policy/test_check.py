"""`warmline knowledge check` finds each kind of fault, in a copy of the packaged files with that fault put in."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from knowledge.policy.check import check
from knowledge.policy.coverage import coverage
from knowledge.policy.loading import FOLDER, Library, library

TODAY = date(2026, 11, 24)
CARD = "policies/jinshi/home_beds.yaml"
FINISHED = ("拉萨", "津市", "威海", "江西", "雄安")
"""Places whose rows are all answered for; a writer adds the place when it is done."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part in ("documents", "policies", "benefits", "groups", "divisions", "places"):
        shutil.copytree(FOLDER / part, tmp_path / part)
    shutil.copy(FOLDER / "services.yaml", tmp_path)
    return tmp_path


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_packaged_knowledge_has_no_fault() -> None:
    assert [str(problem) for problem in check(Library(), TODAY)] == []


@pytest.mark.parametrize("place", FINISHED)
def test_every_row_of_a_finished_place_is_answered_for(place: str) -> None:
    assert [row.row_id for row in coverage(library()).rows if row.place == place and row.open] == []


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        (CARD, "at: 二(一)", "at: 二(九)", "no section 二(九)"),
        (CARD, "at: 二(一)", "at: 第二章", "no section sign"),
        (CARD, "covers: [JS-13,", "covers: [JS-99,", "no row JS-99"),
        (CARD, "covers: [JS-13,", "covers: [LS-10, JS-13,", "LS-10 is a row of 拉萨"),
        (CARD, "benefit: home_beds", "benefit: no_such", "no benefit no_such"),
        (CARD, "service: home_care_bed", "service: no_such", "no service no_such"),
        (CARD, "困难的失能半失能老人，满六十岁，改家里床位。", "困" * 31 + "。", "32 characters"),
        (CARD, "满六十岁，改", "满60岁，改", "6 cannot be spoken"),
        (CARD, "原定二零二三年六月底", "二零二三年六月底", "target date 2023-06-30 has passed"),
        (CARD, "name: 家庭养老床位改造", "name: 社区长者食堂", "has the name 社区长者食堂 too"),
        (CARD, "gives: [what, who,", "gives: [what,", "gives names who"),
        (CARD, "words: [家庭养老床位", "words: [家庭 养老床位", "as it is heard"),
        (CARD, "payee: works", "payee: nobody", "payee"),
        ("policies/jinshi/four_visits.yaml", "试点，每人", "做，每人", "commitment pilot"),
        (
            "policies/jinshi/running_subsidy.yaml",
            "不是发给老人个人的钱。",
            "是运营用的钱。",
            "money for payee provider",
        ),
        ("policies/jinshi/canteen.yaml", "文件是和新村社区的中心放在一起讲的。", "您能领一份饭。", "never say 您能领"),
        ("policies/not-for-callers.yaml", "  JS-29:", "  JS-02: 不要\n  JS-29:", "JS-02 is core"),
        ("benefits/jinshi/home_beds.yaml", "fact: age,", "fact: shoe_size,", "no fact shoe_size"),
        ("benefits/jinshi/home_beds.yaml", "one_of: [失能,", "one_of: [很失能,", "no choice 很失能"),
        ("benefits/jinshi/home_beds.yaml", "until: null", "until: 2020-02-31", "out of range"),
        ("places/jinshi.yaml", "in_division: 毛里湖镇", "in_division: 某某镇", "no division"),
        ("documents/jinshi.yaml", "四(四), ", "", "no section 四(四)"),
    ],
)
def test_each_fault_is_reported(folder: Path, name: str, old: str, new: str, reason: str) -> None:
    assert check(Library(folder), TODAY) == []
    change(folder, name, old, new)
    found = check(Library(folder), TODAY)
    assert any(reason in problem.reason for problem in found), list(map(str, found))
    assert all(problem.line > 0 for problem in found if reason in problem.reason and "JS-99" not in reason)


def test_a_folder_without_its_document_is_reported(folder: Path) -> None:
    (folder / "documents" / "jinshi.yaml").unlink()
    assert any("no source" in problem.reason for problem in check(Library(folder), TODAY))


def test_a_problem_names_its_line(folder: Path) -> None:
    change(folder, CARD, "payee: works", "payee: nobody")
    problem = Library(folder).problems()[0]
    lines = (folder / CARD).read_text(encoding="utf-8").splitlines()
    assert lines[problem.line - 1] == "payee: nobody"
    assert problem.file == f"knowledge/{CARD}"


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("services.yaml", "津市: {助餐: 一(三)", "津市: {助餐: 一(九)", "津市 has no section 一(九)"),
        ("services.yaml", "    津市: {助餐", "    天津: {助餐", "天津 has no document"),
        ("divisions/lasa.yaml", "sure: [城关区]", "sure: [城关区, 容城]", "neither name nor words"),
        ("divisions/jiangxi.yaml", "name: 东湖区", "name: 西湖区", "西湖区 stands twice"),
        ("divisions/jiangxi.yaml", "within: 南昌市", "within: 南京市", "江西 has no 南京市"),
        ("divisions/weihai.yaml", "place: 威海", "place: 拉萨", "is that of 威海"),
        (
            "divisions/xiongan.yaml",
            "words: [容城], sure: [容城县, 容城]",
            "words: [文登], sure: [文登]",
            "sure of 文登 too",
        ),
        (
            "places/jinshi.yaml",
            "words: [毛里湖], sure: [毛里湖镇, 毛里湖]",
            "words: [白衣镇], sure: [白衣镇]",
            "stands in places.yaml too",
        ),
    ],
)
def test_each_fault_of_places_and_services_is_reported(
    folder: Path, name: str, old: str, new: str, reason: str
) -> None:
    change(folder, name, old, new)
    found = [problem for problem in check(Library(folder), TODAY) if reason in problem.reason]
    assert found
    assert all(problem.line > 0 for problem in found)
