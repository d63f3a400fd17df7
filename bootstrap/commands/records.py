"""`db` and `privacy`: the records, and what a person may ask of them."""

import asyncio
from datetime import timedelta
from typing import Annotated, Any

import typer

from bootstrap.commands.common import with_services
from bootstrap.commands.output import AsJson, emit, emit_json, say
from bootstrap.environment import prepare
from bootstrap.reading import read_settings
from bootstrap.settings import Settings
from hotline import privacy, recovery
from hotline.errors import NotFound, StoreUnavailable
from hotline.ports import Services

db = typer.Typer(help="The hotline's database.", no_args_is_help=True)
private = typer.Typer(help="What is kept of people: forget, hand out, delete.", no_args_is_help=True)

Elder = Annotated[str, typer.Argument(metavar="ELDER", help="Id or full name of the elder.")]


@db.command("upgrade")
def upgrade_database(as_json: AsJson = False) -> None:
    """Create the tables or bring them up to date; harmless to repeat."""
    settings = read_settings()
    _upgrade(settings)
    emit({"upgraded": True}, as_json, lambda: "the database is up to date")


def _upgrade(settings: Settings) -> None:
    from store import upgrade

    prepare(settings)
    upgrade(str(settings.database_url))


@db.command("seed-demo")
def seed(as_json: AsJson = False) -> None:
    """Fill in a few clearly fictional elders, contacts and operators; harmless to repeat."""
    settings = read_settings()
    _upgrade(settings)
    counts = asyncio.run(_seed(settings))
    emit(counts, as_json, lambda: _counts(counts))


async def _seed(settings: Settings) -> dict[str, int]:
    from bootstrap.services import open_database
    from store.seed import seed_demo

    database = open_database(settings)
    try:
        return await seed_demo(database)
    finally:
        await database.close()


@private.command()
def purge(as_json: AsJson = False) -> None:
    """Forget what is past its time: transcripts, Rasa's trackers, the spool. The jobs role does it daily."""

    async def work(settings: Settings, services: Services) -> dict[str, int]:
        from bootstrap.maintenance import purge_all

        return await purge_all(settings, services)

    counts = with_services(work)
    emit(counts, as_json, lambda: _counts(counts))


@private.command()
def export(elder: Elder) -> None:
    """Print everything kept about one elder, as JSON."""

    async def work(_settings: Settings, services: Services) -> dict[str, Any]:
        return await privacy.export(await _elder_id(elder, services), services)

    emit_json(with_services(work))


@private.command()
def delete(
    elder: Elder,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete one elder: everything that names or describes the person. It can't be undone.

    Refused while the person has visits ahead or an open escalation.
    """
    if not yes:
        typer.confirm("Delete everything that names this person?", abort=True, err=True)

    async def work(settings: Settings, services: Services) -> dict[str, int]:
        return await delete_everywhere(await _elder_id(elder, services), settings, services)

    counts = with_services(work)
    emit(counts, as_json, lambda: _counts(counts))


async def delete_everywhere(elder_id: str, settings: Settings, services: Services) -> dict[str, int]:
    """What waits in the spool comes into the database first, and is deleted with the rest; then the spool's
    replayed lines go too, whosever they are: all of it is in the database.

    Raises NotFound, StillOpen, and StoreUnavailable when the spool can't be replayed now; nothing is deleted then.
    """
    from bootstrap.maintenance import delete_person
    from bootstrap.services import make_spool

    try:
        await recovery.replay(services)
    except StoreUnavailable:
        raise StoreUnavailable("The database takes nothing now, so nothing was deleted; try again.") from None
    counts = await delete_person(elder_id, settings, services)
    broken = sorted(path.name for path in (settings.data_dir / "spool").glob("broken-*"))
    if broken:
        say(f"left in the spool: {', '.join(broken)} and what was replayed; look whose words those are, then remove")
    else:
        spool = make_spool(settings, services.clock)
        counts["spool"] = spool.purge(services.clock.now() + timedelta(days=1))
    return counts


async def _elder_id(name_or_id: str, services: Services) -> str:
    """Raises NotFound for nobody, and for several of one name."""
    async with services.unit_of_work() as uow:
        elders = await uow.elders.all()
    found = [e.elder_id for e in elders if name_or_id in (e.elder_id, e.name)]
    if len(found) != 1:
        ids = f": {', '.join(found)}" if found else ""
        raise NotFound(f"{len(found) or 'No'} elders of that id or name{ids}; give one id.")
    return found[0]


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "nothing"
