"""`knowledge`: whether what the documents say is sound, and what is still missing."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bootstrap.commands.output import AsJson, emit, say, table

app = typer.Typer(help="What the documents say: cards, rules, places and their sources.", no_args_is_help=True)

Folder = Annotated[
    Path | None, typer.Option("--folder", help="Another knowledge folder than the packaged one.", file_okay=False)
]


@app.command("check")
def check_knowledge(folder: Folder = None, as_json: AsJson = False) -> None:
    """Report every missing source, dead reference, unknown section, expired date, duplicate and unspeakable sentence.

    Exit status 1 if there is any.
    """
    from knowledge.policy.check import check
    from knowledge.policy.loading import FOLDER, Library

    library = Library(folder or FOLDER)
    problems = check(library, datetime.now().astimezone().date())
    rows = [{"file": one.file, "line": one.line, "reason": one.reason} for one in problems]
    counts = f"{len(library.cards())} cards, {len(library.benefits())} rules, {len(library.documents())} documents"
    emit(rows, as_json, lambda: "\n".join(map(str, problems)) or f"{counts}: no problem")
    if problems:
        raise typer.Exit(1)


@app.command("coverage")
def show_coverage(
    place: Annotated[str | None, typer.Option("--place", help="One place only, for example 津市.")] = None,
    only_open: Annotated[bool, typer.Option("--open", help="Only rows that nothing answers for yet.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the inventory's rows against cards and rules."""
    from knowledge.policy.coverage import coverage
    from knowledge.policy.loading import library

    rows = [row for row in coverage(library()).rows if place in (None, row.place)]
    shown = [
        {
            "place": row.place, "row": row.row_id, "priority": row.row.priority, "title": row.row.title,
            "covered_by": list(row.covered_by), "left_out": row.left_out,
            "state": "open" if row.open else "left out" if row.left_out else "covered",
        }
        for row in rows
        if row.open or not only_open
    ]  # fmt: skip
    emit(shown, as_json, lambda: table(shown, ("place", "row", "priority", "state", "title"), "no rows"))
    if not as_json:
        counts = Counter((row.place, "open" if row.open else "done") for row in rows)
        places = dict.fromkeys(row.place for row in rows)
        say("\n".join(f"{one}: {counts[one, 'done']} done, {counts[one, 'open']} open" for one in places))
