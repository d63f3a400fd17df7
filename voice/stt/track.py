"""What of a call's sound the recogniser still owes an answer to, and the words it has given. Pure.

A server of the vosk-server protocol gives one answer to each piece, in order. Sound is kept until a final text covers
it: after a lost connection it is sent once more, so that a server that comes back loses no words.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from voice.legs import SAMPLE_RATE

PIECE_BYTES = 1600
"""A tenth of a second is sent at once."""
KEPT_SECONDS = 20.0
"""Longest sound kept without a final text; Vosk itself makes one after 20 s at most."""
_KEPT_PIECES = round(KEPT_SECONDS * SAMPLE_RATE * 2 / PIECE_BYTES)


@dataclass
class Turn:
    """The words of one turn of the caller."""

    finals: list[str] = field(default_factory=list)
    guess: str = ""
    complete: bool = True
    """Whether all sound of it was recognised."""
    done: asyncio.Event = field(default_factory=asyncio.Event)
    """Every answer is there."""
    over: bool = False
    """Nobody waits for it any more."""

    @property
    def text(self) -> str:
        return " ".join(part for part in (*self.finals, self.guess) if part)


@dataclass(frozen=True)
class Piece:
    """Sound to be sent or, when empty, the end of a turn."""

    sound: bytes
    turn: Turn

    @property
    def is_end(self) -> bool:
        return not self.sound


class Track:
    """Sound in, pieces out, answers back."""

    def __init__(self) -> None:
        self.turn = Turn()
        """The one the caller is in."""
        self.dropped = 0
        """Pieces never recognised, because there was too much waiting."""
        self._rest = b""
        self._pieces: deque[Piece] = deque()  # those answered, then those sent, then those to be sent
        self._sent = self._answered = 0
        self._gone = 0  # answers still to come to pieces that were dropped after they had been sent
        self._cut = False  # pieces that had been answered, but not finally, are gone

    def add(self, pcm: bytes) -> None:
        """Sound of the present turn, any length."""
        self._rest += pcm
        while len(self._rest) >= PIECE_BYTES:
            self._put(self._rest[:PIECE_BYTES])
            self._rest = self._rest[PIECE_BYTES:]

    def end_turn(self) -> Turn:
        """What comes from now on belongs to a new turn; the one that ended."""
        ended = self.turn
        if self._rest:
            self._put(self._rest)
        self._rest = b""
        self._put(b"")
        self.turn = Turn()
        return ended

    def next(self) -> Piece | None:
        """The next piece to send; from now on it waits for an answer."""
        if self._sent == len(self._pieces):
            return None
        self._sent += 1
        return self._pieces[self._sent - 1]

    @property
    def oldest(self) -> Piece | None:
        """The piece whose answer comes next; None when the recogniser owes nothing."""
        return self._pieces[self._answered] if self._answered < self._sent else None

    def answer(self, message: Mapping[str, Any]) -> None:
        """The answer to the oldest piece. Raises ValueError when none is waited for."""
        if self._gone:
            self._gone -= 1
            return
        piece = self.oldest
        if piece is None:
            raise ValueError("an answer to nothing")
        self._answered += 1
        if "text" in message:
            self._finally(piece.turn, str(message["text"]))
        else:
            piece.turn.guess = str(message.get("partial", ""))
        if piece.is_end:
            piece.turn.done.set()

    def lost(self) -> None:
        """The connection is gone: whatever has no final text yet is to be sent again."""
        if self._cut and self._pieces:
            self._pieces[0].turn.complete = False
        self._pieces = deque(piece for piece in self._pieces if not piece.turn.over)
        self._sent = self._answered = self._gone = 0
        self._cut = False

    def _finally(self, turn: Turn, text: str) -> None:
        turn.guess = ""
        if text:
            turn.finals.append(text)
        for _ in range(self._answered):
            self._pieces.popleft()
        self._sent -= self._answered
        self._answered, self._cut = 0, False

    def _put(self, sound: bytes) -> None:
        if len(self._pieces) >= _KEPT_PIECES:
            self._drop_oldest()
        self._pieces.append(Piece(sound, self.turn))

    def _drop_oldest(self) -> None:
        piece = self._pieces.popleft()
        if self._answered:
            self._answered, self._sent, self._cut = self._answered - 1, self._sent - 1, True
            return
        self.dropped += 1
        piece.turn.complete = False
        if self._sent:
            self._sent, self._gone = self._sent - 1, self._gone + 1
