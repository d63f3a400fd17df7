"""`callbacks` and `cases`: what was promised and waits for a person."""

from typing import Annotated, Any

import typer

from bootstrap.commands.common import with_services
from bootstrap.commands.escalations import do_not_ring
from bootstrap.commands.output import AsJson, emit, plain, table
from bootstrap.settings import Settings
from hotline import callbacks, cases
from hotline.callbacks import Callback
from hotline.cases import Case
from hotline.escalation import may_push
from hotline.ports import Services

ring = typer.Typer(help="Whom we promised to ring back.", no_args_is_help=True)
matters = typer.Typer(help="Matters written down for a person.", no_args_is_help=True)

CALLBACK = (
    "callback_id", "urgency", "promised_at", "number", "hold", "tries", "outcome", "handed_at", "elder", "reason",
    "words", "when_words", "session_id",
)  # fmt: skip
CASE = (
    "case_id", "type", "promised_on", "elder", "number", "hold", "place", "wants_callback", "words", "order_id",
    "session_id",
)  # fmt: skip


@ring.command("list")
def list_callbacks(as_json: AsJson = False) -> None:
    """Show the callbacks still to be made: emergencies first, then by the promised time.

    `tries` and `outcome`: how often the line has rung, and what came of it; `handed_at`: since when it is for an
    operator to ring. --json has every try.
    """

    async def work(_settings: Settings, services: Services) -> list[dict[str, Any]]:
        rows = await _rows(await callbacks.listing(services), CALLBACK, services)
        async with services.unit_of_work() as uow:
            return [{**row, "rung": plain(await uow.callback_tries.of(row["callback_id"]))} for row in rows]

    rows = with_services(work)
    emit(rows, as_json, lambda: table(map(_held, rows), CALLBACK, "nobody waits for a callback"))


def _held(row: dict[str, Any]) -> dict[str, Any]:
    """Ringing may endanger: a person decides first, so the number is not there to be rung by mistake."""
    return {**row, "number": do_not_ring()} if row["hold"] and row["number"] else row


@ring.command("done")
def finish_callback(
    callback_id: Annotated[str, typer.Argument(metavar="ID", help="As shown by `callbacks list`.")],
    as_json: AsJson = False,
) -> None:
    """Somebody has rung back; harmless to repeat."""

    async def work(_settings: Settings, services: Services) -> Callback:
        return await callbacks.finish(callback_id, services)

    with_services(work)
    emit({"callback_id": callback_id, "status": "done"}, as_json, lambda: f"{callback_id} is done")


@matters.command("list")
def list_cases(as_json: AsJson = False) -> None:
    """Show the open cases: emergencies and abuse first, then by the promised day."""

    async def work(_settings: Settings, services: Services) -> list[dict[str, Any]]:
        return await _rows(await cases.listing(services), CASE, services)

    rows = with_services(work)
    emit(rows, as_json, lambda: table(map(_held, rows), CASE, "no open cases"))


@matters.command("close")
def finish_case(
    case_id: Annotated[str, typer.Argument(metavar="ID", help="As shown by `cases list`.")],
    outcome: Annotated[str, typer.Option(metavar="CODE", help="An outcome code, such as answered or callback.")],
    as_json: AsJson = False,
) -> None:
    """End a case with an outcome code (docs/commands.md lists them); the caller may ask how it went."""

    async def work(_settings: Settings, services: Services) -> Case:
        return await cases.finish(case_id, outcome, services)

    with_services(work)
    closed = {"case_id": case_id, "status": "closed", "outcome": outcome}
    emit(closed, as_json, lambda: f"{case_id} is closed: {outcome}")


async def _rows(items: list[Any], names: tuple[str, ...], services: Services) -> list[dict[str, Any]]:
    """With the elder's name, and held where a private escalation of the same session says so."""
    async with services.unit_of_work() as uow:
        elders = {elder.elder_id: elder.name for elder in await uow.elders.all()}
        raised = {item.session_id: await uow.escalations.of_session(item.session_id) for item in items}

    def row(item: Any) -> dict[str, Any]:
        hold = getattr(item, "hold", False) or not all(map(may_push, raised[item.session_id]))
        more = {"elder": elders.get(item.elder_id), "hold": hold}
        return {name: more[name] if name in more else plain(getattr(item, name)) for name in names}

    return [row(item) for item in items]
