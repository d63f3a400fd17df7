"""`operators`: who takes calls, and who is ready now."""

from typing import Annotated

import typer

from bootstrap.commands.common import with_services
from bootstrap.commands.escalations import operator_id
from bootstrap.commands.output import AsJson, emit, plain, table
from bootstrap.settings import Settings
from hotline.people import Operator, OperatorStatus
from hotline.ports import Services

app = typer.Typer(help="Who takes calls, and who is ready now.", no_args_is_help=True)

COLUMNS = ("operator_id", "name", "role", "status")

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name or id.")]


@app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """Show all operators with their status."""

    async def work(_settings: Settings, services: Services) -> list[Operator]:
        async with services.unit_of_work() as uow:
            return await uow.operators.all()

    rows = [{name: plain(getattr(one, name)) for name in COLUMNS} for one in with_services(work)]
    emit(rows, as_json, lambda: table(rows, COLUMNS, "no operators yet; `warmline db seed-demo` makes some"))


@app.command()
def ready(name: Name, as_json: AsJson = False) -> None:
    """From now on this operator is told of every new escalation at once."""
    _set(name, OperatorStatus.READY, as_json)


@app.command()
def away(name: Name, as_json: AsJson = False) -> None:
    """From now on this operator is told at the last rung only."""
    _set(name, OperatorStatus.AWAY, as_json)


def _set(name: str, status: OperatorStatus, as_json: bool) -> None:
    async def work(_settings: Settings, services: Services) -> str:
        found = await operator_id(name, services)
        async with services.unit_of_work() as uow:
            (await uow.operators.require(found)).status = status
            await uow.commit()
        return found

    found = with_services(work)
    emit({"operator_id": found, "status": status.value}, as_json, lambda: f"{found} is {status.value}")
