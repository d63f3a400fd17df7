"""`nlu review`: what the line doubted, out to a table, labelled by a person, and back into the training data."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bootstrap.commands.common import with_services
from bootstrap.commands.escalations import operator_id
from bootstrap.commands.output import AsJson, emit, table
from bootstrap.reading import SettingsError
from bootstrap.settings import Settings
from hotline.ports import Services
from hotline.sessions import Turn

app = typer.Typer(help="What the line doubted, to be labelled by a person.", no_args_is_help=True)

SURE_FROM = 0.6
SHOWN = ("turn_id", "received_at", "intent", "confidence")

Below = Annotated[float, typer.Option(min=0, max=1, help="Doubted: understood with less than this confidence.")]
As = Annotated[str, typer.Option("--operator", metavar="NAME", help="Who asks; a registered operator.")]


@app.command("list")
def list_all(below: Below = SURE_FROM, as_json: AsJson = False) -> None:
    """Show the doubted turns by id, without a word of what was said."""
    rows = [{name: getattr(turn, name) for name in SHOWN} for turn in _doubted(below)]
    emit(rows, as_json, lambda: table(rows, SHOWN, "nothing was doubted"))


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="A TSV to write, readable by you alone.")],
    operator: As,
    below: Below = SURE_FROM,
    as_json: AsJson = False,
) -> None:
    """Write them with their words; fill in `intent` and, to have it learnt, `yes`."""
    from nlu.review import write_table

    turns = _doubted(below, operator)
    write_table(turns, file)
    told = {"file": str(file), "rows": len(turns)}
    emit(told, as_json, lambda: f"{len(turns)} rows in {file}; fill in the columns intent and yes")


@app.command("import")
def take_in(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The TSV with its labels.")],
    operator: As,
    as_json: AsJson = False,
) -> None:
    """Take the rows with an intent and a yes into nlu/data; the next `warmline train` learns them."""
    from nlu.generator import EXAMPLES, hand_written
    from nlu.review import learn, read_table

    _known(operator)
    try:
        verdicts = read_table(file, frozenset(example.intent for example in hand_written()))
    except ValueError as error:
        raise SettingsError(str(error)) from None
    new = learn([one for one in verdicts if one.reason is None], EXAMPLES)
    refused = [{"turn_id": one.turn_id, "reason": one.reason} for one in verdicts if one.reason]
    told = {"new": new, "refused": refused}
    emit(told, as_json, lambda: f"{new} new sentences, {len(refused)} rows left out; now `warmline train`")


def _known(operator: str) -> None:
    async def work(_settings: Settings, services: Services) -> str:
        return await operator_id(operator, services)

    with_services(work)


def _doubted(below: float, operator: str | None = None) -> list[Turn]:
    from nlu.review import doubted

    async def work(_settings: Settings, services: Services) -> list[Turn]:
        if operator is not None:
            await operator_id(operator, services)
        async with services.unit_of_work() as uow:
            turns: list[Any] = await uow.turns.understood_below(below)
            return turns

    return doubted(with_services(work), below)
