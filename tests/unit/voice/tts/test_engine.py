from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from voice.audio import seconds_of
from voice.tts.engine import LONGEST, SynthesisFailed, synthesise
from voice.tts.polish import LEAD_SECONDS, LOUDEST, LOUDNESS, TAIL_SECONDS

SENTENCE = "您要办什么事？"


def _samples(pcm: bytes) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.frombuffer(pcm, dtype="<i2").astype(np.float64) / 32768


def test_a_sentence_has_the_length_of_its_words() -> None:
    assert 1.0 < seconds_of(synthesise(SENTENCE)) < 4.0


def test_rate_changes_the_length() -> None:
    slow, quick = synthesise(SENTENCE, 100), synthesise(SENTENCE, 200)
    assert len(slow) > 1.5 * len(quick)


def test_no_sentence_is_silent_cut_or_has_another_ones_rate_or_voice() -> None:
    """pyttsx3 loses sentences and rates when its queue and espeak's thread overtake one another."""
    lengths: dict[tuple[str, int], list[float]] = {}
    for turn in range(60):
        text, rate = ("打幺二零。", "八点到晚上六点。", SENTENCE)[turn % 3], (100, 150, 220, 300)[turn % 4]
        voice = ("cmn-latn-pinyin", "cmn-latn-pinyin+f3")[turn % 2]
        lengths.setdefault((text, rate), []).append(seconds_of(synthesise(text, rate, voice)))
    for (_, rate), some in lengths.items():
        assert max(some) - min(some) < 0.15, rate


def test_callers_of_several_threads_each_get_their_own_sentence() -> None:
    wanted = ["好。", "您要办什么事，请您慢慢说，我听着。"] * 10
    with ThreadPoolExecutor(8) as threads:
        lengths = [seconds_of(pcm) for pcm in threads.map(synthesise, wanted)]
    assert all(length < 1.2 for length in lengths[::2]) and all(length > 3 for length in lengths[1::2])


def _pitch(pcm: bytes) -> float:
    """Middle fundamental frequency in hertz of the voiced parts."""
    samples, found = _samples(pcm), []
    for start in range(0, len(samples) - 640, 320):
        piece = samples[start : start + 640]
        same = np.correlate(piece, piece, "full")[639:]
        lag = int(np.argmax(same[25:130])) + 25
        if same[lag] > 0.5 * same[0] > 0:
            found.append(8000 / lag)
    return float(np.median(found))


def test_voices_and_pitch_differ() -> None:
    usual = _pitch(synthesise(SENTENCE))
    assert _pitch(synthesise(SENTENCE, pitch=95)) > 1.15 * usual > 1.3 * _pitch(synthesise(SENTENCE, pitch=5))
    assert _pitch(synthesise(SENTENCE, voice="cmn-latn-pinyin+f3")) > 1.15 * usual


def test_sound_is_level_and_trimmed() -> None:
    for text in (SENTENCE, "打幺二零。", "好。"):
        samples = _samples(synthesise(text))
        peak = np.max(np.abs(samples))
        spoken = samples[np.abs(samples) > peak * 0.05]
        assert peak <= LOUDEST + 0.001
        assert np.sqrt(np.mean(spoken**2)) == pytest.approx(LOUDNESS, rel=0.02) or peak == pytest.approx(LOUDEST, 0.01)
        loud = np.flatnonzero(np.abs(samples) > peak * 0.02)
        assert loud[0] <= (LEAD_SECONDS + 0.05) * 8000
        assert TAIL_SECONDS * 8000 - 10 <= len(samples) - loud[-1] <= (TAIL_SECONDS + 0.15) * 8000


@pytest.mark.parametrize("text", ["", "。", "👍", "https://example.com"])
def test_nothing_to_say_is_an_error(text: str) -> None:
    with pytest.raises(SynthesisFailed):
        synthesise(text)


def test_an_unknown_voice_is_an_error_and_the_next_sentence_is_said() -> None:
    with pytest.raises(SynthesisFailed):
        synthesise(SENTENCE, voice="nobody")
    assert synthesise(SENTENCE)


def test_a_text_as_long_as_may_be_is_said_to_its_end() -> None:
    assert seconds_of(synthesise("好" * LONGEST, 300)) > 50


def test_nothing_is_printed_and_no_file_stays(capfd: pytest.CaptureFixture[str]) -> None:
    synthesise(SENTENCE)
    assert capfd.readouterr().out == ""
