"""Every sentence that the chat door may need is there."""

import pytest

from bot.callers import KINDS_OF_MESSAGE
from bot.wording import kind_label, say, section
from hotline.escalation import OPERATOR_REQUEST, PRIVATE_KINDS, Urgency
from knowledge.phrasebook import KINDS


@pytest.mark.parametrize("kind", sorted({*KINDS, *PRIVATE_KINDS, OPERATOR_REQUEST}))
def test_every_kind_has_a_chinese_label(kind: str) -> None:
    label = kind_label(kind)
    assert label
    assert not label.isascii()
    assert kind == "other" or label != kind_label("no such kind")


def test_every_urgency_has_a_word() -> None:
    assert set(section("urgency")) == set(Urgency)


@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS_OF_MESSAGE] + ["edited", "other"])
def test_every_answer_to_what_is_not_text_names_the_way_to_a_person(kind: str) -> None:
    assert "人工" in say(f"not_text.{kind}")


def test_nothing_promises_that_help_is_coming() -> None:
    for text in (say("tell_contact", escalation_id="x"), say("trouble"), say("group"), say("help")):
        assert not any(word in text for word in ("马上就到", "在路上", "赶来", "正在赶"))
