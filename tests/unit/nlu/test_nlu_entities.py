"""What an utterance names, without Rasa."""

from __future__ import annotations

import pytest

from language.lookup import WordTable
from nlu.components.aligned import align
from nlu.components.entities import find_entities, named_terms, read_table, settle

TABLE = read_table(
    {
        "助餐": [["service", "meal"]],
        "家庭病床": [["service", "home_care_bed"], ["benefit", "home_care_bed"]],
        "病床": [["service", "other"]],
        "津市": [["place", "津市"]],
        "天津市": [["place", ""]],
    }
)


def named(text: str) -> set[tuple[str, object]]:
    return {(entity["entity"], entity["value"]) for entity in find_entities(text, TABLE)}


def test_a_word_that_names_two_things_gives_two_entities():
    assert named("申请家庭病床") == {("service", "home_care_bed"), ("benefit", "home_care_bed")}


def test_a_longer_word_hides_a_shorter_one_and_may_name_nothing():
    assert named("我在天津市") == set()
    assert named("我在津市") == {("place", "津市")}


def test_the_place_of_an_entity_is_that_in_the_text_as_given():
    text = "我想 要  助 餐，谢谢"
    (entity,) = [entity for entity in find_entities(text, TABLE) if entity["entity"] == "service"]
    assert text[entity["start"] : entity["end"]] == "助 餐"


def test_the_same_thing_named_twice_is_one_entity():
    assert len([e for e in find_entities("助餐，就是助餐", TABLE) if e["entity"] == "service"]) == 1


def test_times_and_numbers_are_read_by_rule():
    found = dict(named("后天上午十点，我妈八十二岁，电话13912345678"))
    assert found["phone"] == "13912345678"
    assert found["age"] == 82
    assert found["when"].startswith("后天")


def test_words_that_name_nothing_give_nothing():
    assert find_entities("嗯，那个", TABLE) == []


@pytest.mark.parametrize("text", ["", "？？", "　 ", "🙂"])
def test_empty_texts_are_no_error(text):
    assert find_entities(text, TABLE) == []


@pytest.mark.parametrize("text", ["ＡＢ 12 。。我，我", "洗　澡", "㎡ 2", "“助餐”（上门）", "15:30,来", "😀助餐"])
def test_every_character_of_the_normalised_text_has_its_place(text):
    aligned = align(text)
    assert len(aligned.places) == len(aligned.text)
    assert list(aligned.places) == sorted(aligned.places)
    assert all(0 <= place < len(text) for place in aligned.places)


def test_chinese_characters_keep_exactly_their_place():
    text = "“洗 澡”，， 到 ㎡ 老地方"
    aligned = align(text)
    chinese = [(c, text[p]) for c, p in zip(aligned.text, aligned.places, strict=True) if "\u4e00" <= c <= "\u9fff"]
    assert len(chinese) == 6
    assert all(shown == original for shown, original in chinese)


def test_the_classifier_learns_the_key_only_where_it_tells_something():
    entities = [{"entity": "service", "value": "meal"}, {"entity": "phone", "value": "13912345678"}]
    assert named_terms(entities) == ["phone", "service", "service=meal"]


def test_the_table_is_ready_for_lookup():
    assert isinstance(TABLE.written, WordTable)
    assert max(lengths[0] for lengths in TABLE.written.lengths.values()) == 4


SOUNDED = read_table(
    {
        "高龄津贴": [["benefit", "old_age_allowance"]],
        "护理补贴": [["benefit", "nursing_subsidy"]],
        "轮椅补贴": [["benefit", "aid_rental"]],
        "轮椅": [["service", "aid_rental"]],
        "助浴": [["service", "bathing"]],
        "学画画": [["service", "recreation"]],
        "坐轮椅": [["service", ""]],
    }
)


@pytest.mark.parametrize(
    "text, named",
    [
        ("高岭金贴怎么领", {("benefit", "old_age_allowance")}),
        ("我想约祝浴", set()),  # two syllables sound like too much else
        ("户里补贴和高龄津贴", {("benefit", "nursing_subsidy"), ("benefit", "old_age_allowance")}),
        ("轮椅补贴多少", {("benefit", "aid_rental")}),
        ("我爸坐轮椅", set()),
        ("租个轮椅", {("service", "aid_rental")}),
        ("想血画画", {("service", "recreation")}),
        ("割了手血哗哗的", set()),  # no character of it
    ],
)
def test_long_words_are_known_by_their_sound_and_never_against_a_longer_word(text, named):
    found = find_entities(text, SOUNDED)
    assert {(one["entity"], one["value"]) for one in found if one["entity"] in ("service", "benefit")} == named


@pytest.mark.parametrize(
    "intent, text",
    [
        ("report_abuse", "助浴的时候打我"),
        ("chitchat", "昨天有人来助浴"),
        ("stop_current", "助浴不办了"),
        ("volunteer", "我想问高龄津贴"),
    ],
)
def test_what_is_only_mentioned_is_not_wanted(intent, text):
    assert [one for one in settle(find_entities(text, SOUNDED), text, intent) if one["entity"] != "relation"] == []


@pytest.mark.parametrize(
    "intent, kinds",
    [
        ("ask_policy", {"service", "benefit"}),
        ("check_eligibility", {"service", "benefit"}),
        ("book_service", {"service"}),
        ("cancel_booking", {"service"}),
        ("louder", set()),
    ],
)
def test_a_word_of_two_meanings_means_both_in_questions_and_the_service_in_bookings(intent, kinds):
    text = "申请家庭病床"
    assert {one["entity"] for one in settle(find_entities(text, TABLE), text, intent)} == kinds


@pytest.mark.parametrize(
    "text, intent, implied",
    [
        ("我要助餐", "book_service", True),
        ("俺想约助餐", "book_service", True),
        ("我儿子在外地 约助餐", "book_service", False),
        ("约助餐", "book_service", False),
        ("我很满意", "rate_service", False),
    ],
)
def test_who_names_nobody_else_means_himself(text, intent, implied):
    found = [one for one in settle(find_entities(text, TABLE), text, intent) if one["entity"] == "relation"]
    assert [(one["value"], one["implied"]) for one in found] == ([("self", True)] if implied else [])
