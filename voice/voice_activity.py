"""Is somebody speaking in this frame? webrtcvad, and what it takes for speech although it is none."""

from __future__ import annotations

import math
import warnings
from collections import deque
from collections.abc import Iterable

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
LOOK_FRAMES = 10
"""What is noise is looked at again after so many."""
VOICE_SECONDS = 1.5
"""Of voice, by which its loudness is judged."""
BELOW_CALLER_DB = 15.0
"""What is so much quieter than the caller was a moment ago is somebody else, in the background."""
FORGET_SECONDS = 3.0
"""Without any voice: it may be another one that is heard next, and the television is off."""
TONE_REST = 0.005
"""Two notes hold all but this part of a tone's power: measured 0.0006 over A-law; voices leave more in 98 of 100."""

_WINDOW = np.hanning(FRAME_BYTES // 2)


class VoiceActivity:
    """Follows one call, frame by frame of FRAME_BYTES."""

    def __init__(self) -> None:
        self._vad = webrtcvad.Vad(STRICTNESS)
        self._levels: deque[float] = deque(maxlen=round(FLOOR_SECONDS / FRAME_SECONDS))
        self._voices: deque[float] = deque(maxlen=round(VOICE_SECONDS / FRAME_SECONDS))
        self._babble = 0.0
        self._frames = 0
        self._any_at = self._caller_at = 0
        self._least = FAINTEST_DB

    def hears(self, frame: bytes) -> bool:
        """Whether this frame is a voice that stands out of hum, hiss, key tones and the noise learned so far."""
        level = _decibels(frame)
        self._levels.append(level)
        self._frames += 1
        if self._frames % LOOK_FRAMES == 0:
            self._look()
        if level <= FAINTEST_DB or not self._vad.is_speech(frame, SAMPLE_RATE) or _is_tone(frame):
            return False
        self._any_at = self._frames
        if level <= self._least:
            return False
        self._caller_at = self._frames
        self._voices.append(level)
        return True

    def take_for_noise(self) -> None:
        """The voices of the last second or so were not the caller's: from now on only louder ones count.

        Forgotten when no voice at all has been heard for FORGET_SECONDS.
        """
        self._babble = _part(self._voices, 0.9) + ABOVE_BABBLE_DB if self._voices else 0.0
        self._voices.clear()
        self._look()

    def _look(self) -> None:
        """How loud a voice has to be from now on."""
        if (self._frames - self._any_at) * FRAME_SECONDS >= FORGET_SECONDS:
            self._babble = 0.0
        if (self._frames - self._caller_at) * FRAME_SECONDS >= FORGET_SECONDS:
            self._voices.clear()
        known = len(self._voices) == self._voices.maxlen
        caller = _part(self._voices, 0.75) - BELOW_CALLER_DB if known else 0.0
        self._least = max(_part(self._levels, FLOOR_PART) + ABOVE_NOISE_DB, self._babble, caller)


def _part(levels: Iterable[float], part: float) -> float:
    """The level that this part of `levels` is below."""
    ordered = sorted(levels)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


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
