import json
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from bootstrap.cli import make_app
from bootstrap.time_evaluation import TimeExample, evaluate, judge, read_examples
from knowledge.vocabulary import time_conventions
from language.times import TimeReading, read_time

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=ZONE)
DATA = Path(__file__).parents[2] / "data"
FRAMES = (
    "我想{}洗个澡",
    "老伴说{}来",
    "俺{}有空",
    "麻烦你们{}过来一趟",
    "嗯，{}吧",
    "您好我叫王秀英，住三号楼，想约{}",
)


def run(*arguments: str, said: str | None = None) -> list[dict[str, str]]:
    result = CliRunner().invoke(make_app(), ["when", *arguments], input=said)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_text_is_read_into_one_json_object() -> None:
    assert run("每周二上午九点", "--now", NOW.isoformat(), "--json") == [
        {
            "text": "每周二上午九点",
            "kind": "recurring",
            "start": "2026-11-24T09:00:00+08:00",
            "end": None,
            "rule": "FREQ=WEEKLY;BYDAY=TU",
            "question": None,
            "words": "每周二上午九点",
        }
    ]


def test_a_question_is_spoken_mandarin_with_the_callers_words() -> None:
    (reading,) = run("俺想三月十八来", "--now", NOW.isoformat(), "--json")
    assert (reading["kind"], reading["start"]) == ("ambiguous", None)
    assert reading["question"] == "您说的三月十八，是农历还是阳历？"


def test_lines_bring_their_own_present_or_take_the_given_one() -> None:
    lines = '明天\n{"text": "明天", "now": "2027-01-25T14:30:00+08:00"}\n\n{"text": "明天"}\n{只是话\n'
    read = run("-", "--now", NOW.isoformat(), said=lines)
    starts = [one["start"] and one["start"][:10] for one in read]
    assert starts == ["2026-11-19", "2027-01-26", "2026-11-19", None]


def test_a_present_without_offset_is_local_and_another_zone_is_translated() -> None:
    for now in ("2026-11-18T10:00:00", "2026-11-18T02:00:00+00:00"):
        assert run("明天上午九点", "--now", now, "--json")[0]["start"] == "2026-11-19T09:00:00+08:00"


@pytest.mark.parametrize("arguments", [["明天", "--now", "现在"], []])
def test_wrong_use_is_refused(arguments: list[str]) -> None:
    assert CliRunner().invoke(make_app(), ["when", *arguments]).exit_code == 2


def test_a_file_is_measured() -> None:
    (score,) = run("--evaluate", str(DATA / "when_dev.tsv"), "--json")
    assert score["expressions"] > 150
    assert score["silently_wrong"] == 0


@pytest.mark.parametrize(
    ("kind", "start", "reading", "verdict"),
    [
        ("exact", NOW, TimeReading("exact", NOW), "right"),
        ("exact", NOW, TimeReading("exact", NOW + timedelta(days=1)), "silently_wrong"),
        ("exact", NOW, TimeReading("ambiguous", question="which_day"), "asked"),
        ("exact", NOW, TimeReading("past"), "silently_wrong"),
        ("exact", NOW, TimeReading("not_a_time"), "missed"),
        ("ambiguous", None, TimeReading("exact", NOW), "silently_wrong"),
        ("ambiguous", None, TimeReading("ambiguous", question="which_day"), "right"),
        ("not_a_time", None, TimeReading("range", NOW, NOW), "silently_wrong"),
        ("past", None, TimeReading("past", NOW), "right"),
        ("recurring", None, TimeReading("recurring", NOW, rule="FREQ=DAILY"), "silently_wrong"),
    ],
)
def test_the_judge_forgives_a_question_and_nothing_else(
    kind: str, start: datetime | None, reading: TimeReading, verdict: str
) -> None:
    assert judge(TimeExample("x", NOW, kind, start), reading) == verdict


@pytest.mark.parametrize("name", ["when_dev.tsv", "when_test.tsv"])
def test_the_goal_is_reached(name: str) -> None:
    score = evaluate(read_examples(DATA / name), time_conventions())
    assert score.silently_wrong == 0
    assert score.right_or_asked >= 0.97


@pytest.mark.parametrize("frame", FRAMES)
def test_words_around_a_time_change_nothing_silently(frame: str) -> None:
    examples = [one for one in read_examples(DATA / "when_dev.tsv") if one.kind not in ("not_a_time", "past")]
    readings = [(one, read_time(frame.format(one.text), one.now, time_conventions())) for one in examples]
    assert [one.text for one, reading in readings if judge(one, reading) == "silently_wrong"] == []


def test_every_example_stands_once() -> None:
    files = [{(one.text, one.now) for one in read_examples(DATA / name)} for name in ("when_dev.tsv", "when_test.tsv")]
    assert not files[0] & files[1]
    assert len(files[1]) >= 400
