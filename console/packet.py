"""The parts of an escalation's page, and which of them have to be shown again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from console.entrance import has_rank
from console.pages import render
from hotline import handoff
from hotline.board import targets_seconds
from hotline.handoff import Packet, Transcript
from hotline.ids import new_id
from hotline.notes import NoteKind
from hotline.people import Role
from hotline.ports import Services
from hotline.sessions import Turn
from hotline.sign_in import Present
from hotline.timeline import timeline
from knowledge import vocabulary


@dataclass(frozen=True)
class Line:
    """One line of the transcript: who speaks (caller, assistant, or an operator's name), and for a caller's words the
    turn with what was understood.
    """

    at: datetime
    by: str
    text: str
    turn: Turn | None = None
    name: str = ""


def talk(packet: Packet | Transcript) -> list[Line]:
    """Everything said, in the order of time."""
    return sorted(_lines(packet), key=lambda line: line.at)


def _lines(packet: Packet | Transcript) -> Iterator[Line]:
    for turn in packet.turns:
        yield Line(turn.received_at, "caller", turn.said, turn)
        if turn.reply:
            yield Line(turn.received_at, "assistant", turn.reply)
    for note in packet.notes:
        if note.kind == NoteKind.SAID:
            yield Line(note.at, "operator", note.words, name=packet.names.get(note.operator_id, note.operator_id))


def packet_values(packet: Packet, present: Present, services: Services) -> dict[str, Any]:
    """What the templates of an escalation need."""
    raised = packet.escalation
    mine = raised.claimed_by == present.operator.operator_id
    is_supervisor = has_rank(present, Role.SUPERVISOR)
    over = raised.status == "closed"
    return {
        "p": packet, "e": raised, "now": services.clock.now(), "trigger_turn": raised.turn_id,
        "talk": talk(packet), "timeline": timeline(packet),
        "mine": mine, "may_act": (mine or is_supervisor) and not over, "is_supervisor": is_supervisor, "over": over,
        "may_say": mine and not over and packet.session is not None and packet.session.ended_at is None,
        "key": f"{raised.status}-{raised.claimed_by or ''}-{packet.may_ring:d}{raised.tell_family:d}",
        "targets": targets_seconds(raised.urgency, services),
        "bookable": {code: one.label for code, one in vocabulary.services().items() if one.at_home},
        "service_labels": {code: one.label for code, one in vocabulary.services().items()},
        "form": new_id("frm"),
    }  # fmt: skip


async def refreshed(escalation_id: str, key: str, present: Present, services: Services) -> str:
    """The transcript, with the facts beside it; the forms only when `key` tells that others are due: what somebody is
    typing stays.
    """
    packet = await handoff.packet(escalation_id, services)
    values = packet_values(packet, present, services)
    return render("escalation_live.html", show_actions=values["key"] != key, present=present, **values)
