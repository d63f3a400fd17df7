"""`warmline eligibility` as an officer uses it: options, lines on standard input, errors in one line."""

import json

import pytest
from typer.testing import CliRunner, Result

from bootstrap.cli import make_app
from bootstrap.reading import SettingsError

BED = ("--place", "津市", "--benefit", "家庭养老床位")


def run(*words: str, stdin: str = "") -> Result:
    return CliRunner().invoke(make_app(), ["eligibility", *words], input=stdin)


def test_a_verdict_as_json_and_for_people() -> None:
    facts = [word for fact in ("age=八十二", "self_care=瘫痪", "economic_hardship=是") for word in ("--fact", fact)]
    done = run(*BED, *facts, "--on", "2026-11-26", "--json")
    record = json.loads(done.stdout)
    assert (record["verdict"], record["missing_facts"], record["question"]) == ("likely", [], None)
    assert record["amount"] is None
    assert "the document does not give the amount" in record["open"]
    shown = run(*BED, "--fact", "age=82").stdout
    assert "unknown" in shown
    assert "家里经济困难吗？" in shown


def test_each_day_has_its_own_answer() -> None:
    record = json.loads(run(*BED, "--fact", "age=82", "--on", "2020-10-31", "--json").stdout)
    assert (record["verdict"], record["missing_facts"]) == ("unlikely", [])


def test_the_list_names_rules_and_the_values_of_their_facts() -> None:
    rows = {row["benefit"]: row for row in json.loads(run("--place", "津市", "--list", "--json").stdout)}
    assert rows["home_beds"]["facts"]["self_care"] == "能自理, 半失能, 失能, 不知道"
    assert rows["four_visits"]["facts"]["basic_service_client"] == "judged by an official"


def test_lines_are_answered_one_by_one_and_a_bad_one_ends_nothing() -> None:
    lines = [
        json.dumps({"place": "拉萨", "benefit": "四类", "facts": {"lhasa_hukou": True, "destitute": "是"}}),
        json.dumps({"place": "天津", "benefit": "四类"}),
        "{",
        json.dumps(["江西"]),
        json.dumps({"place": "江西", "benefit": "高龄津贴", "facts": {"age": 82}, "on": "2022-07-12"}),
    ]
    answers = [json.loads(line) for line in run("-", "--json", stdin="\n".join(lines)).stdout.splitlines()]
    assert [answer.get("verdict") for answer in answers] == ["likely", None, None, None, "unlikely"]
    assert "there are: 江西" in answers[1]["error"]
    assert all(answer["error"] for answer in answers[1:4])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--place", "津市"), "no benefit names no rules; there are: aid_rental"),
        ((*BED, "--fact", "age"), "write NAME=VALUE"),
        ((*BED, "--fact", "age=很老"), "周岁 as a number"),
        ((*BED, "--fact", "hats=1"), "asks about: age"),
        (("--list",), "there are: 江西"),
    ],
)
def test_what_is_wrong_is_said_with_what_there_is(words: tuple[str, ...], message: str) -> None:
    done = run(*words)
    assert isinstance(done.exception, SettingsError)
    assert message in str(done.exception)
    assert done.stdout == ""
