"""Callers of `warmline bench calls`, in a process of their own so that their work is not counted as the service's.

Reads one JSON object (Load) on standard input, writes one (Rung) on standard output.
"""

import asyncio
import json
import sys
from collections import Counter
from dataclasses import asdict, dataclass, field
from itertools import count, cycle, islice

from bootstrap.ring.caller import Caller, Exchange
from bootstrap.ring.phone import NoCall, open_phone, ring_up
from bootstrap.ring.recognising import words_of
from bootstrap.ring.speaking import Speaker
from bootstrap.ring.track import seconds_of
from voice.legs import Endpoint

LINES = ("你好", "我要预约助浴", "明天下午三点", "再说一遍", "你们几点上班", "我要投诉", "你是谁", "请给我回个电话")
"""One caller's lines, a mix of booking, question, complaint and callback; each caller begins at another one."""
LINES_A_CALL = 6
NO_REPLY_SECONDS = 10.0
BETWEEN_CALLS_SECONDS = 1.0
LONGEST_FILLER_SECONDS = 2.0
SPREAD_SECONDS = 0.7
"""Between the first calls of two callers: nobody's callers ring in the same instant."""


@dataclass(frozen=True)
class Load:
    """So many callers at a time ring `line`, for so many seconds; every one makes at least one call."""

    line: str
    concurrency: int
    seconds: float


@dataclass
class Rung:
    """What came of it: seconds, counts, and why calls were dropped."""

    calls: int = 0
    turns: int = 0
    fillers: int = 0
    reply_after: list[float] = field(default_factory=list)
    first_word: list[float] = field(default_factory=list)
    longest_dead_air: float = 0.0
    dropped: dict[str, int] = field(default_factory=dict)


async def callers(load: Load) -> Rung:
    """Ring until the time is over; calls that go on then are ended after the turn in progress."""
    speaker, rung, why = Speaker(), Rung(), Counter[str]()
    for line in LINES:
        await speaker.sound(line)  # all of them beforehand: nothing is synthesised while it is measured
    loop = asyncio.get_running_loop()
    async with open_phone(calls=load.concurrency + 1) as (endpoint, _):
        until, numbers = loop.time() + load.seconds, count(13800010000)

        async def one(place: int) -> None:
            await asyncio.sleep(place * SPREAD_SECONDS)
            for number in numbers:
                reason = await _call(endpoint, load.line, str(number), place, speaker, rung, until)
                why.update([reason] if reason else [])
                if loop.time() > until:
                    return
                await asyncio.sleep(BETWEEN_CALLS_SECONDS)

        await asyncio.gather(*(one(place) for place in range(load.concurrency)))
    rung.dropped = dict(why)
    return rung


async def _call(
    endpoint: Endpoint, line: str, number: str, place: int, speaker: Speaker, rung: Rung, until: float
) -> str | None:
    """One call; why it was dropped, None when it was not."""
    rung.calls += 1
    try:
        caller = Caller(await ring_up(endpoint, line, number), _short_words)
    except NoCall:
        return "not answered"
    try:
        opening = await caller.reply(NO_REPLY_SECONDS)
        rung.first_word += [opening.reply_after] if opening.reply_after is not None else []
        reason = None if opening.audio else "no opening"
        for text in islice(cycle(LINES), place, place + LINES_A_CALL):
            if reason or asyncio.get_running_loop().time() > until:
                break
            reason = await _turn(caller, await speaker.sound(text), text, rung)
        return reason
    finally:
        await caller.close()


async def _turn(caller: Caller, sound: bytes, text: str, rung: Rung) -> str | None:
    if caller.over is None:
        await caller.say(sound, text)
        exchange = await caller.reply(NO_REPLY_SECONDS)
        _count(exchange, rung)
        if caller.over is None and exchange.reply_after is None:
            return "no reply"
    return f"ended: {caller.over}" if caller.over else None


def _count(exchange: Exchange, rung: Rung) -> None:
    rung.turns += 1
    rung.fillers += exchange.filler
    rung.longest_dead_air = max(rung.longest_dead_air, exchange.dead_air)
    if exchange.reply_after is not None:
        rung.reply_after.append(exchange.reply_after)


async def _short_words(pcm: bytes) -> str:
    """Only what is short enough to be a filler is looked at: recognising it all would be half of the load."""
    return await words_of(pcm) if seconds_of(pcm) <= LONGEST_FILLER_SECONDS else ""


if __name__ == "__main__":
    rung = asyncio.run(callers(Load(**json.load(sys.stdin))))
    json.dump(asdict(rung), sys.stdout)
