"""Sounds of a telephone line for the tests: real synthetic speech, and what else is heard on a line."""

import warnings

import numpy as np
from numpy.typing import NDArray

from voice.tts.engine import synthesise

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

RATE, FRAME = 8000, 320


def say(text: str, rate: int = 150, voice: str = "cmn-latn-pinyin") -> bytes:
    return synthesise(text, rate, voice)


def silence(seconds: float) -> bytes:
    return bytes(2 * round(seconds * RATE))


def hiss(seconds: float, rms: float, seed: int = 1) -> bytes:
    return _pcm(np.random.default_rng(seed).normal(0, rms, round(seconds * RATE)))


def notes(seconds: float, *hertz: float, peak: float = 6000, on: float = 1.0, every: float = 1.0) -> bytes:
    """Notes together, sounding `on` seconds out of `every`."""
    t = np.arange(round(seconds * RATE)) / RATE
    return _pcm(sum(peak * np.sin(2 * np.pi * h * t) for h in hertz) * ((t % every) < on))


def clicks(seconds: float, every: float) -> bytes:
    made = np.zeros(round(seconds * RATE))
    made[:: round(every * RATE)] = 20000
    return _pcm(made)


def cough() -> bytes:
    """Two short bursts of noise, dying away."""
    burst = np.random.default_rng(2).normal(0, 6000, 800) * np.exp(-np.arange(800) / 250)
    return _pcm(np.concatenate([burst, np.zeros(800), burst]))


def louder(pcm: bytes, gain: float) -> bytes:
    return audioop.mul(pcm, 2, gain)


def mixed(one: bytes, other: bytes) -> bytes:
    """Both at once, as long as the first."""
    other = (other * (len(one) // len(other) + 1))[: len(one)]
    return audioop.add(one, other, 2)


def line(pcm: bytes, law: str = "a") -> bytes:
    """Through G.711 and back."""
    if law == "a":
        return audioop.alaw2lin(audioop.lin2alaw(pcm, 2), 2)
    return audioop.ulaw2lin(audioop.lin2ulaw(pcm, 2), 2)


def frames(pcm: bytes) -> list[bytes]:
    return [pcm[at : at + FRAME] for at in range(0, len(pcm) - FRAME + 1, FRAME)]


def _pcm(samples: NDArray[np.float64]) -> bytes:
    return bytes(np.clip(samples, -32768, 32767).astype("<i2").tobytes())
