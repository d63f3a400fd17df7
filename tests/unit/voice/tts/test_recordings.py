import ast
from pathlib import Path

import pytest

from bootstrap.prompts import all_prompts
from knowledge.phrasebook import KINDS
from knowledge.safety import common, guidance
from knowledge.wording import say
from voice.audio import seconds_of
from voice.speakable import sentences, speakable
from voice.tts.cache import sentence_key
from voice.tts.prompts import Prompt
from voice.tts.recordings import outdated, record, shipped

VOICE = Path(__file__).parents[4] / "voice"


def test_every_shipped_recording_says_the_present_wording() -> None:
    """If it fails: `warmline prompts record`, and commit voice/recordings."""
    assert outdated(all_prompts()) == []


def test_what_must_never_fail_is_shipped() -> None:
    sounds = shipped()
    texts = [guidance(kind).first for kind in KINDS] + [text for text in common().values() if "{" not in text]
    texts += [text.format(number=number) for text in common().values() for number in ("120", "119", "110")]
    for sentence in (one for text in texts for one in sentences(text)):
        syllables = sum(char.isalpha() for char in speakable(sentence))
        assert 0.12 * syllables < seconds_of(sounds[sentence_key(sentence)]) < 0.6 * syllables + 1, sentence


def _keys_played() -> set[str]:
    """Keys that the code plays as recordings, written out in it."""
    calls = (
        node
        for path in VOICE.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("recorded", "play", "fill", "trouble")
    )
    literal = [argument.value for call in calls for argument in call.args[:1] if isinstance(argument, ast.Constant)]
    return {key for key in literal if isinstance(key, str)}


def test_every_recording_that_the_line_plays_is_shipped() -> None:
    sounds, keys = shipped(), _keys_played()
    missing = [key for key in sorted(keys) if any(sentence_key(one) not in sounds for one in sentences(say(key)))]
    assert missing == [] and "speech_failed" in keys


PROMPTS = [
    Prompt("wording.a", "您好。", True),
    Prompt("guidance.b", "好。", False),
    Prompt("wording.c", "再见。", True),
]


def test_only_what_changed_is_made_anew(tmp_path: Path) -> None:
    made = record(PROMPTS, lambda text: bytes(1600), tmp_path)
    assert made == ["wording.a", "wording.c"] and outdated(PROMPTS, tmp_path) == []
    changed = [Prompt("wording.a", "您好呀。", True)]
    assert outdated(changed, tmp_path) == ["wording.a", "wording.c"]
    assert record(changed, lambda text: bytes(3200), tmp_path) == ["wording.a"]
    assert [path.name for path in tmp_path.glob("*.al")] == ["wording.a.al"]
    assert len(shipped(tmp_path)[sentence_key("您好呀。")]) == 3200


@pytest.mark.parametrize("harm", ["delete", "change"])
def test_a_file_that_is_gone_or_another_one_is_found(tmp_path: Path, harm: str) -> None:
    record(PROMPTS, lambda text: bytes(1600), tmp_path)
    path = tmp_path / "wording.a.al"
    path.unlink() if harm == "delete" else path.write_bytes(b"x")
    assert outdated(PROMPTS, tmp_path) == ["wording.a"]
