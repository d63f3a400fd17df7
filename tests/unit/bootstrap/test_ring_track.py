"""Both directions of a simulated call on one clock."""

import struct

from bootstrap.ring.track import Arrivals, Track, stereo

FRAME = b"\x01\x00" * 160
SECONDS = 0.02


def _times(count: int) -> list[float]:
    return [(number + 1) * SECONDS for number in range(count)]


def test_sound_stands_where_it_was_put() -> None:
    track = Track()
    track.put(0.5, FRAME)
    assert track.end == 0.52
    assert track.between(0.0, 0.5) == bytes(8000)
    assert track.between(0.5) == FRAME


def test_a_frame_delivered_late_moves_nothing() -> None:
    track = Track()
    arrivals = Arrivals(track)
    for number, at in enumerate(_times(200)):
        arrivals.add(max(at, 1.3) if 1.0 < at < 1.3 else at + (0.03 if number % 3 else 0), FRAME)
    assert abs(track.end - 4.0) < SECONDS / 2


def test_missing_sound_is_silence_within_half_a_second() -> None:
    track = Track()
    arrivals = Arrivals(track)
    for at in _times(300):
        if not 2.0 < at <= 2.5:
            arrivals.add(at, FRAME)
    assert abs(track.end - 6.0) < 0.03
    assert bytes(2000) in track.between(2.0, 3.2)


def test_a_line_that_sends_nothing_for_a_while_goes_on_at_its_time() -> None:
    track = Track()
    arrivals = Arrivals(track)
    for at in _times(300):
        if not 2.0 < at <= 4.5:
            arrivals.add(at, FRAME)
    assert abs(track.end - 6.0) < 0.03
    assert not any(track.between(2.05, 4.45))
    assert track.between(4.5, 4.52) == FRAME


def test_stereo_has_the_caller_left_and_the_line_right() -> None:
    left, right = struct.pack("<3h", 1, 2, 3), struct.pack("<2h", 9, 8)
    assert struct.unpack("<6h", stereo(left, right)) == (1, 9, 2, 8, 3, 0)
