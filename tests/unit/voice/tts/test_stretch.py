import numpy as np
import pytest

from voice.audio import seconds_of, tone
from voice.tts.engine import synthesise
from voice.tts.stretch import stretched


@pytest.mark.parametrize("pace", [0.6, 0.8, 0.9, 1.2])
def test_length_changes_and_pitch_does_not(pace: float) -> None:
    recording = tone(220, 2)
    slow = stretched(recording, pace)
    assert seconds_of(slow) == pytest.approx(2 / pace, rel=0.02)
    samples = np.frombuffer(slow, dtype="<i2")[800:-800].astype(float)
    strongest = np.fft.rfftfreq(len(samples), 1 / 8000)[np.argmax(np.abs(np.fft.rfft(samples)))]
    assert strongest == pytest.approx(220, abs=3)
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(0.1 * 32767 / np.sqrt(2), rel=0.1)


def test_speech_keeps_its_words_end() -> None:
    said = synthesise("您要办什么事？")
    slow = np.abs(np.frombuffer(stretched(said, 0.7), dtype="<i2").astype(float))
    assert seconds_of(stretched(said, 0.7)) == pytest.approx(seconds_of(said) / 0.7, rel=0.03)
    assert np.max(slow[-4000:]) > 1000  # the last syllable is still there


def test_the_usual_pace_and_short_pieces_stay() -> None:
    assert stretched(tone(220, 1), 1.0) == tone(220, 1)
    assert stretched(tone(220, 0.05), 0.5) == tone(220, 0.05)
    assert stretched(b"", 0.5) == b""
