"""`escalations show`: the handoff packet for people; numbers that must not be rung are left out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from bootstrap.commands.output import cell, table
from hotline.handoff import Packet
from hotline.sessions import Turn

ESCALATION = (
    "escalation_id", "kind", "urgency", "status", "raised_at", "raised_at_turn", "trigger", "channel", "place",
    "number", "safe_to_ring", "tell_family", "claimed_at", "closed_at", "outcome", "reached_at", "investigate",
    "caller_says_ok", "asked", "known", "draft",
)  # fmt: skip
UNDERSTOOD = ("intent", "confidence", "tier", "kind", "path", "basis")
ELDER = (
    "elder_id",
    "name",
    "phone",
    "place",
    "address",
    "birth_year",
    "key_holder",
    "conditions",
    "devices",
    "care_group",
)
CHECK = ("asked_at", "kind", "words", "answered_at", "outcome")
NOTE = ("at", "kind", "operator_id", "words")
TOLD = ("at", "rung", "name", "recipient_kind", "state", "attempts")
CONTACT = ("name", "relation", "phone", "is_emergency_contact", "rank")
ORDER = ("order_id", "service", "starts_at", "ends_at", "name", "address", "note")
CALLBACK = ("callback_id", "urgency", "promised_at", "number", "hold", "tries", "outcome", "reason", "words")
ELIGIBILITY = ("judged_at", "rule", "verdict", "facts", "missing", "rule_version")
CASE = ("case_id", "type", "promised_on", "words")


def packet_shown(packet: Packet, instead: str) -> RenderableType:
    """`instead` stands where the caller's or the family's numbers would be, when nothing may be sent there."""
    return Group(*_parts(packet if packet.may_ring else _masked(packet, instead)))


def _masked(packet: Packet, instead: str) -> Packet:
    """Copies; the packet itself keeps its numbers."""

    def hide(rows: Sequence[Any], field: str) -> tuple[Any, ...]:
        return tuple(_copy(row, field, instead) for row in rows)

    return replace(
        packet,
        escalation=_copy(packet.escalation, "number", instead),
        elder=packet.elder and _copy(packet.elder, "phone", instead),
        candidates=hide(packet.candidates, "phone"),
        contacts=hide(packet.contacts, "phone"),
        callbacks=hide(packet.callbacks, "number"),
    )


def _copy(row: Any, field: str, value: str) -> Any:
    return replace(row, **{field: value}) if getattr(row, field) else row


def _parts(packet: Packet) -> Iterator[RenderableType]:
    people = {"claimed_by": packet.claimed_by_name, "reached_by": packet.reached_by_name}
    yield from _facts("escalation", packet.escalation, ESCALATION, **people)
    if packet.session is not None:
        yield from _facts("session", packet.session, ("session_id", "channel", "started_at", "safe_times", "outcome"))
    if packet.elder is not None:
        yield from _facts("elder", packet.elder, ELDER)
    yield from _rows("the number or chat belongs to; ask which one", packet.candidates, ELDER)
    yield from _rows("family", packet.contacts, CONTACT)
    yield from _said(packet.turns)
    yield from _rows("asked whether there is danger", packet.checks, CHECK)
    yield from _rows("told", packet.told, TOLD)
    yield from _rows("noted and said by operators", packet.notes, NOTE)
    yield from _rows("visits ahead", packet.orders, ORDER)
    yield from _rows("callbacks promised", packet.callbacks, CALLBACK)
    yield from _rows("open cases", packet.cases, CASE)
    yield from _rows("told of their eligibility", packet.eligibilities, ELIGIBILITY)


def _facts(title: str, item: Any, names: Sequence[str], **more: Any) -> Iterator[RenderableType]:
    yield Text(f"\n{title}", style="bold")
    for name, value in ({name: getattr(item, name) for name in names} | more).items():
        if cell(value):
            yield Text(f"  {name}: {cell(value)}")


def _said(turns: Sequence[Turn]) -> Iterator[RenderableType]:
    """In lines: a table of long sentences can't be read in a narrow window."""
    if turns:
        yield Text("\nsaid", style="bold")
    for turn in turns:
        yield Text(f"  {turn.number:>2}  {cell(turn.received_at)}  caller: {turn.said or '(silence)'}")
        if turn.reply:
            yield Text(f"{'we':>31}: {turn.reply}", style="cyan")
        understood = [f"{name} {cell(getattr(turn, name))}" for name in UNDERSTOOD if getattr(turn, name)]
        yield Text(f"{'':>25}{', '.join(understood)}", style="dim")


def _rows(title: str, items: Sequence[Any], names: Sequence[str]) -> Iterator[RenderableType]:
    if items:
        yield Text(f"\n{title}", style="bold")
        yield table(({name: getattr(item, name) for name in names} for item in items), names, "")
