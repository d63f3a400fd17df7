"""How long the line waits for what: seconds, in one value."""

from dataclasses import KW_ONLY, dataclass, field

from knowledge.ringing import ringing


@dataclass(frozen=True)
class CallTiming:
    """Seconds. The first two are settings; the rest is how people talk on the telephone, and is never shortened."""

    end_of_turn: float = 1.2
    silence: float = 7.0
    """After our last word without an answer, until we ask again."""
    _: KW_ONLY
    company: float = 10.0
    """The longest quiet while somebody is in danger, held or waiting for a person."""
    filler: float = 2.6
    """The longest quiet while the caller waits for us; with the filler's own start it stays below 3."""
    patience: float = 1.0
    """An answer taking longer, we look whether the main loop is alive at all."""
    speech_limit: float = 4.0
    """One sentence takes longer to be made: speech is down."""
    hearing_limit: float = 1.0
    hearing_grace: float = 2.5
    """The recogniser away for so long is worth telling."""
    keys_gap: float = 2.0
    """Without a key, while a number is typed in: that was all of it."""
    waiting_tone: float = 2.4
    """Between two soft tones while the caller waits for a person."""
    news: float = 1.0
    """Between two looks at what happened outside the call while something is expected, `idle_news` otherwise."""
    idle_news: float = 5.0
    long_wait: float = 30.0
    """Waiting for a person so long, the caller hears that he may hang up as well."""
    offer_callback: float = field(default_factory=lambda: ringing().operators.offer_callback_seconds)
    """Waiting for a person so long, the caller is offered a callback, once, `breath` after the last word."""
    breath: float = 2.0
    nobody_there: float = 300.0
    """Unbroken silence, with nobody in danger, after which the line hangs up."""
    longest_turn: float = 20.0
    """Speech without an end is cut here."""
    last_turn: float = 15.0
    """After a hang-up: the longest wait for a turn still in progress."""
