"""The two directions of a call on one clock: seconds since the call was answered, in samples of 8000 Hz."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from voice.legs import SAMPLE_RATE

SAMPLE_BYTES = 2
WINDOW_FRAMES = 25
"""Half a second of frames: of so many at least one came without having waited anywhere."""
GAP_SECONDS = 0.06
"""The track this far behind the clock, on the best of these frames: sound is missing, and silence stands for it."""
PAUSE_SECONDS = 1.0
"""Nothing came for so long: nothing was sent. This machine is never that late."""


def seconds_of(pcm: bytes | bytearray) -> float:
    """How long sound of 8000 Hz s16 mono lasts."""
    return len(pcm) / SAMPLE_BYTES / SAMPLE_RATE


class Track:
    """One direction. Where nothing was put there is silence."""

    def __init__(self) -> None:
        self._pcm = bytearray()

    @property
    def end(self) -> float:
        """Seconds up to the end of what was put in."""
        return seconds_of(self._pcm)

    def put(self, at: float, pcm: bytes) -> None:
        """Sound that begins `at` this time; nothing is ever put before what is there already."""
        self._pcm += bytes(max(0, round(at * SAMPLE_RATE) * SAMPLE_BYTES - len(self._pcm)))
        self._pcm += pcm

    def between(self, begin: float, end: float | None = None) -> bytes:
        """The sound of this time."""
        last = len(self._pcm) if end is None else round(end * SAMPLE_RATE) * SAMPLE_BYTES
        return bytes(self._pcm[round(begin * SAMPLE_RATE) * SAMPLE_BYTES : last])


class Arrivals:
    """Puts frames that arrive over the network on a track: one behind the other, as they were sent, so that a frame
    delivered late moves nothing; and moved on where frames are missing.
    """

    def __init__(self, track: Track) -> None:
        self._track, self._behind, self._last = track, deque[float](maxlen=WINDOW_FRAMES), 0.0

    def add(self, now: float, pcm: bytes) -> None:
        """A frame that arrived `now`, on the clock of the track."""
        if now - self._last > PAUSE_SECONDS or not self._track.end:
            self._track.put(max(0.0, now - seconds_of(pcm)), pcm)
            self._last = now
            self._behind.clear()
            return
        self._last = now
        self._track.put(self._track.end, pcm)
        self._behind.append(now - self._track.end)
        missing = min(self._behind)
        if len(self._behind) == WINDOW_FRAMES and missing > GAP_SECONDS:
            self._track.put(self._track.end + missing, b"")
            self._behind.clear()


def stereo(left: bytes, right: bytes) -> bytes:
    """Both directions side by side, the shorter one filled with silence."""
    length = max(len(left), len(right)) // SAMPLE_BYTES
    both = np.zeros((length, 2), dtype="<i2")
    for side, pcm in enumerate((left, right)):
        samples: NDArray[np.int16] = np.frombuffer(pcm, dtype="<i2")
        both[: len(samples), side] = samples
    return both.tobytes()
