"""What a finished call is to people and to programs: who said what, and the milliseconds."""

import wave
from pathlib import Path
from typing import Any

from bootstrap.ring.caller import Caller, Exchange
from bootstrap.ring.timings import milliseconds
from bootstrap.ring.track import SAMPLE_BYTES, stereo
from voice.legs import SAMPLE_RATE


def call_record(caller: Caller) -> dict[str, Any]:
    """Everything measured; milliseconds on the clock that began when the call was answered.

    `dead_air_longest_ms`: the longest time in which nothing was heard although an answer was due.
    """
    opening = caller.exchanges[0] if caller.exchanges else None
    return {
        "answer_to_first_word_ms": milliseconds(opening.reply_after) if opening else None,
        "dead_air_longest_ms": milliseconds(max((one.dead_air for one in _due(caller)), default=0.0)),
        "ended_by": {"remote": "line", "local": "caller"}.get(caller.over or "", caller.over),
        "seconds": round(caller.heard.end, 2),
        "exchanges": [exchange_record(one) for one in caller.exchanges],
    }


def exchange_record(one: Exchange) -> dict[str, Any]:
    """One exchange; `end_of_speech_to_reply_ms` begins at the last sound of the caller, or with the key."""
    after = milliseconds(one.reply_after)
    return {
        "what": one.what,
        "said": one.said,
        "begin_ms": milliseconds(one.begin),
        "end_ms": milliseconds(one.end),
        "end_of_speech_to_reply_ms": after if one.what in ("say", "press") else None,
        "filler": one.filler,
        "heard": one.heard,
        "audio_ms": [[milliseconds(span.begin), milliseconds(span.end)] for span in one.audio],
    }


def write_recording(path: Path, caller: Caller) -> None:
    """Both directions as a WAV file: the caller left, the line right."""
    heard, said = caller.heard.between(0.0), caller.said.between(0.0)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(SAMPLE_BYTES)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(stereo(said, heard))


def _due(caller: Caller) -> list[Exchange]:
    """A caller who is silent on purpose waits for nothing."""
    return [one for one in caller.exchanges if one.what != "silence"]
