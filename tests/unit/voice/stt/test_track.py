"""Which sound is owed an answer, what is sent again after a loss, and the words of each turn."""

import pytest

from voice.stt.track import KEPT_SECONDS, PIECE_BYTES, Piece, Track


def sound(pieces: int) -> bytes:
    """Each piece has content of its own."""
    return b"".join(bytes([number % 250 + 1]) * PIECE_BYTES for number in range(pieces))


def sent(track: Track) -> list[Piece]:
    """Everything there is to send, sent."""
    pieces = []
    while (piece := track.next()) is not None:
        pieces.append(piece)
    return pieces


def test_sound_is_cut_into_pieces_and_the_rest_goes_with_the_end_of_the_turn() -> None:
    track = Track()
    for _ in range(12):
        track.add(bytes([1]) * 320)
    assert [len(piece.sound) for piece in sent(track)] == [1600, 1600]
    track.end_turn()
    assert [len(piece.sound) for piece in sent(track)] == [640, 0]


def test_words_of_a_turn_are_its_finals_and_the_present_guess() -> None:
    track = Track()
    track.add(sound(4))
    sent(track)
    for answer in ({"partial": "我"}, {"text": "我 想"}, {"partial": ""}, {"partial": "约"}):
        track.answer(answer)
    assert track.turn.text == "我 想 约"


def test_empty_finals_are_no_words() -> None:
    track = Track()
    track.add(sound(2))
    sent(track)
    track.answer({"text": ""})
    track.answer({"partial": ""})
    assert track.turn.text == ""


def test_answers_after_the_end_of_a_turn_belong_to_the_turn_of_their_sound() -> None:
    track = Track()
    track.add(sound(1))
    ended = track.end_turn()
    track.add(sound(1))
    sent(track)
    track.answer({"partial": "人工"})
    assert (ended.text, track.turn.text, ended.done.is_set()) == ("人工", "", False)
    track.answer({"text": "人工"})
    assert (ended.text, ended.done.is_set(), ended.complete) == ("人工", True, True)
    track.answer({"partial": "对"})
    assert (ended.text, track.turn.text) == ("人工", "对")


def test_after_a_loss_everything_since_the_last_final_is_sent_again() -> None:
    track = Track()
    track.add(sound(5))
    pieces = sent(track)
    for answer in ({"partial": "我"}, {"text": "我"}, {"partial": "想"}):
        track.answer(answer)
    track.lost()
    assert track.oldest is None
    assert sent(track) == pieces[2:]
    assert track.oldest == pieces[2]
    assert track.turn.complete


def test_a_turn_nobody_waits_for_is_not_sent_again() -> None:
    track = Track()
    track.add(sound(2))
    ended = track.end_turn()
    track.add(sound(1))
    sent(track)
    ended.over = True
    track.lost()
    assert [piece.turn for piece in sent(track)] == [track.turn]


def test_what_is_too_much_is_dropped_from_the_oldest_and_told() -> None:
    track = Track()
    kept = round(KEPT_SECONDS * 10)
    track.add(sound(kept))
    assert track.turn.complete and not track.dropped
    track.add(bytes([255]) * PIECE_BYTES * 3)
    assert track.dropped == 3 and not track.turn.complete
    assert len(sent(track)) == kept


def test_a_recogniser_that_is_far_behind_does_not_mix_up_its_answers() -> None:
    track = Track()
    kept = round(KEPT_SECONDS * 10)
    track.add(sound(kept))
    sent(track)
    track.add(sound(3))
    sent(track)
    ended = track.end_turn()
    sent(track)
    for number in range(kept + 3):
        track.answer({"partial": "我" * number})
    assert not ended.done.is_set()
    track.answer({"text": "人工"})
    assert (ended.text, ended.done.is_set(), ended.complete) == ("人工", True, False)
    assert track.oldest is None


def test_what_was_answered_may_go_but_is_missing_after_a_loss() -> None:
    track = Track()
    kept = round(KEPT_SECONDS * 10)
    track.add(sound(kept))
    sent(track)
    for _ in range(kept):
        track.answer({"partial": "我"})
    track.add(sound(5))
    assert track.turn.complete and not track.dropped
    assert len(sent(track)) == 5
    track.lost()
    assert not track.turn.complete
    assert len(sent(track)) == kept


def test_a_final_makes_the_dropped_sound_harmless() -> None:
    track = Track()
    kept = round(KEPT_SECONDS * 10)
    track.add(sound(kept))
    sent(track)
    for _ in range(kept):
        track.answer({"partial": "我"})
    track.add(sound(5))
    sent(track)
    track.answer({"text": "我"})
    track.lost()
    assert track.turn.complete
    assert len(sent(track)) == 4


def test_an_answer_to_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing"):
        Track().answer({"partial": ""})
