"""`operators`: who takes calls, and who is ready now; registering them and taking them off the list."""

import sys
from typing import Annotated, Any

import typer

from bootstrap.commands.common import with_services
from bootstrap.commands.escalations import operator_id
from bootstrap.commands.output import AsJson, emit, plain, table
from bootstrap.settings import Settings
from hotline import people, sign_in
from hotline.people import Operator, OperatorStatus, Role
from hotline.ports import Services

app = typer.Typer(help="Who takes calls, and who is ready now.", no_args_is_help=True)

COLUMNS = ("operator_id", "name", "role", "status", "telegram_chat_id", "sip_address")

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name or id.")]


@app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """Show all operators with their status."""

    async def work(_settings: Settings, services: Services) -> list[Operator]:
        async with services.unit_of_work() as uow:
            return await uow.operators.all()

    rows = [_row(one) for one in with_services(work)]
    emit(rows, as_json, lambda: table(rows, COLUMNS, "no operators yet; `warmline operators add` makes one"))


@app.command()
def ready(name: Name, as_json: AsJson = False) -> None:
    """From now on this operator is told of every new escalation at once."""
    _set(name, OperatorStatus.READY, as_json)


@app.command()
def away(name: Name, as_json: AsJson = False) -> None:
    """From now on this operator is told at the last rung only."""
    _set(name, OperatorStatus.AWAY, as_json)


@app.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As callers and colleagues call this operator.")],
    role: Annotated[Role, typer.Option(help="A supervisor is told at the second rung.")] = Role.OPERATOR,
    telegram: Annotated[
        str | None,
        typer.Option(metavar="CHAT_ID", help="The number that the bot answers to /id in the operator's own chat."),
    ] = None,
    sip: Annotated[str | None, typer.Option(metavar="ADDRESS", help="SIP address of the operator's phone.")] = None,
    ready: Annotated[bool, typer.Option("--ready", help="On duty from now on.")] = False,
    as_json: AsJson = False,
) -> None:
    """Register an operator; the running service knows within 10 s."""
    check_chat_id(telegram)
    status = OperatorStatus.READY if ready else OperatorStatus.AWAY

    async def work(_settings: Settings, services: Services) -> Operator:
        return await people.add_operator(people.new_operator(name, role, status, telegram, sip), services)

    row = _row(with_services(work))
    emit(row, as_json, lambda: f"{row['name']} is {row['operator_id']}, {row['role']}, {row['status']}")


def check_chat_id(telegram: str | None) -> None:
    """Raises BadParameter for a group (negative) and for an @name: alerts go to one person's own chat."""
    if telegram is not None and not (telegram.isascii() and telegram.isdigit()):
        raise typer.BadParameter(f"{telegram!r} is not the number of a person's own chat", param_hint="--telegram")


@app.command()
def password(
    name: Name,
    from_input: Annotated[
        bool, typer.Option("--stdin", help="Read it from standard input instead of asking at the terminal.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Give an operator a password for the web console; it unlocks him and ends the sign-ins he has."""
    given = (
        sys.stdin.readline().rstrip("\n")
        if from_input
        else typer.prompt("password", hide_input=True, confirmation_prompt=True, err=True)
    )

    async def work(_settings: Settings, services: Services) -> str:
        from console.passwords import Argon2Passwords  # here, so that the other commands do not load it

        found = await operator_id(name, services)
        await sign_in.set_password(found, given, Argon2Passwords(), services)
        return found

    found = with_services(work)
    emit({"operator_id": found, "password": "set"}, as_json, lambda: f"{found} has a new password")


@app.command()
def remove(name: Name, as_json: AsJson = False) -> None:
    """Take an operator off the list; refused while he holds a caller or a claimed escalation."""

    async def work(_settings: Settings, services: Services) -> Operator:
        return await people.remove_operator(await operator_id(name, services), services)

    removed = with_services(work)
    row = {"operator_id": removed.operator_id, "name": removed.name, "removed": True}
    emit(row, as_json, lambda: f"{removed.name} ({removed.operator_id}) is removed")


def _row(one: Operator) -> dict[str, Any]:
    return {name: plain(getattr(one, name)) for name in COLUMNS}


def _set(name: str, status: OperatorStatus, as_json: bool) -> None:
    async def work(_settings: Settings, services: Services) -> str:
        found = await operator_id(name, services)
        await people.set_status(found, status, services)
        return found

    found = with_services(work)
    emit({"operator_id": found, "status": status.value}, as_json, lambda: f"{found} is {status.value}")
