"""经过: everything that happened to one escalation, in the order of time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from hotline.handoff import Packet
from hotline.notes import NoteKind


@dataclass(frozen=True)
class TimelineEvent:
    """`what` is a code: began, asked_danger, raised, told, claimed, reached, promised, kept, closed, or a kind of note;
    `detail` is a code or an id that belongs to it; `words` are an operator's.
    """

    at: datetime
    what: str
    who: str = ""
    detail: str = ""
    words: str = ""


def timeline(packet: Packet) -> tuple[TimelineEvent, ...]:
    """From the beginning of the contact to the closing."""
    return tuple(sorted(_events(packet), key=lambda event: event.at))


def _events(packet: Packet) -> Iterator[TimelineEvent]:
    raised = packet.escalation
    if packet.session is not None:
        yield TimelineEvent(packet.session.started_at, "began", detail=packet.session.channel)
    for check in packet.checks:
        yield TimelineEvent(check.asked_at, "asked_danger", detail=check.outcome or "")
    yield TimelineEvent(raised.raised_at, "raised", detail=raised.kind)
    for told in packet.told:
        yield TimelineEvent(told.at, "told", told.name, told.state)
    if raised.claimed_at is not None:
        yield TimelineEvent(raised.claimed_at, "claimed", packet.claimed_by_name or "")
    if raised.reached_at is not None:
        yield TimelineEvent(raised.reached_at, "reached", packet.reached_by_name or "")
    for promised in (*packet.callbacks, *packet.kept):
        yield TimelineEvent(promised.created_at, "promised", detail=promised.reason)
        if promised.closed_at is not None:
            yield TimelineEvent(promised.closed_at, "kept")
    yield from _noted(packet)
    if raised.closed_at is not None:
        yield TimelineEvent(raised.closed_at, "closed", detail=raised.outcome or "")


def _noted(packet: Packet) -> Iterator[TimelineEvent]:
    """What operators did; what they said stands in the transcript."""
    names = {**{contact.contact_id: contact.name for contact in packet.contacts}, **packet.names}
    for note in packet.notes:
        if note.kind == NoteKind.SAID or note.escalation_id != packet.escalation.escalation_id:
            continue
        by, words = names.get(note.operator_id, note.operator_id), note.words
        if note.kind in (NoteKind.NOTE, NoteKind.CLOSED):
            yield TimelineEvent(note.at, note.kind, by, words=words)
        else:
            yield TimelineEvent(note.at, note.kind, by, names.get(words, words))
