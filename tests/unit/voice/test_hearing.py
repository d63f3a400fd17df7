"""What is made of a call's words while they are still coming."""

from voice.hearing import Hearing
from voice.legs import FRAME_SECONDS
from voice.speech import Heard
from voice.turn_taking import TurnTaker

QUIET = bytes(320)


class Words:
    """A recogniser whose words so far grow with every look."""

    working = True

    def __init__(self) -> None:
        self.partial = ""

    def feed(self, pcm: bytes) -> None:
        self.partial += "声"

    async def finish(self, limit_seconds: float = 1.0) -> Heard:
        return Heard(self.partial)

    async def close(self) -> None:
        pass


def test_danger_is_found_in_words_that_never_stand_still() -> None:
    listening, taker = Words(), TurnTaker()
    hearing = Hearing(listening, taker, now=0.0)
    for number in range(100):
        if number == 20:
            listening.partial = "我摔倒了起不来"
        hearing.frame(QUIET, number * FRAME_SECONDS)
        if taker.hurry:
            return
    raise AssertionError("danger was never looked at")


def test_words_without_danger_are_in_no_hurry() -> None:
    taker = TurnTaker()
    hearing = Hearing(Words(), taker, now=0.0)
    for number in range(100):
        hearing.frame(QUIET, number * FRAME_SECONDS)
    assert not taker.hurry
