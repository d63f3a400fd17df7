from language.lookup import Match, WordTable, find

WORDS = WordTable(
    {
        "饭": (("service", "meal"),),
        "送饭": (("service", "meal"),),
        "送饭钱": (("benefit", "meal_subsidy"),),
        "床位": (("service", "bed"), ("benefit", "bed")),
        "津市": (("place", "津市"),),
        "天津市": (("place", ""),),
    }
)


def test_the_longest_word_wins_inside_one_entity() -> None:
    assert find("要送饭", WORDS) == [Match(1, 3, "service", "meal", "送饭")]


def test_two_entities_may_overlap() -> None:
    assert {(m.entity, m.words) for m in find("送饭钱", WORDS)} == {
        ("benefit", "送饭钱"),
        ("service", "送饭"),
    }


def test_one_word_may_name_two_entities() -> None:
    assert [(m.entity, m.key) for m in find("床位", WORDS)] == [("service", "bed"), ("benefit", "bed")]


def test_words_follow_each_other() -> None:
    assert [(m.start, m.end) for m in find("饭饭，饭", WORDS)] == [(0, 1), (1, 2), (3, 4)]


def test_an_empty_key_hides_the_word_inside() -> None:
    assert find("天津市", WORDS) == []
    assert [m.key for m in find("天津市和津市", WORDS)] == ["津市"]


def test_nothing_to_find() -> None:
    assert find("", WORDS) == []
    assert find("别的话", WORDS) == []
    assert find("送饭", {}) == []


def test_a_plain_mapping_will_do() -> None:
    assert [m.key for m in find("送饭", {"送饭": (("service", "meal"),)})] == ["meal"]
