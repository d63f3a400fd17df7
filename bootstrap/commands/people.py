"""`people`: elders, their family, linked chats and operators, from a file."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bootstrap.commands.common import with_services
from bootstrap.commands.output import AsJson, emit, plain, say, table
from bootstrap.reading import SettingsError
from bootstrap.settings import Settings
from hotline import linking
from hotline.errors import NotFound
from hotline.ports import Services

app = typer.Typer(help="Elders, their family, linked chats: put in from a file, and listed.", no_args_is_help=True)

COLUMNS = ("elder_id", "name", "phone", "place", "family", "chats")
Counts = dict[str, dict[str, int]]


@app.command()
def load(
    file: Annotated[str, typer.Argument(metavar="FILE", help="YAML, see docs/install.md; - reads standard input.")],
    check: Annotated[bool, typer.Option("--check", help="Only say what is wrong and what would change.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put in elders, contacts, operators and linked chats: all of the file or, when a row is wrong, nothing.

    Rows are told apart by their ids: new ones are added, known ones changed where the file says otherwise.
    Nobody is deleted. Loading the same file again changes nothing.
    """
    from store.people_file import PeopleFileError

    try:
        counts = _load(_text(file), check)
    except PeopleFileError as error:
        for line in error.lines:
            say(f"warmline: {file}: {line}")
        raise typer.Exit(1) from None
    emit({"loaded": not check, **counts}, as_json, lambda: _shown(counts, check))


def _text(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} can't be read: {type(error).__name__}") from None


def _load(text: str, check: bool) -> Counts:
    from bootstrap.services import open_database
    from store.people_file import read_people
    from store.people_load import load_people

    entries = read_people(text)

    async def work(settings: Settings, services: Services) -> Counts:
        database = open_database(settings)
        try:
            async with database.unit_of_work() as uow:
                counts = await load_people(entries, uow, services.clock.now())
                if not check:
                    await uow.commit()
                return counts
        finally:
            await database.close()

    return with_services(work)


def _shown(counts: Counts, check: bool) -> str:
    lines = [f"{name}: {', '.join(f'{n} {what}' for what, n in one.items())}" for name, one in counts.items()]
    return "\n".join([*lines, "nothing was written (--check)"] if check else lines)


@app.command("list")
def list_people(as_json: AsJson = False) -> None:
    """Show the elders with their family and chats; addresses and conditions with --json only."""

    async def work(_settings: Settings, services: Services) -> list[dict[str, Any]]:
        async with services.unit_of_work() as uow:
            return [
                {
                    **plain(elder),
                    "contacts": plain(await uow.contacts.of(elder.elder_id)),
                    "links": plain(await uow.links.of_elder(elder.elder_id)),
                }
                for elder in await uow.elders.all()
            ]

    rows = with_services(work)
    emit(rows, as_json, lambda: table(map(_for_people, rows), COLUMNS, "no elders yet; `warmline people load`"))


def _for_people(row: dict[str, Any]) -> dict[str, Any]:
    """Emergency contacts are marked with an asterisk."""
    family = [
        f"{c['name']} {c['phone'] or ''}{'*' if c['is_emergency_contact'] else ''}".strip() for c in row["contacts"]
    ]
    return {**row, "family": "; ".join(family), "chats": len(row["links"])}


@app.command()
def code(
    elder: Annotated[str, typer.Argument(metavar="ELDER", help="Id or full name.")],
    contact: Annotated[
        str | None, typer.Option(metavar="ID", help="The relative it is for, when registered: `people list --json`.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a code by which a relative ties a Telegram chat to this elder: used once, shown once, old after a day."""

    async def work(_settings: Settings, services: Services) -> dict[str, str]:
        elder_id = await _elder_id(elder, services)
        return {"elder_id": elder_id, "code": await linking.give_code(elder_id, "command", services, contact)}

    row = with_services(work)
    emit(row, as_json, lambda: f"{row['code']}: the relative sends /link {row['code']} to the bot")


async def _elder_id(id_or_name: str, services: Services) -> str:
    async with services.unit_of_work() as uow:
        found = [e.elder_id for e in await uow.elders.all() if id_or_name in (e.elder_id, e.name)]
    if len(found) != 1:
        raise NotFound(f"{len(found)} elders are called {id_or_name!r}; `warmline people list` shows their ids.")
    return found[0]
