"""One contact, from its first words to its end: utterances, replies, sessions and turns."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from hotline.ids import new_id
from language.distances import Point


class Channel(StrEnum):
    """受理渠道: the way a caller reached us."""

    PHONE = "phone"
    TELEGRAM = "telegram"
    TERMINAL = "terminal"
    WEB = "web"

    @property
    def is_chat(self) -> bool:
        return self is not Channel.PHONE


@dataclass(frozen=True)
class Utterance:
    """话语: what came in once, in words, in keys or as silence.

    `address` is the number that rings or the chat that writes; `contact` tells two phone calls of one
    number apart (empty in chats). `utterance_id` is unique within the channel: the same one twice is handled
    once. `pinned_now` is a test's calendar and belongs to the session. `unheard`: speech can't be recognised now, so
    that silence is nothing to ask about; the caller needs a person. `location` is a point that was sent, not said.
    `waited_seconds`: no words, but the caller has waited for a person on the line for so long.
    """

    channel: Channel
    address: str
    text: str = ""
    utterance_id: str = field(default_factory=lambda: new_id("utt"))
    contact: str = ""
    keys: str = ""
    silence_seconds: float = 0.0
    place: str | None = None
    pinned_now: datetime | None = None
    unheard: bool = False
    waited_seconds: float = 0.0
    location: Point | None = None

    @property
    def written(self) -> str:
        """What is written down of it: the words, or a point as a geo URI (RFC 5870)."""
        return self.text or (f"geo:{self.location[0]},{self.location[1]}" if self.location else "")

    @property
    def key(self) -> str:
        """Names the conversation this belongs to, before any database is asked."""
        return conversation_key(self.channel, self.address, self.contact)


def conversation_key(channel: str, address: str, contact: str) -> str:
    """How one process knows a conversation."""
    return f"{channel}:{address}:{contact}"


@dataclass(frozen=True)
class Choice:
    """A button or an offered answer: what it shows, and what pressing it says."""

    label: str
    says: str


Then = Literal["listen", "hand_over", "hang_up"]


@dataclass(frozen=True)
class Trace:
    """How a reply came about: for the operator, the scenario runner and the benchmark; holds no words."""

    turn_id: str = ""
    session_id: str = ""
    number: int = 0
    intent: str | None = None
    confidence: float | None = None
    tier: str | None = None
    kind: str | None = None
    wants_person: bool = False
    path: str = ""
    milliseconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """应答: what the caller hears or reads next. An empty `text` means the assistant stays silent."""

    text: str
    response: str | None = None
    choices: tuple[Choice, ...] = ()
    then: Then = "listen"
    interruptible: bool = True
    asks: str | None = None
    pace: float = 1.0
    gain: float = 1.0
    trace: Trace = Trace()


@dataclass
class CallSession:
    """会话: one contact, phone or chat, start to end; `session_id` is also Rasa's sender."""

    session_id: str
    channel: str
    address: str
    contact: str
    started_at: datetime
    last_turn_at: datetime
    ended_at: datetime | None = None
    pinned_now: datetime | None = None
    place: str | None = None
    recognised: bool = False
    elder_id: str | None = None
    contact_id: str | None = None
    identified_elder_id: str | None = None
    identify_failures: int = 0
    operator_id: str | None = None
    turns: int = 0
    misunderstandings: int = 0
    misunderstood_at: int = 0
    silences: int = 0
    pace: float = 1.0
    gain: float = 1.0
    safe_to_ring: bool | None = None
    safe_times: str | None = None
    outcome: str | None = None

    @property
    def key(self) -> str:
        """The same as that of its utterances."""
        return conversation_key(self.channel, self.address, self.contact)

    @property
    def calling_number(self) -> str | None:
        """The number that rings in; None in a chat and for a withheld number."""
        return self.address if self.channel == Channel.PHONE and any(c.isdigit() for c in self.address) else None

    def now(self, clock_now: datetime) -> datetime:
        """The session's own calendar: the pinned one of a test, moved on by the time since the start."""
        if self.pinned_now is None:
            return clock_now
        return self.pinned_now + (clock_now - self.started_at)

    def is_idle(self, clock_now: datetime, idle_seconds: float) -> bool:
        return clock_now - self.last_turn_at > timedelta(seconds=idle_seconds)


@dataclass
class Turn:
    """轮次: one utterance and one reply, written when the reply is known.

    `basis` is what an answer from the documents rests on: cards, sections and the version of the knowledge.
    """

    turn_id: str
    session_id: str
    number: int
    utterance_id: str
    said: str
    received_at: datetime
    reply: str = ""
    response: str | None = None
    choices: list[dict[str, str]] = field(default_factory=list)
    asks: str | None = None
    then: str = "listen"
    intent: str | None = None
    confidence: float | None = None
    tier: str | None = None
    kind: str | None = None
    path: str = ""
    milliseconds: dict[str, Any] = field(default_factory=dict)
    basis: dict[str, Any] | None = None


def start_session(utterance: Utterance, now: datetime) -> CallSession:
    """A new session for the contact that `utterance` begins."""
    return CallSession(
        session_id=new_id("ses"),
        channel=utterance.channel,
        address=utterance.address,
        contact=utterance.contact,
        started_at=now,
        last_turn_at=now,
        pinned_now=utterance.pinned_now,
        place=utterance.place,
    )
