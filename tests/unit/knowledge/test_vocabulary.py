from datetime import time
from pathlib import Path

import pytest

from knowledge import vocabulary, yaml_files
from knowledge.yaml_files import KnowledgeError, load
from language.lookup import find
from language.time_vocabulary import PART_WORDS

SERVICES = """meal bathing cleaning medical_escort mobility urgent_help shopping bill_payment rehabilitation
home_medical family_doctor counselling day_care home_care_bed home_adaptation aid_rental assessment wish
health_consult recreation""".split()
BENEFITS = """old_age_allowance care_service_subsidy nursing_subsidy meal_subsidy placement_subsidy
home_adaptation home_care_bed smart_device welfare_check family_doctor purchased_home_service care_class
assessment_subsidy training_subsidy ltc_insurance aid_rental""".split()


def meanings(text: str) -> set[tuple[str, str]]:
    return {(match.entity, match.key) for match in find(text, vocabulary.lookup_words())}


def test_exactly_the_keys_of_the_issue() -> None:
    assert list(vocabulary.services()) == SERVICES
    assert list(vocabulary.benefits()) == BENEFITS
    assert set(vocabulary.relations()) == {
        "self",
        "mother",
        "father",
        "spouse",
        "grandparent",
        "neighbour",
        "other",
    }
    assert set(vocabulary.places()) == {"拉萨", "雄安", "威海", "江西", "津市"}


def test_every_entry_has_words_enough() -> None:
    entries = [
        *vocabulary.services().items(),
        *vocabulary.benefits().items(),
        *vocabulary.relations().items(),
    ]
    assert [key for key, entry in entries if len(entry.words) < 10] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("想给俺娘擦擦身子", {("service", "bathing"), ("relation", "mother")}),
        ("灯泡坏了", {("service", "urgent_help")}),
        ("陪老伴去趟医院看病", {("relation", "spouse")}),
        ("适老化改造怎么弄", {("service", "home_adaptation"), ("benefit", "home_adaptation")}),
        ("想签约家庭医生", {("service", "family_doctor"), ("benefit", "family_doctor")}),
        ("家庭养老床位", {("service", "home_care_bed"), ("benefit", "home_care_bed")}),
        ("隔壁大爷的高龄津贴", {("relation", "neighbour"), ("benefit", "old_age_allowance")}),
        ("我住文登", {("place", "威海")}),
        ("九江这边", {("place", "江西")}),
        ("容东片区", {("place", "雄安")}),
        ("堆龙那边", {("place", "拉萨")}),
        ("津市毛里湖", {("place", "津市")}),
        ("津市市", {("place", "津市")}),
        ("王奶奶", set()),
        ("儿媳妇", set()),
    ],
)
def test_everyday_sentences(text: str, expected: set[tuple[str, str]]) -> None:
    assert meanings(text) == expected


@pytest.mark.parametrize(
    "text",
    ["天津市", "我在天津", "天津市区", "平安新村", "浙江西部", "英雄县", "兰州城关区", "庐山路", "西湖区"],
)
def test_a_place_is_not_guessed(text: str) -> None:
    assert {meaning for meaning in meanings(text) if meaning[0] == "place"} == set()


@pytest.mark.parametrize("entity", ["service", "benefit", "relation", "place"])
def test_every_word_alone_leads_to_its_own_key(entity: str) -> None:
    for word, pairs in vocabulary.lookup_words().items():
        wanted = {key for name, key in pairs if name == entity and key}
        if wanted:
            assert {key for name, key in meanings(word) if name == entity} == wanted, word


def test_a_word_with_two_keys_of_one_entity_is_refused() -> None:
    with pytest.raises(KnowledgeError, match="洗头 names two of service: bathing and cleaning"):
        vocabulary.word_table({("service", "bathing"): ("洗头",), ("service", "cleaning"): ("洗头",)})


def test_a_word_may_name_a_service_and_a_benefit() -> None:
    table = vocabulary.word_table({("service", "a"): ("床",), ("benefit", "b"): ("床",)})
    assert table["床"] == (("service", "a"), ("benefit", "b"))


def test_time_conventions_are_those_agreed() -> None:
    conventions = vocabulary.time_conventions()
    assert (conventions.service_start, conventions.service_end) == (time(8), time(18))
    assert conventions.week_begins == 0
    assert set(conventions.parts) == set(PART_WORDS.values())
    stretches = {key: (part.start, part.end) for key, part in conventions.parts.items()}
    assert stretches == {
        "early": (time(6), time(9)),
        "morning": (time(8), time(12)),
        "noon": (time(11), time(13)),
        "afternoon": (time(13), time(18)),
        "dusk": (time(17), time(19, 30)),
        "evening": (time(18), time(21)),
    }


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty knowledge folder; nothing read from it is remembered."""
    monkeypatch.setattr(yaml_files, "FOLDER", tmp_path)
    readers = (load, vocabulary.services, vocabulary._times, vocabulary.time_conventions)
    for reader in readers:
        monkeypatch.setattr(vocabulary, reader.__name__, reader.__wrapped__)
    return tmp_path


def test_a_missing_file_is_named(folder: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"knowledge/nowhere\.yaml is missing"):
        load("nowhere.yaml")


@pytest.mark.parametrize(
    ("name", "contents", "why"),
    [("broken.yaml", "a: [1", "cannot be read"), ("twice.yaml", "a: 1\na: 2", "given twice: a")],
)
def test_an_unreadable_file_is_named(folder: Path, name: str, contents: str, why: str) -> None:
    (folder / name).write_text(contents, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=f"(?s){name}.*{why}"):
        load(name)


@pytest.mark.parametrize(
    "entry",
    [
        "{label: 助浴, words: [洗澡], visit_minutes: 0, at_home: true}",
        "{label: 助浴, words: [], visit_minutes: 60, at_home: true}",
        "{label: 助浴, words: [洗 澡], visit_minutes: 60, at_home: true}",
        "{label: 助浴, words: [洗澡], visit_minutes: 60}",
        "{label: 助浴, words: [洗澡], visit_minutes: 60, at_home: true, price: 5}",
    ],
)
def test_a_wrong_entry_is_refused_with_the_file_named(folder: Path, entry: str) -> None:
    (folder / "services.yaml").write_text(f"bathing: {entry}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"knowledge/services\.yaml: .*"):
        vocabulary.services()


def test_a_missing_part_of_the_day_is_refused(folder: Path) -> None:
    empty = "parts: {}\nmonth_parts: {}\nfestivals: {}\nquestions: {}\n"
    times = 'service_hours: {start: "08:00", end: "18:00"}\nweek_begins: 0\n' + empty
    (folder / "times.yaml").write_text(times, encoding="utf-8")
    with pytest.raises(KnowledgeError, match="parts lacks afternoon"):
        vocabulary.time_conventions()
