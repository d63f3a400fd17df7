"""Is somebody speaking in this frame? webrtcvad, and what it takes for speech although it is none."""

from __future__ import annotations

import math
import warnings
from collections import deque

import numpy as np
from numpy.fft import rfft

from voice.legs import FRAME_BYTES, FRAME_SECONDS, SAMPLE_RATE

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # audioop: gone in 3.13, where audioop-lts is installed
    import audioop

import webrtcvad

STRICTNESS = 2
"""Of webrtcvad, 0 to 3. Measured here: 1 calls loud hiss speech, 3 misses quiet voices."""
FAINTEST_DB = 26.0
"""Sound below this (20 in 32768) is the line's own noise."""
ABOVE_NOISE_DB = 6.0
"""A voice stands out of steady noise by this much."""
ABOVE_BABBLE_DB = 3.0
"""A caller is louder than the television by this much; one who is not is still noticed by the words."""
FLOOR_SECONDS = 2.5
FLOOR_PART = 0.1
"""Steady noise is as loud as the quietest tenth of the last FLOOR_SECONDS: speech has gaps, noise has none."""
FLOOR_FRAMES = 10
"""The floor is looked at again after so many."""
BABBLE_SECONDS = 1.5
BABBLE_GONE_SECONDS = 3.0
TONE_REST = 0.005
"""Two notes hold all but this part of a tone's power: measured 0.0006 over A-law; voices leave more in 98 of 100."""

_WINDOW = np.hanning(FRAME_BYTES // 2)


class VoiceActivity:
    """Follows one call, frame by frame of FRAME_BYTES."""

    def __init__(self) -> None:
        self._vad = webrtcvad.Vad(STRICTNESS)
        self._levels: deque[float] = deque(maxlen=round(FLOOR_SECONDS / FRAME_SECONDS))
        self._voices: deque[float] = deque(maxlen=round(BABBLE_SECONDS / FRAME_SECONDS))
        self._floor, self._frames = 0.0, 0
        self._babble: float | None = None
        self._without_voice = 0.0

    def hears(self, frame: bytes) -> bool:
        """Whether this frame is a voice that stands out of hum, hiss, key tones and the noise learned so far."""
        level = _decibels(frame)
        self._follow_floor(level)
        voice = self._vad.is_speech(frame, SAMPLE_RATE) and level > FAINTEST_DB and not _is_tone(frame)
        self._follow_babble(level, voice)
        return voice and level > self._floor + ABOVE_NOISE_DB and not self._in_babble(level)

    def take_for_noise(self) -> None:
        """The voices of the last second or so were not the caller's: from now on only louder ones count.

        Forgotten when no voice at all has been heard for BABBLE_GONE_SECONDS.
        """
        if self._voices:
            self._babble = float(np.percentile(self._voices, 90))

    def _in_babble(self, level: float) -> bool:
        return self._babble is not None and level < self._babble + ABOVE_BABBLE_DB

    def _follow_babble(self, level: float, voice: bool) -> None:
        if voice:
            self._voices.append(level)
        self._without_voice = 0.0 if voice else self._without_voice + FRAME_SECONDS
        if self._without_voice >= BABBLE_GONE_SECONDS:
            self._babble = None
            self._voices.clear()

    def _follow_floor(self, level: float) -> None:
        self._levels.append(level)
        self._frames += 1
        if self._frames % FLOOR_FRAMES == 0:
            self._floor = sorted(self._levels)[int(len(self._levels) * FLOOR_PART)]


def _decibels(frame: bytes) -> float:
    """Loudness of a frame, 0 for 1 in 32768, about 90 at most."""
    return 20 * math.log10(max(audioop.rms(frame, 2), 1))


def _is_tone(frame: bytes) -> bool:
    """One or two pure notes: a key, a busy tone, hum."""
    power = np.abs(rfft(np.frombuffer(frame, dtype="<i2") * _WINDOW)) ** 2
    total = power.sum()
    for _ in range(2):
        peak = int(power.argmax())
        power[max(0, peak - 2) : peak + 3] = 0
    return bool(power.sum() < TONE_REST * total)
