"""Raw speech brought to what the line plays: 8000 Hz, one loudness, no long silence before and after."""

import numpy as np
import soxr
from numpy.typing import NDArray

from voice.legs import SAMPLE_RATE

LOUDNESS = 0.13
"""Root mean square of the spoken part, of full scale (about -18 dB), the usual level of a telephone exchange."""
LOUDEST = 0.94
"""No sample is above this part of full scale."""
LEAD_SECONDS, TAIL_SECONDS = 0.06, 0.2
"""Silence that is left before and after. The tail is also the pause to the next sentence."""
SILENT = 0.005
"""Of synthetic speech, which has no noise: the first sound of b, d and g is soft."""

Samples = NDArray[np.float32]


def polished(pcm: bytes, hertz: int, silent: float = SILENT) -> bytes:
    """8000 Hz s16 mono of speech at `hertz` s16 mono; empty when there is nothing but silence in it.

    `silent`: part of the loudest sample below which there is no speech.
    """
    samples: Samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / np.float32(32768)
    if hertz != SAMPLE_RATE:
        samples = soxr.resample(samples, hertz, SAMPLE_RATE, quality="HQ").astype(np.float32)
    speech = _trimmed(samples, silent)
    return _as_bytes(_levelled(speech)) if len(speech) else b""


def _trimmed(samples: Samples, silent: float) -> Samples:
    peak = float(np.max(np.abs(samples), initial=0.0))
    if peak < 0.001:
        return samples[:0]
    loud = np.flatnonzero(np.abs(samples) > peak * silent)
    first, last = int(loud[0]), int(loud[-1]) + 1
    lead, tail = int(LEAD_SECONDS * SAMPLE_RATE), int(TAIL_SECONDS * SAMPLE_RATE)
    spoken = samples[max(0, first - lead) : last + tail]
    missing = max(0, last + tail - len(samples))
    return np.concatenate([spoken, np.zeros(missing, dtype=np.float32)])


def _levelled(samples: Samples) -> Samples:
    """The spoken part brought to LOUDNESS, a little less where its peaks would be cut."""
    peak = float(np.max(np.abs(samples)))
    spoken = samples[np.abs(samples) > peak * 0.05]
    gain = min(LOUDNESS / float(np.sqrt(np.mean(spoken**2))), LOUDEST / peak)
    return (samples * gain).astype(np.float32)


def _as_bytes(samples: Samples) -> bytes:
    return (samples * 32767).round().astype("<i2").tobytes()
