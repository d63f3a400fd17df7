"""Turn taking on real audio over G.711; the recogniser's words are given by the tests."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.unit.voice.stt.sounds import clicks, cough, frames, hiss, line, louder, mixed, notes, say, silence
from voice.turn_taking import EndOfTurn, SpeechStarted, TurnTaker

EDGES = 0.15
"""Seconds of silence that the synthesised pieces have around them."""

BOOK = "我想预约明天下午三点的助浴服务"


@dataclass
class Happened:
    """One event and when it came, in seconds from the first frame."""

    at: float
    event: SpeechStarted | EndOfTurn


def follow(pcm: bytes, words: Callable[[float], str] = lambda _: "", taker: TurnTaker | None = None) -> list[Happened]:
    """Every event; `words` is the recogniser's text by seconds."""
    taker, happened = taker or TurnTaker(), []
    for number, frame in enumerate(frames(line(pcm))):
        now = number * 0.02
        happened += [Happened(now, event) for event in taker.feed(frame, words(now))]
    return happened


def seconds(pcm: bytes) -> float:
    return len(pcm) / 16000


def recognised(text: str, begin: float, end: float) -> Callable[[float], str]:
    """Words as a recogniser gives them: one after the other, each half a second after its sound."""
    return lambda now: text[: max(0, round((now - 0.4 - begin) / max(end - begin, 0.1) * len(text)))]


def kinds(happened: list[Happened]) -> list[object]:
    return [one.event for one in happened]


ONE_TURN = [SpeechStarted(), EndOfTurn("silence")]


@pytest.mark.parametrize("rate", [90, 150, 210])
@pytest.mark.parametrize("text", [BOOK, "对", "不是", "人工", "好的", "喂", "我叫王桂英，今年八十二岁"])
def test_a_sentence_is_one_turn_that_ends_by_silence(text: str, rate: int) -> None:
    spoken = say(text, rate)
    words = recognised(text, 1, 1 + seconds(spoken))
    started, ended = follow(silence(1) + spoken + silence(2), words)
    assert (started.event, ended.event) == tuple(ONE_TURN)
    assert 1.0 < started.at < 1.7
    assert 0.8 < ended.at - 1 - seconds(spoken) < 1.5


