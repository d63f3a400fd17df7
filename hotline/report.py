"""报表: how quickly callers were answered and taken over, how much was handed over, which callbacks were kept."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil

from hotline.callbacks import Callback
from hotline.escalation import Escalation, Urgency
from hotline.ports import Services
from hotline.sessions import CallSession, Turn


@dataclass(frozen=True)
class Waits:
    """Durations in seconds: how many, the median, and the value that 95 of 100 do not exceed. None without any."""

    count: int
    median_seconds: float | None
    most_seconds: float | None


@dataclass(frozen=True)
class Report:
    """Figures of the days from `first` to `last`, both included. Shares are None where there is nothing to share.

    `claimed_within` counts emergencies by the targets of the ladder; `by_hour` and `by_place` count contacts and
    emergencies.
    """

    first: date
    last: date
    contacts: int
    answers: Waits
    claims: Waits
    emergencies: tuple[Escalation, ...]
    targets_seconds: tuple[float, ...]
    claimed_within: tuple[int, ...]
    handed_over: float | None
    callbacks: int
    callbacks_due: int
    callbacks_kept: int
    by_hour: tuple[tuple[int, int], ...]
    by_place: tuple[tuple[str, int, int], ...]


async def report(first: date, last: date, services: Services) -> Report:
    """Count what happened on these days. Raises StoreUnavailable."""
    zone = services.clock.now().tzinfo
    begins, ends = (datetime.combine(day, time.min, zone) for day in (first, last + timedelta(days=1)))
    async with services.reading() as uow:
        sessions = await uow.sessions.between(begins, ends)
        turns = await uow.turns.between(begins, ends)
        raised = await uow.escalations.between(begins, ends)
        callbacks = await uow.callbacks.between(begins, ends)
    urgent = [one for one in raised if one.urgency == Urgency.NOW]
    targets = tuple(rung.after_seconds * services.timing.scale for rung in services.timing.ladder("now").rungs[1:])
    claimed = [_claim_seconds(one) for one in urgent if one.claimed_at is not None]
    due = [c for c in callbacks if c.promised_at <= services.clock.now()]
    return Report(
        first=first,
        last=last,
        contacts=len(sessions),
        answers=waits(_answer_seconds(turns)),
        claims=waits(claimed),
        emergencies=tuple(sorted(urgent, key=lambda one: one.raised_at, reverse=True)),
        targets_seconds=targets,
        claimed_within=tuple(sum(seconds <= target for seconds in claimed) for target in targets),
        handed_over=_share(len({one.session_id for one in raised}), len(sessions)),
        callbacks=len(callbacks),
        callbacks_due=len(due),
        callbacks_kept=sum(map(_is_kept, due)),
        by_hour=_by_hour(sessions, urgent),
        by_place=_by_place(sessions, urgent),
    )


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


def _claim_seconds(one: Escalation) -> float:
    assert one.claimed_at is not None
    return (one.claimed_at - one.raised_at).total_seconds()


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _is_kept(callback: Callback) -> bool:
    """Rung by the promised moment, to the minute."""
    return callback.closed_at is not None and callback.closed_at <= callback.promised_at + timedelta(minutes=1)


def _by_hour(sessions: list[CallSession], urgent: list[Escalation]) -> tuple[tuple[int, int], ...]:
    contacts = Counter(session.started_at.hour for session in sessions)
    emergencies = Counter(one.raised_at.hour for one in urgent)
    return tuple((contacts[hour], emergencies[hour]) for hour in range(24))


def _by_place(sessions: list[CallSession], urgent: list[Escalation]) -> tuple[tuple[str, int, int], ...]:
    contacts = Counter(session.place or "" for session in sessions)
    emergencies = Counter(one.place or "" for one in urgent)
    return tuple((name, contacts[name], emergencies[name]) for name in sorted(contacts | emergencies))
