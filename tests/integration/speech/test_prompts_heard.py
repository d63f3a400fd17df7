"""Every fixed prompt and every kind of number, spoken, over G.711, to the small test model: nothing misread or cut.

It measures whether what is said is what is meant, in toneless syllables. It is no measure of how well people
understand it, and no prompt is worded for it.
"""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.prompts import all_prompts
from voice.audio import from_alaw, silence, to_alaw
from voice.speakable import speakable
from voice.tts.engine import synthesise
from voice.tts.pinyin import reading

logger = logging.getLogger(__name__)

ROOT = Path(__file__).parents[3]
MOST_WRONG = 0.08
SPOKEN = [line.split("\t") for line in (ROOT / "tests/data/speakable.tsv").read_text(encoding="utf-8").splitlines()[1:]]
COUNTING = "零幺一二两三四五六七八九十百千万亿点半分月号日年块毛"


class Listener:
    """The test model, hearing one sentence at a time."""

    def __init__(self) -> None:
        import vosk

        vosk.SetLogLevel(-1)
        self._model = vosk.Model(str(ROOT / "demo" / "speech-model"))
        self._recognizer = vosk.KaldiRecognizer

    def hear(self, pcm: bytes) -> str:
        line = from_alaw(to_alaw(silence(0.25) + pcm + silence(0.4)))
        recognizer, heard = self._recognizer(self._model, 8000), []
        for start in range(0, len(line), 3200):
            if recognizer.AcceptWaveform(line[start : start + 3200]):
                heard.append(json.loads(recognizer.Result())["text"])
        return "".join([*heard, json.loads(recognizer.FinalResult())["text"]]).replace(" ", "")


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    yield Listener()


def _syllables(text: str) -> list[str]:
    return [re.sub(r"\d", "", one) for one in reading(text)]


def _edits(wanted: list[str], heard: list[str]) -> int:
    row = list(range(len(heard) + 1))
    for number, one in enumerate(wanted, start=1):
        last, row[0] = row[0], number
        for place, other in enumerate(heard, start=1):
            last, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, last + (one != other))
    return row[-1]


def test_edits() -> None:
    assert [_edits(list("abc"), list(other)) for other in ("abc", "ac", "xabc", "", "cba")] == [0, 1, 1, 3, 2]


def test_every_fixed_prompt_is_heard_as_it_is_meant(listener: Listener) -> None:
    results = []
    for prompt in all_prompts():
        wanted = _syllables(speakable(prompt.text))
        heard = listener.hear(synthesise(prompt.text))
        results.append((_edits(wanted, _syllables(heard)), len(wanted), prompt.text, heard))
    wrong, of = sum(one[0] for one in results), sum(one[1] for one in results)
    worst = sorted(results, key=lambda one: one[0] / one[1], reverse=True)[:10]
    shown = "\n".join(f"{edits}/{length} {text} | {heard}" for edits, length, text, heard in worst)
    logger.info("%d of %d syllables wrong (%.1f %%); the worst:\n%s", wrong, of, 100 * wrong / of, shown)
    assert wrong <= MOST_WRONG * of, shown
    assert worst[0][0] <= 0.5 * worst[0][1], shown  # a prompt that is mostly something else is misread or cut


def _counted(syllables: list[str]) -> list[str]:
    """What of it belongs to numbers, dates, hours and sums."""
    counting = set(_syllables(" ".join(COUNTING)))
    return [one for one in syllables if one in counting]


@pytest.mark.parametrize(("written", "said"), SPOKEN)
def test_every_number_is_heard_exactly(listener: Listener, written: str, said: str) -> None:
    heard = listener.hear(synthesise(written))
    assert _counted(_syllables(heard)) == _counted(_syllables(said)), heard