@pytest.mark.parametrize("pause", [0.3, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("background", [0, 30, 300])
def test_a_pause_within_a_sentence_does_not_end_the_turn(pause: float, background: int) -> None:
    spoken = silence(1) + say("我想给我妈妈") + silence(pause - EDGES) + say("约一个助浴") + silence(2)
    assert kinds(follow(mixed(spoken, hiss(2, background)))) == ONE_TURN


def test_a_longer_pause_ends_it_and_a_setting_makes_it_longer() -> None:
    spoken = silence(1) + say("我想给我妈妈") + silence(1.6) + say("约一个助浴") + silence(3)
    assert kinds(follow(spoken)) == ONE_TURN * 2
    assert kinds(follow(spoken, taker=TurnTaker(end_of_turn_seconds=2.0))) == ONE_TURN


@pytest.mark.parametrize("gain", [0.05, 0.2, 1.0, 4.0])
def test_quiet_loud_and_clipped_speech(gain: float) -> None:
    assert kinds(follow(silence(1) + louder(say(BOOK), gain) + silence(2))) == ONE_TURN


NO_SPEECH = {
    "silence": silence(10),
    "line noise": hiss(10, 8),
    "comfort noise": hiss(10, 60),
    "hiss": hiss(10, 300),
    "loud hiss": hiss(10, 1000),
    "mains hum": notes(10, 50, 150, peak=1500),
    "busy tone": notes(10, 450, on=0.35, every=0.7),
    "dial tone": notes(10, 450),
    "keys": notes(10, 770, 1336, on=0.2),
    "a long key": notes(10, 941, 1477, on=0.8, every=2),
    "clicks": clicks(10, 0.4),
    "coughs": (silence(1.5) + cough()) * 4,
}


@pytest.mark.parametrize("name", NO_SPEECH)
def test_what_is_no_speech_starts_no_turn(name: str) -> None:
    taker = TurnTaker()
    assert follow(NO_SPEECH[name], taker=taker) == []
    assert taker.quiet_seconds == pytest.approx(seconds(NO_SPEECH[name]), abs=0.1)


@pytest.mark.parametrize("noise", [hiss(2, 100), hiss(2, 500), notes(2, 50, 150, peak=1500)])
def test_steady_noise_does_not_keep_a_turn_open(noise: bytes) -> None:
    spoken = say(BOOK)
    _, ended = follow(mixed(silence(2) + spoken + silence(4), noise))
    assert ended.event == EndOfTurn("silence")
    assert 0.8 < ended.at - 2 - seconds(spoken) < 1.6


def television(length: float) -> bytes:
    """A voice that goes on and on, without Chinese words."""
    talk = say("and now the weather for tomorrow with some rain in the east of the country", 170, "en")
    return (talk * 20)[: int(length * 16000)]


def test_a_television_does_not_keep_a_turn_open_when_no_more_words_come() -> None:
    spoken = say(BOOK)
    end = 1 + seconds(spoken)
    sound = mixed(silence(1) + spoken + silence(10), louder(television(10), 0.4))
    happened = follow(sound, recognised(BOOK, 1, end))
    assert EndOfTurn("stable_text") in kinds(happened)
    first_end = next(one for one in happened if isinstance(one.event, EndOfTurn))
    assert end < first_end.at < end + 3.5


def test_a_television_in_the_background_is_silence_even_when_it_has_words() -> None:
    spoken = say(BOOK)
    end = 1 + seconds(spoken)
    sound = mixed(silence(1) + spoken + silence(4), louder(television(10), 0.05))
    happened = follow(sound, recognised(BOOK, 1, end))
    first_end = next(one for one in happened if isinstance(one.event, EndOfTurn))
    assert first_end.event == EndOfTurn("silence")
    assert end < first_end.at < end + 1.5


def test_danger_is_answered_though_words_go_on_coming() -> None:
    taker = TurnTaker()
    talk = frames(line(say(BOOK) * 4))
    happened: list[Happened] = []
    for number, frame in enumerate(talk):
        now = number * 0.02
        happened += [Happened(now, event) for event in taker.feed(frame, "话" * int(now * 4))]
        taker.hurry = taker.hurry or now == 2
        if len(happened) == 2:
            break
    assert kinds(happened) == [SpeechStarted(), EndOfTurn("too_long")]
    assert 4.9 < happened[1].at < 5.2


def test_what_was_found_to_be_television_starts_no_further_turn_but_the_caller_does() -> None:
    taker = TurnTaker()
    noise = louder(television(30), 0.2)
    assert kinds(follow(noise, taker=taker))[:2] == [SpeechStarted(), EndOfTurn("stable_text")]
    assert follow(noise[: 16000 * 10], taker=taker) == []
    assert SpeechStarted() in kinds(follow(mixed(louder(say(BOOK), 1.5), noise), taker=taker))


def test_words_count_even_when_they_are_as_quiet_as_the_television() -> None:
    taker = TurnTaker()
    noise = louder(television(30), 0.2)
    follow(noise, taker=taker)
    happened = follow(noise[: 16000 * 2], lambda now: "我摔倒了" if now > 1 else "", taker)
    assert kinds(happened)[:1] == [SpeechStarted()]


def test_television_is_forgotten_when_it_is_off() -> None:
    taker = TurnTaker()
    follow(louder(television(10), 1.0) + silence(4), taker=taker)
    assert kinds(follow(louder(say(BOOK), 0.2) + silence(2), taker=taker)) == ONE_TURN


def growing(now: float) -> str:
    """Four characters a second from 0.5 s to 4 s."""
    return "我" * int(min(max(now - 0.5, 0), 3.5) * 4)


def test_speech_too_quiet_to_be_heard_as_such_counts_by_its_words() -> None:
    started, ended = follow(silence(7), growing)
    assert started.event == SpeechStarted()
    assert ended.event == EndOfTurn("silence")
    assert started.at < 1 and 4.7 < ended.at < 5.5


def test_words_that_come_late_do_not_make_the_turn_longer() -> None:
    spoken = say(BOOK)
    end = 1 + seconds(spoken)
    _, ended = follow(silence(1) + spoken + silence(3), lambda now: BOOK[: int(now * 2)] if now < end + 0.3 else BOOK)
    assert ended.at < end + 1.5


def test_text_left_from_the_turn_before_is_no_speech() -> None:
    assert follow(silence(3), lambda _: "我摔倒了") == []


def test_hurry_ends_after_half_a_second() -> None:
    taker = TurnTaker()
    spoken = say("我摔倒了起不来")
    assert kinds(follow(silence(1) + spoken, taker=taker)) == [SpeechStarted()]
    taker.hurry = True
    happened = follow(silence(2), taker=taker)
    assert kinds(happened) == [EndOfTurn("silence")]
    assert happened[0].at < 0.7
    assert not taker.hurry


def test_a_turn_without_end_is_cut() -> None:
    talk = say(BOOK) * 8
    happened = follow(talk, lambda now: "话" * int(now * 3), TurnTaker(max_turn_seconds=10))
    assert kinds(happened)[:2] == [SpeechStarted(), EndOfTurn("too_long")]
    assert 10 < happened[1].at < 10.6


def test_a_voice_of_which_nothing_is_understood_ends_too() -> None:
    happened = follow(television(8))
    assert kinds(happened)[:2] == [SpeechStarted(), EndOfTurn("stable_text")]
    assert 4 < happened[1].at < 6


def test_reset_forgets_the_turn() -> None:
    taker = TurnTaker()
    follow(say(BOOK), taker=taker)
    assert taker.speaking
    taker.reset()
    assert not taker.speaking and taker.quiet_seconds == 0
    assert follow(silence(3), taker=taker) == []
