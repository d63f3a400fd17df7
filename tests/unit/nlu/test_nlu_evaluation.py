"""The figures over a labelled file."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.evaluation import BadFile, Figures, Labelled, Understood, averaged, interval, read_labelled

HEADER = "text\tintent\tentities\tremark\n"


def heard(intent: str, *ranking: str, tier: str | None = None, person: bool = False, **entities: str) -> Understood:
    found = {name: frozenset(value.split()) for name, value in entities.items()}
    return Understood(intent, ranking or (intent,), found, tier, person, 5.0)


def figures(*pairs: tuple[Labelled, Understood]) -> dict:
    counted = Figures()
    for said, understood in pairs:
        counted.add(said, understood)
    return counted.all()


def said(intent: str, **entities: str) -> Labelled:
    return Labelled("", intent, {name: frozenset(value.split()) for name, value in entities.items()})


def test_the_screen_and_the_wish_for_a_person_go_before_the_model():
    assert heard("greet", tier="certain", person=True).decided == "report_emergency"
    assert heard("greet", person=True).decided == "request_operator"
    assert heard("greet", tier="possible").decided == "greet"


def test_what_is_not_understood_is_wrong_but_caught():
    made = figures(
        (said("greet"), heard("nlu_fallback", "thanks", "greet")), (said("greet"), heard("thanks", "thanks"))
    )
    assert made["accuracy"] == 0
    assert (made["fallback_rate"], made["wrong_not_caught_rate"], made["top2"]) == (0.5, 0.5, 0.5)


def test_emergencies_are_heard_by_the_screen_or_the_model_and_abuse_is_in_no_rate():
    made = figures(
        (said("report_emergency"), heard("report_emergency")),
        (said("report_emergency"), heard("inform", tier="possible")),
        (said("report_emergency"), heard("inform", tier="certain")),
        (said("report_emergency"), heard("inform")),
        (said("report_abuse"), heard("report_abuse", tier="certain")),
        (said("greet"), heard("greet", tier="possible")),
        (said("thanks"), heard("thanks")),
    )
    assert (made["emergency_recall"], made["emergency_recall_certain"]) == (0.75, 0.25)
    assert (made["emergency_false_alarm_rate"], made["emergency_question_rate"]) == (0, 0.5)


def test_entities_are_scored_over_all_their_keys():
    made = figures(
        (said("a", service="meal bathing"), heard("a", service="meal")), (said("a"), heard("a", service="meal"))
    )
    assert made["service_f1"] == pytest.approx(2 * 1 / (2 + 2))
    assert made["benefit_f1"] is None


def test_macro_f1_weighs_every_intent_alike():
    made = figures(*[(said("a"), heard("a"))] * 3, (said("b"), heard("a")))
    assert made["macro_f1"] == pytest.approx((6 / 7 + 0) / 2)
    assert made["per_intent"]["b"] == {"sentences": 1, "precision": 0, "recall": 0, "f1": 0}


def test_a_mean_of_runs_keeps_each_accuracy():
    runs = [figures((said("a"), heard("a"))), figures((said("a"), heard("b")))]
    assert (averaged(runs)["accuracy"], averaged(runs)["runs"]) == (0.5, [1, 0])
    assert averaged(runs)["per_intent"]["a"]["recall"] == 0.5


def test_the_interval_holds_the_share_and_narrows_with_more_sentences():
    low, high = interval(0.9, 100)
    assert low < 0.9 < high
    assert interval(0.9, 1000)[1] - interval(0.9, 1000)[0] < high - low


def test_a_file_is_read_with_quotes_of_a_spreadsheet_and_unknown_columns(tmp_path: Path):
    file = tmp_path / "a.tsv"
    quoted = '约洗澡\tbook_service\t"{""service"": [""bathing"", ""meal""], ""age"": 80}"\tx\n'
    file.write_text("\ufeff" + HEADER + quoted + "好\taffirm\t{}\t\n\n", encoding="utf-8")
    first, second = read_labelled(file)
    assert first.entities == {"service": {"bathing", "meal"}, "age": {"80"}}
    assert (second.text, second.intent, second.entities) == ("好", "affirm", {})


def test_a_file_without_entities_scores_none(tmp_path: Path):
    file = tmp_path / "a.tsv"
    file.write_text("intent\ttext\naffirm\t好\n", encoding="utf-8")
    (row,) = read_labelled(file)
    assert row.entities is None
    assert figures((row, heard("affirm", service="meal")))["service_f1"] is None


@pytest.mark.parametrize("content", ["text\tlabel\n好\ta\n", HEADER + "好\t\t{}\t\n", HEADER + "好\taffirm\t[1\t\n"])
def test_a_bad_file_is_refused_with_a_reason(tmp_path: Path, content: str):
    file = tmp_path / "a.tsv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(BadFile, match=r"a\.tsv"):
        read_labelled(file)
