"""`warmline nlu screen`: one JSON object a line, and figures that count what they say."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bootstrap.cli import make_app
from bootstrap.reading import SettingsError
from knowledge.screening import ScreenHit
from knowledge.suspicion import DANGER
from nlu.screen_evaluation import Row, Screened, figures, read_rows, screened

runner = CliRunner()


def run(*words: str, said: str | None = None) -> str:
    result = runner.invoke(make_app(), ["nlu", "screen", *words], input=said)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_json_object_a_line() -> None:
    lines = run("-", said="我爸叫不醒，快来人\n今天天气真好\n\n转人工\n").splitlines()
    found = [json.loads(line) for line in lines]
    assert [(one["tier"], one["kind"]) for one in found[:2]] == [("certain", "unconscious"), (None, None)]
    assert found[2]["tier"] is None
    assert found[3]["wants_person"]


def test_a_single_text_is_shown_to_people() -> None:
    assert run("着火了").startswith("certain fire")
    assert run("你好").strip() == "nothing"


def test_without_a_text_it_says_what_is_wanted() -> None:
    assert runner.invoke(make_app(), ["nlu", "screen"]).exit_code == 2


@pytest.fixture
def small(tmp_path: Path) -> Path:
    file = tmp_path / "some.tsv"
    rows = ["text\ttier\tkind\tsort", "我妈叫不醒\tcertain\tunconscious\temergency", "救命\tcertain\tfire\temergency"]
    rows += ["楼道着火了，快来人\tnone\tnone\thard", "你好\tnone\tnone\tordinary"]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


def test_evaluation_counts_what_it_says(small: Path) -> None:
    found = json.loads(run("--evaluate", str(small), "--json", "--rows"))
    assert found["emergencies"] == 2
    assert found["emergency_recall"] == 1
    assert found["kind_right"] == 0.5
    assert found["harmless"]["hard"] == {"sentences": 1, "false_alarm_rate": 1.0, "question_rate": 0.0}
    assert found["harmless"]["ordinary"]["false_alarm_rate"] == 0
    assert [row["text"] for row in found["rows"]] == ["楼道着火了，快来人"]


def test_each_seed_mishears_each_sentence_anew(small: Path) -> None:
    results = screened(read_rows(small), noise=0.5, seeds=(0, 1, 2))
    assert len(results) == 12
    assert len({one.text for one in results if one.row.text == "楼道着火了，快来人"}) == 3


def test_a_missed_emergency_lowers_recall() -> None:
    row = Row("救我", "certain", "other", "emergency")
    missed = Screened(row, row.text, ScreenHit(), 0.001)
    assert missed.wrong
    assert figures([missed])["emergency_recall"] == 0
    assert figures([missed])["p50_ms"] == 1


def test_learning_tells_danger_from_talk_and_one_danger_from_another(tmp_path: Path) -> None:
    from nlu.screen_training import learn, sentences

    file, danger, kinds = (tmp_path / name for name in ("learn.tsv", "danger.json", "kinds.json"))
    rows = [f"着火了{word}\tcertain\tfire" for word in "快来救人啊"]
    rows += [f"噎住了{word}\tcertain\tchoking" for word in "快来救人啊"]
    rows += [f"订餐{word}\tnone\tnone" for word in "谢谢你好啊"]
    file.write_text("text\ttier\tkind\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert learn(sentences(file), danger, kinds) > 0
    weights = json.loads(danger.read_text(encoding="utf-8"))["weights"]
    assert weights["着火"] > 0 > weights["订餐"]
    of_kind = json.loads(kinds.read_text(encoding="utf-8"))["weights"]["着火"]
    assert of_kind["fire"] > 0 > of_kind["choking"]


@pytest.mark.parametrize(
    ("content", "says"),
    [("words\n你好\n", "lacks kind, text, tier"), ("text\ttier\tkind\n你好\tnone\tnone\n", "both are needed")],
)
def test_nothing_is_learnt_from_a_file_that_cannot_teach(tmp_path: Path, content: str, says: str) -> None:
    before = DANGER.read_bytes()
    file = tmp_path / "file.tsv"
    file.write_text(content)
    done = runner.invoke(make_app(), ["nlu", "learn-screen", str(file)])
    assert isinstance(done.exception, SettingsError) and says in str(done.exception)
    assert DANGER.read_bytes() == before
