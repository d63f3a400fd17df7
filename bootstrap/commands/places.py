"""`places`: a city's own list of places to go to, put in from a CSV file, and looked up."""

import csv
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bootstrap.commands.common import with_services
from bootstrap.commands.output import AsJson, emit, plain, say, table
from bootstrap.reading import SettingsError
from bootstrap.settings import Settings
from hotline.directory import Nearby, listing, take_in
from hotline.ports import Services

app = typer.Typer(help="A city's own list of stations, canteens, homes: put in from CSV, listed.", no_args_is_help=True)

COLUMNS = ("site_id", "place", "kind", "name", "area", "address", "phone", "hours", "source", "checked_on")

PlaceName = Annotated[str | None, typer.Option("--place", help="One of the places of knowledge/places.yaml.")]


@app.command("import")
def import_places(
    file: Annotated[str, typer.Argument(metavar="FILE", help="CSV, see docs/places.md; - reads standard input.")],
    place: PlaceName = None,
    datum: Annotated[
        str, typer.Option(help="What coordinates without a column for it are: wgs84 (GPS) or gcj02 (高德, 腾讯).")
    ] = "wgs84",
    replace: Annotated[
        bool, typer.Option("--replace", help="Remove what is no longer listed, of each place and type in the file.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is wrong and what would change.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put in the good rows of a list and name each bad one with its line; exit status 1 if there is a bad one.

    Rows are told apart by place, type, name and area: reading a list in again changes what differs and nothing
    else. With --replace nothing is removed as long as a row is bad.
    """
    from store.directory_file import Defaults, read_sites

    if datum not in ("wgs84", "gcj02"):
        raise typer.BadParameter("wgs84 or gcj02", param_hint="--datum")
    today = datetime.now().astimezone().date()
    listed = read_sites(_data(file), Defaults(today, _known(place), datum))
    removing = replace and not listed.bad

    async def work(_settings: Settings, services: Services) -> dict[str, int]:
        return await take_in(listed.sites, services, replace_all=removing, write=not dry_run)

    counts = with_services(work)
    if listed.not_read:
        say(f"warmline: {file}: columns that are not kept: {', '.join(listed.not_read)}")
    for bad in listed.bad:
        say(f"warmline: {file}: {bad}")
    result = {"written": not dry_run, **counts, "refused": plain(listed.bad), "columns_not_kept": listed.not_read}
    emit(result, as_json, lambda: _shown(counts, len(listed.bad), dry_run, replace and not removing))
    if listed.bad:
        raise typer.Exit(1)


def _known(place: str | None) -> str | None:
    from knowledge.vocabulary import places

    if place is not None and place not in places():
        raise typer.BadParameter(f"one of {', '.join(places())}", param_hint="--place")
    return place


def _data(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise SettingsError(f"{file} can't be read: {type(error).__name__}") from None


def _shown(counts: dict[str, int], refused: int, dry_run: bool, kept: bool) -> str:
    lines = [", ".join(f"{number} {what}" for what, number in counts.items()) + f", {refused} rows refused"]
    if kept:
        lines.append("nothing was removed: put the refused rows right first (--replace)")
    if dry_run:
        lines.append("nothing was written (--dry-run)")
    return "\n".join(lines)


@app.command("list")
def list_places(
    place: PlaceName = None,
    type_: Annotated[str | None, typer.Option("--type", help="A type: canteen, 养老院, ...")] = None,
    near: Annotated[str | None, typer.Option("--near", metavar="LAT,LON", help="WGS-84; the nearest first.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what was put in; with --near how far each is as the crow flies."""
    place, kinds, point = _known(place), _kinds(type_), _point(near)

    async def work(_settings: Settings, services: Services) -> list[Nearby]:
        return await listing(place, kinds, point, services)

    rows = [_row(one) for one in with_services(work)]
    columns = (*COLUMNS, "metres") if point else COLUMNS
    emit(rows, as_json, lambda: table(rows, columns, "no places yet; `warmline places import` puts them in"))


def _row(found: Nearby) -> dict[str, Any]:
    metres = None if found.metres is None else round(found.metres)
    return {**plain(found.site), "metres": metres}


def _kinds(type_: str | None) -> tuple[str, ...]:
    from knowledge.sites import kinds_in, site_kinds

    named = (type_,) if type_ in site_kinds() else kinds_in(type_ or "")
    if type_ and not named:
        raise typer.BadParameter(f"one of {', '.join(site_kinds())}", param_hint="--type")
    return tuple(str(kind) for kind in named)


def _point(near: str | None) -> tuple[float, float] | None:
    if near is None:
        return None
    try:
        latitude, longitude = map(float, near.replace("，", ",").split(","))
    except ValueError:
        raise typer.BadParameter("two numbers, such as 29.6537,91.1322", param_hint="--near") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise typer.BadParameter("latitude first, then longitude", param_hint="--near")
    return latitude, longitude


@app.command()
def template(
    english: Annotated[bool, typer.Option("--english", help="English headings.")] = False,
) -> None:
    """Print the heading of a list, to be filled in and read with `warmline places import`."""
    from knowledge.sites import columns

    left_out = ("coordinates",)  # either this one or latitude and longitude
    names = {name: words for name, words in columns().items() if name not in left_out}
    csv.writer(sys.stdout, lineterminator="\n").writerow(names if english else [words[0] for words in names.values()])
