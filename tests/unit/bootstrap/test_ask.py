"""`warmline ask`: one answer, or a stream in which no line makes another one lost."""

import json

import pytest
from typer.testing import CliRunner

from bootstrap.cli import make_app
from bootstrap.reading import SettingsError

RUNNER = CliRunner()


def ask(*arguments: str, given: str | None = None) -> list[dict[str, object]]:
    result = RUNNER.invoke(make_app(), ["ask", *arguments], input=given)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_one_question_as_json() -> None:
    (told,) = ask("--place", "毛里湖", "--json", "康复辅具租赁是怎么回事")
    assert (told["outcome"], told["place"]) == ("answered", "津市")


def test_a_stream_answers_every_line_and_names_the_bad_ones() -> None:
    lines = [
        '{"place": "津市", "text": "康复辅具租赁是怎么回事"}',
        "not JSON",
        "",
        '{"place": "火星", "text": "食堂"}',
        '{"place": null, "text": "高龄津贴怎么领"}',
        '{"place": 3, "text": "食堂"}',
        '{"place": "天津", "text": "高龄津贴怎么领"}',
        '["津市"]',
    ]
    told = ask("-", "--json", given="\n".join(lines))
    assert [one.get("outcome") or one["line"] for one in told] == [
        "answered", 2, 4, "ask_place", 6, "place_not_covered", 8,
    ]  # fmt: skip
    assert all(one["error"] for one in told if "line" in one)


def test_an_unknown_place_is_a_clear_error() -> None:
    result = RUNNER.invoke(make_app(), ["ask", "--place", "火星", "食堂"])
    assert isinstance(result.exception, SettingsError)
    assert "拉萨" in str(result.exception)


@pytest.mark.parametrize("extra", [[], ["--json"]])
def test_for_people_and_for_programs(extra: list[str]) -> None:
    result = RUNNER.invoke(make_app(), ["ask", "--place", "拉萨", *extra, "高龄津贴多少钱"])
    assert "拉萨的文件里没写高龄津贴" in result.stdout
