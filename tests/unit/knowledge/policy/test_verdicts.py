"""Verdicts over the packaged rules and over rules that end; what is said of them; which rule words mean."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge.policy import told
from knowledge.policy.check import check
from knowledge.policy.enquiries import BadEnquiry, Officer
from knowledge.policy.loading import FOLDER, Library, library
from knowledge.policy.rule_finding import find_rules
from knowledge.policy.verdicts import Assessor
from knowledge.vocabulary import benefits

TODAY = date(2026, 11, 26)
KEYS = ("place benefit verdict missing_facts question reasons amount payee open ask_whom warnings rule_version").split()
BED = {"age": 82, "economic_hardship": True, "self_care": "失能"}


def assessor(day: date = TODAY) -> Assessor:
    return Assessor(library(), day)


def test_a_record_is_plain_json_with_the_keys_promised_and_sections_of_the_document() -> None:
    made = assessor()
    record = json.loads(json.dumps(made.record(made.assess("jinshi/home_beds", BED))))
    assert list(record) == KEYS
    assert record["amount"] is None
    assert "the document does not give the amount" in record["open"]
    outline = library().documents()["jinshi"].outline
    assert all(reason["document"] == "津市" and reason["section"] in outline for reason in record["reasons"])
    visits = made.record(made.assess("jinshi/four_visits", {"town": "毛里湖镇"}))
    assert visits["amount"]["value"] == 1440
    assert "the document does not give the amount" not in visits["open"]


def test_the_next_question_is_the_facts_own() -> None:
    made = assessor()
    record = made.record(made.assess("jinshi/home_beds", {"age": 82}))
    assert record["question"] == library().facts()[record["missing_facts"][0]].asks


def test_the_rule_version_changes_with_the_file_and_names_the_version(tmp_path: Path) -> None:
    made = assessor().assess("jinshi/four_visits", {}).rule_version
    assert made.startswith("jinshi/four_visits@2021-01-01#")
    assert assessor().assess("jinshi/four_visits", {"town": "别处"}).rule_version == made
    copied = copy(tmp_path)
    assert Assessor(copied, TODAY).assess("jinshi/four_visits", {}).rule_version == made
    change(tmp_path, "benefits/jinshi/four_visits.yaml", "试点约60人", "试点大约60人")
    copied.refresh()
    assert Assessor(copied, TODAY).assess("jinshi/four_visits", {}).rule_version != made


def copy(folder: Path) -> Library:
    for part in ("documents", "policies", "benefits", "groups", "places"):
        shutil.copytree(FOLDER / part, folder / part)
    return Library(folder)


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def test_a_rule_that_ended_and_its_successor_each_answer_for_their_days(tmp_path: Path) -> None:
    copied = copy(tmp_path)
    path = tmp_path / "benefits/jiangxi/old_age_allowance.yaml"
    text = path.read_text(encoding="utf-8")
    version = text[text.index("  - from: null") : text.index("open:")]
    ended = version.replace("until: null", "until: 2024-12-31")
    later = version.replace("from: null", "from: 2025-03-01").replace("at_least: 80", "at_least: 75")
    path.write_text(text.replace(version, ended + later), encoding="utf-8")
    copied.refresh()
    assert copied.problems() == []

    def verdict(day: date, age: int) -> str:
        return Assessor(copied, day).assess("jiangxi/old_age_allowance", {"age": age}).verdict

    assert [verdict(date(2024, 12, 31), age) for age in (80, 79)] == ["likely", "unlikely"]
    between = Assessor(copied, date(2025, 1, 1)).assess("jiangxi/old_age_allowance", {"age": 82})
    assert (between.verdict, between.missing_facts) == ("unlikely", ())
    assert "2024年12月31日" in between.reasons[0].text
    assert [verdict(date(2025, 3, 1), age) for age in (75, 74)] == ["likely", "unlikely"]


@pytest.mark.parametrize(
    ("rule", "facts", "sentences"),
    [
        ("jinshi/home_beds", BED, ["条件都对得上", "2023年6月30日已经过了", "要问津市市民政局"]),
        ("jinshi/home_beds", {"age": 50}, ["年满60周岁，您说的对不上"]),
        ("jinshi/four_visits", {"town": "毛里湖镇"}, ["我说不准：是基本养老服务对象", "这是试点"]),
        ("jinshi/home_beds", {**BED, "economic_hardship": "不知道"}, ["还不清楚：经济困难"]),
        ("lasa/class_key", {
            "self_care": "能自理", "dementia": False, "disability": False, "lives_alone": False, "very_old": False,
            "unsolved_hardship": False,
        }, ["失智，或者残疾", "都对不上"]),
        ("lasa/class_general", {"usual_resident": True, "lives_alone": True}, ["这样的不在里面：独居"]),
        ("lasa/station_subsidy", {"runs_care_station": False}, ["给机构的，不发给老人"]),
        ("lasa/classes", {"lhasa_hukou": True, "destitute": True}, ["算托底保障群体"]),
        ("lasa/classes", {"destitute": False, "self_care": "失能", "low_income": "不知道"}, ["困境保障群体，或者重点"]),
    ],
)  # fmt: skip
def test_a_verdict_is_spoken_in_short_sentences_that_promise_nothing(
    rule: str, facts: dict[str, Any], sentences: list[str]
) -> None:
    made = assessor()
    verdict = made.assess(rule, facts)
    said = told.spoken(verdict, made)
    for sentence in sentences:
        assert sentence in said
    never = library().one("policies/wording.yaml").never
    assert not [word for word in never if word in said + told.details(verdict, made) + told.written(verdict, made)]
    assert said.count("。") <= 3
    assert not any(char in said for char in "{}")


def test_no_verdict_promises_or_offers_institutions_money_to_a_person() -> None:
    made = assessor()
    never = library().one("policies/wording.yaml").never
    for rule, benefit in library().benefits().items():
        verdict = made.assess(rule, {})
        assert not [word for word in never if word in told.written(verdict, made)], rule
        assert verdict.ask_whom or told.spoken(verdict, made)
        if benefit.payee == "provider":
            assert verdict.verdict == "unknown", rule  # who asks is asked first
            assert "不发给老人" in "".join(verdict.warnings)
            asks = verdict.missing_facts[0]
            refused = made.assess(rule, {asks: False})
            assert refused.verdict == "unlikely", rule
            assert refused.amount is None or refused.amount.as_written not in told.written(refused, made), rule


def test_the_written_form_names_every_reason_with_its_section_and_the_source() -> None:
    made = assessor()
    verdict = made.assess("jinshi/home_beds", BED)
    written = told.written(verdict, made)
    for reason in verdict.reasons:
        assert f"{reason.text}（{reason.section}）" in written
    assert written.endswith("二(一)。")
    assert library().documents()["jinshi"].cited_as in written


@pytest.mark.parametrize(
    ("folder", "words", "rules"),
    [
        ("jinshi", "我妈能装家庭养老床位吗", ["jinshi/home_beds"]),
        ("jinshi", "家里改床", ["jinshi/home_beds"]),
        ("jinshi", "高龄津贴我能领吗", []),
        ("jiangxi", "高龄津贴我能领吗", ["jiangxi/old_age_allowance"]),
        ("lasa", "我妈算哪一类", ["lasa/classes"]),
        ("lasa", "她算不算重点保障群体", ["lasa/classes"]),
        ("lasa", "运营补贴", ["lasa/day_centre_subsidy", "lasa/station_subsidy"]),
        ("lasa", "今天天气好", []),
    ],
)
def test_words_name_the_rules_of_a_place(folder: str, words: str, rules: list[str]) -> None:
    assert find_rules(library(), folder, words) == rules


def test_every_everyday_word_leads_to_rules_that_are_there() -> None:
    known = {*library().benefits(), *library().groups()}
    named = {rule for benefit in benefits().values() for rule in benefit.rules}
    assert named
    assert named - known == set()


def test_an_officer_is_told_what_there_is() -> None:
    officer = Officer(library(), TODAY)
    with pytest.raises(BadEnquiry, match="江西, 津市"):
        officer.answer("天津", "home_beds", {})
    with pytest.raises(BadEnquiry, match=r"several rules; there are: day_centre_subsidy \(.*\), station_subsidy"):
        officer.answer("拉萨", "运营补贴", {})
    with pytest.raises(BadEnquiry, match=r"no rules; there are: aid_rental"):
        officer.answer("津市", "高龄津贴", {})
    with pytest.raises(BadEnquiry, match=r"no fact hats; jinshi/home_beds asks about: age, economic_hardship"):
        officer.answer("津市", "home_beds", {"hats": "1"})
    with pytest.raises(BadEnquiry, match="self_care=满: 能自理, 半失能, 失能"):
        officer.answer("津市", "home_beds", {"self_care": "满"})
    by_key = officer.answer("津市", "home_care_bed", {})
    assert by_key.rule_id == officer.answer("津市", "家庭养老床位改造和上门服务", {}).rule_id == "jinshi/home_beds"


def test_a_group_with_a_dead_member_and_a_rule_of_too_many_facts_are_reported(tmp_path: Path) -> None:
    copied = copy(tmp_path)
    change(tmp_path, "groups/lasa/classes.yaml", "class_key", "class_none")
    asked = [f"asked_{number}" for number in range(16)]
    with (tmp_path / "benefits/facts.yaml").open("a", encoding="utf-8") as file:
        file.writelines(f"{name}: {{kind: yes_no, asks: 有没有第{n}样？}}\n" for n, name in enumerate(asked))
    tests = "".join(f"        - {{fact: {name}, is: true, reason: 有这一样, at: 二}}\n" for name in asked)
    allowance = tmp_path / "benefits/jiangxi/old_age_allowance.yaml"
    one = "    when: {fact: age, at_least: 80, reason: 80周岁以上, at: 二}\n"
    change(tmp_path, "benefits/jiangxi/old_age_allowance.yaml", one, f"    when:\n      all:\n{tests}")
    assert allowance.is_file()
    copied.refresh()
    problems = "\n".join(map(str, check(copied, TODAY)))
    assert "there is no benefit class_none of this place" in problems
    assert "asks about too much at once" in problems


def test_a_changed_rule_counts_without_a_restart(tmp_path: Path) -> None:
    copied = copy(tmp_path)
    known = {"age": 78}
    assert Assessor(copied, TODAY).assess("jiangxi/old_age_allowance", known).verdict == "unlikely"
    change(tmp_path, "benefits/jiangxi/old_age_allowance.yaml", "at_least: 80", "at_least: 78")
    copied.refresh()
    assert Assessor(copied, TODAY).assess("jiangxi/old_age_allowance", known).verdict == "likely"
    change(tmp_path, "benefits/jiangxi/old_age_allowance.yaml", "at_least: 78", "at_least: [")
    copied.refresh()
    assert Assessor(copied, TODAY).assess("jiangxi/old_age_allowance", known).verdict == "likely"
