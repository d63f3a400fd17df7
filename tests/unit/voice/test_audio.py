import io
import wave
from array import array

import pytest

from voice import audio


def samples(pcm):
    return array("h", pcm).tolist()


@pytest.mark.parametrize(
    ("encode", "decode", "loud"),
    [(audio.to_alaw, audio.from_alaw, 0xAA), (audio.to_ulaw, audio.from_ulaw, 0x80)],
)
def test_g711_keeps_the_sign_and_the_size(encode, decode, loud):
    """The loudest positive sample has the code that G.711's tables give it: aiortp's A-law has the opposite sign."""
    assert encode(array("h", [32767]).tobytes()) == bytes([loud])
    wanted = samples(audio.tone(440, 0.1, 0.5))
    back = samples(decode(encode(array("h", wanted).tobytes())))
    assert all(abs(a - b) <= max(40, abs(a) // 16) for a, b in zip(wanted, back, strict=True))


def test_louder_raises_what_is_quiet_and_never_clips():
    quiet, loud = audio.tone(300, 0.1, 0.05), audio.tone(300, 0.1, 0.9)
    assert audio.level(audio.louder(quiet, 2.0)) == pytest.approx(2 * audio.level(quiet), rel=0.02)
    bent = samples(audio.louder(loud, 4.0))
    assert max(bent) < 32767 and max(bent) > 30000
    assert sum(sample == max(bent) for sample in bent) < len(bent) / 4, "the tops are rounded, not cut flat"


def test_louder_leaves_silence_and_nothing_alone():
    assert audio.louder(audio.silence(0.02), 8.0) == bytes(320)
    assert audio.louder(b"", 2.0) == b""


def test_lengths():
    assert audio.seconds_of(audio.silence(1.5)) == 1.5
    assert len(audio.silence(0.02)) == 320


def test_a_wav_file_comes_back_as_it_was(tmp_path):
    sound = audio.tone(500, 0.2)
    audio.write_wav(tmp_path / "a.wav", sound)
    assert audio.read_wav(tmp_path / "a.wav") == sound == audio.read_wav(audio.wav_bytes(sound))


def test_a_wav_of_another_rate_in_stereo_becomes_ours():
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(array("h", [1000, 3000] * 16000).tobytes())
    pcm = audio.read_wav(buffer.getvalue())
    assert audio.seconds_of(pcm) == pytest.approx(1.0, abs=0.01)
    assert samples(pcm)[4000] == pytest.approx(2000, abs=20)


def test_other_files_are_refused():
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(bytes(100))
    for content in (b"", b"ID3 not a wave file at all", buffer.getvalue()):
        with pytest.raises(audio.NotSound):
            audio.read_wav(content)
