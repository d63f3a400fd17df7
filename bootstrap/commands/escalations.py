"""`escalations`: what needs a person; for operators at a terminal."""

import asyncio
import sys
from typing import Annotated, Any

import typer

from bootstrap.commands.common import with_services
from bootstrap.commands.output import AsJson, emit, emit_json, plain, table
from bootstrap.commands.packet import packet_shown
from bootstrap.settings import Settings
from hotline import attendance, conversation, escalation, family, handoff
from hotline.errors import NotAllowed, NotFound, StoreUnavailable
from hotline.escalation import PRIVATE_KINDS, Escalation
from hotline.handoff import Packet
from hotline.people import find_operator
from hotline.ports import Services

app = typer.Typer(help="What needs a person: see it, claim it, close it.", no_args_is_help=True)

COLUMNS = (
    "escalation_id", "kind", "urgency", "status", "raised_at", "place", "number", "safe_to_ring", "tell_family",
    "claimed_by", "reached_by", "reached_at", "investigate",
)  # fmt: skip
WATCH_SECONDS = 1.0


@app.command("list")
def list_open(as_json: AsJson = False) -> None:
    """Show everything not closed, the most urgent first."""
    rows = [_row(one) for one in with_services(_listing)]
    emit(rows, as_json, lambda: table(map(for_people, rows), COLUMNS, "nothing is open"))


async def _listing(_settings: Settings, services: Services) -> list[Escalation]:
    return await escalation.listing(services)


def _row(one: Escalation) -> dict[str, Any]:
    return {name: plain(getattr(one, name)) for name in COLUMNS}


def for_people(row: dict[str, Any]) -> dict[str, Any]:
    """As shown in a table: a number that must not be rung is not there to be rung by mistake."""
    may_ring = row["safe_to_ring"] if row["safe_to_ring"] is not None else row["kind"] not in PRIVATE_KINDS
    number = row["number"] if may_ring or not row["number"] else do_not_ring()
    return {**row, "number": number, "raised_at": row["raised_at"][:19].replace("T", " ")}


def do_not_ring() -> str:
    """What stands in the place of a number."""
    from bot.wording import say as worded

    return worded("do_not_ring")


@app.command()
def show(
    escalation_id: Annotated[str, typer.Argument(metavar="ID", help="As shown by `escalations list`.")],
    as_json: AsJson = False,
) -> None:
    """Show all of it: what was said, what is known, who was told and when, the elder, family, visits ahead."""

    async def work(_settings: Settings, services: Services) -> Packet:
        return await handoff.packet(escalation_id, services)

    packet = with_services(work)
    emit(packet, as_json, lambda: packet_shown(packet, do_not_ring()))


@app.command()
def claim(
    escalation_id: Annotated[str, typer.Argument(metavar="ID", help="As shown by `escalations list`.")],
    operator: Annotated[str, typer.Option(help="Name or id of the operator who takes it.")],
    as_json: AsJson = False,
) -> None:
    """Take it over: the ladder stops, the caller is told, the session is yours. The first one wins."""

    async def work(_settings: Settings, services: Services) -> Escalation:
        return await escalation.claim(escalation_id, await operator_id(operator, services), services)

    row = _row(with_services(work))
    done = f"{row['escalation_id']} is claimed by {row['claimed_by']}"
    emit(row, as_json, lambda: f"{done}; `warmline escalations show {row['escalation_id']}` has what was said")


async def operator_id(name_or_id: str, services: Services) -> str:
    """The id of an operator given by name or id. Raises NotFound."""
    async with services.unit_of_work() as uow:
        operator = await find_operator(name_or_id, uow)
    if operator is None:
        raise NotFound(f"No operator {name_or_id!r}; `warmline operators list` shows them.")
    return operator.operator_id


@app.command("say")
def say_to_caller(
    escalation_id: Annotated[str, typer.Argument(metavar="ID", help="As shown by `escalations list`.")],
    words: Annotated[str, typer.Argument(metavar="WORDS", help="What to say; - reads one line of standard input.")],
    operator: Annotated[str, typer.Option(help="Name or id of the operator who has taken it over.")],
    as_json: AsJson = False,
) -> None:
    """Say something to the caller of an escalation you have taken over; the assistant stays silent meanwhile."""
    text = sys.stdin.readline().strip() if words == "-" else words

    async def work(_settings: Settings, services: Services) -> bool:
        async with services.reading() as uow:
            session_id = (await uow.escalations.require(escalation_id)).session_id
        who = await operator_id(operator, services)
        await attendance.works_elsewhere(who, services)
        return await conversation.operator_says(who, text, services, session_id)

    if not with_services(work):
        raise NotAllowed(f"Not said: {operator} does not hold the caller of {escalation_id}, or he can't be reached.")
    emit({"escalation_id": escalation_id, "said": True}, as_json, lambda: "said")


@app.command()
def close(
    escalation_id: Annotated[str, typer.Argument(metavar="ID", help="As shown by `escalations list`.")],
    outcome: Annotated[str, typer.Option(help="What became of it, in a few words.")],
    as_json: AsJson = False,
) -> None:
    """End it; the assistant may answer the caller again."""

    async def work(_settings: Settings, services: Services) -> Escalation:
        return await escalation.close(escalation_id, outcome, services)

    row = _row(with_services(work))
    emit(row, as_json, lambda: f"{row['escalation_id']} is closed")


@app.command()
def reopen(
    escalation_id: Annotated[str, typer.Argument(metavar="ID", help="One that a relative has stood down.")],
    as_json: AsJson = False,
) -> None:
    """The family has reached the elder, and you are not content: the same danger once more, everybody is told."""

    async def work(_settings: Settings, services: Services) -> Escalation:
        return await family.reopen(escalation_id, services)

    row = _row(with_services(work))
    emit(row, as_json, lambda: f"{row['escalation_id']} is {row['status']}")


@app.command()
def watch(as_json: AsJson = False) -> None:
    """Show each change as it happens, with a bell for what is new and urgent, until Ctrl-C."""

    async def work(_settings: Settings, services: Services) -> None:
        seen: dict[str, dict[str, Any]] = {}
        while True:
            seen = _print_changes(seen, await _current(services), as_json)
            await asyncio.sleep(WATCH_SECONDS)

    with_services(work)


async def _current(services: Services) -> dict[str, dict[str, Any]] | None:
    try:
        return {one.escalation_id: _row(one) for one in await escalation.listing(services)}
    except StoreUnavailable:
        return None  # locked for a moment: what was seen stays as it is


def _print_changes(
    seen: dict[str, dict[str, Any]], now: dict[str, dict[str, Any]] | None, as_json: bool
) -> dict[str, dict[str, Any]]:
    if now is None:
        return seen
    changed = [row for key, row in now.items() if seen.get(key) != row]
    closed = [{**row, "status": "closed"} for key, row in seen.items() if key not in now]
    for row in [*changed, *closed]:
        if as_json:
            emit_json(row)
        else:
            bell = "\a" if row["urgency"] == "now" and row["escalation_id"] not in seen else ""
            shown = for_people(row)
            typer.echo(bell + "  ".join(str(shown[name]) for name in COLUMNS if shown[name] is not None))
    return now
