"""Sound as the line knows it: mono, signed 16 bit little-endian, 8000 Hz; G.711 outside of it, WAV files."""

import audioop
import io
import math
import wave
from array import array
from pathlib import Path

import numpy as np
import soxr

from voice.legs import SAMPLE_RATE

SAMPLE_BYTES = 2
LOUDEST = 32767
KNEE = 0.6
"""Of full scale: louder sound is bent instead of cut, which a phone line would turn into crackling."""


class NotSound(ValueError):
    """A file that is not a WAV of 16 bit samples."""


def to_alaw(pcm: bytes) -> bytes:
    """G.711 A-law (PCMA), one byte a sample."""
    return audioop.lin2alaw(pcm, SAMPLE_BYTES)


def from_alaw(sound: bytes) -> bytes:
    """Sound out of PCMA."""
    return audioop.alaw2lin(sound, SAMPLE_BYTES)


def to_ulaw(pcm: bytes) -> bytes:
    """G.711 µ-law (PCMU), one byte a sample."""
    return audioop.lin2ulaw(pcm, SAMPLE_BYTES)


def from_ulaw(sound: bytes) -> bytes:
    """Sound out of PCMU."""
    return audioop.ulaw2lin(sound, SAMPLE_BYTES)


def seconds_of(pcm: bytes) -> float:
    """How long it lasts."""
    return len(pcm) / (SAMPLE_BYTES * SAMPLE_RATE)


def silence(seconds: float) -> bytes:
    """Nothing, for so long."""
    return bytes(SAMPLE_BYTES * round(seconds * SAMPLE_RATE))


def tone(frequency: float, seconds: float, level: float = 0.1) -> bytes:
    """A pure tone, `level` of full scale."""
    steps = range(round(seconds * SAMPLE_RATE))
    turn = 2 * math.pi * frequency / SAMPLE_RATE
    return array("h", (round(level * LOUDEST * math.sin(turn * step)) for step in steps)).tobytes()


def louder(pcm: bytes, gain: float) -> bytes:
    """Sound times `gain`; what would be too loud is bent softly below full scale."""
    wanted = np.frombuffer(pcm, dtype="<i2").astype(np.float32) * (gain / LOUDEST)
    size = np.abs(wanted)
    room = 1 - KNEE
    bent = KNEE + room * np.tanh((size - KNEE) / room)
    limited = np.where(size > KNEE, np.sign(wanted) * bent, wanted)
    return (limited * LOUDEST).astype("<i2").tobytes()


def level(pcm: bytes) -> int:
    """Root mean square, 0 to 32767."""
    return audioop.rms(pcm, SAMPLE_BYTES)


def read_wav(source: Path | bytes) -> bytes:
    """The sound of a WAV file in any rate, mono or the mean of its channels. Raises NotSound, OSError."""
    opened = io.BytesIO(source) if isinstance(source, bytes) else str(source)
    try:
        with wave.open(opened, "rb") as file:
            width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise NotSound(f"no WAV file: {error}") from None
    if width != SAMPLE_BYTES:
        raise NotSound(f"{8 * width} bit samples; 16 bit are needed")
    samples = np.frombuffer(frames, dtype="<i2").reshape(-1, channels).mean(axis=1)
    if rate != SAMPLE_RATE:
        samples = soxr.resample(samples, rate, SAMPLE_RATE)
    return bytes(np.clip(samples, -LOUDEST, LOUDEST).astype("<i2").tobytes())


def wav_bytes(pcm: bytes) -> bytes:
    """A WAV file of this sound."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(SAMPLE_BYTES)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(pcm)
    return buffer.getvalue()


def write_wav(path: Path, pcm: bytes) -> None:
    """Write a WAV file."""
    path.write_bytes(wav_bytes(pcm))
