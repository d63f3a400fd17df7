"""`escalations`: what an operator at a terminal sees, and what must not be rung by mistake."""

from hotline.ports import UnitOfWork
from tests.integration.commands.conftest import ELDER_NUMBER, Installation


def test_the_list_has_the_number_and_who_may_be_told(place: Installation) -> None:
    place.say("我摔倒了起不来")
    [row] = place.run("escalations", "list", "--json").data
    assert (row["number"], row["safe_to_ring"], row["tell_family"]) == (ELDER_NUMBER, None, True)
    shown = place.run("escalations", "list").out
    assert ELDER_NUMBER in shown and row["escalation_id"] in shown


def test_a_number_that_must_not_be_rung_is_not_in_the_table(place: Installation) -> None:
    place.say("儿子打我")
    [row] = place.run("escalations", "list", "--json").data
    assert (row["kind"], row["number"], row["safe_to_ring"], row["tell_family"]) == (
        "violence", ELDER_NUMBER, None, False,
    )  # fmt: skip
    shown = place.run("escalations", "list").out
    assert "（不要回拨）" in shown and ELDER_NUMBER not in shown

    async def safe(uow: UnitOfWork) -> None:
        (await uow.escalations.require(row["escalation_id"])).safe_to_ring = True

    place.stored(safe)
    assert ELDER_NUMBER in place.run("escalations", "list").out


def test_show_has_everything_for_whoever_takes_over(place: Installation) -> None:
    place.say("我摔倒了起不来")
    place.say("在床边")
    raised = place.escalation_id()
    shown = place.run("escalations", "show", raised)
    assert shown.status == 0, shown.err
    for words in ("我摔倒了起不来", "在床边", "where", "小罗", "齐玉兰", "[红] 血压高", "齐勇", "meal"):
        assert words in shown.out, words
    packet = place.run("escalations", "show", raised, "--json").data
    assert packet["escalation"]["known"]["where"] == "在床边"
    assert [turn["number"] for turn in packet["turns"]] == [1, 2]
    assert packet["told"][0]["name"] == "小罗"
    assert packet["elder"]["phone"] == ELDER_NUMBER and packet["contacts"][0]["phone"] == "13800003132"


def test_show_leaves_out_every_number_that_must_not_be_rung(place: Installation) -> None:
    place.say("儿子打我")
    raised = place.escalation_id()
    shown = place.run("escalations", "show", raised).out
    assert "（不要回拨）" in shown and "齐勇" in shown
    assert ELDER_NUMBER not in shown and "13800003132" not in shown
    packet = place.run("escalations", "show", raised, "--json").data
    assert packet["may_ring"] is False and packet["escalation"]["number"] == ELDER_NUMBER


def test_show_of_what_is_not_there_is_one_line(place: Installation) -> None:
    done = place.run("escalations", "show", "esc_none")
    assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)


def test_a_claim_says_where_the_words_are(place: Installation) -> None:
    place.say("我摔倒了起不来")
    raised = place.escalation_id()
    done = place.run("escalations", "claim", raised, "--operator", "小罗")
    assert f"escalations show {raised}" in done.out


def test_what_a_relative_stood_down_is_seen_and_reopened(place: Installation) -> None:
    place.say("我摔倒了起不来")
    raised = place.escalation_id()

    async def stand_down(uow: UnitOfWork) -> None:
        one = await uow.escalations.require(raised)
        [contact] = await uow.contacts.of(str(one.elder_id))
        one.status, one.reached_by, one.reached_at = "stood_down", contact.contact_id, one.raised_at

    place.stored(stand_down)
    assert "stood_down" in place.run("escalations", "list").out
    assert "reached_by: 齐勇" in place.run("escalations", "show", raised).out
    again = place.run("escalations", "reopen", raised, "--json").data
    assert again["status"] == "open" and again["escalation_id"] != raised
    assert place.escalation_id() == again["escalation_id"]


def test_who_claimed_by_command_answers_by_command(place: Installation) -> None:
    place.say("我要找人工", address="44", channel="terminal")
    one = place.escalation_id()
    refused = place.run("escalations", "say", one, "在", "--operator", "小罗")
    assert refused.status == 1
    assert "does not hold the caller" in refused.err
    place.run("escalations", "claim", one, "--operator", "小罗")
    assert place.run("escalations", "say", one, "我在这儿", "--operator", "小罗", "--json").data["said"]
    waiting = place.stored(lambda uow: uow.outbox.waiting())
    assert [message.text for message in waiting][-1] == "我在这儿"
