"""Timings out of recorded sound."""

import numpy as np
import pytest

from bootstrap.ring.timings import (
    Span,
    first_after,
    is_loud,
    last_sound,
    longest_gap,
    milliseconds,
    sentences,
    spans,
)


def _sound(*parts: tuple[float, int]) -> bytes:
    """Parts of so many seconds with that amplitude, a tone of 300 Hz."""
    pieces = [np.sin(np.arange(int(seconds * 8000)) * 2 * np.pi * 300 / 8000) * level for seconds, level in parts]
    return np.concatenate(pieces).astype("<i2").tobytes()


def test_speech_is_found_with_its_begin_and_end_and_line_noise_is_not() -> None:
    found = spans(_sound((0.5, 20), (1.0, 4000), (0.6, 20), (0.3, 4000), (1.0, 0)), offset=10.0)
    assert [(round(one.begin, 2), round(one.end, 2)) for one in found] == [(10.5, 11.5), (12.1, 12.4)]


def test_a_short_pause_is_part_of_the_sentence_and_a_click_is_no_sound() -> None:
    assert len(spans(_sound((0.4, 4000), (0.2, 0), (0.4, 4000)))) == 1
    assert spans(_sound((0.5, 0), (0.01, 9000), (0.5, 0))) == []


def test_speech_ends_with_its_last_sound_not_with_the_file() -> None:
    assert last_sound(_sound((0.3, 0), (0.7, 4000), (0.8, 0))) == pytest.approx(1.0, abs=0.011)
    assert last_sound(bytes(1000)) == 0.0


def test_the_answer_is_the_first_sound_that_begins_after_the_question() -> None:
    heard = [Span(0.0, 5.0), Span(6.2, 7.0)]
    assert first_after(heard, 4.0) == Span(6.2, 7.0)
    assert first_after(heard, 6.5) is None


def test_the_longest_gap_begins_with_the_question_and_ends_with_the_last_answer() -> None:
    assert longest_gap(1.0, [Span(2.0, 3.0), Span(6.5, 7.0)]) == 3.5
    assert longest_gap(1.0, [Span(5.0, 6.0)]) == 4.0
    assert longest_gap(1.0, []) == 0.0


def test_what_is_said_in_one_go_is_one_piece() -> None:
    assert sentences([Span(0, 1), Span(1.5, 2), Span(3, 4)]) == [(0, 2), (3, 4)]


def test_a_frame_is_loud_or_not() -> None:
    assert is_loud(_sound((0.02, 3000)))
    assert not is_loud(_sound((0.02, 20)))
    assert not is_loud(b"")


def test_no_time_stays_none() -> None:
    assert (milliseconds(None), milliseconds(1.2344)) == (None, 1234)
