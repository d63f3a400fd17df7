"""报表: how quickly callers were answered and taken over, how much was handed over, which callbacks were kept."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import TypeVar

from hotline.callbacks import Callback
from hotline.escalation import Escalation, Urgency
from hotline.ports import Services
from hotline.sessions import CallSession, Turn

K = TypeVar("K")


@dataclass(frozen=True)
class Waits:
    """Durations in seconds: how many, the median, and the value that 95 of 100 do not exceed. None without any."""

    count: int
    median_seconds: float | None
    most_seconds: float | None


@dataclass(frozen=True)
class Figures:
    """Of all that happened, or of an hour or a place. `handed_over`: the share of contacts that needed a person, None
    without any contact; `callbacks_due`: those whose promised moment has come.
    """

    contacts: int
    answers: Waits
    emergencies: int
    claims: Waits
    handed_over: float | None
    callbacks: int
    callbacks_due: int
    callbacks_kept: int


@dataclass(frozen=True)
class Report:
    """The days from `first` to `last`, both included; `claimed_within` counts emergencies by the targets of the ladder.

    `by_hour` has 24 entries: of the day that a contact began, words were said, danger was raised, a callback was due.
    `by_place` is ordered by name, "" where it was not known.
    """

    first: date
    last: date
    total: Figures
    emergencies: tuple[Escalation, ...]
    targets_seconds: tuple[float, ...]
    claimed_within: tuple[int, ...]
    by_hour: tuple[Figures, ...]
    by_place: tuple[tuple[str, Figures], ...]


@dataclass(frozen=True)
class _Events:
    """What is counted. `urgent` is what was danger; `handed` are the ids of contacts that needed a person."""

    handed: frozenset[str]
    now: datetime
    sessions: list[CallSession] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    urgent: list[Escalation] = field(default_factory=list)
    callbacks: list[Callback] = field(default_factory=list)

    def figures(self) -> Figures:
        due = [c for c in self.callbacks if c.promised_at <= self.now]
        return Figures(
            contacts=len(self.sessions),
            answers=waits(_answer_seconds(self.turns)),
            emergencies=len(self.urgent),
            claims=waits(_claim_seconds(self.urgent)),
            handed_over=_share(sum(s.session_id in self.handed for s in self.sessions), len(self.sessions)),
            callbacks=len(self.callbacks),
            callbacks_due=len(due),
            callbacks_kept=sum(map(_is_kept, due)),
        )

    def by(
        self,
        of_session: Callable[[CallSession], K],
        of_turn: Callable[[Turn], K],
        of_raised: Callable[[Escalation], K],
        of_callback: Callable[[Callback], K],
    ) -> dict[K, Figures]:
        parts: dict[K, _Events] = defaultdict(lambda: _Events(self.handed, self.now))
        for session in self.sessions:
            parts[of_session(session)].sessions.append(session)
        for turn in self.turns:
            parts[of_turn(turn)].turns.append(turn)
        for raised in self.urgent:
            parts[of_raised(raised)].urgent.append(raised)
        for callback in self.callbacks:
            parts[of_callback(callback)].callbacks.append(callback)
        return {key: part.figures() for key, part in parts.items()}


async def report(first: date, last: date, services: Services) -> Report:
    """Count what happened on these days. Raises StoreUnavailable."""
    now = services.clock.now()
    begins, ends = (datetime.combine(day, time.min, now.tzinfo) for day in (first, last + timedelta(days=1)))
    async with services.reading() as uow:
        sessions = await uow.sessions.between(begins, ends)
        turns = await uow.turns.between(begins, ends)
        raised = await uow.escalations.between(begins, ends)
        callbacks = await uow.callbacks.between(begins, ends)
        known = {one.session_id: one for one in sessions}
        earlier = {*(t.session_id for t in turns), *(c.session_id for c in callbacks)} - known.keys()
        known |= await uow.sessions.among(earlier)
    urgent = [one for one in raised if one.urgency == Urgency.NOW]
    events = _Events(frozenset(e.session_id for e in raised), now, sessions, turns, urgent, callbacks)
    targets = tuple(rung.after_seconds * services.timing.scale for rung in services.timing.ladder("now").rungs[1:])
    claimed = _claim_seconds(urgent)
    return Report(
        first=first,
        last=last,
        total=events.figures(),
        emergencies=tuple(sorted(urgent, key=lambda one: one.raised_at, reverse=True)),
        targets_seconds=targets,
        claimed_within=tuple(sum(seconds <= target for seconds in claimed) for target in targets),
        by_hour=_by_hour(events),
        by_place=_by_place(events, {key: one.place or "" for key, one in known.items()}),
    )


def _by_hour(events: _Events) -> tuple[Figures, ...]:
    found = events.by(
        lambda session: session.started_at.hour,
        lambda turn: turn.received_at.hour,
        lambda raised: raised.raised_at.hour,
        lambda callback: callback.promised_at.hour,
    )
    nothing = _Events(events.handed, events.now).figures()
    return tuple(found.get(hour, nothing) for hour in range(24))


def _by_place(events: _Events, places: dict[str, str]) -> tuple[tuple[str, Figures], ...]:
    found = events.by(
        lambda session: session.place or "",
        lambda turn: places.get(turn.session_id, ""),
        lambda raised: raised.place or "",
        lambda callback: places.get(callback.session_id, ""),
    )
    return tuple(sorted(found.items()))


def waits(seconds: Iterable[float]) -> Waits:
    """Nearest rank: the figures are ones that were measured."""
    ordered = sorted(seconds)
    return Waits(len(ordered), _rank(ordered, 50), _rank(ordered, 95))


def _rank(ordered: Sequence[float], percent: int) -> float | None:
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)] if ordered else None


def _answer_seconds(turns: Iterable[Turn]) -> list[float]:
    """From the words to the reply, as the turns themselves noted; turns that an operator answered have none."""
    measured = [turn.milliseconds.get("total") for turn in turns if turn.reply]
    return [float(value) / 1000 for value in measured if value is not None]


def _claim_seconds(urgent: Iterable[Escalation]) -> list[float]:
    return [(one.claimed_at - one.raised_at).total_seconds() for one in urgent if one.claimed_at is not None]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _is_kept(callback: Callback) -> bool:
    """Rung by the promised moment, to the minute."""
    return callback.closed_at is not None and callback.closed_at <= callback.promised_at + timedelta(minutes=1)
