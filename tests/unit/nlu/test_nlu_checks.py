"""Faults of training data; and that ours has none."""

from __future__ import annotations

from bootstrap.commands.nlu_check import TESTS, checked
from language.lookup import WordTable
from nlu.checks import check, skeleton
from nlu.generator import Example

TABLE = WordTable({"洗澡": (("service", "bathing"),), "送饭": (("service", "meal"),)})


def examples(*pairs: tuple[str, str]) -> list[Example]:
    return [Example(text, intent, "hand", text) for text, intent in pairs]


def test_sentences_that_differ_in_words_to_fill_in_or_in_fillers_count_once():
    assert skeleton("嗯，约三次洗澡吧", TABLE) == skeleton("约两次送饭", TABLE)
    assert skeleton("约洗澡", TABLE) != skeleton("不约洗澡", TABLE)
    report = check(examples(("约洗澡", "book_service"), ("约送饭啊", "book_service")), TABLE, {})
    assert (report.sentences, report.distinct) == (2, 1)


def test_the_same_words_under_two_intents_clash():
    report = check(examples(("好的", "affirm"), ("好，的", "thanks")), TABLE, {})
    assert report.clashes == [("好，的", "affirm", "thanks")]


def test_a_test_sentence_that_is_trained_on_is_a_leak_also_when_it_was_changed_a_little():
    trained = examples(("我想给我妈约一个上门洗澡的服务", "book_service"))
    apart = {"t.tsv": ["我想给我妈约一个上门洗澡的服务啊", "想问问食堂在哪里"]}
    assert check(trained, TABLE, apart).leaks == [("我想给我妈约一个上门洗澡的服务啊", "t.tsv")]


def test_too_few_situations_are_a_fault():
    assert any("situations" in fault for fault in check(examples(("等等", "wait")), TABLE, {}).faults)


def test_our_training_data_has_no_fault_and_enough_sentences():
    report = checked(sorted(TESTS.glob("nlu_*.tsv")))
    assert report["faults"] == []
    assert report["distinct"] >= 12_000
