"""`nlu check`: faults of the training data."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from bootstrap.commands.output import AsJson, emit

app = typer.Typer()

TESTS = Path(__file__).parents[2] / "tests" / "data"
SHOWN_FAULTS = 40


@app.command("check")
def check(
    apart: Annotated[
        list[Path] | None, typer.Option(help="A TSV whose sentences must not be trained on; default: tests/data/nlu_*.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Report balance, duplicates, label clashes and leaked test sentences; status 1 if anything has to be put right."""
    report = checked(apart or sorted(TESTS.glob("nlu_*.tsv")))
    emit(report, as_json, lambda: _shown(report))
    if report["faults"]:
        raise typer.Exit(1)


def checked(apart: Iterable[Path]) -> dict[str, Any]:
    """The report on the training data as it stands."""
    from knowledge.vocabulary import lookup_words
    from nlu.checks import check as look
    from nlu.evaluation import read_labelled
    from nlu.generator import generate

    kept_apart = {path.name: [row.text for row in read_labelled(path)] for path in apart}
    return look(generate(), lookup_words(), kept_apart).told()


def _shown(report: dict[str, Any]) -> Table:
    shown = Table("intent", "sentences", "distinct", "situations")
    for intent, one in report["per_intent"].items():
        shown.add_row(intent, str(one["sentences"]), str(one["distinct"]), str(one["situations"]))
    shown.add_row("all", str(report["sentences"]), str(report["distinct"]), "")
    for fault in report["faults"][:SHOWN_FAULTS]:
        shown.add_row(fault)
    return shown
