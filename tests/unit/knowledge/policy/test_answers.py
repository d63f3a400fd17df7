"""What is said to a question: only what the document of the place says, with its section."""

from datetime import date
from functools import cache

import pytest

from knowledge.policy.answers import Answers, resolve
from knowledge.policy.loading import library
from knowledge.policy.result import Answer
from knowledge.vocabulary import places

TODAY = date(2026, 11, 26)


@cache
def answers() -> Answers:
    return Answers(library())


def ask(place: str | None, question: str) -> Answer:
    return answers().answer(question, place, TODAY)


def test_the_json_has_exactly_the_promised_keys() -> None:
    told = ask("津市", "康复辅具租赁是怎么回事").as_json()
    assert list(told) == [
        "outcome", "place", "cards", "spoken", "text", "citations", "warnings", "open", "ask_whom",
    ]  # fmt: skip
    assert told["outcome"] == "answered"
    assert told["citations"] == [{"document": "津市", "section": "三(一)"}]


def test_it_speaks_in_one_or_two_sentences_and_one_offer() -> None:
    for card_id in library().cards():
        told = answers().of_card(card_id, "这是什么", TODAY)
        assert told is not None
        assert 1 <= len(told.sentences) <= 3, card_id  # a third one only where money is not for persons
        assert told.offer.count("？") <= 1


def test_every_section_that_is_cited_is_of_the_place_and_named_in_the_source_line() -> None:
    told = ask("拉萨", "智能手环发给哪些人")
    assert {one.document for one in told.citations} == {"拉萨"}
    for one in told.citations:
        assert one.section in told.text.splitlines()[-1]


@pytest.mark.parametrize(
    ("place", "question", "missing"),
    [
        ("津市", "长者食堂一顿收多少钱", "没写要多少钱"),
        ("拉萨", "家庭医生的电话是多少", "没写电话"),
        ("雄安", "养老驿站几点开门", "没写几点开门"),
        ("雄安", "高龄津贴每个月发多少钱", "没写给多少钱"),
        ("江西", "申请适老化改造要带什么材料", "没写要什么材料"),
        ("威海", "托老所还有没有空床", "没写还有没有空位"),
        ("威海", "环翠区养老服务中心的地址", "没写地址"),
        ("雄安", "老年食堂具体位置在哪条路", "没写地址"),
    ],
)
def test_what_the_card_does_not_give_is_said_not_to_be_there(place: str, question: str, missing: str) -> None:
    told = ask(place, question)
    assert told.outcome == "not_in_documents"
    assert missing in told.spoken
    assert len(told.cards) == 1
    assert told.offer == answers().wording.offer_person


@pytest.mark.parametrize("place", ["拉萨", "威海", "津市"])
def test_an_allowance_of_another_place_is_not_filled_in(place: str) -> None:
    told = ask(place, "高龄津贴一个月多少")
    assert (told.outcome, told.cards) == ("not_in_documents", ())
    assert told.spoken.startswith(f"{place}的文件里没写高龄津贴")


def test_a_thing_that_only_another_place_has_is_not_found_by_its_common_words() -> None:
    assert ask("威海", "想租个轮椅").outcome == "not_in_documents"
    assert ask("津市", "老年大学怎么上").outcome == "not_in_documents"
    assert ask("拉萨", "时间银行怎么存").outcome == "not_in_documents"


@pytest.mark.parametrize("question", ["今天天气怎么样", "去北京的高铁几点开", "猪肉多少钱一斤"])
@pytest.mark.parametrize("place", ["拉萨", None])
def test_what_is_no_matter_of_ours_is_in_no_document(question: str, place: str | None) -> None:
    assert ask(place, question).outcome == "not_in_documents"


@pytest.mark.parametrize("question", ["高龄津贴怎么领", "家里能装扶手吗", "时间银行是什么", "有没有人来看独居老人"])
def test_without_a_place_it_asks_even_where_only_one_place_has_it(question: str) -> None:
    told = ask(None, question)
    assert (told.outcome, told.place, told.citations) == ("ask_place", None, ())


def test_two_places_in_a_question_are_asked_for_by_name() -> None:
    told = ask("津市", "拉萨和雄安的适老化改造哪个好")
    assert told.outcome == "ask_place"
    assert "拉萨" in told.spoken
    assert "雄安" in told.spoken


def test_the_words_go_before_the_callers_own_place() -> None:
    assert ask("拉萨", "津市的康复辅具租赁").place == "津市"
    assert ask("津市", "天津的高龄补贴怎么领").outcome == "place_not_covered"
    assert ask("拉萨", "我户口在四川，登记老人算不算我").outcome == "answered"


def test_where_a_relative_lives_or_one_comes_from_is_not_where_one_asks_about() -> None:
    assert ask("津市", "儿子在广东打拼，有人来看留守老人吗").place == "津市"
    assert ask("拉萨", "我老家四川的，登记老人算不算我").place == "拉萨"
    assert ask(None, "我老家四川的，登记老人算不算我").outcome == "ask_place"


