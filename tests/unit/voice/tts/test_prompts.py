import re

from bootstrap.prompts import all_prompts, dialogue_texts
from knowledge.phrasebook import KINDS
from knowledge.safety import guidance
from voice.speakable import sentences, speakable
from voice.tts.prompts import fixed_prompts


def _texts() -> dict[str, str]:
    return {prompt.prompt_id: prompt.text for prompt in all_prompts()}


def test_each_prompt_is_one_fixed_sentence_once() -> None:
    prompts = all_prompts()
    assert len(prompts) > 250
    for prompt in prompts:
        assert "{" not in prompt.text and speakable(prompt.text), prompt.prompt_id
        assert re.fullmatch(r"[\w.]+", prompt.prompt_id, re.ASCII), prompt.prompt_id  # it names a file
    assert len({prompt.prompt_id for prompt in prompts}) == len(prompts)
    assert len({speakable(prompt.text) for prompt in prompts}) == len(prompts)


def test_essential_ones_come_first_and_every_emergency_has_its_first_words() -> None:
    flags = [prompt.essential for prompt in all_prompts()]
    assert flags == sorted(flags, reverse=True) and True in flags and False in flags
    essential = {prompt.text for prompt in all_prompts() if prompt.essential}
    assert {"您好，这里是暖线。", "我正在叫值班人员。", "您现在有危险吗？"} <= essential
    for kind in KINDS:
        assert {speakable(one) for one in sentences(guidance(kind).first)} <= {speakable(one) for one in essential}


def test_texts_with_facts_give_their_fixed_sentences_only() -> None:
    texts = _texts()
    assert texts["wording.person_nobody_ready.1"] == "现在值班人员都在忙。"
    assert "wording.person_nobody_ready.2" not in texts
    assert texts["common.second_phone.119"] == "有别的电话，或者邻居在，请现在就打119，全国都通。"


def test_what_only_chat_writes_is_left_out() -> None:
    assert not [key for key in _texts() if "_chat" in key or "goodbye_stop" in key]


def test_responses_of_the_dialogue_are_among_them() -> None:
    assert dict(dialogue_texts())["dialogue.utter_ask_who"] == "老人叫什么名字？"
    added = [prompt.text for prompt in fixed_prompts([("dialogue.x", "这句是新的，先说一遍。给{who}约。")])]
    assert "这句是新的，先说一遍。" in added and not [text for text in added if "{" in text]