def test_a_locality_says_where_one_lives_not_what_is_meant() -> None:
    assert ask("津市", "我住毛里湖镇，想去长者食堂").cards == ("jinshi/canteen",)
    assert ask("津市", "毛里湖康养中心是做什么的").cards[0] == "jinshi/maolihu_centre"


def test_a_second_matter_that_the_best_card_does_not_speak_of_is_offered_as_well() -> None:
    told = ask("江西", "承包老年食堂有扶持吗")
    assert told.outcome == "choose"
    assert {"jiangxi/canteen", "jiangxi/canteen_subsidy"} <= set(told.cards)


def test_money_from_an_age_on_is_the_allowance_whatever_it_is_called() -> None:
    assert ask("江西", "我九十岁了有没有钱发").cards == ("jiangxi/old_age_allowance",)
    assert ask("威海", "我九十岁了有没有钱发").outcome == "not_in_documents"


def test_without_a_place_what_nobody_knows_is_asked_for_but_danger_is_not() -> None:
    assert ask(None, "孵化园怎么样了").outcome == "ask_place"
    assert ask(None, "老人喝农药了").outcome == "handoff"


def test_a_region_without_its_place_decides_nothing() -> None:
    ours = frozenset(places())
    assert resolve("山东的食堂", "威海", ours).place == "威海"
    assert resolve("山东的食堂", "拉萨", ours).place is None
    assert resolve("食堂", "天津", ours).elsewhere == "天津"


def test_the_place_just_asked_for_settles_a_question_that_names_two() -> None:
    question = "拉萨和雄安的时间银行"
    assert answers().answer(question, "雄安", TODAY, settled=True).place == "雄安"
    assert answers().answer(question, "雄安", TODAY).outcome == "ask_place"


def test_money_for_institutions_is_not_for_the_caller() -> None:
    for place, question in [
        ("拉萨", "日间照料中心的运营补贴怎么领"),
        ("津市", "每年两万块给我吗"),
        ("江西", "失能老人两百块发给我吗"),
    ]:
        told = ask(place, question)
        assert told.outcome == "answered", question
        assert any(words in told.spoken for words in answers().wording.not_cash), question


def test_a_date_that_has_passed_is_a_warning_and_a_coming_one_is_none() -> None:
    told = ask("津市", "家庭养老床位改造什么时候完工")
    assert told.warnings[0].startswith("目标日期是2023年6月30日，已经过了")
    before = answers().answer("家庭养老床位改造什么时候完工", "津市", date(2023, 6, 30))
    assert not before.warnings[0].startswith("目标日期")


def test_the_caution_of_the_document_stands_once() -> None:
    told = ask("津市", "康复辅具租赁是怎么回事")
    caution = library().documents()["jinshi"].caution
    assert told.warnings.count(caution) == 1
    assert told.text.count(caution) == 1
    assert caution not in told.spoken


def test_an_illness_is_never_named_whatever_is_asked() -> None:
    private = [card_id for card_id, card in library().cards().items() if card.private]
    assert len(private) == 2
    for card_id in private:
        told = answers().of_card(card_id, "给我详细说说", TODAY)
        assert told is not None
        assert told.outcome == "handoff"
        assert not any(word in told.spoken + told.text for word in ("麻风", "精神病"))
        assert told.citations


def test_the_reposting_websites_number_is_said_nowhere() -> None:
    for question in ("拉萨的客服电话是多少", "市民政局电话", "养老服务打哪个电话"):
        assert "8034" not in str(ask("拉萨", question).as_json())


def test_two_that_are_alike_are_both_named() -> None:
    told = ask("津市", "上门服务的政策")
    assert told.outcome == "choose"
    assert len(told.cards) >= 2
    for name in told.names:
        assert name in told.spoken
    picked = answers().pick("一个月四次的那个", told.cards)
    assert picked == "jinshi/four_visits"


def test_a_question_that_names_nothing_asks_on() -> None:
    assert answers().asks_on("那多少钱啊")
    assert not answers().asks_on("食堂多少钱")
    assert not answers().asks_on("好的")


def test_what_is_surely_ours_is_known_and_small_talk_is_not() -> None:
    assert answers().knows("日间照料中心一年补十万块")
    assert not answers().knows("你好啊")
    assert not answers().knows("今天天气不错")


def test_every_service_word_of_a_card_is_found_in_its_place() -> None:
    """A card is found by its own name: first, or among those that are offered."""
    where = {folder: document.place for folder, document in library().documents().items()}
    missed = [
        card_id
        for card_id, card in library().cards().items()
        if card_id not in ask(where[card_id.partition("/")[0]], card.name).cards
    ]
    assert not missed
